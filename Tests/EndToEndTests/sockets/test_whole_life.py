"""A teleconsultation from the request to the end, as two clients see it."""

import pytest

from stage import REASON, ask, refusal, relayed

CARD = {"id", "assignment", "age", "flags", "reason", "payment", "requested_at", "claim_due_at"}

# Each is relayed as it stands: spacing, escapes, order, and numbers that a parser would change.
DATA = {
    "empty": "{}",
    "unusual spacing": '{ "a" :\t1 ,\r\n "b":[ ] }',
    "unicode escapes": r'{"\u0063andidate":"\u00e9\ud83d\ude00\/\u0000"}',
    "raw unicode": '{"candidate":"é😀\u2028\u202e"}',
    "numbers that do not fit": '{"a":123456789012345678901234567890,"b":1.0,"c":1E+2,"d":-0,"e":1e-400,"f":0.1000}',
    "members out of order": '{"z":1,"a":2,"seq":3,"type":"room","data":{"data":"}"}}',
    "brackets and quotes in strings": r'{"sdp":"}]{[\"\\","x":"\\\""}',
    "large": '{"sdp":"' + "x" * 60_000 + '"}',
}


async def test_cu_6_1_to_6_4_a_teleconsultation_goes_from_the_request_to_its_end(stage):
    patient, practitioner = await stage.new("adult"), await stage.new("practitioner")

    consultation = await ask(patient)
    id = consultation["id"]
    assert consultation["state"] == "requested" and consultation["patient"]["id"] == patient.id
    assert consultation["claim_due_at"] - consultation["requested_at"] == 24 * 3600 * 1000
    await patient.until(lambda c: id in c.consultations)

    card = await practitioner.until(lambda c: c.queue.get(id))
    assert set(card) == CARD, "the card must not tell who asks"
    assert card["assignment"] == "unassigned" and card["reason"] == REASON and card["flags"] == []

    claimed = (await practitioner.request("request.claim", {"consultation": id}))["consultation"]
    assert claimed["state"] == "claimed" and claimed["patient"]["family_name"] == "Adulte"
    await practitioner.until(lambda c: c.queue_removed.get(id) == "claimed" and id not in c.queue)
    await patient.until(lambda c: c.consultations[id]["practitioner"] and c.consultations[id]["practitioner"]["id"] == practitioner.id)

    await practitioner.request("room.open", {"consultation": id})
    await patient.until(lambda c: c.consultations[id]["state"] == "open")
    seated = await practitioner.join(id, "practitioner")
    assert seated["seat"] == "practitioner" and seated["room"]["admission"] == {"holds": False, "missing": ["patient"]}
    seated = await patient.join(id, "patient")
    assert seated["seat"] == "patient" and isinstance(seated["ice_servers"], list)
    peer = await practitioner.until(lambda c: c.peer(id, "patient"))
    assert peer == (await patient.until(lambda c: c.peer(id, "practitioner"))) | {"seat": "patient"}
    assert peer["offers"] in ("patient", "practitioner")

    await practitioner.signal(id, "patient", "offer", '{"type":"offer","sdp":"v=0"}')
    assert (await patient.next_signal()).sender == "practitioner"
    await patient.signal(id, "practitioner", "answer", '{"type":"answer","sdp":"v=0"}')
    assert (await practitioner.next_signal()).sender == "patient"

    await practitioner.request("consultation.start", {"consultation": id, "persons": [patient.id]})
    await patient.until(lambda c: c.rooms[id]["state"] == "in_progress" and c.consultations[id]["started_at"])
    assert patient.peer(id, "practitioner")["negotiation"] == peer["negotiation"], "the start does not disturb the call"

    await practitioner.request("consultation.end", {"consultation": id, "reason": "completed"})
    for client, other in ((patient, "practitioner"), (practitioner, "patient")):
        assert await client.until(lambda c: c.closed_rooms.get(id)) == {"why": "ended", "reason": "completed"}
        ended = await client.until(lambda c: c.consultations[id]["state"] == "ended" and c.consultations[id])
        assert ended["reason"] == REASON and ended["end_reason"] == "completed", "a letter can still be written"
        with refusal("consultation_ended"):
            await client.signal(id, other, negotiation=peer["negotiation"])
        with refusal("consultation_ended"):
            await client.join(id, "patient" if client is patient else "practitioner")
    assert not patient.signals and not practitioner.signals

    await patient.request("consultation.confirm", {"consultation": id})
    for client in (patient, practitioner):
        closed = await client.until(lambda c: c.consultations[id]["state"] == "closed" and c.consultations[id])
        assert closed["reason"] is None and closed["closed_why"] == "confirmed", "health data is gone with the closure"


@pytest.mark.parametrize("data", DATA.values(), ids=DATA.keys())
async def test_signal_data_is_relayed_byte_for_byte(stage, data):
    scene = await stage.adults_call()
    await relayed(scene, scene.patient, "practitioner", scene.practitioner, data)
    await relayed(scene, scene.practitioner, "patient", scene.patient, data)


