"""What operators may do, that nobody else may, and that none of it shows health data (CU-5.2, CU-12.2)."""

import pytest

import openapi
from api import Api
from newcomers import settled
from people import PASSWORD

OPERATORS = [(path, method) for path, method, _ in openapi.operations() if path.startswith("/v1/operator/")]
DECISIONS = [("accounts/{id}/closing", {}), ("accounts/{id}/reopening", {}), ("patients/{id}/protection", {"protection": "tutelle"}),
             ("practitioners/{id}/verification", {"verification": "verified"})]
GROUND = "Judicial request 2026-114"
CANARIES = {"history": "canari-antecedents", "reason": "canari-motif", "street": "7 rue du Canari"}


@pytest.mark.parametrize("path, method", OPERATORS, ids=[f"{method} {path}" for path, method in OPERATORS])
def test_nobody_but_an_operator_gets_an_answer(broker, population, path, method):
    address = path.replace("{id}", "00000000-0000-4000-8000-000000000000")
    body = {} if "requestBody" in openapi.DOCUMENT["paths"][path][method] else None
    for person in (population.attending, population.her_patient, population.stranger):
        Api(broker, token=person.token).refused(403, "forbidden", method.upper(), address, body)
    Api(broker, cookie="mqm_session=x").refused(401, "not_signed_in", method.upper(), address, body)


async def test_cu_12_2_an_operator_closes_an_account_at_once_with_the_ground_and_opens_it_again(broker, operator):
    person = settled(broker)
    id, socket = person.id, await person.program().enter()
    operator.post(f"/v1/operator/accounts/{id}/closing", {"ground": GROUND})
    closed = await socket.over(timeout=1)
    assert (closed.code, closed.reason["code"]) == (4201, "account_suspended")
    person.refused(401, "not_signed_in", "GET", "/v1/session")
    visitor = Api(broker)
    visitor.refused(403, "account_suspended", "POST", "/v1/session", {"email": person.email, "password": PASSWORD})
    found = operator.post("/v1/operator/accounts/find", {"email": person.email.upper()})["account"]
    assert found["id"] == id and found["closed"]["ground"] == GROUND
    broker.mailbox.take(person.email)

    operator.post(f"/v1/operator/accounts/{id}/reopening", {"ground": "Request withdrawn"})
    visitor.sign_in(person.email, PASSWORD)
    assert operator.post("/v1/operator/accounts/find", {"email": person.email})["account"]["closed"] is None


def test_an_operator_cannot_close_their_own_account(operator):
    operator.refused(403, "forbidden", "POST", f"/v1/operator/accounts/{operator.id}/closing", {"ground": GROUND})


@pytest.mark.parametrize("what, body", DECISIONS)
@pytest.mark.parametrize("ground", ["", " ", "a\nb", "x" * 201])
def test_every_decision_needs_its_ground(broker, population, operator, what, body, ground):
    path = f"/v1/operator/{what.replace('{id}', population.attending.id)}"
    assert operator.refused(400, "invalid_field", "POST", path, body | {"ground": ground})["field"] == "ground"
    assert operator.refused(400, "missing_field", "POST", path, body)["field"] == "ground"


def test_an_account_that_is_not_there_is_not_found(operator):
    assert operator.post("/v1/operator/accounts/find", {"email": "nobody@nowhere.example"}) == {"account": None}
    for what, body in DECISIONS:
        for id in ("00000000-0000-4000-8000-000000000000", "x"):
            operator.refused(404, "not_found", "POST", f"/v1/operator/{what.replace('{id}', id)}", body | {"ground": GROUND})


def test_cu_6_3_an_operator_records_the_protection_and_invites_the_tutor(broker, operator):
    patient, tutor = settled(broker), settled(broker, "guardian")
    protection = f"/v1/operator/patients/{patient.id}/protection"
    operator.post(protection, {"protection": "tutelle", "ground": "Judgment seen 2026-11-20"})
    assert patient.get("/v1/account")["protection"] == "tutelle"
    invitation = operator.post(f"/v1/patients/{patient.id}/invitations", {"email": tutor.email, "relation": "tutor"})
    (received,) = tutor.get("/v1/invitations")["invitations"]
    assert received["id"] == invitation["id"] and received["invited_by"] is None
    tutor.post(f"/v1/invitations/{invitation['id']}/accept")
    operator.refused(409, "has_guardians", "POST", protection, {"protection": "none", "ground": "Judgment lifted"})
    patient.delete(f"/v1/patients/{patient.id}/guardians/{tutor.id}")
    operator.post(protection, {"protection": "none", "ground": "Judgment lifted"})


