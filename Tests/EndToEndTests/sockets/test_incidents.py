"""The incident sheet (CU-13): what goes wrong technically stands on record, by kind and seat, and nothing else of it."""

import asyncio
import json
import sqlite3

import pytest

import people
from stage import Stage, refusal

CHECK = {"camera": "ok", "microphone": "failed", "speaker": "skipped", "connection": "ok", "browser": "ok"}


@pytest.fixture
async def call(own_broker):
    """A server of this test's own, with a call between an adult and a physician."""
    physician, adult = people.practitioner(), people.adult()
    others = [people.practitioner(), people.adult()]
    own_broker.import_accounts([physician, adult, *others])
    stage = Stage(own_broker.start())
    scene = await stage.waiting_room(await stage.enter(adult), practitioner=await stage.enter(physician))
    scene.patient = stage.clients[-2]
    await scene.patient.join(scene.room, "patient")
    await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
    scene.stage, scene.others = stage, others
    return scene


def recorded(scene):
    """Kind and seat of each incident on record, with what else is said of it; and who told it."""
    with sqlite3.connect(scene.stage.broker.data / "record.sqlite") as record:
        rows = record.execute("SELECT actor, details FROM journal WHERE event = 'incident' AND consultation = ? ORDER BY seq",
                              (scene.room,)).fetchall()
    return [(actor, json.loads(details)) for actor, details in rows]


async def report(client, scene, kind, **detail):
    body = {"consultation": scene.room, "kind": kind} | ({"detail": detail} if detail else {})
    await client.request("incident.report", body)


async def test_cu_13_what_clients_tell_is_on_record_with_their_seat_before_they_are_answered(call):
    patient, practitioner = call.patient, call.practitioner
    await report(patient, call, "device_check", **CHECK)
    await report(practitioner, call, "ice_failed")
    await report(practitioner, call, "ice_restarted")
    await report(patient, call, "relay_used", relay=True)
    failed = {"kind": "device_check", "seat": "patient", "result": "failed"} | CHECK
    assert recorded(call) == [
        (patient.id, failed), (practitioner.id, {"kind": "ice_failed", "seat": "practitioner"}),
        (practitioner.id, {"kind": "ice_restarted", "seat": "practitioner"}),
        (patient.id, {"kind": "relay_used", "seat": "patient", "relay": True})]
    await call.end()
    await report(patient, call, "device_check", **{part: "ok" for part in CHECK})
    assert recorded(call)[-1][1] == {"kind": "device_check", "seat": None, "result": "passed"} | {part: "ok" for part in CHECK}
    await patient.request("consultation.confirm", {"consultation": call.room})
    with refusal("consultation_closed"):
        await report(patient, call, "ice_failed")
    await call.stage.close()


async def test_only_parties_tell_of_incidents_and_only_of_those_that_there_are(call):
    for other in [await call.stage.enter(person) for person in call.others]:
        with refusal("unknown_consultation"):
            await report(other, call, "ice_failed")
    await call.stage.close()
    stage = Stage(call.stage.broker)
    client = await stage.connect()
    client.check = lambda name, message: None
    await client.hello(next(person.token for person in call.stage.persons.values() if person.id == call.patient.id))
    for body, code, field in [
        ({"kind": "connection_lost"}, "invalid_field", "kind"), ({"kind": "203.0.113.7"}, "invalid_field", "kind"),
        ({}, "missing_field", "kind"), ({"kind": "relay_used"}, "missing_field", "detail"),
        ({"kind": "relay_used", "detail": {}}, "missing_field", "relay"),
        ({"kind": "relay_used", "detail": {"relay": "203.0.113.7"}}, "invalid_field", "relay"),
        ({"kind": "device_check", "detail": CHECK | {"camera": "a text"}}, "invalid_field", "camera"),
        ({"kind": "device_check", "detail": {"camera": "ok"}}, "missing_field", "microphone"),
    ]:
        with refusal(code, field=field):
            await client.request("incident.report", {"consultation": call.room} | body)
    await client.request("incident.report", {"consultation": call.room, "kind": "ice_failed", "detail": {"address": "203.0.113.7"}})
    assert recorded(call)[-1][1] == {"kind": "ice_failed", "seat": None}, "nothing else is taken along"
    await stage.close()


async def test_a_consultation_takes_200_from_clients(call):
    for reply in [await call.patient.post("incident.report", {"consultation": call.room, "kind": "ice_failed"}) for _ in range(200)]:
        await reply
    with refusal("too_many_incidents"):
        await report(call.practitioner, call, "ice_failed")
    assert len(recorded(call)) == 200
    await call.end()
    await call.stage.close()


async def test_cu_13_a_connection_that_breaks_is_on_record_and_so_is_the_return(call):
    stage, patient = call.stage, call.patient
    patient.abort()
    await call.practitioner.until(lambda c: not c.seat(call.room, "patient")["present"])
    back = await stage.enter(stage.persons[patient.id])
    await back.join(call.room, "patient")
    await call.connected(call.practitioner, "practitioner", back, "patient")
    await back.request("ping")
    await report(back, call, "ice_restarted")  # what was seen before is on record when this is
    lost, resumed, _ = recorded(call)
    assert lost == (None, {"kind": "connection_lost", "seat": "patient"})
    assert resumed[0] is None and resumed[1].items() >= {"kind": "connection_resumed", "seat": "patient"}.items()
    assert 0 <= resumed[1]["seconds"] < 60 and set(resumed[1]) == {"kind", "seat", "seconds"}

    tablet = await stage.enter(stage.persons[patient.id])
    await tablet.join(call.room, "patient", take_over=True)
    await back.until(lambda c: call.room in c.closed_rooms)
    await report(tablet, call, "ice_restarted")
    assert recorded(call)[-2] == (None, {"kind": "taken_over", "seat": "patient"})

    await tablet.request("room.leave", {"room": call.room})
    await tablet.join(call.room, "patient")
    await call.practitioner.close()
    await report(tablet, call, "ice_failed")
    assert len(recorded(call)) == 6, "who leaves or closes has lost nothing"


async def test_cu_13_the_loss_comes_before_the_suspension_that_follows_from_it(own_broker):
    physician, family = people.practitioner(), people.minor()
    own_broker.import_accounts([physician, family.patient, *family.guardians])
    stage = Stage(own_broker.start())
    parent = await stage.enter(family.guardians[0])
    scene = await stage.waiting_room(parent, family.patient.id, await stage.enter(physician))
    await parent.join(scene.room, "patient")
    await scene.connected(scene.practitioner, "practitioner", parent, "patient")
    await scene.start(family.patient.id, parent.id)
    parent.abort()
    await scene.state("suspended")
    with sqlite3.connect(own_broker.data / "record.sqlite") as record:
        assert [row[0] for row in record.execute("SELECT event FROM journal ORDER BY seq")][-2:] == ["incident", "suspended"]
    assert await asyncio.to_thread(own_broker.stop) == 0
