"""What operators' programs read: numbers before and after what happened, health, and nothing about anybody."""

import asyncio
import re
import subprocess
import time

import pytest

import people
from api import Api
from broker import TRUSTED, Broker
from http_exchange import exchange
from mqm_client import Client, Refused
from people import PASSWORD
from scrape import Scrape, promtool, scraped
from stage import Stage, ask, refusal, relayed

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
COUNTED = ("mqm_handshakes_total", "mqm_requests_total", "mqm_claims_total", "mqm_refusals_total", "mqm_closes_total",
           "mqm_relayed_messages_total", "mqm_relayed_bytes_total", "mqm_limit_hits_total", "mqm_resumes_total")
LIVE = ("mqm_connections", "mqm_sessions", "mqm_seats", "mqm_rooms", "mqm_queue_length")


@pytest.fixture
def cast(own_broker):
    """A server with these people on it, and nobody else at the same time."""
    own_broker.options += TRUSTED
    everyone = [people.practitioner(), people.adult(), people.practitioner()]
    own_broker.import_accounts(everyone)
    own_broker.start()
    return everyone


def only(reading, *families):
    return {key: value for key, value in reading.items() if key[0] in families}


async def test_a_whole_consultation_is_in_the_numbers(own_broker, cast):
    stage, before = Stage(own_broker), Scrape(own_broker)
    practitioner, patient = await stage.enter(cast[0]), await stage.enter(cast[1])
    id = await stage.requested(patient)
    waiting = await scraped(own_broker, lambda now: now["mqm_queue_oldest_seconds"] >= 0.2)
    assert waiting["mqm_queue_oldest_seconds"] < 60
    assert only(waiting.samples, *LIVE) | {("mqm_connections", "http"): 0} == {
        ("mqm_connections", "websocket"): 2, ("mqm_connections", "http"): 0, ("mqm_sessions",): 2, ("mqm_queue_length",): 1,
        ("mqm_seats", "practitioner"): 0, ("mqm_seats", "patient"): 0, ("mqm_seats", "guardian"): 0,
        ("mqm_rooms", "open"): 0, ("mqm_rooms", "in_progress"): 0, ("mqm_rooms", "suspended"): 0}

    late = await stage.enter(cast[2])
    await practitioner.request("request.claim", {"consultation": id})
    with pytest.raises(Refused):
        await late.request("request.claim", {"consultation": id})
    await practitioner.request("room.open", {"consultation": id})
    await practitioner.join(id, "practitioner")
    await patient.join(id, "patient")
    open_room = Scrape(own_broker)
    assert open_room["mqm_rooms", "open"] == 1 and open_room["mqm_queue_length"] == 0 and open_room["mqm_queue_oldest_seconds"] == 0
    assert (open_room["mqm_seats", "practitioner"], open_room["mqm_seats", "patient"]) == (1, 1)

    data = '{"sdp":"é"}'
    await practitioner.until(lambda c: c.peer(id, "patient"))
    for kind, times in (("offer", 1), ("answer", 2), ("candidate", 7), ("end_of_candidates", 1), ("bye", 1)):
        for _ in range(times):
            await practitioner.signal(id, "patient", kind, data)
            await patient.next_signal()
    await practitioner.request("consultation.start", {"consultation": id, "persons": [patient.id]})
    assert (await scraped(own_broker, lambda now: now["mqm_rooms", "in_progress"] == 1))["mqm_rooms", "open"] == 0
    await practitioner.request("consultation.end", {"consultation": id, "reason": "completed"})
    await stage.close()

    after = await scraped(own_broker, lambda now: now["mqm_connections", "websocket"] == 0)
    assert only(after.since(before), *COUNTED) == {
        ("mqm_handshakes_total", "accepted"): 3, ("mqm_closes_total", "1000"): 3,
        ("mqm_requests_total", "hello"): 3, ("mqm_requests_total", "request.create"): 1, ("mqm_requests_total", "request.claim"): 2,
        ("mqm_requests_total", "room.open"): 1, ("mqm_requests_total", "room.join"): 2,
        ("mqm_requests_total", "consultation.start"): 1, ("mqm_requests_total", "consultation.end"): 1,
        ("mqm_claims_total", "won"): 1, ("mqm_claims_total", "lost"): 1, ("mqm_refusals_total", "already_claimed"): 1,
        ("mqm_relayed_messages_total", "offer"): 1, ("mqm_relayed_messages_total", "answer"): 2,
        ("mqm_relayed_messages_total", "candidate"): 7, ("mqm_relayed_messages_total", "end_of_candidates"): 1,
        ("mqm_relayed_messages_total", "bye"): 1, ("mqm_relayed_bytes_total",): 12 * len(data.encode())}
    assert not any(value for key, value in after.samples.items() if key[0] in LIVE and key != ("mqm_connections", "http")), "all are gone"

    changed = after.since(before)
    # Each request that took a decision was measured: all but the hellos. Each durable fact was in one transaction or another.
    assert changed["mqm_request_seconds_count",] == 8 and 0 < changed["mqm_request_seconds_sum",] < 60
    commits, written = changed["mqm_journal_commit_seconds_count",], changed["mqm_journal_batch_size_sum",]
    assert 5 <= commits <= written and changed["mqm_journal_batch_size_count",] == commits
    assert 0 < changed["mqm_journal_commit_seconds_sum",] < 60 and after["mqm_journal_waiting"] == 0
    assert changed["mqm_loop_turn_seconds_count",] > 10 and 0 < changed["mqm_loop_turn_seconds_sum",] < 60
    assert changed["process_cpu_seconds_total",] > 0 and after["mqm_scrape_complete"] == 1


