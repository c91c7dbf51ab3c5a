"""docs/asyncapi.yaml says what the schemas, the golden examples and the tables of docs/protocol.md say."""

import functools
import json

import pytest
import yaml

import schemas
from test_examples import EVENTS, EXAMPLES, REQUESTS

FILE = schemas.PROTOCOL.parent / "asyncapi.yaml"
DOCUMENT = yaml.safe_load(FILE.read_text())
MESSAGES = DOCUMENT["components"]["messages"]
# Frames of the socket: not the shared types, the reason of a close frame, and what goes over HTTP.
TYPES = sorted(path.stem for path in (schemas.PROTOCOL / "schemas").glob("*.json") if path.stem not in ("common", "close-reason"))
FRAMES = [path.stem for path in EXAMPLES if path.parent == schemas.PROTOCOL / "examples" and not path.stem.startswith("close-reason")]


@functools.cache
def content(path):
    return yaml.safe_load(path.read_text()) if path == FILE else json.loads(path.read_text())


def resolve(file, reference):
    """The file that a reference in `file` leads to, and what stands there. Raises when nothing does."""
    name, _, pointer = reference.partition("#")
    target = (file.parent / name).resolve() if name else file
    value = content(target)
    for part in pointer.split("/")[1:]:
        value = value[part.replace("~1", "/").replace("~0", "~")]
    return target, value


def references(value):
    """All `$ref`s in a document, with where they are."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == "$ref" else references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def messages_of(operation):
    """The names of the messages of an operation or of its reply."""
    return [reference["$ref"].removeprefix("#/channels/socket/messages/") for reference in operation["messages"]]


def test_it_is_asyncapi_3_and_describes_the_socket():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert [channel["address"] for channel in DOCUMENT["channels"].values()] == ["/v1/ws"]


@pytest.mark.parametrize("file", [FILE, *sorted((schemas.PROTOCOL / "schemas").rglob("*.json"))], ids=lambda file: file.name)
def test_every_reference_leads_somewhere(file):
    for reference in references(content(file)):
        resolve(file, reference)


def test_every_message_of_the_schemas_is_in_the_channel_and_nothing_else():
    assert sorted(MESSAGES) == TYPES
    assert DOCUMENT["channels"]["socket"]["messages"] == {name: {"$ref": f"#/components/messages/{name}"} for name in TYPES}


@pytest.mark.parametrize("name", TYPES)
def test_a_message_has_its_schema_and_its_examples(name):
    message = MESSAGES[name]
    assert message["name"] == name
    assert message["payload"] == {"$ref": f"protocol/schemas/{name}.json"}
    shown = {example["name"]: example["payload"]["$ref"] for example in message["examples"]}
    assert shown and shown == {name: f"protocol/examples/{name}.json#/message" for name in shown}
    for reference in shown.values():
        schemas.check(name, resolve(FILE, reference)[1])


def test_every_example_is_shown_once():
    assert sorted(example["name"] for message in MESSAGES.values() for example in message["examples"]) == sorted(FRAMES)


@pytest.mark.parametrize("name", TYPES)
def test_each_side_sends_what_its_examples_say(name):
    """Seen from the broker: it receives what clients send, and sends, unasked or in reply, what they get."""
    operations = DOCUMENT["operations"].values()
    received = [name for operation in operations if operation["action"] == "receive" for name in messages_of(operation)]
    sent = [name for operation in operations if operation["action"] == "send" for name in messages_of(operation)]
    replied = [name for operation in operations if "reply" in operation for name in messages_of(operation["reply"])]
    for example in MESSAGES[name]["examples"]:
        direction = content((FILE.parent / example["payload"]["$ref"].partition("#")[0]).resolve())["direction"]
        assert (name in received) == (direction == "client") and (name in sent + replied) == (direction == "server")


@pytest.mark.parametrize("type", sorted({*REQUESTS, "hello"}))
def test_a_request_is_answered_with_its_reply_or_an_error(type):
    operation = DOCUMENT["operations"][type]
    assert messages_of(operation) == [type] and messages_of(operation["reply"]) == [f"{type}.reply", "error"]


@pytest.mark.parametrize("type", EVENTS)
def test_every_event_of_the_document_is_sent(type):
    sent = [name for operation in DOCUMENT["operations"].values() if operation["action"] == "send" for name in messages_of(operation)]
    types = {content(schemas.PROTOCOL / "schemas" / f"{name}.json")["properties"].get("type", {}).get("const") for name in sent}
    assert type in types
