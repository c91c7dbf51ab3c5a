"""Whoever takes too much is slowed down or let go, by name, and the others do not notice (docs/limits.md)."""

import asyncio
import json
import re
import select
import socket
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import InvalidState

import people
from api import Api
from broker import Broker
from mqm_client import Client, Refused
from raw_socket import TEXT, RawSocket, frame
from stage import refusal, relayed

ADDRESS = "X-Forwarded-For"


@pytest.fixture
def small(tmp_path):
    """A server with small limits, and addresses of whoever says so."""
    broker = Broker(tmp_path, options=["--proxies", "127.0.0.1", "--limits-account-sockets", "3", "--limits-address-sockets", "6",
                                       "--limits-requests-per-second", "5", "--limits-bytes-per-second", "16384", "--limits-burst", "40",
                                       "--limits-account-share", "1", "--limits-messages-per-second", "20"])
    broker.people = [people.adult() for _ in range(12)] + [people.practitioner()]
    broker.import_accounts(broker.people)
    yield broker.start()
    broker.kill()


async def enter(broker, person, address="203.0.113.1"):
    client = await Client.connect(broker.url, additional_headers={ADDRESS: address})
    return await client.hello(person.token)


async def test_an_account_has_so_many_sockets_and_closing_one_makes_room(small):
    person = small.people[0]
    clients = [await enter(small, person) for _ in range(3)]
    extra = await Client.connect(small.url, additional_headers={ADDRESS: "203.0.113.9"})
    with refusal("too_many_connections"):
        await extra.hello(person.token)
    assert (await extra.over()).code == 4105
    await clients[0].close()
    clients[0] = await enter(small, person)
    for client in clients:
        await client.close()


async def test_an_address_has_so_many_sockets_and_an_ipv6_subscriber_is_one(small):
    clients = [await enter(small, person, f"2001:db8:7:7::{number}") for number, person in enumerate(small.people[:6])]
    with pytest.raises(Exception, match="429"):
        await Client.connect(small.url, additional_headers={ADDRESS: "2001:db8:7:7:1234::1"})
    other = await enter(small, small.people[6], "2001:db8:7:8::1")
    for client in (*clients, other):
        await client.close()
    await (await enter(small, small.people[7], "2001:db8:7:7::99")).close()


async def test_requests_over_http_are_counted_for_each_address(small):
    api = Api(small, address="198.51.100.7")
    answers = [await asyncio.to_thread(api.ask, "GET", "/v1/health") for _ in range(60)]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused and answers[0].status == 200 and all(answer.json["code"] == "too_fast" for answer in refused)
    assert int(refused[0].headers["Retry-After"]) >= 1
    await asyncio.to_thread(Api(small, address="198.51.100.8").get, "/v1/health")


async def test_two_connections_of_one_account_send_no_more_than_it_may(small):
    one, other = [await enter(small, small.people[8]) for _ in range(2)]
    codes = []
    for _ in range(60):
        for client in (one, other):
            try:
                await client.request("ping")
            except Refused as refused:
                codes.append(refused.code)
                assert refused.after_ms > 0
    assert codes and set(codes) == {"too_fast"}
    await asyncio.gather(one.close(), other.close())


async def test_bytes_are_counted_like_messages(small):
    client = await enter(small, small.people[9])
    long = {"id": 1, "type": "ping", "body": {"padding": "x" * 60_000}}
    for number in range(4):
        await client.send_text(json.dumps(long | {"id": number + 1}))
    await client.until(lambda c: len(c.unasked) == 4)
    errors = [message["error"]["code"] for message in client.unasked if not message["ok"]]
    assert errors == ["too_fast"] * 2, "128 KiB at once"
    await client.close()


async def test_a_message_that_drips_is_closed_with_4106(stage):
    slow = await RawSocket.open(stage.broker.url)
    await slow.hello(stage.population.take("adult").token)
    await slow.send(frame(TEXT, b'{"id":2,', fin=False))

    async def drip():
        while True:
            await slow.send(frame(0, b" ", fin=False))
            await asyncio.sleep(0.5)

    dripping = asyncio.create_task(drip())
    assert await asyncio.wait_for(slow.close_code(), 30) == 4106
    dripping.cancel()
    slow.close()


async def test_half_open_connections_of_one_address_are_closed_and_others_come_in(tmp_path):
    broker = Broker(tmp_path, options=["--limits-half-open", "80"])  # ten from one address
    person = people.adult()
    broker.import_accounts([person])
    broker.start()
    idle = []
    for _ in range(200):
        connection = socket.create_connection(("127.0.0.1", broker.port), timeout=5)
        connection.sendall(b"GET /v1/ws HTTP/1.1\r\nHost: a")
        idle.append(connection)
    for connection in idle[10:]:
        with suppress(ConnectionError):
            assert connection.recv(1) == b""
    assert not select.select(idle[:10], [], [], 0)[0], "the first ten are still open"
    for connection in idle:
        connection.close()
    # Whoever has shown a request does not count.
    clients = [await (await Client.connect(broker.url)).hello(person.token) for _ in range(20)]
    for client in clients:
        await client.close()
    broker.kill()


async def test_the_table_of_descriptors_is_long_enough_before_anybody_comes(stage):
    """A table that grows holds up the whole loop for some 10 ms each time."""
    folder = Path(f"/proc/{stage.broker.process.pid}")
    [limit] = re.findall(r"^Max open files +(\d+)", (folder / "limits").read_text(), re.M)
    [slots] = re.findall(r"^FDSize:\s+(\d+)", (folder / "status").read_text(), re.M)
    assert int(slots) >= int(limit) >= 1024


async def test_who_floods_is_refused_then_closed_and_the_others_go_on(stage):
    flooder = await stage.new("adult")
    scene = await stage.adults_call()
    number = 10_000
    while flooder.closed is None:
        with suppress(InvalidState):  # it was closed this moment
            flooder.send_at_once([json.dumps({"id": (number := number + 1), "type": "ping"}) for _ in range(200)])
        await relayed(scene, scene.patient, "practitioner", scene.practitioner)
    assert {error.code for error in flooder.complaints} == {"too_fast"}
    assert flooder.closed.code == 4103
    stage.clients.remove(flooder)
