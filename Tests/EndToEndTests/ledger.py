"""What was sent to the server and what it acknowledged, to compare with what it still knows after a crash."""

import asyncio
import uuid
from dataclasses import dataclass, field

from mqm_client import Refused

RANK = {"requested": 0, "claimed": 1, "open": 2, "in_progress": 3, "suspended": 3, "ended": 4, "cancelled": 4}
LEADS_TO = {"request.create": "requested", "request.claim": "claimed", "room.open": "open",
            "consultation.start": "in_progress", "consultation.end": "ended", "request.cancel": "cancelled"}


@dataclass
class Entry:
    """One mutation: `reply` is the body, the refusal, or None while the server has not answered."""
    person: object
    type: str
    body: dict
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    reply: object = None

    @property
    def acknowledged(self):
        return isinstance(self.reply, dict)

    @property
    def consultation(self):
        if self.type == "request.create":
            return self.reply["consultation"]["id"] if self.acknowledged else None
        return self.body["consultation"]


class Ledger:
    def __init__(self):
        self.entries, self._grown = [], asyncio.Event()

    async def mutate(self, client, person, type, body):
        """Sends a mutation and keeps what came of it; raises Refused and Closed as the client does."""
        entry = Entry(person, type, body)
        self.entries.append(entry)
        try:
            entry.reply = await client.request(type, body, entry.key)
        except Refused as refused:
            entry.reply = refused
            raise
        finally:
            self._grown.set()
        return entry.reply

    @property
    def unanswered(self):
        return [entry for entry in self.entries if entry.reply is None]

    @property
    def acknowledged(self):
        return [entry for entry in self.entries if entry.acknowledged]

    async def until_acknowledged(self, count):
        while len(self.acknowledged) < count:
            self._grown.clear()
            await self._grown.wait()

    def check(self, consultation):
        """`consultation` as the server shows it after a crash must be as acknowledged, or as a mutation under way made it."""
        id, state = consultation["id"], consultation["state"]
        sent = [entry for entry in self.entries if entry.consultation == id and not isinstance(entry.reply, Refused)]
        if not sent:  # a request whose answer was lost: its id is not known yet
            assert state == "requested" and any(entry.type == "request.create" and entry.person.id == consultation["patient"]["id"]
                                                for entry in self.unanswered), f"nobody asked for {id}"
            return
        acknowledged = [LEADS_TO[entry.type] for entry in sent if entry.acknowledged]
        least = max((RANK[state] for state in acknowledged), default=0)
        most = max(RANK[LEADS_TO[entry.type]] for entry in sent)
        assert least <= RANK[state] <= most, f"{id} is {state}; acknowledged: {acknowledged}"
        if RANK[state] == RANK["ended"]:
            assert state in {LEADS_TO[entry.type] for entry in sent}

        claims = [entry for entry in sent if entry.type == "request.claim"]
        won = [entry.person.id for entry in claims if entry.acknowledged]
        assert len(won) <= 1, f"{id} was claimed twice: {won}"
        holder = consultation["practitioner"] and consultation["practitioner"]["id"]
        assert not won or holder == won[0], f"{id} was claimed by {won[0]} and is with {holder}"
        assert holder is None or holder in {entry.person.id for entry in claims}
