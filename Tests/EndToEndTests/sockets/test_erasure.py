"""CU-12.1, CU-11: everything that is held about a person is handed out, and gone at once when they say so."""

import json
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import people
from api import Api
from broker import TRUSTED, Broker
from canaries import Canaries, assert_gone, files_with
from newcomers import settled
from people import PASSWORD, Population
from stage import Stage, refusal

AT_ONCE = 1  # second
EXPORT_SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "export.schema.json"
WRONG = PASSWORD + "!"


class FewPeople(Population):
    SIZES = {"practitioner": 6, "adult": 2, "minor": 0, "protected_adult": 0, "accompanied_adult": 0}


@pytest.fixture(scope="module")
def people_here():
    return FewPeople()


@pytest.fixture(scope="module")
def broker(tmp_path_factory, people_here):
    """A server of this file's own: its files are searched."""
    broker = Broker(tmp_path_factory.mktemp("erasure"), options=TRUSTED)
    broker.import_accounts(list(people_here.everyone()))
    with broker:
        yield broker


@pytest.fixture
async def stage(broker, people_here):
    stage = Stage(broker, people_here)
    yield stage
    await stage.close()


def export_faults(document):
    """What of an export is not as its schema says."""
    schema = json.loads(EXPORT_SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(document)]


def erase(person):
    """When the answer was there."""
    person.refused(401, "wrong_credentials", "POST", "/v1/account/erasure", {"password": WRONG})
    person.post("/v1/account/erasure", {"password": PASSWORD})
    return time.monotonic()


async def assert_erased(client, at):
    closed = await client.over(timeout=AT_ONCE)
    assert (closed.code, closed.reason["code"]) == (4202, "account_erased")
    assert time.monotonic() - at < AT_ONCE


def assert_nobody(broker, cookie, email):
    late = Api(broker, cookie=cookie)
    late.refused(401, "not_signed_in", "GET", "/v1/session")
    late.refused(401, "wrong_credentials", "POST", "/v1/session", {"email": email, "password": PASSWORD})


async def test_cu_12_1_who_erases_while_waiting_is_gone_at_once_from_queue_room_and_files(broker, stage):
    """Ten canaries: what the patient and their child are called, where they live, what was said of their health, and why they ask."""
    canaries = Canaries("waiting")
    patient = settled(broker, **canaries.registration(), is_guardian=True)
    child = patient.post("/v1/patients", canaries.child())
    patient.put(f"/v1/patients/{patient.id}/health", canaries.health())
    patient.put(f"/v1/patients/{child['id']}/health", {"history": canaries.childs_history, "social_security_number": None})
    client, doctor = await patient.enter(), await stage.new("practitioner")
    queued = await stage.requested(client, child["id"], reason=canaries.reason)
    scene = await stage.waiting_room(client, practitioner=await stage.new("practitioner"))
    await client.join(scene.room, "patient")
    await doctor.until(lambda c: queued in c.queue)
    assert {word for _, word in files_with(broker, canaries.readable)} == set(canaries.readable), "what is searched for later is there before"
    assert not files_with(broker, canaries.sealed), "health data is sealed on disk"

    preview = patient.get("/v1/account/erasure")
    assert preview["consultations"] == {"requested": 1, "claimed": 1, "in_progress": 0} and preview["documents_unfetched"] == 0
    assert [one["id"] for one in preview["patients_erased"]] == [child["id"]] and preview["patients_left"] == []
    cookie = patient.cookie
    at = erase(patient)
    await assert_erased(client, at)
    await doctor.until(lambda c: queued not in c.queue, timeout=AT_ONCE)
    assert doctor.queue_removed[queued] == "cancelled"
    await scene.practitioner.until(lambda c: scene.room in c.closed_rooms, timeout=AT_ONCE)
    with refusal("consultation_cancelled"):
        await doctor.request("request.claim", {"consultation": queued})
    assert_nobody(broker, cookie, patient.email)
    assert patient.cookie is None, "the cookie is taken away"

    assert_gone(broker, canaries.all)
    again = await stage.enter(stage.persons[scene.practitioner.id])
    said = json.dumps([again.greeting, again.consultations, again.queue], ensure_ascii=False)
    assert not [canary for canary in canaries.all if canary in said]


