"""CU-6.2, CU-6.5: refusal, another physician, everybody, a claim given back, and deadlines that pass."""

import asyncio
import json
import sqlite3

import pytest

import people
from broker import Broker
from stage import Stage, ask, refusal

SHORT = ["--rules-claim-time", "2", "--rules-start-time", "2"]  # seconds instead of 24 h
PROMISED = 1000  # milliseconds that a deadline may be late


@pytest.fixture
async def surgery(stage):
    """An attending physician, her patient, another physician."""
    population = stage.population
    return await stage.enter(population.attending), await stage.enter(population.her_patient), await stage.new("practitioner")


@pytest.fixture
async def hasty(tmp_path):
    """A server on which 24 hours are two seconds, with a stage of its own."""
    broker = Broker(tmp_path, options=SHORT)
    attending = people.practitioner()
    broker.cast = [attending, people.adult(attending=attending), people.practitioner()]
    broker.import_accounts(broker.cast)
    stage = Stage(broker.start())
    yield broker, stage
    await stage.close()
    broker.kill()


async def seen(client, id, **members):
    """The consultation, once it is shown to this client with these members."""
    return await client.until(lambda c: members.items() <= c.consultations.get(id, {}).items() and c.consultations[id])


async def test_cu_6_5_the_assigned_physician_refuses_and_the_patient_names_another_or_everybody(surgery):
    attending, patient, other = surgery
    id = (await ask(patient, assignment="attending"))["id"]
    await attending.until(lambda c: id in c.queue)
    with refusal("unknown_consultation"):
        await other.request("request.refuse", {"consultation": id, "grounds": "personal"})
    with refusal("forbidden"):
        await patient.request("request.refuse", {"consultation": id, "grounds": "personal"})
    await attending.request("request.refuse", {"consultation": id, "grounds": "professional"})
    await attending.until(lambda c: c.queue_removed.get(id) == "refused")
    refused = await seen(patient, id, state="refused", refused_grounds="professional")
    assert refused["refused_by"]["id"] == attending.id and refused["reason"], "the request is still the patient's"
    with refusal("wrong_state", state="refused"):
        await attending.request("request.claim", {"consultation": id})

    assigned = (await patient.request("request.assign", {"consultation": id, "physician": other.id}))["consultation"]
    assert assigned["state"] == "requested" and assigned["assigned_to"]["id"] == other.id and assigned["refused_by"] is None
    assert (await other.until(lambda c: c.queue.get(id)))["assignment"] == "mine"
    await attending.request("ping")
    assert id not in attending.queue

    await patient.request("request.unassign", {"consultation": id})
    assert (await attending.until(lambda c: c.queue.get(id)))["assignment"] == "unassigned"
    await attending.request("request.claim", {"consultation": id})
    await other.until(lambda c: c.queue_removed.get(id) == "claimed")
    await patient.request("request.cancel", {"consultation": id})


async def test_cu_6_1_only_a_physician_who_could_treat_the_patient_can_be_named(surgery, stage):
    attending, patient, _ = surgery
    id = (await ask(patient, assignment="attending"))["id"]
    unverified, relative = await stage.enter(stage.population.unverified), await stage.new("adult")
    for nobody in (unverified.id, relative.id, patient.id, "00000000-0000-4000-8000-000000000000"):
        with refusal("unknown_physician"):
            await patient.request("request.assign", {"consultation": id, "physician": nobody})
    with refusal("wrong_state", state="requested"):
        await patient.request("request.assign", {"consultation": id, "physician": attending.id})
    with refusal("unknown_consultation"):
        await relative.request("request.assign", {"consultation": id, "physician": attending.id})
    await patient.request("request.cancel", {"consultation": id})


async def test_cu_6_2_before_the_start_is_overdue_only_the_practitioner_can_give_the_claim_back(surgery):
    attending, patient, other = surgery
    id = (await ask(patient))["id"]
    claimed = (await other.request("request.claim", {"consultation": id}))["consultation"]
    for type, more in (("request.unassign", {}), ("request.assign", {"physician": attending.id})):
        with refusal("not_overdue"):
            await patient.request(type, {"consultation": id} | more)
    with refusal("forbidden"):
        await patient.request("request.release", {"consultation": id})
    await other.request("room.open", {"consultation": id})
    await other.join(id, "practitioner")
    await patient.join(id, "patient")

    await other.request("request.release", {"consultation": id})
    for client in (patient, other):
        assert await client.until(lambda c: c.closed_rooms.get(id)) == {"why": "released"}
    back = await seen(patient, id, state="requested", practitioner=None)
    assert back["claim_due_at"] == claimed["claim_due_at"], "the patient has waited since then"
    await other.until(lambda c: id not in c.consultations and id in c.queue)
    await attending.request("request.claim", {"consultation": id})
    await seen(patient, id, state="claimed")
    await patient.request("request.cancel", {"consultation": id})