@pytest.mark.parametrize("kind", ["offer", "answer", "candidate", "end_of_candidates", "bye"])
async def test_every_kind_of_signal_is_relayed(stage, kind):
    scene = await stage.adults_call()
    signal = await relayed(scene, scene.patient, "practitioner", scene.practitioner, '{"x":1}', kind)
    assert signal.sender == "patient"


async def test_signals_arrive_in_the_order_in_which_they_were_sent(stage):
    scene = await stage.adults_call()
    # 250 fit into the allowed burst.
    texts = [scene.patient.signal_text(scene.room, "practitioner", data=f'{{"number":{n}}}') for n in range(250)]
    scene.patient.send_at_once(texts)
    await scene.practitioner.until(lambda c: len(c.signals) == 250)
    assert [signal.data["number"] for signal in scene.practitioner.signals] == list(range(250))


async def test_a_signal_for_an_earlier_negotiation_is_stale(stage):
    scene = await stage.adults_call()
    before = scene.practitioner.peer(scene.room, "patient")["negotiation"]
    await scene.patient.request("room.leave", {"room": scene.room})
    await scene.practitioner.until(lambda c: not c.peer(scene.room, "patient"))
    with refusal("persons_rule", missing=["patient"]):
        await scene.practitioner.signal(scene.room, "patient", negotiation=before)
    await scene.patient.join(scene.room, "patient")
    now = await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
    assert now != before
    with refusal("stale_negotiation"):
        await scene.practitioner.signal(scene.room, "patient", negotiation=before)
    await relayed(scene, scene.practitioner, "patient", scene.patient)
    assert not scene.patient.signals


async def test_cu_6_4_the_practitioner_may_end_in_every_state_after_the_claim(stage):
    practitioner = await stage.new("practitioner")
    for last in ("claimed", "open", "in_progress"):
        patient = await stage.new("adult")
        id = await stage.requested(patient)
        await practitioner.request("request.claim", {"consultation": id})
        if last != "claimed":
            await practitioner.request("room.open", {"consultation": id})
        if last == "in_progress":
            await practitioner.join(id, "practitioner")
            await patient.join(id, "patient")
            await practitioner.request("consultation.start", {"consultation": id, "persons": [patient.id]})
        await practitioner.request("consultation.end", {"consultation": id, "reason": "emergency"})
        ended = await patient.until(lambda c: c.consultations[id]["state"] == "ended" and c.consultations[id])
        assert ended["end_reason"] == "emergency"
        for type in ("room.open", "consultation.end"):
            with refusal("consultation_ended"):
                await practitioner.request(type, {"consultation": id, "reason": "other"})


async def test_a_patient_may_cancel_until_the_start_and_the_card_goes(stage):
    patient, practitioner = await stage.new("adult"), await stage.new("practitioner")
    id = await stage.requested(patient)
    await practitioner.until(lambda c: id in c.queue)
    await patient.request("request.cancel", {"consultation": id})
    await practitioner.until(lambda c: c.queue_removed.get(id) == "cancelled" and id not in c.queue)
    with refusal("consultation_cancelled"):
        await practitioner.request("request.claim", {"consultation": id})

    scene = await stage.waiting_room(patient, practitioner=practitioner)
    await patient.join(scene.room, "patient")
    await patient.request("request.cancel", {"consultation": scene.room})
    for client in (patient, practitioner):
        assert await client.until(lambda c: c.closed_rooms.get(scene.room)) == {"why": "cancelled"}

    scene = await stage.adults_call()
    await scene.start(scene.patient.id)
    with refusal("wrong_state", state="in_progress"):
        await scene.patient.request("request.cancel", {"consultation": scene.room})


async def test_cu_6_1_a_request_for_the_attending_physician_is_seen_by_that_physician_alone(stage):
    population = stage.population
    attending, other = await stage.enter(population.attending), await stage.new("practitioner")
    patient = await stage.enter(population.her_patient)
    assert patient.greeting["patients"][0]["attending"]["id"] == attending.id
    id = await stage.requested(patient, assignment="attending")
    assert (await attending.until(lambda c: c.queue.get(id)))["assignment"] == "mine"
    await other.request("ping")  # whatever was sent to it before has arrived
    assert id not in other.queue
    with refusal("unknown_consultation"):
        await other.request("request.claim", {"consultation": id})
    await attending.request("request.claim", {"consultation": id})

    stranger = await stage.new("adult")
    with refusal("no_attending_physician"):
        await ask(stranger, assignment="attending")


async def test_a_patient_has_three_consultations_under_way_at_most(stage):
    patient = await stage.new("adult")
    ids = [await stage.requested(patient) for _ in range(3)]
    with refusal("too_many_requests"):
        await ask(patient)
    await patient.request("request.cancel", {"consultation": ids[0]})
    await ask(patient)


async def test_availability_counts_the_verified_practitioners_who_are_available(stage):
    patient, practitioner = await stage.new("adult"), await stage.new("practitioner")
    await practitioner.request("presence.set", {"presence": "available"})
    await patient.request("ping")
    before = patient.available
    await practitioner.request("presence.set", {"presence": "away"})
    await patient.until(lambda c: c.available == before - 1)
    await practitioner.request("presence.set", {"presence": "available"})
    await patient.until(lambda c: c.available == before)
