"""Signing in and out over HTTP, and who may open a socket."""

import asyncio
import time

import pytest
from websockets.exceptions import InvalidStatus

import people
import schemas
from broker import Broker
from http_exchange import exchange
from mqm_client import Client, Closed, Refused, sign_in
from raw_socket import connect, http_head
from stage import refusal

FOREIGN = "https://evil.example"
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src",
}


@pytest.fixture(scope="module")
def person():
    return people.adult(password=people.PASSWORD)


@pytest.fixture(scope="module")
def broker(tmp_path_factory, person):
    """A server of this file's own: failures to sign in count by address, and here all come from the same one."""
    broker = Broker(tmp_path_factory.mktemp("sign-in"))
    broker.import_accounts([person])
    with broker:
        yield broker


@pytest.fixture
def throttled(own_broker):
    """A server on which this test alone fails to sign in."""
    account = people.adult(password=people.PASSWORD)
    own_broker.import_accounts([account])
    return own_broker.start(), account


def session(broker, email, password, **more):
    return exchange(broker.url, "POST", "/v1/session", {"email": email, "password": password} | more)


def signed_in(broker, person):
    answer = session(broker, person.email, person.password)
    assert answer.status == 200, answer.body
    return answer


def problem(answer, status, code):
    assert answer.status == status, answer.body
    assert answer.headers.get_content_type() == "application/problem+json"
    schemas.check("http/problem", answer.json)
    assert (answer.json["status"], answer.json["code"]) == (status, code)
    return answer.json


# The session

def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(broker, person):
    answer = signed_in(broker, person)
    schemas.check("http/session.create.reply", answer.json)
    assert answer.json["account"]["id"] == person.id and "token" not in answer.json
    (cookie,) = answer.headers.get_all("Set-Cookie")
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= flags
    assert "domain" not in cookie.lower().replace(answer.cookie.lower(), "")
    assert "no-store" in answer.headers["Cache-Control"]
    again = exchange(broker.url, "GET", "/v1/session", headers={"Cookie": answer.cookie})
    assert again.status == 200 and again.json["account"]["email"] == person.email


def test_a_bearer_token_comes_without_a_cookie(broker, person):
    answer = session(broker, person.email, person.password, bearer=True)
    schemas.check("http/session.create.reply", answer.json)
    assert answer.status == 200 and "Set-Cookie" not in answer.headers and answer.json["expires_at"] > time.time() * 1000
    again = exchange(broker.url, "GET", "/v1/session", headers={"Authorization": f"Bearer {answer.json['token']}"})
    assert again.status == 200 and again.json["account"]["id"] == person.id


def test_without_a_session_there_is_no_account(broker):
    for headers in ({}, {"Cookie": "session=x"}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}):
        problem(exchange(broker.url, "GET", "/v1/session", headers=headers), 401, "not_signed_in")


def test_cu_4_1_an_unknown_address_and_a_wrong_password_get_the_same_answer(throttled):
    broker, person = throttled
    answers, seconds = {}, {"known": [], "unknown": []}
    for attempt in range(3):  # the first of all takes longer, and a busy machine may delay any
        for who, email in (("known", person.email), ("unknown", f"nobody{attempt}@x.example")):
            before = time.monotonic()
            answers[who] = session(broker, email, "wrong")
            seconds[who].append(time.monotonic() - before)
            problem(answers[who], 401, "wrong_credentials")
    known, unknown = answers.values()
    assert known.body == unknown.body
    without_date = [[(name, value) for name, value in answer.headers.items() if name.lower() != "date"] for answer in (known, unknown)]
    assert without_date[0] == without_date[1]
    # A password is checked in both cases: an answer without it would be faster by far more than this.
    assert min(seconds["unknown"]) > min(seconds["known"]) / 4