async def test_refusals_are_counted_by_their_codes(own_broker, cast):
    stage, before = Stage(own_broker), Scrape(own_broker)
    patient = await (await Client.connect(own_broker.url)).hello(cast[1].token)  # nobody checks what it sends
    for type, body, code in (("presence.set", {"presence": "away"}, "forbidden"), ("request.claim", {}, "missing_field"),
                             ("no.such.type", {}, "unknown_type"), ("room.leave", {"room": "x"}, "invalid_field")):
        with refusal(code):
            await patient.request(type, body)
    for _ in range(3):
        with refusal("unknown_consultation"):
            await patient.request("room.join", {"room": cast[1].id, "as": "patient"})
    await patient.send_text("{")
    stranger = await stage.connect()
    with refusal("not_signed_in"):
        await stranger.hello("A" * 43)
    await stranger.over()
    anybody = Api(own_broker)
    for _ in range(2):
        anybody.refused(401, "wrong_credentials", "POST", "/v1/session", {"email": "nobody@x.example", "password": PASSWORD})
    anybody.refused(401, "not_signed_in", "GET", "/v1/session")
    counted = {"forbidden": 1, "missing_field": 1, "unknown_type": 1, "invalid_field": 1, "unknown_consultation": 3, "malformed": 1,
               "not_signed_in": 2, "wrong_credentials": 2}
    expected = {("mqm_refusals_total", code): number for code, number in counted.items()}
    expected["mqm_closes_total", "4204"] = 1
    expected["mqm_http_responses_total", "4xx"] = 3
    families = ("mqm_refusals_total", "mqm_closes_total", "mqm_http_responses_total")
    await scraped(own_broker, lambda now: only(now.since(before), *families) == expected)
    await patient.close()
    await stage.close()


async def test_limits_that_are_hit_are_counted(own_broker, cast):
    own_broker.stop()
    own_broker.options += ["--limits-burst", "20", "--limits-messages-per-second", "1", "--time-hello", "1",
                           "--limits-message-bytes", "1024"]
    own_broker.start()
    stage, before = Stage(own_broker), Scrape(own_broker)
    silent = await stage.connect()
    patient = await stage.enter(cast[1])
    patient.send_at_once([f'{{"id":{number},"type":"ping"}}' for number in range(1000, 1030)])
    long = await Client.connect(own_broker.url)
    await long.send_text('{"id":1,"type":"ping","body":{"x":"' + "x" * 1024 + '"}}')
    assert (await long.over()).code == 1009
    assert (await silent.over()).code == 4102
    after = await scraped(own_broker, lambda now: now["mqm_limit_hits_total", "message_rate"] > 9)
    hits = only(after.since(before), "mqm_limit_hits_total")
    assert hits.pop(("mqm_limit_hits_total", "message_rate")) <= 12, "20 at once, one each second"
    assert hits == {("mqm_limit_hits_total", "message_bytes"): 1, ("mqm_limit_hits_total", "hello_time"): 1}
    assert after["mqm_refusals_total", "too_fast"] == after["mqm_limit_hits_total", "message_rate"]


