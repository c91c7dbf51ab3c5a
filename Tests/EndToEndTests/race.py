"""Many practitioners who claim the same teleconsultations at the same moment."""

import asyncio

from mqm_client import PATIENCE, Refused


async def race(practitioners, consultations, random):
    """Everyone claims everything, each in an order of their own. For each consultation: its winners, and the refusals of the others."""
    outcomes = {id: ([], []) for id in consultations}

    async def run(practitioner):
        order = random.sample(consultations, len(consultations))
        replies = [(id, await practitioner.post("request.claim", {"consultation": id})) for id in order]
        for id, reply in replies:
            winners, refusals = outcomes[id]
            try:
                await asyncio.wait_for(reply, 6 * PATIENCE)
                winners.append(practitioner)
            except Refused as refused:
                refusals.append(refused)

    await asyncio.gather(*map(run, practitioners))
    return outcomes
