"""A connection that breaks costs nothing: the client goes on with its session, and gets exactly what it missed, or is told that it cannot (protocol, section 3)."""

import asyncio
import json
import time

import pytest

import people
from stage import Stage, ask, refusal, relayed

SILENCE = 9  # seconds without a sign of life after which somebody counts as gone (time.hang-up)


async def back(stage, earlier, token=None):
    """Another connection that goes on with the session of a client, and whether it could."""
    client = await stage.connect()
    resumed = await client.resume(earlier, token)
    return client, resumed


async def cut(client):
    client.abort()
    await client.over()


async def test_what_was_missed_comes_in_order_and_once(stage):
    scene = await stage.adults_call()
    await cut(scene.patient)
    sent = [f'{{"candidate":"a={number}"}}' for number in range(50)]
    for data in sent:
        await scene.practitioner.signal(scene.room, "patient", data=data)
    await scene.start(scene.patient.id)
    patient, resumed = await back(stage, scene.patient)
    assert resumed and patient.greeting["account"] == scene.patient.greeting["account"]
    await patient.until(lambda c: c.rooms[scene.room]["state"] == "in_progress")
    assert [json.dumps(signal.data, separators=(",", ":")) for signal in patient.signals] == sent
    patient.signals.clear()
    await relayed(scene, scene.practitioner, "patient", patient)
    await relayed(scene, patient, "practitioner", scene.practitioner)


async def test_nobody_notices_a_connection_that_is_back_in_time(stage):
    scene = await stage.adults_call()
    before, rooms = scene.practitioner.seq, scene.practitioner.rooms[scene.room]
    for _ in range(3):
        await cut(scene.patient)
        scene.patient, resumed = await back(stage, scene.patient)
        assert resumed
    await scene.practitioner.request("ping")
    assert scene.practitioner.seq == before and scene.practitioner.rooms[scene.room] == rooms


async def test_a_secret_is_good_for_one_time(stage):
    person = stage.population.take("adult")
    first = await stage.enter(person)
    await cut(first)
    second, resumed = await back(stage, first)
    assert resumed and second.secret != first.secret
    await second.request("ping")
    await cut(second)
    thief, resumed = await back(stage, first, person.token)
    assert not resumed
    third, resumed = await back(stage, second)
    assert resumed


async def test_an_answer_that_was_lost_does_not_cost_the_session(stage):
    """Who never heard of the new secret still has the old one."""
    first = await stage.new("adult")
    await cut(first)
    second = await stage.connect()
    claim = {"session": first.greeting["session"], "secret": first.secret, "seq": first.seq}
    await second.send_text(json.dumps({"id": 5000, "type": "hello", "body": {"resume": claim}}))
    await cut(second)  # before it has said anything else
    third, resumed = await back(stage, first)
    assert resumed


@pytest.mark.parametrize("change", [{"secret": "A" * 43}, {"seq": 10_000}, {"session": "00000000-0000-4000-8000-000000000000"}])
async def test_what_cannot_be_resumed_begins_anew_and_says_so(stage, change):
    person = stage.population.take("adult")
    first = await stage.enter(person)
    id = (await ask(first))["id"]
    await cut(first)
    claim = {"session": first.greeting["session"], "secret": first.secret, "seq": first.seq} | change
    client = await stage.connect()
    greeting = await client.request("hello", {"token": person.token, "resume": claim})
    assert not greeting["resumed"] and greeting["seq"] == 0 and greeting["session"] != first.greeting["session"]
    await client.until(lambda c: id in c.consultations)
    # Nobody loses their session by a stranger's attempt; whoever has the secret has begun anew themselves.
    again = await stage.connect()
    if "seq" in change:
        with refusal("not_signed_in"):
            await again.resume(first)
    else:
        assert await again.resume(first)