async def test_handshakes_that_are_refused_are_counted(own_broker, cast):
    before = Scrape(own_broker)
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
               "Sec-WebSocket-Version": "13", "Sec-WebSocket-Protocol": "mqm.v1"}
    for path, change, status in (("/v1/ws", {"Origin": "https://elsewhere.example"}, 403), ("/v1/wss", {}, 404),
                                 ("/v1/ws", {"Sec-WebSocket-Protocol": "x"}, 400), ("/v1/ws", {"Sec-WebSocket-Version": "8"}, 426)):
        assert exchange(own_broker.url, "GET", path, None, upgrade | change).status == status
    assert only(Scrape(own_broker).since(before), "mqm_handshakes_total") == {
        ("mqm_handshakes_total", "origin_not_allowed"): 1, ("mqm_handshakes_total", "not_found"): 1, ("mqm_handshakes_total", "malformed"): 2}


async def test_the_exposition_is_well_formed_and_names_nobody(own_broker, cast):
    stage = Stage(own_broker)
    patient = await stage.enter(cast[1])
    id = await stage.requested(patient)
    reading = Scrape(own_broker)
    assert promtool("check", "metrics", text=reading.text) == ""
    families = {re.sub(r"_(bucket|sum|count)$", "", name) if re.sub(r"_(bucket|sum|count)$", "", name) in reading.types else name
                for name in reading.names}
    assert families == set(reading.types) == set(reading.helps), "each has its type and its help text"
    assert not UUID.search(reading.text) and patient.id not in reading.text and id not in reading.text
    for person in cast:
        assert person.email not in reading.text and person.family_name not in reading.text
    # Whatever a client sends, there is no series more.
    inventive = await (await Client.connect(own_broker.url)).hello(cast[0].token)
    for type in ("no.such.type", 'request.claim"} 1', "mqm_seats"):
        with refusal("unknown_type"):
            await inventive.request(type)
    await inventive.close()
    assert set(Scrape(own_broker).samples) == set(reading.samples)
    await stage.close()


def test_the_listener_is_apart_and_has_nothing_but_this(own_broker, cast):
    assert own_broker.operators != own_broker.url
    for path in ("/metrics", "/health/live", "/health/ready"):
        assert exchange(own_broker.url, "GET", path).status == 404, "not where clients are"
        assert exchange(own_broker.operators, "GET", path).status == 200
        for method in ("POST", "PUT", "DELETE"):
            assert exchange(own_broker.operators, method, path, b"").status == 405
    assert exchange(own_broker.operators, "GET", "/v1/health").status == 404
    assert exchange(own_broker.operators, "GET", "/").status == 404
    assert exchange(own_broker.operators, "GET", "/health/ready").json == {"status": "ok", "reasons": []}
    assert own_broker.operators.startswith("http://127.0.0.1:"), "loopback by default"


def test_a_listener_for_others_is_warned_of_and_none_is_none(tmp_path):
    with Broker(tmp_path / "open", options=["--metrics-host", "0.0.0.0"]) as broker:
        assert "metrics and health are on an address that others can reach" in broker.tail()
    with Broker(tmp_path / "none", options=["--metrics-host", ""]) as broker:
        assert broker.operators is None and exchange(broker.url, "GET", "/v1/health").status == 200
    with Broker(tmp_path / "one") as one:
        port = one.operators.rpartition(":")[2]
        command = [one.binary(), "run", "--data", tmp_path / "two", "--port", "0", "--metrics-port", port]
        refused = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert refused.returncode != 0 and "'metrics.port'" in refused.stderr and f"Port {port}" in refused.stderr, refused


async def test_a_scrape_does_not_hold_up_a_signal(own_broker, cast):
    """While metrics are read all the time."""
    stage = Stage(own_broker)
    scene = await stage.waiting_room(await stage.enter(cast[1]), practitioner=await stage.enter(cast[0]))
    patient = stage.clients[0]
    await patient.join(scene.room, "patient")
    await scene.connected(scene.practitioner, "practitioner", patient, "patient")
    stop = asyncio.Event()

    async def read_on():
        count = 0
        while not stop.is_set():
            await asyncio.to_thread(Scrape, own_broker)
            count += 1
        return count

    reader = asyncio.create_task(read_on())
    times = []
    for _ in range(100):
        begin = time.monotonic()
        await relayed(scene, patient, "practitioner", scene.practitioner)
        times.append(time.monotonic() - begin)
    stop.set()
    assert await reader > 1
    assert sorted(times)[90] < 0.5, times
    await stage.close()
