"""Documents as a practitioner hands them over and a patient fetches them: small contents of each type, and both sides over HTTP."""

import base64
import hashlib
import random
import socket
import struct
import uuid
import zlib
from urllib.parse import urlsplit

CHUNK = 262_144


def pdf(size=400, seed=1):
    """A PDF without a page, of exactly that many bytes."""
    start = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n%"

    def end(offset):
        table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
        return b"\n" + table + b"trailer\n<< /Size 2 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % offset

    padding = size - len(start) - len(end(size))
    padding += len(end(size)) - len(end(len(start) + padding + 1))
    return start + random.Random(seed).randbytes(padding) + end(len(start) + padding + 1)


def png(width=3, height=2):
    """A grey image, with checksums by another program than the broker's."""
    def chunk(name, content):
        return struct.pack("!I", len(content)) + name + content + struct.pack("!I", zlib.crc32(name + content))

    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress((b"\0" + bytes(width)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg():
    """One grey pixel."""
    table = b"\xff" * 64
    start = base64.b64decode("/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAA==") + table
    return start + base64.b64decode("/8IACwgAAQABAQERAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAT8Q") + b"\xff\xd9"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def commitment(document, content):
    """What stands in the record (CU-13)."""
    return sha256(bytes.fromhex(document["salt"]) + hashlib.sha256(content).digest())


class Courier:
    """One side of a consultation: `api` is its person."""

    def __init__(self, api, consultation):
        self.api, self.consultation, self.path = api, consultation, f"/v1/consultations/{consultation}/documents"

    def announced(self, content, type="application/pdf", name="Ordonnance", kind="prescription", key=None, **more):
        return {"key": key or str(uuid.uuid4()), "name": name, "kind": kind, "type": type, "size": len(content)} | more

    def announce(self, content, **more):
        return self.api.post(self.path, self.announced(content, **more))["document"]

    def put(self, document, content, start, end):
        """The answer to a chunk, whatever it is."""
        headers = {"Content-Type": "application/octet-stream", "Content-Range": f"bytes {start}-{end - 1}/{len(content)}"}
        return self.api.ask("PUT", f"{self.path}/{document}/content", content[start:end], headers)

    def send(self, document, content, start=0):
        """The answer to the last chunk."""
        while True:
            answer = self.put(document, content, start, min(start + CHUNK, len(content)))
            if answer.status != 200:
                return answer
            start = answer.json["received"]

    def hand_over(self, content, **more):
        answer = self.send(self.announce(content, **more), content)
        assert answer.status == 201 and answer.json["received"] == len(content), answer
        return answer.json["document"]

    def list(self):
        return self.api.get(self.path)["documents"]

    def read(self, document, range=None, **headers):
        """The answer to a request for the content or a range of it, whatever it is."""
        return self.api.ask("GET", f"{self.path}/{document}/content", headers=headers | ({"Range": range} if range else {}))

    def confirm(self, document, content):
        return self.api.post(f"{self.path}/{document}/fetched", {"sha256": sha256(content)})["document"]

    def withdraw(self, document):
        return self.api.ask("DELETE", f"{self.path}/{document}")

    # Connections that break

    def connect(self, method, document, headers):
        """A connection on which a request for the content was begun."""
        to = urlsplit(self.api.broker.url)
        connection = socket.create_connection((to.hostname, to.port), timeout=20)
        lines = [f"{method} {self.path}/{document}/content HTTP/1.1", f"Host: {to.netloc}", f"Authorization: Bearer {self.api.token}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return connection

    def break_while_sending(self, document, content, start, sent):
        """Sends `sent` bytes of the chunk at `start`, then resets the connection."""
        end = min(start + CHUNK, len(content))
        connection = self.connect("PUT", document, {"Content-Type": "application/octet-stream", "Content-Length": end - start,
                                                    "Content-Range": f"bytes {start}-{end - 1}/{len(content)}"})
        connection.sendall(content[start:start + sent])
        reset(connection)

    def break_while_reading(self, document, start, wanted):
        """At least `wanted` bytes of the content from `start` on; then the connection is reset."""
        connection = self.connect("GET", document, {"Range": f"bytes={start}-"} if start else {})
        came = b""
        while b"\r\n\r\n" not in came or len(came.partition(b"\r\n\r\n")[2]) < wanted:
            piece = connection.recv(65_536)
            assert piece, "the server ended the connection"
            came += piece
        reset(connection)
        return came.partition(b"\r\n\r\n")[2]


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