async def test_a_secret_without_credentials_is_no_way_in_when_the_session_is_over(stage):
    first = await stage.new("adult")
    await first.close()
    client = await stage.connect()
    with refusal("not_signed_in"):
        await client.resume(first)
    assert (await client.over()).code == 4204


async def test_signing_out_ends_the_session_that_waits_for_its_client(stage):
    from api import Api
    person = stage.population.take("adult")
    first = await stage.enter(person)
    await cut(first)
    api = Api(stage.broker, token=person.token)
    await asyncio.to_thread(api.delete, "/v1/session")
    client = await stage.connect()
    with refusal("not_signed_in"):
        await client.resume(first)


async def test_what_is_too_much_to_keep_is_refused_whole(stage):
    """Never a part of what was missed, passed off as all of it."""
    person = stage.population.take("adult")
    first = await stage.enter(person)
    scene = await stage.waiting_room(first)
    await first.join(scene.room, "patient")
    await scene.connected(scene.practitioner, "practitioner", first, "patient")
    await cut(first)
    for _ in range(8):
        await scene.practitioner.signal(scene.room, "patient", data=json.dumps({"sdp": "x" * 40_000}))
    client, resumed = await back(stage, first, person.token)
    assert not resumed and client.greeting["seq"] == 0
    await client.until(lambda c: scene.room in c.consultations)
    assert not client.signals


async def test_a_mutation_whose_answer_was_lost_happens_once(stage):
    patient = await stage.new("adult")
    key = "11111111-1111-4111-8111-" + "%012d" % (time.time_ns() % 10**12)
    body = {"patient": patient.id, "assignment": "unassigned", "reason": "Toux", "payment": "carte_bancaire"}
    await patient.post("request.create", body, key)
    await cut(patient)
    patient, resumed = await back(stage, patient)
    assert resumed
    made = (await patient.request("request.create", body, key))["consultation"]
    await patient.request("ping")
    assert list(patient.consultations) == [made["id"]]


async def test_a_client_that_notices_first_takes_its_session_from_the_older_connection(stage):
    scene = await stage.adults_call()
    client, resumed = await back(stage, scene.patient)
    assert resumed
    assert (await scene.patient.over()).code == 4001
    await relayed(scene, client, "practitioner", scene.practitioner)
    await relayed(scene, scene.practitioner, "patient", client)


async def test_a_client_that_says_that_it_comes_back_keeps_its_seat_and_one_that_closes_is_gone_at_once(stage):
    scene = await stage.adults_call()
    await scene.patient.socket.close(4000)
    scene.patient, resumed = await back(stage, scene.patient)
    assert resumed and scene.practitioner.seat(scene.room, "patient")["present"]
    started = time.monotonic()
    await scene.patient.socket.close(1001)
    await scene.practitioner.until(lambda c: not c.seat(scene.room, "patient")["present"])
    assert time.monotonic() - started < 1
    assert scene.practitioner.peer(scene.room, "patient") is None


async def test_who_is_silent_for_long_is_gone_their_seat_is_kept_and_they_are_told(stage):
    scene = await stage.adults_call()
    negotiation = scene.patient.peer(scene.room, "practitioner")["negotiation"]
    started = time.monotonic()
    await cut(scene.patient)
    await scene.practitioner.until(lambda c: not c.seat(scene.room, "patient")["present"])
    assert time.monotonic() - started < SILENCE + 1
    # Their media may be running on.
    assert scene.practitioner.peer(scene.room, "patient")["negotiation"] == negotiation
    with refusal("persons_rule"):
        await scene.practitioner.signal(scene.room, "patient", negotiation=negotiation)

    patient, resumed = await back(stage, scene.patient)
    assert resumed and patient.greeting["account"]
    assert await patient.until(lambda c: c.closed_rooms.get(scene.room)) == {"why": "connection_lost"}
    await patient.join(scene.room, "patient", connected={"practitioner": negotiation})
    assert await scene.connected(scene.practitioner, "practitioner", patient, "patient") == negotiation
    await relayed(scene, patient, "practitioner", scene.practitioner)


