"""What tests on the socket have in common: people come in through clients, and a teleconsultation gets to where the test begins."""

import asyncio
import json
from contextlib import contextmanager

import pytest

import schemas
from mqm_client import Client, Refused

REASON = "Fièvre depuis deux jours"


class Stage:
    """Opens clients on one server and closes them all at the end. Every frame is checked with the schemas."""

    def __init__(self, broker, population=None):
        self.broker, self.population = broker, population
        self.clients, self.persons = [], {}  # persons by their ids: those who came in

    async def connect(self, **options):
        """A client that has not said hello."""
        client = await Client.connect(self.broker.url, check=schemas.check, **options)
        self.clients.append(client)
        return client

    async def enter(self, person):
        self.persons[person.id] = person
        return await (await self.connect()).hello(person.token)

    async def new(self, kind):
        """A client of somebody of this kind whom no other test knows."""
        return await self.enter(self.population.take(kind))

    async def close(self):
        faults = []
        for client in self.clients:
            try:
                await client.close()
            except Exception as fault:  # all the others are to be closed first
                faults.append(fault)
        if faults:
            raise faults[0]

    async def requested(self, asking=None, patient_id=None, **body):
        """The id of a new unassigned request by the client `asking` for itself or for whom it represents."""
        return (await ask(asking, patient_id, **body))["id"]

    async def waiting_room(self, asking, patient_id=None, practitioner=None):
        """A teleconsultation whose room is open, with the practitioner in it."""
        practitioner = practitioner or await self.new("practitioner")
        scene = Scene(await self.requested(asking, patient_id), practitioner)
        await practitioner.request("request.claim", {"consultation": scene.room})
        await practitioner.request("room.open", {"consultation": scene.room})
        await practitioner.join(scene.room, "practitioner")
        return scene

    async def adults_call(self):
        """An adult and a practitioner, both in the open room, each with the other as peer."""
        patient = await self.new("adult")
        scene = await self.waiting_room(patient)
        scene.patient = patient
        await patient.join(scene.room, "patient")
        await scene.connected(scene.practitioner, "practitioner", patient, "patient")
        return scene


class Scene:
    """One teleconsultation; its room has the same id."""

    def __init__(self, room, practitioner, patient=None):
        self.room, self.practitioner, self.patient = room, practitioner, patient

    async def start(self, *persons):
        await self.practitioner.request("consultation.start", {"consultation": self.room, "persons": list(persons)})

    async def end(self, reason="completed"):
        await self.practitioner.request("consultation.end", {"consultation": self.room, "reason": reason})

    async def connected(self, one, seat_of_one, other, seat_of_other):
        """Waits until the server wants a peer connection between the two, and returns its negotiation."""
        await one.until(lambda c: c.peer(self.room, seat_of_other))
        await other.until(lambda c: c.peer(self.room, seat_of_one))
        await asyncio.gather(one.request("ping"), other.request("ping"))  # what was sent before the replies has arrived
        here, there = one.peer(self.room, seat_of_other), other.peer(self.room, seat_of_one)
        assert here["negotiation"] == there["negotiation"] and here["offers"] == there["offers"], (here, there)
        return here["negotiation"]

    async def state(self, state, *clients):
        for client in clients or (self.practitioner,):
            await client.until(lambda c: c.rooms.get(self.room, {}).get("state") == state)


async def ask(client, patient_id=None, assignment="unassigned", reason=REASON, payment="tiers_payant_integral", key=None):
    """The consultation that a new request makes."""
    body = {"patient": patient_id or client.id, "assignment": assignment, "reason": reason, "payment": payment}
    return (await client.request("request.create", body, key))["consultation"]


async def relayed(scene, sender, to, receiver, data='{"candidate":"a=1"}', kind="candidate"):
    """Sends a signal and looks at what the other side gets: `data` byte for byte."""
    await sender.signal(scene.room, to, kind, data)
    signal = await receiver.next_signal()
    assert signal.raw.endswith("}") and f'{data}' in signal.raw
    assert signal.to == to and signal.kind == kind and signal.room == scene.room and signal.data == json.loads(data)
    return signal


@contextmanager
def refusal(*codes, **details):
    """The block must end with this refusal, or one of these: `with refusal("not_admitted"): …`. `details` are those that must be there."""
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code in codes, caught.value
    assert details.items() <= caught.value.details.items(), caught.value
