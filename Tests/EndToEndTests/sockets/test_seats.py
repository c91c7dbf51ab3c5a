"""Who may sit where: everyone else is refused, and a seat has one connection."""

import pytest

from stage import ask, refusal, relayed

SEATS = ["practitioner", "patient", "guardian"]


@pytest.mark.parametrize("kind", ["practitioner", "adult", "guardian of somebody else"])
async def test_cu_6_3_a_stranger_is_not_admitted_whatever_they_claim(stage, kind):
    scene = await stage.adults_call()
    if kind == "guardian of somebody else":
        stranger = await stage.enter(stage.population.take("minor").guardians[0])
    else:
        stranger = await stage.new(kind)
    for role in SEATS:
        with refusal("not_admitted"):
            await stranger.join(scene.room, role)
    for to in ("patient", "practitioner"):
        with refusal("not_seated"):
            await stranger.signal(scene.room, to, negotiation=scene.patient.peer(scene.room, "practitioner")["negotiation"])
    await scene.patient.request("ping")
    assert not scene.patient.signals and not scene.practitioner.signals and not stranger.rooms


async def test_cu_6_3_the_persons_of_a_minors_room_are_not_admitted_in_each_others_seats(stage):
    family = stage.population.take("minor")
    parent, child = await stage.enter(family.guardians[0]), await stage.enter(family.patient)
    scene = await stage.waiting_room(parent, family.patient.id)
    for client, role in ((child, "guardian"), (child, "practitioner"), (parent, "practitioner"),
                         (scene.practitioner, "patient"), (scene.practitioner, "guardian")):
        with refusal("not_admitted"):
            await client.join(scene.room, role)


async def test_an_adults_room_has_no_seat_for_a_guardian(stage):
    scene = await stage.adults_call()
    assert {entry["seat"] for entry in scene.patient.rooms[scene.room]["seats"]} == {"practitioner", "patient"}
    with refusal("not_admitted"):
        await scene.patient.join(scene.room, "guardian")


async def test_nobody_joins_before_the_room_is_open(stage):
    patient, practitioner = await stage.new("adult"), await stage.new("practitioner")
    id = await stage.requested(patient)
    with refusal("wrong_state", state="requested"):
        await patient.join(id, "patient")
    await practitioner.request("request.claim", {"consultation": id})
    with refusal("wrong_state", state="claimed"):
        await practitioner.join(id, "practitioner")


async def test_without_hello_nothing_is_answered(stage):
    scene = await stage.adults_call()
    stranger = await stage.connect()
    with refusal("hello_required"):
        await stranger.join(scene.room, "patient")
    with refusal("hello_required"):
        await stranger.request("ping")
    with refusal("hello_required"):
        await stranger.signal(scene.room, "patient")


async def test_a_second_hello_is_refused(stage):
    person = stage.population.take("adult")
    client = await stage.enter(person)
    with refusal("already_greeted"):
        await client.request("hello", {"token": person.token})


async def test_the_same_person_on_a_second_device_takes_over_only_when_asked_to(stage):
    person = stage.population.take("adult")
    first = await stage.enter(person)
    scene = await stage.waiting_room(first)
    await first.join(scene.room, "patient")
    before = await scene.connected(scene.practitioner, "practitioner", first, "patient")

    second = await stage.enter(person)
    with refusal("seat_taken", by="you"):
        await second.join(scene.room, "patient")
    await relayed(scene, first, "practitioner", scene.practitioner)

    await second.join(scene.room, "patient", take_over=True)
    assert await first.until(lambda c: c.closed_rooms.get(scene.room)) == {"why": "taken_over"}
    assert await scene.connected(scene.practitioner, "practitioner", second, "patient") != before
    with refusal("not_seated"):
        await first.signal(scene.room, "practitioner", negotiation=before)
    await relayed(scene, second, "practitioner", scene.practitioner)
    await first.request("ping")  # it stays connected, without the seat


async def test_a_seat_held_by_somebody_else_cannot_be_taken_over(stage):
    family = stage.population.take("minor")
    parent, child = await stage.enter(family.guardians[0]), await stage.enter(family.patient)
    scene = await stage.waiting_room(parent, family.patient.id)
    await child.join(scene.room, "patient")
    for take_over in (False, True):
        with refusal("seat_taken", by="other"):
            await parent.join(scene.room, "patient", take_over)


async def test_what_only_the_practitioner_may_do_is_refused_to_others(stage):
    scene = await stage.adults_call()
    other = await stage.new("practitioner")
    for type, body in (("consultation.end", {"reason": "other"}), ("room.open", {}), ("consultation.start", {"persons": [scene.patient.id]})):
        with refusal("forbidden"):
            await scene.patient.request(type, body | {"consultation": scene.room})
        with refusal("unknown_consultation"):
            await other.request(type, body | {"consultation": scene.room})
    for type, body in (("request.claim", {"consultation": scene.room}), ("presence.set", {"presence": "away"})):
        with refusal("forbidden"):
            await scene.patient.request(type, body)
    with refusal("already_claimed"):
        await other.request("request.claim", {"consultation": scene.room})


async def test_cu_6_7_a_practitioner_who_is_not_verified_sees_and_claims_nothing(stage):
    patient = await stage.new("adult")
    id = await stage.requested(patient)
    unverified = await stage.enter(stage.population.unverified)
    with refusal("not_verified"):
        await unverified.request("request.claim", {"consultation": id})
    assert unverified.queue is None and unverified.consultations == {}


async def test_nobody_asks_for_a_patient_whom_they_do_not_represent(stage):
    stranger, family = await stage.new("adult"), stage.population.take("minor")
    with refusal("unknown_patient"):
        await ask(stranger, family.patient.id)
    other_parent = await stage.enter(stage.population.take("minor").guardians[0])
    with refusal("unknown_patient"):
        await ask(other_parent, family.patient.id)
    with refusal("unknown_patient"):
        await ask(other_parent)  # a guardian is not a patient


async def test_consultations_are_shown_to_their_parties_alone(stage):
    scene = await stage.adults_call()
    for kind in ("practitioner", "adult"):
        assert scene.room not in (await stage.new(kind)).consultations
    family = stage.population.take("minor")
    parents = [await stage.enter(person) for person in family.guardians]
    id = await stage.requested(parents[0], family.patient.id)
    child = await stage.enter(family.patient)
    for client in (*parents, child):
        assert (await client.until(lambda c: c.consultations.get(id)))["status"] == "minor"
