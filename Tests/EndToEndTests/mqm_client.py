"""A small client for the wire protocol `mqm.v1`, written from docs/protocol.md alone: that it works proves the document.

It keeps what the server told it (consultations, queue, rooms), so that a test can say `await client.until(lambda c: …)`
and never has to sleep. With `check`, a function of (schema name, message), every frame in both directions is checked.
"""

import asyncio
import itertools
import json
import uuid

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

import http_exchange

PATIENCE = 20  # seconds; a broker on a busy two-core machine still answers well within this
KEYED = {"request.create", "request.cancel", "request.assign", "request.unassign", "request.claim", "request.refuse", "request.release", "room.open",
         "consultation.start", "consultation.end", "consultation.confirm", "consultation.close"}


class Refused(Exception):
    """The server answered `ok: false`."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']} {error.get('details', '')}")
        self.code, self.retry = error["code"], error["retry"]
        self.details, self.after_ms = error.get("details", {}), error.get("after_ms")


class Closed(Exception):
    """The connection is over; `reason` is the JSON of the close frame, `{}` if there was none."""

    def __init__(self, code, reason):
        super().__init__(f"closed with {code} {reason}")
        self.code = code
        self.reason = json.loads(reason) if reason.startswith("{") else {}


class Signal:
    """A relayed signal; `raw` is the frame's text as it came, for comparisons byte for byte."""

    def __init__(self, message, raw):
        self.room, self.sender, self.to = message["room"], message["from"], message["to"]
        self.kind, self.negotiation, self.data = message["kind"], message["negotiation"], message["data"]
        self.seq, self.raw = message["seq"], raw


async def sign_in(base, email, password):
    """A bearer token for an address and a password (section 1)."""
    body = {"email": email, "password": password, "bearer": True}
    answer = await asyncio.to_thread(http_exchange.exchange, base, "POST", "/v1/session", body)
    if answer.status != 200:
        raise Refused({"code": answer.json["code"], "message": answer.json["title"], "retry": "never"})
    return answer.json["token"]


