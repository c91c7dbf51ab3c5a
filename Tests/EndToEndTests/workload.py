"""Teleconsultations that are led from the request to the end, over and over, until the server goes away."""

import asyncio
from dataclasses import dataclass

from websockets.exceptions import WebSocketException

import people
from mqm_client import Client, Closed, Refused
from stage import REASON

# What clients meet when the server dies under them. (Not OSError: a wait that was too long is one, too.)
GONE = (Closed, ConnectionError, WebSocketException)


@dataclass
class Trio:
    """A patient and two rivals; nobody else claims this patient's requests."""
    patient: people.Person
    rivals: list

    @classmethod
    def new(cls):
        return cls(people.adult(), [people.practitioner(), people.practitioner()])

    @property
    def persons(self):
        return [self.patient, *self.rivals]


async def run(broker, trios, ledger, dice):
    """Ends when the server has gone. A refusal that should not have been is raised."""
    for fault in await asyncio.gather(*(lead(broker, trio, ledger, dice) for trio in trios), return_exceptions=True):
        if not isinstance(fault, GONE):
            raise fault


async def lead(broker, trio, ledger, dice):
    clients = {}
    for person in trio.persons:
        clients[person.id] = await (await Client.connect(broker.url)).hello(person.token)
    while True:
        await life(trio, clients, ledger, dice)


async def life(trio, clients, ledger, dice):
    async def mutate(person, type, **body):
        return await ledger.mutate(clients[person.id], person, type, body)

    made = await mutate(trio.patient, "request.create", patient=trio.patient.id, assignment="unassigned",
                        reason=REASON, payment="carte_bancaire")
    id, patient = made["consultation"]["id"], clients[trio.patient.id]
    if dice.random() < 0.1:
        return await mutate(trio.patient, "request.cancel", consultation=id)
    claims = await asyncio.gather(*(mutate(rival, "request.claim", consultation=id) for rival in trio.rivals), return_exceptions=True)
    for claim in claims:
        if isinstance(claim, Exception) and not (isinstance(claim, Refused) and claim.code == "already_claimed"):
            raise claim
    won = [rival for rival, claim in zip(trio.rivals, claims) if isinstance(claim, dict)]
    assert len(won) == 1, f"{len(won)} won {id}"
    practitioner = clients[won[0].id]
    if dice.random() < 0.9:
        await mutate(won[0], "room.open", consultation=id)
        await practitioner.join(id, "practitioner")
        await patient.join(id, "patient")
        if dice.random() < 0.9:
            await mutate(won[0], "consultation.start", consultation=id, persons=[trio.patient.id])
    await mutate(won[0], "consultation.end", consultation=id, reason="other")
