"""People who use the HTTP side. Every answer that one of them gets is checked with docs/openapi.yaml."""

import functools
import itertools
import re

import openapi
import schemas
from http_exchange import exchange
from mqm_client import Client

_numbers = itertools.count(1)


@functools.cache
def templates():
    """The paths of the document as patterns, those without parameters first."""
    paths = sorted(openapi.DOCUMENT["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in paths]


def check(method, path, answer):
    """Raises AssertionError when the document does not have this answer."""
    path = path.partition("?")[0]
    template = next((template for pattern, template in templates() if pattern.fullmatch(path)), None)
    assert template, f"{path} is not in the document"
    said = openapi.response(template, method.lower(), answer.status)
    content = said.get("content", {})
    if answer.status >= 300 or not path.startswith("/v1/texts/"):  # what was published never changes, and is nobody's secret
        assert "no-store" in answer.headers["Cache-Control"], f"{method} {path}"
    for name, header in said.get("headers", {}).items():
        assert not openapi.resolved(header).get("required") or name in answer.headers, f"{name} of {answer.status} to {method} {path}"
    if not content:
        assert answer.body == b"", f"a body with {answer.status} to {method} {path}: {answer.body[:200]}"
        return
    kind = answer.headers["Content-Type"]
    assert kind in content, f"{kind} with {answer.status} to {method} {path}"
    if "json" in kind:
        faults = openapi.faults(content[kind]["schema"], answer.json)
        assert not faults, f"{answer.status} to {method} {path}: {faults}; {answer.body[:500]}"


class Api:
    """Somebody at an address of their own, as throttles count by address: the server must trust the proxy 127.0.0.1."""

    def __init__(self, broker, token=None, cookie=None, address=None):
        self.broker, self.token, self.cookie = broker, token, cookie
        number = next(_numbers)
        self.address = address or f"198.18.{number >> 8}.{number & 255}"

    def ask(self, method, path, body=None, headers=()):
        """The answer, whatever it is."""
        given = {"X-Forwarded-For": self.address}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        if self.cookie:
            given |= {"Cookie": self.cookie, "Origin": self.broker.url}
        if body is None and method == "POST":
            body = b""
        answer = exchange(self.broker.url, method, path, body, given | dict(headers))
        check(method, path, answer)
        if set_cookie := answer.headers["Set-Cookie"]:
            self.cookie = answer.cookie if "Max-Age=0" not in set_cookie else None
        return answer

    def done(self, method, path, body=None):
        """What an accepted request is answered with; None if with nothing."""
        answer = self.ask(method, path, body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body[:500]}"
        return answer.json if answer.body else None

    def get(self, path):
        return self.done("GET", path)

    def post(self, path, body=None):
        return self.done("POST", path, body)

    def put(self, path, body):
        return self.done("PUT", path, body)

    def patch(self, path, body):
        return self.done("PATCH", path, body)

    def delete(self, path):
        return self.done("DELETE", path)

    def refused(self, status, code, method, path, body=None):
        """The problem that the request must be answered with."""
        answer = self.ask(method, path, body)
        assert (answer.status, answer.json.get("code")) == (status, code), f"{method} {path}: {answer.status} {answer.body[:500]}"
        return answer.json

    # Sockets

    async def connect(self):
        """A socket of this person's browser or program that has not said hello."""
        browser = {"origin": self.broker.url, "additional_headers": {"Cookie": self.cookie}} if self.cookie else {}
        return await Client.connect(self.broker.url, check=schemas.check, **browser)

    async def enter(self):
        """One that has."""
        return await (await self.connect()).hello(self.token)

    # What most people do

    def sign_in(self, email, password, **more):
        return self.post("/v1/session", {"email": email, "password": password} | more)

    @property
    def id(self):
        return self.get("/v1/session")["account"]["id"]

    def agree(self, language="fr"):
        """Agrees to every text that is needed, one by one (CU-3)."""
        for text in self.get("/v1/account/consents")["needed"]:
            if text["language"] == language:
                self.post("/v1/account/consents", {name: text[name] for name in ("document", "version", "language", "sha256")})
        return self
