"""The JSON Schemas of docs/protocol/schemas, by the names of the messages."""

import functools
import json
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

PROTOCOL = Path(__file__).resolve().parents[2] / "docs" / "protocol"


@functools.cache
def registry():
    schemas = [json.loads(path.read_text()) for path in (PROTOCOL / "schemas").rglob("*.json")]
    return Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)


@functools.cache
def validator(name):
    schema = registry().contents(f"{name}.json")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, registry=registry())


def check(name, message):
    """Raises AssertionError when `message` is not as the schema `name` says."""
    for error in validator(name).iter_errors(message):
        raise AssertionError(f"not as {name}.json says, at {error.json_path}: {error.message[:300]}; {str(message)[:500]}")


def name_for_example(path):
    """The schema of an example: of the same name, or of the name without its last part, and so on."""
    parts = path.relative_to(PROTOCOL / "examples").with_suffix("").as_posix().split(".")
    while parts:
        name = ".".join(parts)
        if (PROTOCOL / "schemas" / f"{name}.json").exists():
            return name
        parts.pop()
    raise LookupError(f"no schema for the example {path.name}")