def test_the_practitioners_to_judge_come_in_pages(broker, operator, population):
    seen, path = [], "/v1/operator/practitioners?verification=verified"
    page = operator.get(path)
    while True:
        seen += page["practitioners"]
        if page["next"] is None:
            break
        assert len(page["practitioners"]) == 50
        page = operator.get(f"{path}&after={page['next']}")
    ids = [one["id"] for one in seen]
    assert len(ids) == len(set(ids)) > 100 and population.attending.id in ids
    assert {one["verification"] for one in seen} == {"verified"}
    pending = operator.get("/v1/operator/practitioners?verification=pending")["practitioners"]
    assert population.unverified.id in [one["id"] for one in pending]
    for query in ("verification=unknown", "after=x"):
        assert operator.ask("GET", f"/v1/operator/practitioners?{query}").status == 400


def test_the_counts_are_those_of_what_is_there(broker, operator):
    before = operator.get("/v1/operator/counts")
    settled(broker, is_guardian=True)
    after = operator.get("/v1/operator/counts")
    assert {name: after[name] - before[name] for name in ("accounts", "patients", "guardians", "operators")} == {
        "accounts": 1, "patients": 1, "guardians": 1, "operators": 0}


async def test_cu_5_2_no_answer_to_an_operator_has_health_data_or_a_postal_address(broker, stage, operator):
    patient = settled(broker, postal_address={"street": CANARIES["street"], "postal_code": "75011", "city": "Paris", "country": "FR"})
    id = patient.id
    patient.put(f"/v1/patients/{id}/health", {"history": CANARIES["history"], "social_security_number": "185057800608491"})
    client = await patient.program().enter()
    consultation = await stage.requested(client, reason=CANARIES["reason"])
    operator.post(f"/v1/operator/patients/{id}/protection", {"protection": "none", "ground": GROUND})
    answers = [operator.ask("GET", path) for path in ("/v1/operator/counts", "/v1/operator/practitioners", "/v1/operator/audit")]
    answers.append(operator.ask("POST", "/v1/operator/accounts/find", {"email": patient.email}))
    for method, path in (("GET", f"/v1/patients/{id}"), ("GET", f"/v1/patients/{id}/health"), ("GET", f"/v1/patients/{id}/export"),
                         ("GET", f"/v1/consultations/{consultation}/health")):
        answers.append(operator.ask(method, path))
        assert answers[-1].status in (403, 404), path
    for answer in answers:
        for canary in (*CANARIES.values(), "185057800608491", "1985-05-17"):
            assert canary.encode() not in answer.body
    socket = await operator.enter()
    await socket.request("ping")
    assert not socket.consultations and socket.queue is None
    for one in (client, socket):
        await one.close()


def test_the_audit_says_who_did_what_to_whom_and_why_and_holds_no_personal_data(broker, operator):
    person = settled(broker)
    operator.post(f"/v1/operator/accounts/{person.id}/closing", {"ground": GROUND})
    after, entries = 0, []
    while True:
        page = operator.get(f"/v1/operator/audit?after={after}")
        entries += page["entries"]
        if page["next"] is None:
            break
        after = page["next"]
    assert [entry["id"] for entry in entries] == sorted({entry["id"] for entry in entries})
    id = operator.post("/v1/operator/accounts/find", {"email": person.email})["account"]["id"]
    mine = {entry["action"]: entry for entry in entries if entry["subject"] == id}
    assert {"account_created", "consent_given", "account_suspended"} <= set(mine)
    assert (mine["account_suspended"]["actor"], mine["account_suspended"]["ground"]) == (operator.id, GROUND)
    assert person.email not in str(entries) and "Venue" not in str(entries)
    assert operator.ask("GET", "/v1/operator/audit?after=x").status == 400
