"""CU-6.3: who must be in the room before anything is relayed."""

import asyncio

import pytest

from mqm_client import PATIENCE
from people import PASSWORD
from stage import refusal, relayed


@pytest.fixture
async def minors_room(stage):
    """The open room of a minor with two parents: the practitioner and the minor are in, no parent is."""
    return await a_family_room(stage, "minor")


@pytest.fixture
async def protected_adults_room(stage):
    """The open room of a protected adult: the practitioner and the patient are in, the tutor is not."""
    return await a_family_room(stage, "protected_adult")


@pytest.fixture
async def accompanied_adults_room(stage):
    """The same, of one whose tutor has a password to sign in with."""
    return await a_family_room(stage, "accompanied_adult")


async def a_family_room(stage, kind):
    family = stage.population.take(kind)
    parent = await stage.enter(family.guardians[0])
    scene = await stage.waiting_room(parent, family.patient.id)
    scene.family, scene.parent, scene.patient = family, parent, await stage.enter(family.patient)
    await scene.patient.join(scene.room, "patient")
    return scene


async def start_with_parent(scene):
    await scene.parent.join(scene.room, "guardian")
    await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
    await scene.start(scene.patient.id, scene.parent.id)
    await scene.state("in_progress", scene.practitioner, scene.patient, scene.parent)


async def assert_nothing_is_relayed(scene, negotiation=0):
    for sender, to in ((scene.practitioner, "patient"), (scene.patient, "practitioner")):
        await sender.until(lambda c: c.rooms[scene.room]["admission"] == {"holds": False, "missing": ["guardian"]})
        assert sender.rooms[scene.room]["peers"] == []
        with refusal("persons_rule", missing=["guardian"]):
            await sender.signal(scene.room, to, negotiation=negotiation)
    await scene.patient.request("ping")
    assert not scene.patient.signals and not scene.practitioner.signals


async def test_cu_6_3_nothing_is_relayed_for_a_minor_until_a_parent_is_there(stage, minors_room):
    scene = minors_room
    card_flags = scene.practitioner.consultations[scene.room]["status"]
    assert card_flags == "minor"
    await assert_nothing_is_relayed(scene)
    with refusal("persons_rule", missing=["guardian"]):
        await scene.start(scene.patient.id)

    seated = await scene.parent.join(scene.room, "guardian")
    assert seated["seat"] in ("guardian1", "guardian2")
    await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
    await scene.connected(scene.practitioner, "practitioner", scene.parent, seated["seat"])
    await scene.connected(scene.patient, "patient", scene.parent, seated["seat"])
    await relayed(scene, scene.practitioner, "patient", scene.patient)
    await relayed(scene, scene.patient, seated["seat"], scene.parent)
    assert (await relayed(scene, scene.parent, "practitioner", scene.practitioner)).sender == seated["seat"]


@pytest.mark.parametrize("leave", ["closes the page", "loses power", "leaves the seat"])
async def test_cu_6_3c_the_call_is_suspended_while_the_last_parent_is_away(stage, minors_room, leave):
    scene = minors_room
    await start_with_parent(scene)
    before = scene.practitioner.peer(scene.room, "patient")["negotiation"]

    if leave == "closes the page":
        await scene.parent.close()
    elif leave == "loses power":
        scene.parent.abort()
    else:
        await scene.parent.request("room.leave", {"room": scene.room})
    await scene.state("suspended", scene.practitioner, scene.patient)
    await assert_nothing_is_relayed(scene, before)

    back = await stage.enter(scene.family.guardians[0]) if leave != "leaves the seat" else scene.parent
    await back.join(scene.room, "guardian")
    await scene.state("in_progress", scene.practitioner, scene.patient, back)
    after = await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
    assert after != before, "a suspension ends every peer connection"
    with refusal("stale_negotiation"):
        await scene.patient.signal(scene.room, "practitioner", negotiation=before)
    await relayed(scene, scene.patient, "practitioner", scene.practitioner)


async def test_cu_6_3_two_parents_may_come_and_one_of_them_is_enough(stage, minors_room):
    scene = minors_room
    await start_with_parent(scene)
    other = await stage.enter(scene.family.guardians[1])
    seated = await other.join(scene.room, "guardian")
    seats = {entry["seat"]: entry["persons"] for entry in seated["room"]["seats"]}
    assert set(seats) == {"practitioner", "patient", "guardian1", "guardian2"}
    assert {seats["guardian1"][0]["id"], seats["guardian2"][0]["id"]} == {scene.parent.id, other.id}
    await other.until(lambda c: len(c.rooms[scene.room]["peers"]) == 3)

    await scene.parent.close()
    await scene.practitioner.until(lambda c: len(c.rooms[scene.room]["peers"]) == 2)
    assert scene.practitioner.rooms[scene.room]["state"] == "in_progress"
    await relayed(scene, scene.patient, "practitioner", scene.practitioner)
    await other.close()
    await scene.state("suspended", scene.practitioner, scene.patient)


async def test_cu_6_3b_a_parent_may_act_for_the_minor_in_the_patients_seat(stage):
    family = stage.population.take("minor")
    parent = await stage.enter(family.guardians[0])
    scene = await stage.waiting_room(parent, family.patient.id)
    seated = await parent.join(scene.room, "patient")
    assert seated["seat"] == "patient"
    persons = next(entry["persons"] for entry in seated["room"]["seats"] if entry["seat"] == "patient")
    assert {(person["id"], person["role"]) for person in persons} == {(family.patient.id, "patient"), (parent.id, "parent")}
    await scene.connected(scene.practitioner, "practitioner", parent, "patient")
    await relayed(scene, parent, "practitioner", scene.practitioner)
    await scene.start(family.patient.id, parent.id)
    await scene.state("in_progress", scene.practitioner, parent)