@pytest.mark.parametrize("email", ["known", "nobody@x.example"])
def test_after_repeated_failures_signing_in_is_locked_for_a_while(throttled, email):
    broker, person = throttled
    email = person.email if email == "known" else email
    answers = []
    while not answers or answers[-1].status != 429:
        assert len(answers) < 50, "nobody stops me"
        answers.append(session(broker, email, "wrong"))
    told = problem(answers[-1], 429, "too_many_attempts")
    assert told["after_ms"] > 0 and int(answers[-1].headers["Retry-After"]) >= told["after_ms"] // 1000
    assert session(broker, email, person.password).status == 429, "the right password does not open what is locked"
    assert exchange(broker.url, "GET", "/v1/session", headers={"Authorization": f"Bearer {person.token}"}).status == 200


# Where requests come from

def test_a_cookie_from_a_foreign_or_unknown_origin_changes_nothing(broker, person):
    cookie = signed_in(broker, person).cookie
    for origin in ({"Origin": FOREIGN}, {"Origin": "null"}, {}):
        problem(exchange(broker.url, "DELETE", "/v1/session", headers={"Cookie": cookie} | origin), 403, "origin_not_allowed")
    assert exchange(broker.url, "GET", "/v1/session", headers={"Cookie": cookie}).status == 200
    assert exchange(broker.url, "DELETE", "/v1/session", headers={"Cookie": cookie, "Origin": broker.url}).status == 204
    assert exchange(broker.url, "GET", "/v1/session", headers={"Cookie": cookie}).status == 401


async def test_a_socket_from_a_foreign_origin_is_refused(broker, person):
    cookie = signed_in(broker, person).cookie
    for origin in (FOREIGN, "null", broker.url + ".evil.example", broker.url.replace("http", "https")):
        with pytest.raises(InvalidStatus) as refused:
            await Client.connect(broker.url, origin=origin, additional_headers={"Cookie": cookie})
        assert refused.value.response.status_code == 403


async def test_a_socket_with_the_cookie_from_an_allowed_origin_needs_no_token(broker, person):
    cookie = signed_in(broker, person).cookie
    client = await Client.connect(broker.url, origin=broker.url, additional_headers={"Cookie": cookie}, check=schemas.check)
    await client.hello()
    assert client.id == person.id
    await client.close()


async def test_a_cookie_without_an_origin_counts_for_nothing(broker, person):
    await assert_nobody(broker, additional_headers={"Cookie": signed_in(broker, person).cookie})


async def test_a_token_in_the_address_counts_for_nothing(broker, person):
    await assert_nobody(broker, path=f"/v1/ws?token={person.token}&access_token={person.token}")
    answer = exchange(broker.url, "GET", f"/v1/session?token={person.token}&access_token={person.token}")
    problem(answer, 401, "not_signed_in")


async def assert_nobody(broker, **options):
    client = await Client.connect(broker.url, check=schemas.check, **options)
    with refusal("not_signed_in"):
        await client.request("hello", {})
    closed = await client.over()
    assert closed.code == 4204 and closed.reason["code"] == "not_signed_in"


@pytest.mark.parametrize("token", ["x", "é", "A" * 43])
async def test_a_token_that_is_not_one_is_refused(broker, token):
    client = await Client.connect(broker.url)
    with refusal("not_signed_in"):
        await client.request("hello", {"token": token})
    assert (await client.over()).code == 4204


@pytest.mark.parametrize("token", ["", "x" * 1_000, "\u0000"], ids=["empty", "long", "null byte"])
async def test_what_cannot_be_a_token_signs_nobody_in(broker, token):
    client = await Client.connect(broker.url)
    with pytest.raises(Refused) as refused:
        await client.request("hello", {"token": token})
    assert refused.value.code in ("invalid_field", "not_signed_in")
    with pytest.raises((Refused, Closed)):
        await client.request("ping")
    await client.close()


async def test_a_message_longer_than_any_hello_is_not_read(broker):
    client = await Client.connect(broker.url)
    with pytest.raises(Closed) as closed:
        await client.request("hello", {"token": "x" * 60_000})
    assert closed.value.code == 4204 and [refused.code for refused in client.complaints] == ["not_signed_in"]


# Signing out

