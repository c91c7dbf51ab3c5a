"""Pages from elsewhere cannot act for somebody whose browser has the cookie, and nothing that counts is in an address."""

import pytest

import openapi
from api import Api
from newcomers import settled

CHANGING = [(path, method) for path, method, operation in openapi.operations() if method != "get" and operation["security"]]


@pytest.fixture(scope="module")
def person(broker):
    return settled(broker)


@pytest.mark.parametrize("path, method", CHANGING, ids=[f"{method} {path}" for path, method in CHANGING])
def test_whatever_changes_something_with_the_cookie_needs_an_allowed_origin(broker, person, path, method):
    address = path.replace("{id}", person.id).replace("{invitation}", person.id).replace("{guardian}", person.id)
    forged = Api(broker)
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": broker.url + ".evil.example"}):
        answer = forged.ask(method.upper(), address, {} if "requestBody" in openapi.DOCUMENT["paths"][path][method] else None,
                            {"Cookie": person.cookie} | origin)
        assert (answer.status, answer.json["code"]) == (403, "origin_not_allowed"), origin
    assert person.get("/v1/session")["account"]["email"] == person.email


def test_a_token_in_the_address_counts_for_nothing(broker):
    token = settled(broker).program().token
    nobody = Api(broker)
    for name in ("token", "access_token", "session", "mqm_session"):
        nobody.refused(401, "not_signed_in", "GET", f"/v1/account?{name}={token}")


def test_a_cookie_named_twice_counts_for_nothing(broker, person):
    answer = Api(broker).ask("GET", "/v1/session", headers={"Cookie": f"{person.cookie}; {person.cookie}x"})
    assert answer.status == 401