async def test_cu_12_1_who_erases_during_a_call_is_gone_at_once_and_the_practitioner_is_told(broker, stage):
    canaries = Canaries("calling")
    patient = settled(broker, **canaries.registration())
    patient.put(f"/v1/patients/{patient.id}/health", canaries.health())
    client, doctor = await patient.enter(), await stage.new("practitioner")
    consultation = await stage.requested(client, reason=canaries.reason)
    await doctor.request("request.claim", {"consultation": consultation})
    await doctor.request("room.open", {"consultation": consultation})
    await doctor.join(consultation, "practitioner")
    await client.join(consultation, "patient")
    await doctor.request("consultation.start", {"consultation": consultation, "persons": [client.id]})
    assert patient.get("/v1/account/erasure")["consultations"] == {"requested": 0, "claimed": 0, "in_progress": 1}

    at = erase(patient)
    await assert_erased(client, at)
    await doctor.until(lambda c: consultation in c.closed_rooms, timeout=AT_ONCE)
    assert doctor.closed_rooms[consultation]["why"] in ("ended", "cancelled")
    await doctor.until(lambda c: c.consultations[consultation]["state"] in ("closed", "cancelled") if consultation in c.consultations else True)
    assert_gone(broker, canaries.all)


def test_cu_12_1_a_child_that_keeps_a_guardian_stays(broker):
    parent, second = settled(broker, "guardian"), settled(broker, "guardian")
    child = parent.post("/v1/patients", Canaries("staying").child())
    invitation = parent.post(f"/v1/patients/{child['id']}/invitations", {"email": second.email, "relation": "parent"})
    second.post(f"/v1/invitations/{invitation['id']}/accept")
    assert [one["id"] for one in parent.get("/v1/account/erasure")["patients_left"]] == [child["id"]]
    erase(parent)
    (kept,) = second.get("/v1/patients")["patients"]
    assert [guardian["id"] for guardian in kept["guardians"]] == [second.id]


async def test_cu_12_1_a_parent_erases_the_account_of_the_child_alone(broker, stage):
    canaries = Canaries("child")
    parent = settled(broker, "guardian")
    child = parent.post("/v1/patients", canaries.child())
    parent.put(f"/v1/patients/{child['id']}/health", {"history": canaries.childs_history, "social_security_number": None})
    client, doctor = await parent.enter(), await stage.new("practitioner")
    queued = await stage.requested(client, child["id"])
    path = f"/v1/patients/{child['id']}/erasure"
    assert parent.get(path)["consultations"]["requested"] == 1
    parent.refused(401, "wrong_credentials", "POST", path, {"password": WRONG})
    parent.post(path, {"password": PASSWORD})
    await doctor.until(lambda c: queued not in c.queue, timeout=AT_ONCE)
    assert parent.get("/v1/patients")["patients"] == []
    parent.refused(404, "not_found", "GET", f"/v1/patients/{child['id']}")
    assert_gone(broker, [canaries.childs_name, canaries.childs_history])
    await client.close()


def test_cu_12_1_the_same_person_may_come_back_as_somebody_new(broker):
    patient = settled(broker)
    erase(patient)
    back = settled(broker, email=patient.email)
    assert back.get("/v1/patients")["patients"][0]["id"] == back.id


def test_the_last_operator_stays(own_broker):
    person = people.operator(password=PASSWORD)
    own_broker.import_accounts([person])
    own_broker.start()
    operator = Api(own_broker, token=person.token)
    operator.refused(409, "last_operator", "POST", "/v1/account/erasure", {"password": PASSWORD})


async def test_cu_11_the_export_has_everything_that_was_said_and_is_as_its_schema_says(broker, stage):
    canaries = Canaries("export")
    patient = settled(broker, **canaries.registration(), is_guardian=True)
    child = patient.post("/v1/patients", canaries.child())
    patient.put(f"/v1/patients/{patient.id}/health", canaries.health())
    client = await patient.enter()
    await stage.requested(client, reason=canaries.reason)
    answer = patient.ask("GET", "/v1/account/export")
    assert not export_faults(answer.json)
    text = json.dumps(answer.json, ensure_ascii=False)
    for canary in (*canaries.registration_words, canaries.history, canaries.number, canaries.reason, patient.email):
        assert canary in text, canary
    assert {(one["document"], one["version"]) for one in answer.json["consents"]} == {("terms", 1), ("privacy", 1)}
    assert b"  " in answer.body, "readable by a person"
    assert PASSWORD not in text

    childs = patient.ask("GET", f"/v1/patients/{child['id']}/export")
    assert not export_faults(childs.json)
    assert canaries.childs_name in json.dumps(childs.json, ensure_ascii=False)
    await client.close()


def test_cu_11_a_practitioners_export_has_no_health_data_of_patients(broker, people_here):
    exported = Api(broker, token=people_here.attending.token).ask("GET", "/v1/account/export")
    assert not export_faults(exported.json)