async def test_who_was_silent_for_long_and_leaves_is_not_waited_for(stage):
    scene = await stage.adults_call()
    await cut(scene.patient)
    await scene.practitioner.until(lambda c: not c.seat(scene.room, "patient")["present"])
    assert scene.practitioner.peer(scene.room, "patient")
    patient, _ = await back(stage, scene.patient)
    await patient.request("room.leave", {"room": scene.room})
    await scene.practitioner.until(lambda c: not c.rooms[scene.room]["peers"])
    with refusal("not_seated"):
        await patient.request("room.leave", {"room": scene.room})


async def test_cu_6_3_a_guardian_who_is_silent_for_long_suspends_and_brings_it_back(stage):
    family = stage.population.take("minor")
    parent, child = await stage.enter(family.guardians[0]), await stage.enter(family.patient)
    scene = await stage.waiting_room(parent, family.patient.id)
    await child.join(scene.room, "patient")
    await parent.join(scene.room, "guardian")
    await scene.connected(scene.practitioner, "practitioner", child, "patient")
    await scene.start(family.patient.id, parent.id)
    await cut(parent)
    await scene.state("suspended", scene.practitioner, child)
    assert not scene.practitioner.rooms[scene.room]["peers"]
    parent, resumed = await back(stage, parent)
    assert resumed
    await parent.join(scene.room, "guardian")
    await scene.state("in_progress", scene.practitioner, child)


async def test_a_practitioner_is_offline_while_nothing_is_heard_and_available_again(stage):
    practitioner, patient = await stage.new("practitioner"), await stage.new("adult")
    await practitioner.request("presence.set", {"presence": "available"})
    await patient.until(lambda c: c.available >= 1)
    available = patient.available
    await cut(practitioner)
    await patient.until(lambda c: c.available == available - 1)
    id = await stage.requested(patient)
    practitioner, resumed = await back(stage, practitioner)
    assert resumed
    await practitioner.until(lambda c: id in c.queue and c.presence == "available")
    await patient.until(lambda c: c.available == available)


async def test_cu_5_1_two_who_still_have_their_peer_connection_after_a_kill_go_on_with_it(own_broker):
    physician, adult = people.practitioner(), people.adult()
    own_broker.import_accounts([physician, adult])
    stage = Stage(own_broker.start())
    patient, practitioner = await stage.enter(adult), await stage.enter(physician)
    scene = await stage.waiting_room(patient, practitioner=practitioner)
    await patient.join(scene.room, "patient")
    negotiation = await scene.connected(practitioner, "practitioner", patient, "patient")
    await scene.start(adult.id)
    own_broker.kill()
    own_broker.start()

    stage = Stage(own_broker)
    clients = {}
    for name, earlier, person, other in [("practitioner", practitioner, physician, "patient"), ("patient", patient, adult, "practitioner")]:
        client, resumed = await back(stage, earlier, person.token)
        assert not resumed
        await client.until(lambda c: scene.room in c.consultations)
        seated = await client.join(scene.room, name, connected={other: negotiation})
        # Whoever is first does not let go of the other, who is on their way.
        assert [(peer["seat"], peer["negotiation"]) for peer in seated["room"]["peers"]] == [(other, negotiation)]
        clients[name] = client
    scene.practitioner, scene.patient = clients["practitioner"], clients["patient"]
    assert await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient") == negotiation
    await relayed(scene, scene.patient, "practitioner", scene.practitioner)
    await stage.close()


async def test_sessions_that_wait_are_bounded_for_each_account(stage):
    person = stage.population.take("adult")
    clients = [await stage.enter(person) for _ in range(12)]
    for client in clients:
        await cut(client)
    outcomes = [(await back(stage, client, person.token))[1] for client in clients]
    assert outcomes == [False] * 4 + [True] * 8


