"""A forgotten password, another password, another e-mail address: by letters whose links are good once."""

import pytest

from api import Api
from newcomers import settled
from people import PASSWORD

ANOTHER = "un autre mot de passe"


async def test_cu_4_1_a_forgotten_password_is_set_anew_by_the_link_in_the_letter_and_ends_every_session(broker):
    patient = settled(broker)
    program = patient.program()
    socket = await program.enter()

    assert Api(broker).post("/v1/password/forgotten", {"email": patient.email.upper()}) == {}
    token = broker.mailbox.take(patient.email, "reset").token
    visitor = Api(broker)
    visitor.post("/v1/password/reset", {"token": token, "password": ANOTHER})
    closed = await socket.over()
    assert closed.code == 4200
    program.refused(401, "not_signed_in", "GET", "/v1/session")
    patient.refused(401, "not_signed_in", "GET", "/v1/session")
    visitor.refused(410, "link_invalid", "POST", "/v1/password/reset", {"token": token, "password": PASSWORD})
    visitor.refused(401, "wrong_credentials", "POST", "/v1/session", {"email": patient.email, "password": PASSWORD})
    visitor.sign_in(patient.email, ANOTHER)
    broker.mailbox.take(patient.email)  # that the password was changed


def test_cu_4_1_an_address_without_an_account_gets_the_same_answer_and_no_letter(broker):
    patient, visitor = settled(broker), Api(broker)
    answers = [visitor.ask("POST", "/v1/password/forgotten", {"email": email}) for email in ("nobody-here@x.example", patient.email)]
    assert answers[0].status == answers[1].status == 202 and answers[0].body == answers[1].body
    broker.mailbox.take(patient.email, "reset")  # written after the other would have been
    assert not list(broker.mailbox.unread("nobody-here@x.example"))


def test_only_the_newest_link_for_a_forgotten_password_is_good(broker):
    patient, visitor = settled(broker), Api(broker)
    tokens = []
    for _ in range(2):
        visitor.post("/v1/password/forgotten", {"email": patient.email})
        tokens.append(broker.mailbox.take(patient.email, "reset").token)
    visitor.refused(410, "link_invalid", "POST", "/v1/password/reset", {"token": tokens[0], "password": ANOTHER})
    visitor.post("/v1/password/reset", {"token": tokens[1], "password": ANOTHER})


@pytest.mark.parametrize("password", ["short", "x" * 257])
def test_a_new_password_has_12_to_256_characters_and_the_link_survives_a_mistake(broker, password):
    patient, visitor = settled(broker), Api(broker)
    visitor.post("/v1/password/forgotten", {"email": patient.email})
    token = broker.mailbox.take(patient.email, "reset").token
    assert visitor.refused(400, "invalid_field", "POST", "/v1/password/reset", {"token": token, "password": password})["field"] == "password"
    visitor.post("/v1/password/reset", {"token": token, "password": ANOTHER})


async def test_another_password_ends_all_other_sessions_and_leaves_this_one(broker):
    patient = settled(broker)
    elsewhere = patient.program()
    socket = await elsewhere.enter()
    here = await patient.enter()

    patient.refused(401, "wrong_credentials", "PUT", "/v1/account/password", {"current": ANOTHER, "new": ANOTHER})
    patient.put("/v1/account/password", {"current": PASSWORD, "new": ANOTHER})
    assert (await socket.over()).code == 4200
    elsewhere.refused(401, "not_signed_in", "GET", "/v1/session")
    await here.request("ping")
    patient.get("/v1/account")
    await here.close()
    broker.mailbox.take(patient.email)


def test_another_email_address_counts_once_it_is_confirmed_and_the_old_one_is_told(broker):
    patient = settled(broker)
    new = f"new-{patient.email}"
    patient.refused(401, "wrong_credentials", "POST", "/v1/account/email", {"email": new, "password": ANOTHER})
    patient.post("/v1/account/email", {"email": new, "password": PASSWORD})
    details = patient.get("/v1/account")
    assert (details["email"], details["pending_email"]) == (patient.email, new)
    token = broker.mailbox.take(new, "email").token
    visitor = Api(broker)
    visitor.post("/v1/email/confirm", {"token": token})
    visitor.refused(410, "link_invalid", "POST", "/v1/email/confirm", {"token": token})
    details = patient.get("/v1/account")
    assert (details["email"], details["pending_email"]) == (new, None)
    assert not broker.mailbox.take(patient.email).link
    visitor.refused(401, "wrong_credentials", "POST", "/v1/session", {"email": patient.email, "password": PASSWORD})
    visitor.sign_in(new, PASSWORD)


def test_cu_4_1_an_address_that_is_taken_is_not_told_to_who_wants_it(broker):
    patient, other = settled(broker), settled(broker)
    answer = patient.ask("POST", "/v1/account/email", {"email": other.email, "password": PASSWORD})
    free = patient.ask("POST", "/v1/account/email", {"email": f"free-{patient.email}", "password": PASSWORD})
    assert answer.status == free.status == 202 and answer.body == free.body
    assert not broker.mailbox.take(other.email).link