class Client:
    def __init__(self, socket, check=None):
        self.socket, self.check = socket, check or (lambda name, message: None)
        self.greeting = None  # the body of the answer to hello
        self.consultations, self.queue, self.queue_removed = {}, None, {}
        self.available = self.presence = self.maintenance = None
        self.rooms, self.closed_rooms = {}, {}
        self.ice = {}  # by room: the ICE servers that were sent last, without being asked for
        self.signals, self.unasked = [], []  # unasked: replies to what was not sent with `post`, those with `re: null` above all
        self.closed = None  # why the connection is over
        self.seq, self.secret = 0, None  # secret: of the session, to go on with it
        self.ids, self._pending, self._changed = itertools.count(1000), {}, asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, base, *, check=None, path="/v1/ws", **options):
        """Opens the socket; `options` are those of websockets (`origin`, `additional_headers`, …)."""
        socket = await connect(base.replace("http", "ws", 1) + path, subprotocols=["mqm.v1"], compression=None,
                               proxy=None, ping_interval=None, max_queue=None, open_timeout=PATIENCE, close_timeout=5, **options)
        return cls(socket, check)

    async def hello(self, token=None):
        """Says hello and waits for the snapshots that follow by themselves (section 3)."""
        self.greeting = await self.request("hello", {"client": "mqm_client/1"} | ({"token": token} if token else {}))
        practitioner = self.greeting["practitioner"]
        await self.until(lambda c: c.seq > 0)
        if practitioner and practitioner["verification"] == "verified":
            await self.until(lambda c: c.queue is not None)
        if self.greeting["patients"]:
            await self.until(lambda c: c.available is not None)
        return self

    async def resume(self, earlier, token=None):
        """Goes on with the session of another client whose connection is over (section 3); true if it could, otherwise this one has said hello."""
        claim = {"session": earlier.greeting["session"], "secret": earlier.secret, "seq": earlier.seq}
        self.ids = earlier.ids
        self._known = {name: getattr(earlier, name) for name in self.KNOWN}
        greeting = await self.request("hello", {"client": "mqm_client/1", "resume": claim} | ({"token": token} if token else {}))
        if not greeting["resumed"]:
            self.greeting = greeting
        return greeting["resumed"]

    # What goes on with a session.
    KNOWN = ("greeting", "consultations", "queue", "queue_removed", "available", "presence", "maintenance", "rooms", "closed_rooms", "signals")

    @property
    def id(self):
        return self.greeting["account"]["id"]

    # Requests

    async def post(self, type, body=None, key=None):
        """Sends a request without waiting: a future of the reply's body."""
        number = next(self.ids)
        message = {"id": number, "type": type} | ({"body": body} if body is not None else {})
        if type in KEYED:
            message["key"] = key or str(uuid.uuid4())
        self.check(type, message)
        reply = self.expect(number, type, body)
        await self.send_text(json.dumps(message))
        return reply

    async def request(self, type, body=None, key=None):
        """The reply's body; raises Refused or Closed."""
        return await asyncio.wait_for(await self.post(type, body, key), PATIENCE)

    async def join(self, room, role, take_over=False, connected=None):
        more = {} if connected is None else {"connected": connected}
        return await self.request("room.join", {"room": room, "as": role, "take_over": take_over} | more)

    async def signal(self, room, to, kind="candidate", data="{}", negotiation=None):
        """Sends a signal whose `data` is given as JSON text, and waits until it was handed to the peer."""
        number = next(self.ids)
        reply = self.expect(number, "signal")
        await self.send_text(self.signal_text(room, to, kind, data, negotiation, number))
        return await asyncio.wait_for(reply, PATIENCE)

    def signal_text(self, room, to, kind="candidate", data="{}", negotiation=None, number=None):
        """The frame of a signal, with `data` put in as it stands."""
        if negotiation is None:
            peer = self.peer(room, to)
            negotiation = peer["negotiation"] if peer else 0
        start = {"id": number} if number else {}
        head = json.dumps(start | {"type": "signal", "room": room, "to": to, "kind": kind, "negotiation": negotiation})
        return f'{head[:-1]},"data":{data}}}'

    def expect(self, number, type, body=None):
        """A future of the reply to a request with this id that is about to be sent as text."""
        reply = asyncio.get_running_loop().create_future()
        self._pending[number] = (type, body or {}, reply)
        return reply

    async def send_text(self, text):
        try:
            await self.socket.send(text)
        except ConnectionClosed:
            await self.over()
            raise self.closed from None

    def send_at_once(self, texts):
        """Several frames in one TCP write."""
        for text in texts:
            self.socket.protocol.send_text(text.encode())
        self.socket.transport.write(b"".join(self.socket.protocol.data_to_send()))

    # What the server told

    def peer(self, room, seat):
        return next((peer for peer in self.rooms.get(room, {}).get("peers", []) if peer["seat"] == seat), None)

    def seat(self, room, seat):
        return next(entry for entry in self.rooms[room]["seats"] if entry["seat"] == seat)

    async def until(self, holds, timeout=PATIENCE):
        """Waits until `holds(self)` is true, looking after every frame, and returns its value."""
        try:
            async with asyncio.timeout(timeout):
                while not (value := holds(self)):
                    if self.closed:
                        raise self.closed
                    await self._changed.wait()
                return value
        except TimeoutError:
            raise AssertionError(f"not within {timeout} s; rooms: {self.rooms}, closed rooms: {self.closed_rooms}") from None

    async def next_signal(self, timeout=PATIENCE):
        await self.until(lambda c: c.signals, timeout)
        return self.signals.pop(0)

    async def over(self, timeout=PATIENCE):
        """Waits until the server closed the connection, and returns how."""
        await asyncio.wait_for(asyncio.shield(self._reader), timeout)
        return self.closed

    async def close(self):
        """Closes in the proper way; a fault that was noticed while reading is raised here at the latest."""
        await self.socket.close()
        await self._reader
        if not isinstance(self.closed, Closed):
            raise self.closed

    def abort(self):
        """Drops the TCP connection without a close frame, as a killed browser does."""
        self.socket.transport.abort()

    @property
    def complaints(self):
        """The errors among what was not asked for."""
        return [Refused(message["error"]) for message in self.unasked if not message["ok"]]

    # Reading

    async def _read(self):
        try:
            async for text in self.socket:
                self._take(text)
        except ConnectionClosed:
            pass
        except Exception as fault:  # the server broke the protocol: whoever waits for anything must hear of it
            self.closed = fault
            self.abort()
        self.closed = self.closed or Closed(self.socket.close_code, self.socket.close_reason or "")
        for _, _, future in self._pending.values():
            if not future.done():
                future.set_exception(self.closed)
                future.exception()  # nobody need ask
        self._changed.set()

    def _take(self, text):
        message = json.loads(text)
        if "re" in message:
            self._take_reply(message)
        else:
            assert message["seq"] == self.seq + 1, f"seq {message['seq']} after {self.seq}"
            self.seq = message["seq"]
            self._take_event(message, text)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _take_reply(self, message):
        type, body, future = self._pending.pop(message["re"], ("", {}, None))
        if type or not message["ok"]:
            self.check(f"{type}.reply" if message["ok"] else "error", message)
        if type == "hello" and message["ok"]:
            self.secret, self.seq = message["body"]["secret"], message["body"]["seq"]
            if message["body"]["resumed"]:  # what was missed follows, and belongs to what was known
                vars(self).update(self._known)
        if type == "room.join" and message["ok"]:
            self.rooms[body["room"]] = message["body"]["room"]
            self.closed_rooms.pop(body["room"], None)
        elif type == "room.leave" and message["ok"]:
            self.rooms.pop(body["room"], None)
        if future is None:
            self.unasked.append(message)
        elif not future.done():
            if message["ok"]:
                future.set_result(message["body"])
            else:
                future.set_exception(Refused(message["error"]))
                future.exception()

    def _take_event(self, message, raw):
        type, body, room = message["type"], message.get("body"), message.get("room")
        kind = body.get("kind") if body else None
        names = {"consultations": f"consultations.{kind}", "queue": f"queue.{kind}", "signal": "signal.received"}
        self.check(names.get(type, type), message)
        match type:
            case "consultations":
                self.consultations = apply(self.consultations, body)
            case "queue":
                self.queue = apply(self.queue or {}, body)
                self.queue_removed |= {gone["id"]: gone["why"] for gone in body.get("remove", [])}
            case "availability":
                self.available = body["available"]
            case "presence":
                self.presence = body["presence"]
            case "maintenance":
                self.maintenance = body["maintenance"]
            case "room":
                self.rooms[room] = body
            case "ice":
                self.ice[room] = body
            case "room.closed":
                self.rooms.pop(room, None)
                self.closed_rooms[room] = body
            case "signal":
                self.signals.append(Signal(message, raw))


def apply(items, body):
    """A list after a snapshot or a delta of it (section 2)."""
    if body["kind"] == "snapshot":
        return {item["id"]: item for item in body["items"]}
    gone = {item["id"] if isinstance(item, dict) else item for item in body["remove"]}
    return {id: item for id, item in items.items() if id not in gone} | {item["id"]: item for item in body["upsert"]}