async def test_cu_6_3b_a_tutor_beside_the_protected_adult_signs_in_on_the_same_device(stage, accompanied_adults_room):
    scene = accompanied_adults_room
    tutor = scene.family.guardians[0]
    await assert_nothing_is_relayed(scene)
    signed_in = {"room": scene.room, "email": tutor.email, "password": tutor.password}
    with refusal("wrong_credentials"):
        await scene.patient.request("room.accompany", signed_in | {"password": tutor.password + "!"})
    await assert_nothing_is_relayed(scene)

    companion = await scene.patient.request("room.accompany", signed_in)
    assert companion["guardian"] == {"id": tutor.id, "given_name": tutor.given_name, "family_name": tutor.family_name, "role": "tutor"}
    await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
    persons = {person["id"] for person in scene.practitioner.seat(scene.room, "patient")["persons"]}
    assert persons == {scene.patient.id, tutor.id}
    with refusal("attestation_mismatch"):
        await scene.start(scene.patient.id)
    await scene.start(scene.patient.id, tutor.id)
    await relayed(scene, scene.patient, "practitioner", scene.practitioner)

    # The companion went with the seat, and comes back with the token.
    await scene.patient.request("room.leave", {"room": scene.room})
    await scene.practitioner.until(lambda c: not c.rooms[scene.room]["admission"]["holds"])
    await scene.patient.join(scene.room, "patient")
    await assert_nothing_is_relayed(scene)
    again = await scene.patient.request("room.accompany", {"room": scene.room, "token": companion["token"]})
    assert again["guardian"]["id"] == tutor.id
    await scene.state("in_progress", scene.practitioner, scene.patient)
    await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
    await relayed(scene, scene.practitioner, "patient", scene.patient)

    await scene.patient.request("room.unaccompany", {"room": scene.room})
    await scene.state("suspended", scene.practitioner, scene.patient)
    await assert_nothing_is_relayed(scene)


async def test_a_companions_token_is_good_for_its_room_only(stage, accompanied_adults_room):
    scene = accompanied_adults_room
    tutor = scene.family.guardians[0]
    token = (await scene.patient.request("room.accompany", {"room": scene.room, "email": tutor.email, "password": PASSWORD}))["token"]
    other = await a_family_room(stage, "protected_adult")
    with refusal("wrong_credentials"):
        await other.patient.request("room.accompany", {"room": other.room, "token": token})
    with refusal("wrong_credentials"):
        await scene.patient.request("room.accompany", {"room": scene.room, "token": token[:-1] + ("A" if token[-1] != "A" else "B")})
    elsewhere = await stage.connect()
    with refusal("not_signed_in"):
        await elsewhere.request("hello", {"token": token})


async def test_cu_6_3_a_guardian_of_somebody_else_cannot_accompany(stage, protected_adults_room):
    scene = protected_adults_room
    stranger = stage.population.stranger
    with refusal("not_admitted"):
        await scene.patient.request("room.accompany", {"room": scene.room, "email": stranger.email, "password": PASSWORD})
    await assert_nothing_is_relayed(scene)


async def test_cu_6_3_nobody_accompanies_an_adult(stage):
    scene = await stage.adults_call()
    stranger = stage.population.stranger
    with refusal("not_admitted"):
        await scene.patient.request("room.accompany", {"room": scene.room, "email": stranger.email, "password": PASSWORD})
    assert [person["id"] for person in scene.practitioner.seat(scene.room, "patient")["persons"]] == [scene.patient.id]


async def test_cu_6_3b_the_attestation_names_who_is_present_and_nobody_else(stage, minors_room):
    scene = minors_room
    absent = scene.family.guardians[1].id
    await scene.parent.join(scene.room, "guardian")
    await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
    for persons in ([scene.patient.id], [scene.parent.id], [scene.patient.id, absent],
                    [scene.patient.id, scene.parent.id, absent], [scene.patient.id, scene.practitioner.id]):
        with refusal("attestation_mismatch"):
            await scene.start(*persons)
    await scene.start(scene.patient.id, scene.parent.id)


async def test_cu_6_3c_a_tutor_whose_sessions_end_is_no_longer_beside_the_patient(stage, accompanied_adults_room):
    scene = accompanied_adults_room
    tutor = scene.family.guardians[0]
    await scene.patient.request("room.accompany", {"room": scene.room, "email": tutor.email, "password": tutor.password})
    await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
    await scene.start(scene.patient.id, tutor.id)
    await asyncio.to_thread(stage.broker.account, "sign-out", tutor.email)
    await scene.state("suspended", scene.practitioner, scene.patient)
    await assert_nothing_is_relayed(scene)


async def test_requests_sent_at_once_are_carried_out_one_after_the_other(stage):
    """A seat taken and left in one breath is left: a ghost must not fulfil the persons rule."""
    scene = await stage.adults_call()
    await scene.patient.request("room.leave", {"room": scene.room})
    room = {"room": scene.room}
    joined, left = scene.patient.expect(701, "room.join", room), scene.patient.expect(702, "room.leave", room)
    scene.patient.send_at_once([
        f'{{"id":701,"type":"room.join","body":{{"room":"{scene.room}","as":"patient"}}}}',
        f'{{"id":702,"type":"room.leave","body":{{"room":"{scene.room}"}}}}',
    ])
    async with asyncio.timeout(PATIENCE):
        assert (await joined)["seat"] == "patient" and await left == {}
    await scene.practitioner.request("ping")
    assert scene.practitioner.rooms[scene.room]["admission"]["missing"] == ["patient"]
