"""Coming in by oneself: sign-up, confirmation of the e-mail address, and who may sign up as what."""

import pytest

from api import Api
from newcomers import HOME, Newcomer, registration, settled
from people import PASSWORD, rpps


@pytest.fixture
def nobody(broker):
    """Somebody who is not signed in."""
    return Api(broker)


def test_cu_1_a_patient_signs_up_and_is_signed_in_once_the_address_is_confirmed(broker):
    physician = settled_practitioner(broker, family_name="Bellerive")
    patient = Newcomer(broker, attending={"id": physician.id}, is_guardian=True).sign_up()
    letter = broker.mailbox.take(patient.email, "confirm")
    origin, _, token = letter.link
    assert origin == broker.url
    patient.refused(401, "wrong_credentials", "POST", "/v1/session", {"email": patient.email, "password": PASSWORD})

    account = patient.post("/v1/registrations/confirm", {"token": token, "password": PASSWORD})["account"]
    assert account["email"] == patient.email and set(account["roles"]) == {"patient", "guardian"}
    assert patient.get("/v1/session")["consents_needed"] == ["terms", "privacy"]
    details = patient.agree().get("/v1/account")
    assert details["postal_address"] == HOME and details["birth_date"] == "1985-05-17" and details["protection"] == "none"
    assert details["attending"]["id"] == physician.id and details["attending"]["family_name"] == "Bellerive"
    again = Api(broker)
    assert again.sign_in(patient.email, PASSWORD)["account"]["id"] == account["id"]


def settled_practitioner(broker, **more):
    """A practitioner who applied and was verified."""
    practitioner = settled(broker, "practitioner", **more)
    broker.account("verify", practitioner.email, "--ground", "RPPS record checked")
    return practitioner


def test_a_confirmation_link_is_good_once(broker):
    patient = Newcomer(broker).sign_up()
    token = broker.mailbox.take(patient.email, "confirm").token
    patient.post("/v1/registrations/confirm", {"token": token, "password": PASSWORD})
    Api(broker).refused(410, "link_invalid", "POST", "/v1/registrations/confirm", {"token": token, "password": PASSWORD})


def test_nobody_can_plant_an_account_with_somebody_elses_address(broker):
    """Who opens the link must know the password that was chosen: they did not sign up, so they do not."""
    patient = Newcomer(broker).sign_up()
    token = broker.mailbox.take(patient.email, "confirm").token
    victim = Api(broker)
    victim.refused(401, "wrong_credentials", "POST", "/v1/registrations/confirm", {"token": token, "password": "ce que j'aurais choisi"})
    patient.post("/v1/registrations/confirm", {"token": token, "password": PASSWORD})


def test_cu_4_1_signing_up_with_an_address_that_has_an_account_is_answered_alike_and_tells_its_owner_only(broker):
    owner = settled(broker)
    again = Newcomer(broker, email=f" {owner.email.upper()}")
    known = again.ask("POST", "/v1/registrations", again.said)
    fresh = Newcomer(broker)
    unknown = fresh.ask("POST", "/v1/registrations", fresh.said)
    assert (known.status, known.json) == (202, {"email": owner.email}) and (unknown.status, unknown.json) == (202, {"email": fresh.email})
    assert known.headers.keys() == unknown.headers.keys()
    letter = broker.mailbox.take(owner.email)
    assert not letter.link or letter.link[1] != "confirm"
    assert owner.get("/v1/session")["account"]["email"] == owner.email


def test_who_signs_up_twice_confirms_the_one_that_they_open(broker):
    first = Newcomer(broker, given_name="Ada").sign_up()
    second = Newcomer(broker, given_name="Eve", email=first.email).sign_up()
    tokens = [broker.mailbox.take(first.email, "confirm").token for _ in range(2)]
    account = second.post("/v1/registrations/confirm", {"token": tokens[1], "password": PASSWORD})["account"]
    assert account["given_name"] == "Eve"
    first.refused(410, "link_invalid", "POST", "/v1/registrations/confirm", {"token": tokens[0], "password": PASSWORD})


@pytest.mark.parametrize("kind", ["guardian", "practitioner"])
def test_guardians_and_practitioners_sign_up_without_an_address_or_a_birth_date(broker, kind):
    details = settled(broker, kind).get("/v1/account")
    assert details["roles"] == [kind] and details["birth_date"] is None and details["postal_address"] is None
    if kind == "practitioner":
        assert details["practitioner"]["verification"] == "pending"


