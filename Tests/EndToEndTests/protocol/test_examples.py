"""The golden examples, the schemas and the tables of docs/protocol.md say the same."""

import json
import re

import pytest

import schemas

EXAMPLES = sorted((schemas.PROTOCOL / "examples").rglob("*.json"))
DOCUMENT = (schemas.PROTOCOL.parent / "protocol.md").read_text()


def section(number):
    return re.search(rf"^## {number}\. .*?(?=^## |\Z)", DOCUMENT, re.M | re.S).group()


def words_in_first_column(text):
    cells = re.findall(r"^\| (.*?) \|", text, re.M)
    return [word for cell in cells for word in re.findall(r"`([a-z_.]+)`", cell)]


REQUESTS = words_in_first_column(section(4))
EVENTS = words_in_first_column(section(5))
CODES = words_in_first_column(section(8))


def test_there_are_examples_to_check():
    assert len(EXAMPLES) > 40 and len(REQUESTS) > 10 and len(EVENTS) > 5 and len(CODES) > 25


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_is_as_its_schema_says(path):
    example = json.loads(path.read_text())
    assert set(example) == {"direction", "message"} and example["direction"] in ("client", "server")
    schemas.check(schemas.name_for_example(path), example["message"])


@pytest.mark.parametrize("path", sorted((schemas.PROTOCOL / "schemas").rglob("*.json")), ids=lambda path: path.stem)
def test_the_schema_is_a_schema_and_has_an_example(path):
    name = path.relative_to(schemas.PROTOCOL / "schemas").with_suffix("").as_posix()
    schemas.validator(name)
    assert name == "common" or any(schemas.name_for_example(example) == name for example in EXAMPLES)


@pytest.mark.parametrize("type", REQUESTS)
def test_every_request_of_the_document_has_an_example_and_one_of_its_reply(type):
    for name, direction in ((type, "client"), (f"{type}.reply", "server")):
        message = json.loads((schemas.PROTOCOL / "examples" / f"{name}.json").read_text())
        assert message["direction"] == direction
        schemas.validator(name)


@pytest.mark.parametrize("type", EVENTS)
def test_every_event_of_the_document_has_an_example(type):
    seen = [json.loads(path.read_text()) for path in EXAMPLES]
    assert any(example["direction"] == "server" and example["message"].get("type") == type for example in seen)


@pytest.mark.parametrize("code", CODES)
def test_every_error_code_of_the_document_is_in_the_schemas(code):
    problem = {"type": "about:blank", "title": "…", "status": 400, "code": code}
    schemas.check("http/problem", problem)


@pytest.mark.parametrize("broken", [
    {"re": 1, "ok": False, "error": {"code": "no_such_code", "message": "", "retry": "never"}},
    {"re": 0, "ok": False, "error": {"code": "malformed", "message": "", "retry": "never"}},
    {"re": 1, "ok": True, "error": {"code": "malformed", "message": "", "retry": "never"}},
])
def test_the_schema_of_errors_refuses_what_is_not_one(broken):
    with pytest.raises(AssertionError):
        schemas.check("error", broken)
