"""CU-6.1: exactly one practitioner wins, whoever claims at the same moment, on real sockets."""

import asyncio
import random

import people
from mqm_client import Client
from race import race
from stage import ask

PRACTITIONERS, REQUESTS, ROUNDS = 200, 50, 10
REQUESTS_OF_EACH = 2  # 3 are allowed


async def test_cu_6_1_of_200_practitioners_who_race_for_50_requests_one_wins_each_time(own_broker):
    dice = random.Random(20260101)
    physicians = [people.practitioner() for _ in range(PRACTITIONERS)]
    adults = [people.adult() for _ in range(REQUESTS // REQUESTS_OF_EACH)]
    own_broker.import_accounts(physicians + adults)
    own_broker.options += ["--limits-address-share", "10000"]  # a whole country claims from one address here, as fast as it can
    own_broker.start()

    # Frames are not checked with the schemas here: there are half a million of them.
    async def enter(person):
        return await (await Client.connect(own_broker.url)).hello(person.token)

    practitioners = [await enter(person) for person in physicians]
    patients = [await enter(person) for person in adults]
    names = {client.id: person.name for client, person in zip(practitioners, physicians)}
    for _ in range(ROUNDS):
        asked = await asyncio.gather(*(ask(patient) for patient in patients for _ in range(REQUESTS_OF_EACH)))
        requests = [consultation["id"] for consultation in asked]
        for practitioner in practitioners:
            await practitioner.until(lambda c: set(requests) <= set(c.queue))

        outcomes = await race(practitioners, requests, dice)

        for id, (winners, refusals) in outcomes.items():
            assert len(winners) == 1, f"{len(winners)} practitioners won {id}"
            assert {refused.code for refused in refusals} == {"already_claimed"}
            assert {refused.details["by"] for refused in refusals} == {names[winners[0].id]}
        for practitioner in practitioners:
            await practitioner.until(lambda c: not set(requests) & set(c.queue))
            assert all(practitioner.queue_removed[id] == "claimed" for id in requests)
            mine = {id for id, (winners, _) in outcomes.items() if practitioner in winners}
            await practitioner.until(lambda c: mine <= set(c.consultations))
        for patient in patients:
            for id, consultation in patient.consultations.items():
                if id in outcomes:
                    await patient.until(lambda c: c.consultations[id]["practitioner"])
                    assert patient.consultations[id]["practitioner"]["id"] == outcomes[id][0][0].id
        await asyncio.gather(*(winners[0].request("consultation.end", {"consultation": id, "reason": "other"})
                               for id, (winners, _) in outcomes.items()))
    await asyncio.gather(*(client.close() for client in practitioners + patients))