async def test_signing_out_closes_the_sockets_of_the_session_and_no_others(broker, person):
    token = await sign_in(broker.url, person.email, person.password)
    sockets = [await (await Client.connect(broker.url)).hello(token) for _ in range(2)]
    other = await (await Client.connect(broker.url)).hello(person.token)
    answer = exchange(broker.url, "DELETE", "/v1/session", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 204 and answer.body == b""
    for client in sockets:
        closed = await client.over()
        assert closed.code == 4200 and closed.reason["code"] == "signed_out"
    late = await Client.connect(broker.url)
    with refusal("not_signed_in"):
        await late.request("hello", {"token": token})
    await other.request("ping")
    await asyncio.gather(late.close(), other.close())


# HTTP

def test_health_is_told_to_everyone(broker):
    answer = exchange(broker.url, "GET", "/v1/health")
    assert answer.status == 200 and answer.json == {"status": "ok", "maintenance": None}


@pytest.mark.parametrize("method, path, body, headers, status, code", [
    ("GET", "/v1/nothing", None, {}, 404, "not_found"),
    ("PUT", "/v1/session", {}, {}, 405, "method_not_allowed"),
    ("POST", "/v1/health", {}, {}, 405, "method_not_allowed"),
    ("POST", "/v1/session", b"email=a&password=b", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
    ("POST", "/v1/session", b"{", {"Content-Type": "application/json"}, 400, "malformed"),
    ("POST", "/v1/session", b"\xff", {"Content-Type": "application/json"}, 400, "malformed"),
    ("POST", "/v1/session", b"[]", {"Content-Type": "application/json"}, 400, "malformed"),
    ("POST", "/v1/session", {"email": "a@x.example"}, {}, 400, "missing_field"),
    ("POST", "/v1/session", {"email": 5, "password": "x"}, {}, 400, "invalid_field"),
    ("POST", "/v1/session", {"email": "a@x.example", "password": "x" * 17_000}, {}, 413, "too_large"),
])
def test_a_wrong_request_gets_a_problem_with_a_code(broker, method, path, body, headers, status, code):
    problem(exchange(broker.url, method, path, body, headers), status, code)


@pytest.mark.parametrize("method, path, body", [
    ("GET", "/", None), ("GET", "/v1/health", None), ("GET", "/v1/session", None), ("GET", "/v1/nothing", None), ("GET", "/nothing", None),
    ("PUT", "/v1/session", {}), ("POST", "/v1/session", b"{"), ("GET", "/../../etc/passwd", None), ("GET", "/%2e%2e/%2e%2e/etc/passwd", None),
])
def test_every_answer_carries_the_security_headers(broker, method, path, body):
    answer = exchange(broker.url, method, path, body)
    assert b"root:" not in answer.body
    for name, value in SECURITY_HEADERS.items():
        assert value in answer.headers.get(name, ""), f"{name} of {method} {path}"
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "frame-ancestors 'none'" in policy
    if path.startswith("/v1/"):
        assert "no-store" in answer.headers["Cache-Control"]


async def test_the_headers_are_there_when_a_socket_is_refused_too(broker):
    with pytest.raises(InvalidStatus) as refused:
        await Client.connect(broker.url, origin=FOREIGN)
    for name, value in SECURITY_HEADERS.items():
        assert value in refused.value.response.headers.get(name, ""), name


@pytest.mark.parametrize("path, headers, method", [
    ("/v1/health", {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA"}, "GET"),
    ("/v1/ws", {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA"}, "GET"),
    ("/v1/health", {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x" * 22 + "==",
                    "Sec-WebSocket-Protocol": "mqm.v1"}, "GET"),
    ("/v1/ws", {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x" * 22 + "==",
                "Sec-WebSocket-Protocol": "other.v1"}, "GET"),
], ids=["h2c", "h2c where the socket is", "a socket elsewhere", "another subprotocol"])
async def test_no_other_protocol_is_switched_to(broker, path, headers, method):
    reader, writer = await connect(broker.url)
    status, _ = await http_head(reader, writer, broker.url, path, headers, method)
    assert status != 101
    writer.transport.abort()


async def test_the_socket_has_its_subprotocol_and_no_compression(broker):
    client = await Client.connect(broker.url)
    assert client.socket.subprotocol == "mqm.v1"
    assert "Sec-WebSocket-Extensions" not in client.socket.response.headers
    await client.close()
