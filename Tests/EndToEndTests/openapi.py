"""docs/openapi.yaml: its operations, and what it says of a request or an answer."""

import functools
import json
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FILE = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
DOCUMENT = yaml.safe_load(FILE.read_text())
PROBLEM = "application/problem+json"


def operations():
    """Every operation as (path, method, operation)."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def resolved(value):
    """What a reference within the document leads to, or the value itself."""
    while isinstance(value, dict) and "$ref" in value:
        target = DOCUMENT
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


@functools.cache
def registry():
    export = Resource.from_contents(json.loads((FILE.parent / "export.schema.json").read_text()))
    return Registry().with_resources([("openapi", Resource(contents=DOCUMENT, specification=DRAFT202012)), ("export.schema.json", export)])


def faults(schema, value):
    """What is wrong with a value, by a schema of the document."""
    inside = {"$id": "openapi-use", **anchored(schema)}
    return [f"{error.json_path}: {error.message[:300]}" for error in Draft202012Validator(inside, registry=registry()).iter_errors(value)]


def anchored(value):
    """A part of the document, with references that say which document they mean."""
    if isinstance(value, dict):
        return {key: "openapi" + inner if key == "$ref" and inner.startswith("#") else anchored(inner) for key, inner in value.items()}
    return [anchored(inner) for inner in value] if isinstance(value, list) else value


def response(path, method, status):
    """What the document says of an answer; raises AssertionError where it says nothing."""
    responses = DOCUMENT["paths"][path][method]["responses"]
    assert str(status) in responses, f"{method} {path} has no answer {status} in the document"
    return resolved(responses[str(status)])


def codes(path, method, status):
    """The error codes that an operation may answer with."""
    schema = resolved(response(path, method, status)["content"][PROBLEM]["schema"])
    return schema["allOf"][1]["properties"]["code"]["enum"]
