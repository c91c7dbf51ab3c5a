"""A client that does not read what is sent to it is let go, and nobody waits for it."""

import asyncio
import json
import time
from contextlib import suppress

from raw_socket import TEXT, RawSocket, frame
from stage import relayed

TIMEOUT = 60  # seconds until the server's and the system's buffers must be full, at 100 signals a second
DATA = '{"sdp":"' + "x" * 50_000 + '"}'


async def test_a_client_that_stops_reading_is_closed_with_4101_and_others_do_not_notice(stage):
    person = stage.population.take("adult")
    asking = await stage.enter(person)
    scene = await stage.waiting_room(asking)
    bystanders = await stage.adults_call()

    slow = await RawSocket.open(stage.broker.url, receive_buffer=4096)
    await slow.hello(person.token)
    await slow.send(frame(TEXT, json.dumps({"id": 2, "type": "room.join", "body": {"room": scene.room, "as": "patient"}}).encode()))
    assert (await slow.reply(2))["ok"]
    await scene.practitioner.until(lambda c: c.peer(scene.room, "patient"))
    # From here on nothing of it is read. What is sent to it fills buffers, until the server has had enough.
    slow.writer.transport.pause_reading()
    slowest, deadline = 0.0, time.monotonic() + TIMEOUT
    while scene.practitioner.seat(scene.room, "patient")["present"]:
        assert time.monotonic() < deadline, "the slow reader is still there"
        await scene.practitioner.send_text(scene.practitioner.signal_text(scene.room, "patient", data=DATA))
        before = time.monotonic()
        await relayed(bystanders, bystanders.patient, "practitioner", bystanders.practitioner)
        slowest = max(slowest, time.monotonic() - before)
        await asyncio.sleep(0.012)  # below the 100 messages a second of a connection
    assert slowest < 1, f"a relay between others took {slowest:.2f} s"

    slow.writer.transport.resume_reading()
    # Whoever reads on within two seconds is told so; whoever does not finds the connection gone.
    with suppress(ConnectionResetError):
        assert await slow.close_code() == 4101
    slow.close()