async def test_cu_6_2_both_clocks_run_out_once_and_then_the_patient_may_change(hasty):
    broker, stage = hasty
    attending, patient, other = [await stage.enter(person) for person in broker.cast]
    id = (await ask(patient, assignment="attending"))["id"]
    late = await seen(patient, id, overdue="claim")
    assert 0 <= late["overdue_since"] - late["claim_due_at"] <= PROMISED
    assert (await attending.until(lambda c: "overdue" in c.queue[id]["flags"] and c.queue[id]))["assignment"] == "mine"

    changed = (await patient.request("request.assign", {"consultation": id, "physician": other.id}))["consultation"]
    assert changed["overdue"] is None and changed["claim_due_at"] > late["claim_due_at"]
    await other.request("request.claim", {"consultation": id})
    await other.request("room.open", {"consultation": id})
    await other.join(id, "practitioner")
    late = await seen(patient, id, overdue="start")
    assert 0 <= late["overdue_since"] - late["start_due_at"] <= PROMISED
    await patient.request("request.unassign", {"consultation": id})
    assert await other.until(lambda c: c.closed_rooms.get(id)) == {"why": "reassigned"}
    await other.until(lambda c: id not in c.consultations)
    with refusal("unknown_consultation", "wrong_state"):
        await other.request("consultation.start", {"consultation": id, "persons": [patient.id]})

    await seen(patient, id, overdue="claim", assignment="unassigned")
    assert overdue_events(broker, id) == ["claim", "start", "claim"]


async def test_cu_6_2_deadlines_survive_a_kill_and_strike_at_once_after_it(hasty):
    broker, stage = hasty
    attending, patient, other = [await stage.enter(person) for person in broker.cast]
    waiting = (await ask(patient, assignment="attending"))["id"]
    claimed = (await ask(patient))["id"]
    await other.request("request.claim", {"consultation": claimed})
    broker.kill()
    await asyncio.sleep(2.5)  # both run out while nobody is there
    broker.start()
    patient = await stage.enter(broker.cast[1])
    for id, clock in ((waiting, "claim"), (claimed, "start")):
        await seen(patient, id, overdue=clock)
    broker.kill()
    broker.start()
    patient = await stage.enter(broker.cast[1])
    assert {patient.consultations[id]["overdue"] for id in (waiting, claimed)} == {"claim", "start"}
    assert overdue_events(broker, waiting) == ["claim"] and overdue_events(broker, claimed) == ["start"]


async def test_a_consultation_goes_back_and_forth_300_times_at_most_and_can_still_be_cancelled(surgery):
    attending, patient, _ = surgery
    id = (await ask(patient))["id"]
    changes = [("request.assign", {"physician": attending.id}), ("request.unassign", {})] * 150
    for type, more in changes[:299]:
        await patient.request(type, {"consultation": id} | more)
    with refusal("too_many_changes"):
        await patient.request("request.unassign", {"consultation": id})
    with refusal("too_many_changes"):
        await attending.request("request.claim", {"consultation": id})
    await patient.request("request.cancel", {"consultation": id})


async def test_cu_6_7_what_a_suspended_practitioner_had_claimed_waits_for_others_again(broker, stage, operator):
    patient, claimant, other = await stage.new("adult"), await stage.new("practitioner"), await stage.new("practitioner")
    id = (await ask(patient))["id"]
    await claimant.request("request.claim", {"consultation": id})
    decide = {"verification": "suspended", "ground": "RPPS record checked 2026-11-24"}
    operator.post(f"/v1/operator/practitioners/{claimant.id}/verification", decide)
    await seen(patient, id, state="requested", practitioner=None)
    await other.until(lambda c: id in c.queue)
    await other.request("request.claim", {"consultation": id})
    await patient.request("request.cancel", {"consultation": id})

    asked = (await ask(patient))["id"]
    await patient.request("request.assign", {"consultation": asked, "physician": other.id})
    operator.post(f"/v1/operator/practitioners/{other.id}/verification", decide)
    refused = await seen(patient, asked, state="refused")
    assert refused["refused_grounds"] == "unavailable" and refused["refused_by"]["id"] == other.id
    await patient.request("request.unassign", {"consultation": asked})
    await seen(patient, asked, state="requested", assignment="unassigned")


def overdue_events(broker, id):
    """Which clocks ran out according to the journal, in their order."""
    with sqlite3.connect(f"file:{broker.data / 'record.sqlite'}?mode=ro", uri=True) as record:
        rows = record.execute("SELECT entry FROM journal WHERE consultation = ? AND event = 'overdue' ORDER BY seq", [id]).fetchall()
    return [json.loads(entry)["details"]["clock"] for entry, in rows]
