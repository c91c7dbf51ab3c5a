"""One HTTP request and its answer, with nothing added that was not asked for."""

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def cookie(self):
        """The `name=value` of the cookie that was set, as a request sends it back."""
        return self.headers["Set-Cookie"].split(";")[0]


def exchange(base, method, path, body=None, headers=None, trust=None):
    """`body` is sent as JSON unless it is bytes already; `trust` is an SSL context, for https."""
    to = urlsplit(base).netloc
    connection = http.client.HTTPSConnection(to, timeout=20, context=trust) if trust else http.client.HTTPConnection(to, timeout=20)
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()
