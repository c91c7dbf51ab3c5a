"""Whatever a client sends, it gets a code, the server lives, and others do not notice."""

import asyncio
import json
import random
import time
import uuid

import pytest

import schemas
from mqm_client import PATIENCE, Closed, Refused
from stage import ask, refusal

NOWHERE = "00000000-0000-4000-8000-000000000000"
SOON = 2  # seconds: "do not notice" for somebody who pings all the time


@pytest.fixture
async def bystander(stage):
    """Somebody else pings all through the test, and is answered soon every time."""
    client, slowest, count = await stage.new("adult"), 0.0, 0
    stop = asyncio.Event()

    async def ping():
        nonlocal slowest, count
        while not stop.is_set():
            before = time.monotonic()
            await client.request("ping")
            slowest, count = max(slowest, time.monotonic() - before), count + 1
            await asyncio.sleep(0.02)  # fifty a second are allowed, a thousand are not

    pinging = asyncio.create_task(ping())
    yield client
    stop.set()
    await pinging
    assert count and slowest < SOON, f"{count} pings, the slowest took {slowest:.1f} s"


def deep(levels):
    """A ping whose objects are nested so deep, the outermost one counted."""
    return '{"id":5,"type":"ping","x":' + '{"a":' * (levels - 2) + "{}" + "}" * (levels - 2) + "}"


