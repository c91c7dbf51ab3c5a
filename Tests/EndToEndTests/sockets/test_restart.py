"""The server goes down in an orderly way, and comes back on the same data."""

import asyncio
import sqlite3
import subprocess
import uuid

import people
from people import Population
from stage import Stage, ask, refusal, relayed

CLIENTS = 20


class SmallPopulation(Population):
    SIZES = {"practitioner": 4, "adult": CLIENTS + 4, "minor": 0, "protected_adult": 0, "accompanied_adult": 0}


async def test_cu_5_1_clients_are_told_when_to_come_back_and_find_everything_as_it_was(own_broker):
    population = SmallPopulation()
    own_broker.import_accounts(list(population.everyone()))
    own_broker.start()
    stage = Stage(own_broker, population)
    scene = await stage.adults_call()
    negotiation = scene.patient.peer(scene.room, "practitioner")["negotiation"]
    await scene.start(scene.patient.id)
    key, asking = str(uuid.uuid4()), population.take("adult")
    asked = await ask(await stage.enter(asking), key=key)
    idle = [await stage.enter(population.take("adult")) for _ in range(CLIENTS)]

    assert await asyncio.to_thread(own_broker.stop) == 0
    closed = [await client.over() for client in stage.clients]
    assert {how.code for how in closed} == {4100} and {how.reason["code"] for how in closed} == {"server_restarting"}
    pauses = [how.reason["after_ms"] for how in closed]
    assert min(pauses) >= 0 and len(set(pauses)) >= len(pauses) * 0.8, f"they would all come back together: {pauses}"

    own_broker.start()
    back = Stage(own_broker)
    patient, practitioner = [await back.enter(stage.persons[client.id]) for client in (scene.patient, scene.practitioner)]
    for client in (patient, practitioner):
        assert client.consultations[scene.room]["state"] == "in_progress"
        assert client.consultations[scene.room]["started_at"] == scene.patient.consultations[scene.room]["started_at"]
    await practitioner.join(scene.room, "practitioner")
    await patient.join(scene.room, "patient")
    assert await scene.connected(practitioner, "practitioner", patient, "patient") != negotiation
    await relayed(scene, patient, "practitioner", practitioner)

    again = await back.enter(asking)
    assert again.consultations[asked["id"]]["requested_at"] == asked["requested_at"]
    assert (await ask(again, key=key))["id"] == asked["id"]
    with refusal("key_reused"):
        await ask(again, reason="Autre chose", key=key)
    await again.request("ping")
    assert list(again.consultations) == [asked["id"]]
    await back.close()


async def test_cu_13_going_down_is_not_recorded_as_the_guardian_leaving(own_broker):
    physician, family = people.practitioner(), people.minor()
    own_broker.import_accounts([physician, family.patient, *family.guardians])
    own_broker.start()
    stage = Stage(own_broker)
    parent = await stage.enter(family.guardians[0])
    scene = await stage.waiting_room(parent, family.patient.id, await stage.enter(physician))
    await parent.join(scene.room, "patient")
    await scene.connected(scene.practitioner, "practitioner", parent, "patient")
    await scene.start(family.patient.id, parent.id)
    await asyncio.to_thread(own_broker.stop)
    with sqlite3.connect(own_broker.data / "record.sqlite") as record:
        assert [row[0] for row in record.execute("SELECT event FROM journal ORDER BY seq")][-1] == "started"


def test_a_folder_with_the_demonstrations_people_is_for_this_machine_only(own_broker):
    own_broker.demo = True
    with own_broker:
        pass
    for options in (["--origins", "https://consult.example"], ["--host", "0.0.0.0"], ["--proxies", "10.0.0.1"]):
        command = [own_broker.binary(), "run", "--data", own_broker.data, "--port", "0", "--metrics-port", "0", *options]
        refused = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert refused.returncode != 0 and "whose password everybody knows" in refused.stderr, refused


async def test_a_call_goes_on_with_the_same_room_after_the_server_was_killed(own_broker):
    physician, adult = people.practitioner(), people.adult()
    own_broker.import_accounts([physician, adult])
    own_broker.start()
    stage = Stage(own_broker)
    scene = await stage.waiting_room(await stage.enter(adult), practitioner=await stage.enter(physician))
    own_broker.kill()
    for client in stage.clients:
        await client.over()

    own_broker.start()
    stage = Stage(own_broker)
    patient, practitioner = await stage.enter(adult), await stage.enter(physician)
    seated = await practitioner.join(scene.room, "practitioner")
    assert [entry["present"] for entry in seated["room"]["seats"]] == [True, False], "nobody is taken for present who is not"
    await patient.join(scene.room, "patient")
    await scene.connected(practitioner, "practitioner", patient, "patient")
    await relayed(scene, practitioner, "patient", patient)
    await stage.close()
