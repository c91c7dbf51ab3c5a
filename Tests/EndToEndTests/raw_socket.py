"""A WebSocket client that may do everything wrong: frames are made by hand, and nothing is answered by itself (RFC 6455)."""

import asyncio
import base64
import json
import os
import socket
import struct
from urllib.parse import urlsplit

from mqm_client import PATIENCE

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA


def frame(opcode, payload=b"", fin=True, reserved=0, masked=True):
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    flag = 0x80 if masked else 0
    if len(payload) < 126:
        head = struct.pack("!BB", first, flag | len(payload))
    elif len(payload) < 1 << 16:
        head = struct.pack("!BBH", first, flag | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, flag | 127, len(payload))
    if not masked:
        return head + payload
    mask = os.urandom(4)
    pad = (mask * (len(payload) // 4 + 1))[:len(payload)]
    return head + mask + (int.from_bytes(payload) ^ int.from_bytes(pad)).to_bytes(len(payload))


async def connect(base, receive_buffer=None):
    """A TCP connection to the server, with a small receive buffer where one is asked for."""
    parts = urlsplit(base)
    sock = socket.socket()
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, (parts.hostname, parts.port))
    return await asyncio.open_connection(sock=sock, limit=1 << 16)


class RawSocket:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, base, receive_buffer=None, early=b""):
        """`early` is sent together with the handshake, whose answer is not waited for."""
        reader, writer = await connect(base, receive_buffer)
        key = base64.b64encode(os.urandom(16)).decode()
        status, _ = await http_head(reader, writer, base, "/v1/ws", {
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key, "Sec-WebSocket-Protocol": "mqm.v1"}, early=early)
        assert status == 101, status
        return cls(reader, writer)

    async def send(self, *frames):
        self.writer.write(b"".join(frames))
        await self.writer.drain()

    async def message(self):
        """The next frame as (opcode, payload). The server does not fragment what is this short."""
        async with asyncio.timeout(PATIENCE):
            first, second = await self.reader.readexactly(2)
            size = second & 0x7F
            if size >= 126:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8))
            return first & 0xF, await self.reader.readexactly(size)

    async def reply(self, number):
        """The reply to the request `number`; whatever comes before it is passed over."""
        while True:
            opcode, payload = await self.message()
            assert opcode != CLOSE, payload
            if opcode == TEXT and (message := json.loads(payload)).get("re", 0) == number:
                return message

    async def close_code(self):
        """The code of the server's close frame."""
        while True:
            opcode, payload = await self.message()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2])

    async def hello(self, token):
        body = {"id": 1, "type": "hello", "body": {"token": token}}
        await self.send(frame(TEXT, json.dumps(body).encode()))
        assert (await self.reply(1))["ok"]
        return self

    def close(self):
        self.writer.transport.abort()


async def http_head(reader, writer, base, path, headers, method="GET", early=b""):
    """Sends a request by hand, `early` behind it: the status of the answer, and its headers by their names in lower case."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(base).netloc}", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + early)
    await writer.drain()
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)).decode("latin-1").split("\r\n")
    return int(head[0].split()[1]), {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
