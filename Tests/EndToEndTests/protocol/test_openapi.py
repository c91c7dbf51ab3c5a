"""docs/openapi.yaml is valid, whole and consistent; sockets/test_openapi_live.py looks whether the server does what it says."""

import json
import re

import pytest
from openapi_spec_validator import validate

import openapi
import schemas
from openapi import DOCUMENT, FILE, PROBLEM, codes, faults, operations, resolved
from test_examples import section

OPERATIONS = list(operations())
NAMES = [f"{method} {path}" for path, method, _ in OPERATIONS]
SCHEMAS = DOCUMENT["components"]["schemas"]
CHANGES = {"post", "put", "patch", "delete"}
# What may be asked, or done, before the texts in force were agreed to (CU-3).
WITHOUT_CONSENT = {"/v1/session", "/v1/account/consents", "/v1/account/export", "/v1/account/erasure"}
COMMON = schemas.registry().contents("common.json")["$defs"]
HTTP_CODES = [COMMON["ErrorCode"], COMMON["HttpErrorCode"]["anyOf"][1]]
every_operation = pytest.mark.parametrize("path, method, operation", OPERATIONS, ids=NAMES)


def errors(operation):
    return {int(status): resolved(response) for status, response in operation["responses"].items() if int(status) >= 400}


def is_public(operation):
    return operation["security"] == []


def test_it_is_openapi_3_1_to_the_letter():
    assert DOCUMENT["openapi"].startswith("3.1.")
    validate(DOCUMENT, base_uri=FILE.as_uri())


def test_no_part_of_it_is_unused():
    text = FILE.read_text()
    for kind, parts in DOCUMENT["components"].items():
        for name in parts if kind != "securitySchemes" else ():
            assert f"#/components/{kind}/{name}'" in text, f"{kind}/{name}"


def test_operations_have_names_of_their_own():
    names = [operation["operationId"] for *_, operation in OPERATIONS]
    assert len(names) == len(set(names)) > 50


@every_operation
def test_every_error_is_a_problem_with_its_codes(path, method, operation):
    for status, response in errors(operation).items():
        assert list(response["content"]) == [PROBLEM]
        known = codes(path, method, status)
        assert known and set(known) <= set(SCHEMAS["ErrorCode"]["enum"]), known
        example = response["content"][PROBLEM].get("example")
        assert not example or not faults(response["content"][PROBLEM]["schema"], example)
        if status in (429, 503):
            assert "Retry-After" in response["headers"]


@every_operation
def test_every_operation_has_the_errors_that_all_of_its_kind_have(path, method, operation):
    wanted = {503} if path != "/v1/health" else set()
    wanted |= set() if is_public(operation) else {401}
    wanted |= {400, 411, 413, 415} if "requestBody" in operation else set()
    wanted |= {404} if "{" in path else set()
    assert wanted <= set(errors(operation)), f"missing: {wanted - set(errors(operation))}"
    assert is_public(operation) or "not_signed_in" in codes(path, method, 401)
    if method in CHANGES:
        assert "origin_not_allowed" in codes(path, method, 403)


@every_operation
def test_cu_3_everything_else_needs_the_consents(path, method, operation):
    free = is_public(operation) or path in WITHOUT_CONSENT or path.startswith("/v1/operator/")
    asked = 403 in errors(operation) and "consent_required" in codes(path, method, 403)
    assert asked != free


@every_operation
def test_guesses_are_throttled_wherever_there_is_a_secret_to_guess(path, method, operation):
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    members = set(resolved(body).get("properties", {})) & {"password", "current", "code", "token"}
    assert not members or 429 in errors(operation), members


@every_operation
def test_every_body_is_bounded_and_has_an_example_that_is_as_it_says(path, method, operation):
    bodies = [operation.get("requestBody")] + [resolved(response) for response in operation["responses"].values()]
    for body in filter(None, bodies):
        for kind, media in body.get("content", {}).items():
            examples = [media["example"]] if "example" in media else [resolved(one)["value"] for one in media.get("examples", {}).values()]
            assert examples or kind != "application/json" or media["schema"] == {"$ref": "#/components/schemas/Export"}
            for example in examples:
                assert not faults(media["schema"], example)


def test_every_text_and_list_that_a_client_sends_is_bounded():
    def unbounded(name, schema):
        if schema.get("type") == "string" and not schema.keys() & {"maxLength", "pattern"}:
            yield name
        for inner in schema.get("properties", {}).items():
            yield from unbounded(*inner)
        for inner in schema.get("oneOf", []):
            yield from unbounded(name, inner)

    sent = [resolved(media["schema"]) for *_, operation in OPERATIONS for media in operation.get("requestBody", {}).get("content", {}).values()]
    parameters = [resolved(parameter) for *_, operation in OPERATIONS for parameter in operation.get("parameters", [])]
    loose = [name for schema in sent for name in unbounded("", schema)]
    loose += [name for parameter in parameters for name in unbounded(parameter["name"], resolved(parameter["schema"]))]
    assert not loose


def test_what_is_answered_is_closed_and_what_is_asked_is_open():
    """A member that nobody described does not get out; one that nobody knows does not get in the way."""
    for *_, operation in OPERATIONS:
        if media := operation.get("requestBody", {}).get("content", {}).get("application/json"):
            schema = resolved(media["schema"])
            assert schema["additionalProperties"] is True
        for response in operation["responses"].values():
            media = resolved(response).get("content", {}).get("application/json")
            if media and media["schema"] != {"$ref": "#/components/schemas/Export"}:
                assert resolved(media["schema"])["additionalProperties"] is False


def test_no_secret_and_no_personal_data_is_in_an_address():
    names = {part for path, *_ in OPERATIONS for part in re.findall(r"{(\w+)}", path)}
    parameters = [resolved(parameter) for *_, operation in OPERATIONS for parameter in operation.get("parameters", [])]
    names |= {parameter["name"] for parameter in parameters if parameter["in"] != "header"}
    assert names == {"id", "invitation", "guardian", "document", "version", "language", "name", "verification", "after",
                     "before", "before_id"}


def test_the_codes_are_those_of_the_schemas_of_the_protocol():
    """Section 8 of docs/protocol.md has what the socket and HTTP share; the rest is of HTTP alone."""
    ours = set(SCHEMAS["ErrorCode"]["enum"])
    shared, http_only = (set(one["enum"]) for one in HTTP_CODES)
    assert http_only <= ours <= shared | http_only
    documented = {code for line in section(8).splitlines() if "HTTP only" in line for code in re.findall(r"`([a-z_]+)`", line.split("|")[1])}
    assert documented <= ours
    used = {code for path, method, operation in OPERATIONS for status in errors(operation) for code in codes(path, method, status)}
    assert ours - used == {"method_not_allowed"}


@pytest.mark.parametrize("example", sorted((schemas.PROTOCOL / "examples" / "http").glob("*.json")), ids=lambda path: path.stem)
def test_the_golden_examples_are_as_it_says(example):
    kinds = {"session.create.reply": "SignedIn", "session.create": "SignIn", "health": "Health", "problem": "Problem"}
    kind = next(schema for name, schema in kinds.items() if example.stem.startswith(name))
    assert not faults({"$ref": f"#/components/schemas/{kind}"}, json.loads(example.read_text())["message"])


def test_the_helper_notices_what_is_wrong():
    assert faults({"$ref": "#/components/schemas/Problem"}, {"type": "about:blank", "title": "…", "status": 400, "code": "no_such_code"})
    with pytest.raises(AssertionError):
        openapi.response("/v1/health", "get", 418)
