"""Frames that websockets' libraries do not make: the server closes with the right code, or goes on."""

import asyncio
import json

import pytest

from raw_socket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, RawSocket, frame

PROTOCOL_ERROR = 1002  # RFC 6455, 7.4.1
SOON = 3  # seconds: well before the server hangs up on who is silent
PING_REQUEST = b'{"id":7,"type":"ping"}'


@pytest.fixture
async def raw(stage):
    """A raw socket of somebody who has said hello, and somebody else who must not notice what it does."""
    other = await stage.new("adult")
    raw = await RawSocket.open(stage.broker.url)
    await raw.hello(stage.population.take("adult").token)
    yield raw
    raw.close()
    await other.request("ping")


def padded(size):
    """A ping request of exactly this many bytes."""
    empty = b'{"id":7,"type":"ping","x":""}'
    return empty[:-2] + b"x" * (size - len(empty)) + empty[-2:]


async def test_a_binary_frame_closes_with_1003(raw):
    await raw.send(frame(BINARY, PING_REQUEST))
    assert await raw.close_code() == 1003


@pytest.mark.parametrize("text", [b'{"id":7,"x":"\xff"}', b'{"id":7,"x":"\xc0\x80"}', b'{"id":7,"x":"\xed\xa0\x80"}', b'{"id":7,"x":"\xf0\x9f'],
                         ids=["no UTF-8", "overlong", "surrogate", "cut off"])
async def test_text_that_is_not_utf8_closes_with_1007(raw, text):
    await raw.send(frame(TEXT, text))
    assert await raw.close_code() == 1007


async def test_a_message_of_the_limit_is_answered_and_one_byte_more_closes_with_1009(raw):
    await raw.send(frame(TEXT, padded(65_536)))
    assert (await raw.reply(7))["ok"]
    await raw.send(frame(TEXT, padded(65_537)))
    assert await raw.close_code() == 1009


async def test_a_frame_of_65_kib_closes_with_1009(raw):
    await raw.send(frame(TEXT, padded(65 * 1024)))
    assert await raw.close_code() == 1009


async def test_a_message_over_the_limit_in_fragments_closes_with_1009(raw):
    await raw.send(frame(TEXT, b'{"x":"', fin=False), *(frame(CONTINUATION, b"x" * 10_000, fin=False) for _ in range(8)))
    assert await raw.close_code() == 1009


async def test_a_frame_that_announces_an_exabyte_is_refused_at_once(raw):
    await raw.send(b"\x81\xff" + (1 << 60).to_bytes(8) + b"\0\0\0\0" + b"x" * 100)
    assert await raw.close_code() in (1009, PROTOCOL_ERROR)


async def test_a_fragmented_message_is_one_message(raw):
    pieces = [PING_REQUEST[:5], b"", PING_REQUEST[5:9], PING_REQUEST[9:]]
    await raw.send(frame(TEXT, pieces[0], fin=False), frame(CONTINUATION, pieces[1], fin=False), frame(PING, b"between"),
                   frame(CONTINUATION, pieces[2], fin=False), frame(CONTINUATION, pieces[3]))
    assert (await raw.reply(7))["ok"]


async def test_a_character_may_be_split_between_fragments(raw):
    text = '{"id":7,"type":"ping","x":"é😀"}'.encode()
    await raw.send(*(frame(TEXT if place == 0 else CONTINUATION, text[place:place + 1], fin=place == len(text) - 1) for place in range(len(text))))
    assert (await raw.reply(7))["ok"]


async def test_a_frame_may_arrive_byte_by_byte(raw):
    for byte in frame(TEXT, PING_REQUEST):
        await raw.send(bytes([byte]))
    assert (await raw.reply(7))["ok"]


async def test_a_ping_gets_its_pong(raw):
    await raw.send(frame(PING, b"\x00payload"))
    while (message := await raw.message())[0] != PONG:
        pass
    assert message[1] == b"\x00payload"


async def test_a_client_that_does_not_mask_is_ended(stage):
    raw = await RawSocket.open(stage.broker.url)
    await raw.send(frame(TEXT, b'{"id":1,"type":"hello","body":{"token":"x"}}', masked=False))
    assert await raw.close_code() == PROTOCOL_ERROR
    raw.close()


@pytest.mark.parametrize("wrong", [
    frame(TEXT, PING_REQUEST, reserved=4), frame(0x3, b"x"), frame(0xB, b"x"),
    frame(CONTINUATION, b"x"), frame(PING, b"x" * 126), frame(PING, b"x", fin=False), frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"),
    frame(CLOSE, b"\x03"), frame(CLOSE, (1005).to_bytes(2)),
], ids=["reserved bit", "reserved opcode", "reserved control opcode", "continuation of nothing", "long ping",
        "fragmented ping", "new message within a message", "close code of one byte", "close code 1005"])
async def test_what_rfc_6455_forbids_ends_the_connection(raw, wrong):
    await raw.send(wrong)
    try:
        async with asyncio.timeout(SOON):
            while (message := await raw.message())[0] != CLOSE:
                assert b'"re":7' not in message[1].replace(b" ", b""), "it was answered"
            assert int.from_bytes(message[1][:2]) == PROTOCOL_ERROR
    except (asyncio.IncompleteReadError, ConnectionResetError):
        pass  # a peer that does not speak the protocol may be dropped without a farewell (7.1.7)


async def test_a_connection_dropped_in_the_middle_of_a_frame_harms_nobody(raw):
    await raw.send(frame(TEXT, PING_REQUEST)[:9])


async def test_who_does_not_say_hello_is_closed_with_4102_after_five_seconds(stage):
    client = await stage.connect()
    closed = await client.over()
    assert closed.code == 4102 and closed.reason["code"] == "hello_timeout"


async def test_the_servers_own_frames_are_whole_text_frames(raw):
    await raw.send(frame(TEXT, PING_REQUEST))
    opcode, payload = await raw.message()
    while opcode != TEXT or json.loads(payload).get("re") != 7:
        opcode, payload = await raw.message()
    assert json.loads(payload) == {"re": 7, "ok": True, "body": {}}


@pytest.mark.parametrize("with_handshake", [False, True])
async def test_a_first_frame_cut_within_a_mask_that_looks_like_a_header_is_a_message(stage, with_handshake):
    hello = json.dumps({"id": 1, "type": "hello", "body": {"token": "x"}}).encode().ljust(100)
    mask = bytes([0x12, 0x34, 0x81, len(hello)])  # its end is an unmasked frame's header
    pad = (mask * len(hello))[:len(hello)]
    whole = bytes([0x81, 0x80 | len(hello)]) + mask + bytes(a ^ b for a, b in zip(hello, pad))
    raw = await RawSocket.open(stage.broker.url, early=whole[:4] if with_handshake else b"")
    if not with_handshake:
        await raw.send(whole[:4])
    await asyncio.sleep(0.3)  # so that the server reads twice
    await raw.send(whole[4:])
    assert (await raw.reply(1))["error"]["code"] == "not_signed_in"
    raw.close()
