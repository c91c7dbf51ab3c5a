"""Two people who want different things of one consultation at the same moment, on real sockets: one outcome, and all see the same.

A thousand times each by default; MQM_RACES for more or fewer. Erasing takes a password that is slow to check, on purpose, so that race is held
a hundred times unless MQM_ERASURES says otherwise. MQM_SEED repeats a run's dice.
"""

import asyncio
import os
import random

import pytest

import people
from api import Api
from broker import TRUSTED, Broker
from mqm_client import Client, Closed, Refused
from stage import ask

RACES = int(os.environ.get("MQM_RACES", 1000))
ERASURES = int(os.environ.get("MQM_ERASURES", min(RACES, 100)))
SEED = int(os.environ.get("MQM_SEED", random.randrange(1 << 32)))
LANES = 20  # races at the same time
LANES_OF_ERASURES = 4  # a password is checked on each core
AT_A_TIME = 25  # accounts that one import makes, as each password takes a while
REQUESTS_A_DAY = 20  # that one patient may make


@pytest.fixture
def arena(tmp_path):
    broker = Broker(tmp_path, options=TRUSTED)
    yield broker
    broker.kill()


class Lane:
    """A physician, and patients of hers who ask one after the other."""

    def __init__(self, races, **patients):
        self.physician, self.other = people.practitioner(), people.practitioner()
        self.races, self.lag, self.step, self.last = races, 0.0, 0.016, None
        each = 1 if patients else REQUESTS_A_DAY
        self.patients = [people.adult(attending=self.physician, **patients) for _ in range(-(-races // each))]
        self.each = each

    @property
    def persons(self):
        return [self.physician, self.other, *self.patients]

    async def run(self, broker, race):
        self.broker, self.dice = broker, random.Random(f"{SEED} {self.physician.number}")
        self.doctor, self.colleague = await enter(broker, self.physician), await enter(broker, self.other)
        done = 0
        for person in self.patients:
            self.person, self.patient = person, await enter(broker, person)
            for _ in range(min(self.each, self.races - done)):
                await race(self)
                done += 1
            if self.patient.closed is None:
                await self.patient.close()
        await asyncio.gather(self.doctor.close(), self.colleague.close())
        return done

    async def at_once(self, claim, rival):
        """Begins both, as nearly at the same moment as the last ones tell; the codes of those that were refused, None for each that succeeded."""

        async def begin(attempt, lag):
            await asyncio.sleep(max(0, lag))
            return await code(attempt)

        lag = self.lag + self.dice.uniform(-self.step, self.step)
        return await asyncio.gather(begin(claim, lag), begin(rival, -lag))

    def learn(self, claim_was_first):
        """Who was first has to wait longer the next time: so it comes to the moment at which either may be."""
        self.lag += self.step if claim_was_first else -self.step
        self.step = min(0.5, self.step * 1.5) if claim_was_first == self.last else max(0.001, self.step / 2)
        self.last = claim_was_first
        return claim_was_first

    async def settled(self, client, id, *states):
        """The consultation as this client sees it once it is in one of these states and nothing more is on the way."""
        await client.until(lambda c: c.consultations.get(id, {}).get("state") in states)
        await client.request("ping")
        return client.consultations[id]


async def enter(broker, person):
    return await (await Client.connect(broker.url)).hello(person.token)


async def code(attempt):
    try:
        await attempt
    except Refused as refused:
        return refused.code
    except Closed:
        return "closed"


async def held(arena, race, races=RACES, lanes=LANES, **patients):
    print(f"MQM_SEED={SEED} MQM_RACES={RACES} MQM_ERASURES={ERASURES}")
    lanes = [Lane(races // lanes, **patients) for _ in range(lanes)]
    persons = [person for lane in lanes for person in lane.persons]
    for first in range(0, len(persons), AT_A_TIME):
        arena.import_accounts(persons[first:first + AT_A_TIME])
    arena.start()
    assert sum(await asyncio.gather(*(lane.run(arena, race) for lane in lanes))) == races // len(lanes) * len(lanes)


async def test_cu_6_2_claim_against_unassign(arena):
    outcomes = set()

    async def race(lane):
        id = (await ask(lane.patient, assignment="attending"))["id"]
        await lane.doctor.until(lambda c: id in c.queue)
        claim, unassign = await lane.at_once(lane.doctor.request("request.claim", {"consultation": id}),
                                             lane.patient.request("request.unassign", {"consultation": id}))
        # Who is open to everybody is open to her, too; what was claimed is not opened to anybody.
        assert claim is None and unassign in (None, "not_overdue")
        for client in (lane.patient, lane.doctor):
            seen = await lane.settled(client, id, "claimed")
            assert seen["practitioner"]["id"] == lane.physician.id
            assert seen["assignment"] == ("attending" if unassign else "unassigned")
        outcomes.add(lane.learn(unassign is not None))
        await lane.patient.request("request.cancel", {"consultation": id})

    await held(arena, race)
    assert len(outcomes) == 2, "each of the two came first at least once"


async def test_cu_6_2_claim_against_another_physician(arena):
    outcomes = set()

    async def race(lane):
        id = (await ask(lane.patient, assignment="attending"))["id"]
        await lane.doctor.until(lambda c: id in c.queue)
        claim, assign = await lane.at_once(
            lane.doctor.request("request.claim", {"consultation": id}),
            lane.patient.request("request.assign", {"consultation": id, "physician": lane.other.id}))
        assert (claim, assign) in {(None, "not_overdue"), ("unknown_consultation", None)}
        seen = await lane.settled(lane.patient, id, "requested" if claim else "claimed")
        assert seen["assigned_to"]["id"] == (lane.other.id if claim else lane.physician.id)
        if claim:
            await lane.colleague.until(lambda c: id in c.queue)
            await lane.doctor.until(lambda c: id not in c.queue)
        outcomes.add(lane.learn(claim is None))
        await lane.patient.request("request.cancel", {"consultation": id})

    await held(arena, race)
    assert len(outcomes) == 2


async def test_cu_6_4_claim_against_cancel(arena):
    outcomes = set()

    async def race(lane):
        id = (await ask(lane.patient, assignment="attending"))["id"]
        await lane.doctor.until(lambda c: id in c.queue)
        claim, cancel = await lane.at_once(lane.doctor.request("request.claim", {"consultation": id}),
                                           lane.patient.request("request.cancel", {"consultation": id}))
        assert cancel is None and claim in (None, "consultation_cancelled", "unknown_consultation")
        seen = await lane.settled(lane.patient, id, "cancelled")
        assert (seen["practitioner"] is None) == (claim is not None) and seen["reason"] is None
        await lane.doctor.until(lambda c: id not in c.queue)
        outcomes.add(lane.learn(claim is None))

    await held(arena, race)
    assert len(outcomes) == 2


async def test_cu_6_5_claim_against_refuse(arena):
    outcomes = set()

    async def race(lane):
        id = (await ask(lane.patient, assignment="attending"))["id"]
        await lane.doctor.until(lambda c: id in c.queue)
        elsewhere = lane.second_device = getattr(lane, "second_device", None) or await enter(lane.broker, lane.physician)
        await elsewhere.until(lambda c: id in c.queue)
        claim, refuse = await lane.at_once(
            lane.doctor.request("request.claim", {"consultation": id}),
            elsewhere.request("request.refuse", {"consultation": id, "grounds": "personal"}))
        assert (claim, refuse) in {(None, "wrong_state"), ("wrong_state", None), ("unknown_consultation", None)}
        await lane.settled(lane.patient, id, "refused" if claim else "claimed")
        outcomes.add(lane.learn(claim is None))
        await lane.patient.request("request.cancel", {"consultation": id})

    await held(arena, race)
    assert len(outcomes) == 2


async def test_cu_12_1_claim_against_erase(arena):
    outcomes = set()

    async def race(lane):
        id = (await ask(lane.patient))["id"]
        await lane.doctor.until(lambda c: id in c.queue)
        api = Api(lane.broker, token=lane.person.token)
        claim, _ = await lane.at_once(
            lane.doctor.request("request.claim", {"consultation": id}),
            asyncio.to_thread(api.post, "/v1/account/erasure", {"password": people.PASSWORD}))
        assert claim in (None, "consultation_cancelled", "unknown_consultation"), claim
        await lane.doctor.until(lambda c: id not in c.queue)
        if claim is None:
            await lane.settled(lane.doctor, id, "cancelled")
        outcomes.add(lane.learn(claim is None))

    await held(arena, race, ERASURES, LANES_OF_ERASURES, password=people.PASSWORD)
    assert len(outcomes) == 2


async def test_cu_6_7_claim_against_suspend(arena):
    outcomes = set()
    operator = people.operator()
    arena.import_accounts([operator])

    async def race(lane):
        id = (await ask(lane.patient))["id"]
        await lane.doctor.until(lambda c: id in c.queue)
        api = Api(lane.broker, token=operator.token)
        path = f"/v1/operator/practitioners/{lane.physician.id}/verification"
        claim, _ = await lane.at_once(
            lane.doctor.request("request.claim", {"consultation": id}),
            asyncio.to_thread(api.post, path, {"verification": "suspended", "ground": "race"}))
        assert claim in (None, "closed", "not_verified"), claim
        # Whatever it was: it is open to others, and not to who is suspended.
        while (refused := await code(lane.colleague.request("request.claim", {"consultation": id}))) is not None:
            assert refused == "already_claimed", refused  # by who was suspended: it is about to be given back
        seen = await lane.settled(lane.patient, id, "claimed")
        assert seen["practitioner"]["id"] == lane.other.id
        outcomes.add(lane.learn(claim is None))
        await lane.patient.request("request.cancel", {"consultation": id})
        await asyncio.to_thread(api.post, path, {"verification": "verified", "ground": "race"})
        lane.doctor = await enter(lane.broker, lane.physician)

    await held(arena, race)
    assert len(outcomes) == 2