@pytest.mark.parametrize("field, value", [
    ("birth_date", "2012-02-01"), ("birth_date", "1985-02-30"), ("birth_date", "17/05/1985"), ("email", "nobody"), ("email", "a@b"),
    ("password", "too short"), ("password", "x" * 257), ("given_name", ""), ("given_name", "a" * 101), ("family_name", "a\u202eb"),
    ("kind", "operator"), ("language", "de"), ("country", HOME | {"country": "France"}), ("street", HOME | {"street": "\n".join("abcd")}),
    ("attending", {"id": "00000000-0000-4000-8000-000000000000"}), ("protection", "sauvegarde"),
])
def test_what_cannot_be_is_refused_with_the_name_of_the_field(nobody, field, value):
    member = "postal_address" if isinstance(value, dict) and "city" in value else field
    problem = nobody.refused(400, "invalid_field", "POST", "/v1/registrations", registration() | {member: value})
    assert problem["field"] == field and problem["title"]


@pytest.mark.parametrize("kind, member", [("patient", "postal_address"), ("patient", "birth_date"), ("patient", "email"), ("patient", "password"),
                                          ("guardian", "family_name"), ("practitioner", "practitioner")])
def test_what_is_missing_is_named(nobody, kind, member):
    said = registration(kind)
    del said[member]
    answer = nobody.ask("POST", "/v1/registrations", said)
    assert answer.status == 400 and answer.json["code"] in ("missing_field", "invalid_field") and answer.json["field"] == member, answer.body


@pytest.mark.parametrize("number, why", [(rpps(1)[:-1] + str((int(rpps(1)[-1]) + 1) % 10), "wrong key"), (rpps(1)[:-1], "too short"),
                                         (rpps(1) + "0", "too long"), ("", "empty"), ("1000000000a", "a letter")], ids=lambda value: value)
def test_cu_6_7_a_number_that_is_no_rpps_number_is_refused(nobody, number, why):
    said = registration("practitioner")
    said["practitioner"]["rpps"] = number
    assert nobody.refused(400, "invalid_field", "POST", "/v1/registrations", said)["field"] == "rpps"


def test_cu_6_7_an_rpps_number_is_taken_once_whoever_confirms_first(broker, nobody):
    first, second = Newcomer(broker, "practitioner"), Newcomer(broker, "practitioner")
    second.said["practitioner"] = first.said["practitioner"]
    first.sign_up()
    second.sign_up()
    first.confirm()
    token = broker.mailbox.take(second.email, "confirm").token
    second.refused(409, "rpps_taken", "POST", "/v1/registrations/confirm", {"token": token, "password": PASSWORD})
    third = registration("practitioner", practitioner=first.said["practitioner"])
    nobody.refused(409, "rpps_taken", "POST", "/v1/registrations", third)


def test_cu_6_1_a_patient_finds_the_verified_practitioners_by_the_beginning_of_a_name(broker, nobody):
    verified = settled_practitioner(broker, given_name="Zoé", family_name="Éluard-Quint")
    settled(broker, "practitioner", given_name="Zoé", family_name="Éluard-Quiet")
    for name in ("elua", "ELUARD-q", "zo%C3%A9"):
        found = nobody.get(f"/v1/practitioners?name={name}")["practitioners"]
        assert [one["id"] for one in found] == [verified.id], name
        assert found[0] == {"id": verified.id, "given_name": "Zoé", "family_name": "Éluard-Quint", "specialty": "Pédiatrie"}
    assert nobody.get("/v1/practitioners?name=uard")["practitioners"] == []
    for query in ("", "?name=e", f"?name={'e' * 101}"):
        assert nobody.ask("GET", f"/v1/practitioners{query}").status == 400


def test_a_page_from_elsewhere_cannot_sign_its_visitor_up(broker):
    elsewhere = Api(broker)
    for path, body in (("/v1/registrations", registration()), ("/v1/password/forgotten", {"email": "a@x.example"})):
        answer = elsewhere.ask("POST", path, body, {"Origin": "https://evil.example"})
        assert (answer.status, answer.json["code"]) == (403, "origin_not_allowed")
