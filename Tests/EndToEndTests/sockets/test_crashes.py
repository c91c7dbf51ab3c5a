"""SIGKILL under load: what was acknowledged is there afterwards, and sending again what was not has one effect.

Ten kills by default; MQM_KILLS=100 for more. MQM_SEED repeats a run's dice.
"""

import asyncio
import os
import random

from ledger import RANK, Ledger
from mqm_client import Client, Refused
from workload import Trio, run

KILLS = int(os.environ.get("MQM_KILLS", 10))
SEED = int(os.environ.get("MQM_SEED", random.randrange(1 << 32)))
TRIOS = 8


async def test_nothing_that_was_acknowledged_is_lost_when_the_server_is_killed(own_broker):
    print(f"MQM_SEED={SEED} MQM_KILLS={KILLS}")
    dice = random.Random(SEED)
    # New people for each round, so that the hundredth takes no longer than the first.
    rounds = [(Ledger(), [Trio.new() for _ in range(TRIOS)]) for _ in range(KILLS)]
    own_broker.import_accounts([person for _, trios in rounds for trio in trios for person in trio.persons])
    own_broker.start()
    for number, (ledger, trios) in enumerate(rounds):
        await load_and_kill(own_broker, trios, ledger, dice)
        own_broker.start()
        unanswered = ledger.unanswered
        await check_snapshots(own_broker, trios, ledger)
        await send_again(own_broker, ledger, unanswered)
        await check_snapshots(own_broker, trios, ledger)
        await replay_some(own_broker, ledger, dice)
        await finish_all(own_broker, trios, ledger)
        earlier, trios = rounds[dice.randrange(number + 1)]
        await check_snapshots(own_broker, trios[:2], earlier)


async def load_and_kill(broker, trios, ledger, dice):
    load = asyncio.create_task(run(broker, trios, ledger, dice))
    enough = asyncio.create_task(ledger.until_acknowledged(dice.randrange(20, 200)))
    await asyncio.wait([load, enough], return_when=asyncio.FIRST_COMPLETED, timeout=60)
    assert enough.done(), f"the load came to a stop: {load}"
    await asyncio.sleep(dice.uniform(0, 0.02))  # any moment will do, in the middle of a commit too
    broker.kill()
    await load


async def enter(broker, person):
    return await (await Client.connect(broker.url)).hello(person.token)


async def check_snapshots(broker, trios, ledger):
    """Patient and practitioners see the same, and it is what the ledger says."""
    for trio in trios:
        patient, *rivals = [await enter(broker, person) for person in trio.persons]
        seen = patient.consultations
        for consultation in seen.values():
            ledger.check(consultation)
        for entry in ledger.acknowledged:
            if entry.person is trio.patient and entry.type == "request.create" and entry.consultation not in seen:
                assert cancelled(ledger, entry.consultation), f"{entry.consultation} is lost"
        for rival in rivals:
            held = {id for id, consultation in seen.items() if (consultation["practitioner"] or {}).get("id") == rival.id}
            assert held == {id for id, shown in rival.consultations.items() if shown["practitioner"]["id"] == rival.id}
            assert all(rival.consultations[id]["state"] == seen[id]["state"] for id in held)
            waiting = {id for id, consultation in seen.items() if consultation["state"] == "requested"}
            assert waiting <= set(rival.queue) and not (set(seen) - waiting) & set(rival.queue)
        # Each request that was sent exists once at most: a cancelled one may be shown or not.
        asked = [entry for entry in ledger.entries if entry.person is trio.patient and entry.type == "request.create"]
        assert len(seen) <= len(asked), "a request exists twice"
        for client in (patient, *rivals):
            await client.close()


def cancelled(ledger, id):
    return any(entry.type == "request.cancel" and entry.consultation == id for entry in ledger.entries)


async def send_again(broker, ledger, entries):
    """The same key twice more: the outcome is the same both times."""
    for entry in entries:
        client = await enter(broker, entry.person)
        outcomes = [await outcome(client, entry) for _ in range(2)]
        assert same(*outcomes), f"{entry.type} had {outcomes[0]}, and then {outcomes[1]}"
        entry.reply = outcomes[0]
        if isinstance(entry.reply, Refused):
            # A rival was faster, or the persons have left the room with the crash: nothing else may stand in the way.
            assert (entry.type, entry.reply.code) in {("request.claim", "already_claimed"),
                                                      ("consultation.start", "persons_rule")}, entry.reply
        await client.close()


async def replay_some(broker, ledger, dice):
    """Answers from before the crash are given again, and change nothing."""
    answered = ledger.acknowledged
    for entry in dice.sample(answered, min(10, len(answered))):
        client = await enter(broker, entry.person)
        again = await outcome(client, entry)
        assert same(again, entry.reply), f"{entry.type} was answered with {entry.reply}, and now with {again}"
        await client.close()


async def outcome(client, entry):
    try:
        return await client.request(entry.type, entry.body, entry.key)
    except Refused as refused:
        return refused


def same(one, other):
    """Two outcomes of one key. A consultation is compared by its id: it may have gone on since."""
    if isinstance(one, Refused) or isinstance(other, Refused):
        return isinstance(one, Refused) and isinstance(other, Refused) and one.code == other.code
    return one.keys() == other.keys() and one.get("consultation", {}).get("id") == other.get("consultation", {}).get("id")


async def finish_all(broker, trios, ledger):
    """Every teleconsultation can be brought to its end after the crash; the next round starts with none under way."""
    for trio in trios:
        clients = {person.id: await enter(broker, person) for person in trio.persons}
        people = {person.id: person for person in trio.persons}
        for id, consultation in list(clients[trio.patient.id].consultations.items()):
            if RANK[consultation["state"]] == RANK["ended"]:
                continue
            if consultation["state"] == "requested":
                await ledger.mutate(clients[trio.patient.id], trio.patient, "request.cancel", {"consultation": id})
            else:
                holder = consultation["practitioner"]["id"]
                await ledger.mutate(clients[holder], people[holder], "consultation.end", {"consultation": id, "reason": "technical"})
        for client in clients.values():
            await client.close()