MALFORMED = {
    "no JSON": "hello there",
    "nothing": "",
    "half an object": '{"id":5,"type":"ping"',
    "an array": '[{"id":5,"type":"ping"}]',
    "a string": '"ping"',
    "a number": "5",
    "null": "null",
    "trailing text": '{"id":5,"type":"ping"} x',
    "two objects": '{"id":5,"type":"ping"}{"id":6,"type":"ping"}',
    "a trailing comma": '{"id":5,"type":"ping",}',
    "single quotes": "{'id':5,'type':'ping'}",
    "a comment": '{"id":5,/* */"type":"ping"}',
    "NaN": '{"id":5,"type":"ping","x":NaN}',
    "a number with a leading zero": '{"id":05,"type":"ping"}',
    "a control character in a string": '{"id":5,"type":"pi\nng"}',
    "a null byte between members": '{"id":5,\x00"type":"ping"}',
    "a null byte at the end": '{"id":5,"type":"ping"}\x00',
    "a byte order mark": '\ufeff{"id":5,"type":"ping"}',
    "a member twice": '{"id":5,"type":"ping","type":"ping"}',
    "a member twice, deeper": '{"id":5,"type":"ping","body":{"x":[{"a":1,"a":1}]}}',
    "a member twice, once escaped": r'{"id":5,"type":"ping","body":{"a":1,"\u0061":2}}',
    "nesting of 33": deep(33),
    "nesting of 10,000": '{"id":5,"type":"ping","x":' + "[" * 10_000 + "]" * 10_000 + "}",
    "nesting of 30,000 that is not closed": "[" * 30_000,
    "a bad escape": r'{"id":5,"type":"ping","x":"\q"}',
    "a bad unicode escape": r'{"id":5,"type":"ping","x":"\u00g0"}',
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_frame_that_is_not_one_json_object_is_malformed(stage, bystander, text):
    client = await stage.new("adult")
    await client.send_text(text)
    # `re` is null, or 5 where the id could be read.
    (message,) = await client.until(lambda c: c.unasked)
    assert not message["ok"], "it was taken for a good one"
    assert message["error"]["code"] == "malformed" and message["error"]["retry"] == "never"
    await client.request("ping")


async def test_nesting_of_32_and_unknown_members_are_allowed(stage):
    client = await stage.new("adult")
    reply = client.expect(5, "ping")
    await client.send_text(deep(32))
    assert await asyncio.wait_for(reply, PATIENCE) == {}


# The id of an envelope: an integer from 1 to 2^53-1.
@pytest.mark.parametrize("number", ["0", "-1", "1.5", "9007199254740992", "1e400", '"5"', "null", "true", "{}", "1" * 400])
async def test_an_id_that_is_not_an_integer_of_the_range_is_refused(stage, number):
    client = await stage.new("adult")
    await client.send_text(f'{{"id":{number},"type":"ping"}}')
    (refused,) = await client.until(lambda c: c.complaints)
    assert refused.code in ("malformed", "invalid_field")
    await client.request("ping")


@pytest.mark.parametrize("message, codes", [
    ({"type": "no.such.type"}, {"unknown_type"}),
    ({"type": ""}, {"unknown_type", "invalid_field"}),
    ({"type": "x" * 60_000}, {"unknown_type", "invalid_field"}),
    ({"type": "pin\u0000g"}, {"unknown_type", "invalid_field"}),
    ({}, {"malformed", "missing_field"}),
    ({"type": 5}, {"malformed", "invalid_field"}),
    ({"type": None}, {"malformed", "invalid_field", "missing_field"}),
    ({"type": "ping", "body": []}, {"malformed", "invalid_field"}),
    ({"type": "ping", "body": "x"}, {"malformed", "invalid_field"}),
])
async def test_an_envelope_with_a_wrong_type_or_body_is_refused(stage, message, codes):
    client = await stage.new("adult")
    reply = await answer(client, message)
    assert reply.code in codes, reply


CREATE = {"patient": NOWHERE, "assignment": "unassigned", "reason": "Toux", "payment": "carte_bancaire"}
FIELDS = [
    ("room.join", {"as": "patient"}, "missing_field", "room"),
    ("room.join", {"room": NOWHERE}, "missing_field", "as"),
    ("room.join", {"room": 5, "as": "patient"}, "invalid_field", "room"),
    ("room.join", {"room": "not an id", "as": "patient"}, "invalid_field", "room"),
    ("room.join", {"room": NOWHERE + "\u0000", "as": "patient"}, "invalid_field", "room"),
    ("room.join", {"room": NOWHERE, "as": "operator"}, "invalid_field", "as"),
    ("room.join", {"room": NOWHERE, "as": "patient", "take_over": "yes"}, "invalid_field", "take_over"),
    ("room.leave", {}, "missing_field", "room"),
    ("room.accompany", {"room": NOWHERE}, "missing_field", None),
    ("room.accompany", {"room": NOWHERE, "email": "a@x.example"}, "missing_field", "password"),
    ("room.accompany", {"room": NOWHERE, "token": 5}, "invalid_field", "token"),
    ("presence.set", {}, "missing_field", "presence"),
    ("presence.set", {"presence": "sleeping"}, "invalid_field", "presence"),
    ("request.create", CREATE | {"patient": 1}, "invalid_field", "patient"),
    ("request.create", {"patient": NOWHERE}, "missing_field", None),
    ("request.create", CREATE | {"assignment": "mine"}, "invalid_field", "assignment"),
    ("request.create", CREATE | {"payment": "gold"}, "invalid_field", "payment"),
    ("request.create", CREATE | {"reason": ""}, "invalid_field", "reason"),
    ("request.create", CREATE | {"reason": "x" * 1001}, "invalid_field", "reason"),
    ("request.create", CREATE | {"reason": ["x"]}, "invalid_field", "reason"),
    ("request.claim", {}, "missing_field", "consultation"),
    ("request.claim", {"consultation": {"id": NOWHERE}}, "invalid_field", "consultation"),
    ("consultation.start", {"consultation": NOWHERE}, "missing_field", "persons"),
    ("consultation.start", {"consultation": NOWHERE, "persons": "x"}, "invalid_field", "persons"),
    ("consultation.start", {"consultation": NOWHERE, "persons": [5]}, "invalid_field", "persons"),
    ("consultation.end", {"consultation": NOWHERE}, "missing_field", "reason"),
    ("consultation.end", {"consultation": NOWHERE, "reason": "tired"}, "invalid_field", "reason"),
]


@pytest.mark.parametrize("type, body, code, field", FIELDS)
async def test_a_missing_or_wrong_field_is_named(stage, type, body, code, field):
    asks = type in ("request.create", "room.join", "room.leave", "room.accompany")
    client = await stage.new("adult" if asks else "practitioner")
    reply = await answer(client, {"type": type, "key": str(uuid.uuid4()), "body": body})
    assert reply.code == code, reply
    if field:
        assert reply.details["field"].rsplit(".", 1)[-1].split("[")[0] == field


@pytest.mark.parametrize("key, code", [(None, "missing_field"), (5, "invalid_field"), ("abc", "invalid_field"), ("", "invalid_field")])
async def test_a_mutation_needs_a_uuid_as_key(stage, key, code):
    client = await stage.new("practitioner")
    message = {"type": "request.claim", "body": {"consultation": NOWHERE}} | ({"key": key} if key is not None else {})
    reply = await answer(client, message)
    assert (reply.code, reply.details["field"]) == (code, "key")


SIGNALS = [
    ({"kind": "renegotiate"}, {"invalid_field"}),
    ({"kind": None}, {"invalid_field", "missing_field"}),
    ({"to": "operator"}, {"invalid_field"}),
    ({"to": "guardian1"}, {"invalid_field", "peer_absent", "not_admitted"}),
    ({"to": "patient"}, {"invalid_field", "peer_absent"}),  # to oneself
    ({"negotiation": "4"}, {"invalid_field"}),
    ({"negotiation": -1}, {"invalid_field", "stale_negotiation"}),
    ({"negotiation": 2**70}, {"invalid_field", "stale_negotiation"}),
    ({"data": []}, {"invalid_field"}),
    ({"data": "x"}, {"invalid_field"}),
    ({"room": 5}, {"invalid_field"}),
    ({"room": NOWHERE}, {"not_seated", "unknown_consultation"}),
]


@pytest.mark.parametrize("change, codes", SIGNALS, ids=lambda value: str(value)[:40])
async def test_a_signal_that_is_not_right_is_refused_with_and_without_an_id(stage, change, codes):
    scene = await stage.adults_call()
    negotiation = scene.patient.peer(scene.room, "practitioner")["negotiation"]
    signal = {"type": "signal", "room": scene.room, "to": "practitioner", "kind": "candidate", "negotiation": negotiation, "data": {}}
    assert (await answer(scene.patient, signal | change)).code in codes
    await scene.patient.send_text(json.dumps(signal | change))
    (refused,) = await scene.patient.until(lambda c: c.complaints)
    assert refused.code in codes
    await scene.practitioner.request("ping")
    assert not scene.practitioner.signals and not scene.patient.signals


async def test_a_signal_without_a_member_is_refused(stage):
    scene = await stage.adults_call()
    signal = {"type": "signal", "room": scene.room, "to": "practitioner", "kind": "candidate", "negotiation": 1, "data": {}}
    for member in ("room", "to", "kind", "negotiation", "data"):
        refused = await answer(scene.patient, {name: value for name, value in signal.items() if name != member})
        assert (refused.code, refused.details["field"]) == ("missing_field", member)


async def test_an_event_sent_by_a_client_is_an_unknown_type(stage):
    scene = await stage.adults_call()
    stranger = await stage.new("adult")
    for type in ("room", "room.closed", "consultations", "queue", "availability"):
        refused = await answer(stranger, {"type": type, "room": scene.room, "seq": 1, "body": {"why": "ended", "reason": "completed"}})
        assert refused.code == "unknown_type"
    await scene.patient.request("ping")
    assert scene.patient.rooms[scene.room]["state"] == "open"


async def test_what_does_not_exist_is_unknown(stage):
    practitioner, patient = await stage.new("practitioner"), await stage.new("adult")
    for type in ("request.claim", "room.open", "consultation.end"):
        with refusal("unknown_consultation"):
            await practitioner.request(type, {"consultation": NOWHERE, "reason": "other"})
    with refusal("unknown_consultation"):
        await patient.request("request.cancel", {"consultation": NOWHERE})
    with refusal("unknown_patient"):
        await ask(patient, NOWHERE)


async def test_a_reason_is_counted_in_unicode_scalars(stage):
    patient = await stage.new("adult")
    longest = "😀" * 999 + "\n"
    assert (await ask(patient, reason=longest))["reason"] == longest
    for reason in ("😀" * 1001, "e\u0301" * 501):
        body = CREATE | {"patient": patient.id, "reason": reason}
        refused = await answer(patient, {"type": "request.create", "key": str(uuid.uuid4()), "body": body})
        assert (refused.code, refused.details) == ("invalid_field", {"field": "reason"})


async def test_a_null_character_in_a_reason_is_kept_or_refused_but_never_cut_off(stage):
    patient = await stage.new("adult")
    try:
        assert (await ask(patient, reason="a\u0000b"))["reason"] == "a\u0000b"
    except Refused as refused:
        assert (refused.code, refused.details) == ("invalid_field", {"field": "reason"})


async def test_a_key_is_good_for_one_mutation_of_one_account(stage):
    patient, other = await stage.new("adult"), await stage.new("adult")
    key = str(uuid.uuid4())
    first = await ask(patient, key=key)
    assert (await ask(patient, key=key))["id"] == first["id"]
    with refusal("key_reused"):
        await ask(patient, reason="Autre chose", key=key)
    with refusal("key_reused"):
        await patient.request("request.cancel", {"consultation": first["id"]}, key)
    await patient.request("ping")
    assert list(patient.consultations) == [first["id"]]
    # Another account's keys are its own.
    assert (await ask(other, key=key))["id"] != first["id"]


async def test_a_thousand_messages_at_once_are_too_fast_and_others_are_served(stage, bystander):
    client = await stage.new("adult")
    limits = client.greeting["limits"]
    before = time.monotonic()
    client.send_at_once([json.dumps({"id": 10_000 + n, "type": "no.such.type"}) for n in range(1000)])
    try:
        await client.until(lambda c: len(c.unasked) == 1000)
    except Closed as closed:
        assert closed.code == 4103 and closed.reason["code"] == "too_fast"
    looked_at = [refused for refused in client.complaints if refused.code == "unknown_type"]
    too_fast = [refused for refused in client.complaints if refused.code == "too_fast"]
    assert len(looked_at) + len(too_fast) == len(client.unasked)
    allowed = limits["burst"] + limits["messages_per_second"] * (time.monotonic() - before)
    assert limits["burst"] / 2 <= len(looked_at) <= allowed
    assert too_fast and all(refused.retry == "later" and refused.after_ms >= 0 for refused in too_fast)


async def test_golden_examples_with_random_faults_are_answered_or_end_the_connection(stage, bystander):
    """A seeded fuzz: it proves no code, only that nothing hangs and nobody else is harmed."""
    dice = random.Random(6455)
    paths = sorted(path for path in (schemas.PROTOCOL / "examples").glob("*.json") if json.loads(path.read_text())["direction"] == "client")
    seeds = [json.dumps(json.loads(path.read_text())["message"], ensure_ascii=False) for path in paths]
    client = await stage.new("adult")
    for _ in range(30):
        for _ in range(20):
            text = list(dice.choice(seeds))
            for _ in range(dice.randrange(1, 5)):
                place = dice.randrange(len(text))
                text[place:place + dice.randrange(3)] = dice.choice(['"', "{", "}", "[", "\\", "\x00", "0", "-", "e", ":", ",", "\ud7ff", ""])
            await client.send_text("".join(text))
        await client.request("ping")
        await asyncio.sleep(0.2)  # stays below the limit of messages


async def answer(client, message):
    """The refusal that a message written by hand gets; an id is added."""
    number = next(client.ids)
    reply = client.expect(number, message.get("type"))
    await client.send_text(json.dumps({"id": number} | message))
    with pytest.raises(Refused) as caught:
        await asyncio.wait_for(reply, PATIENCE)
    return caught.value
