"""A network between a client and the server that can be broken in the ways in which networks break."""

import asyncio
import socket
import struct
import threading

CHUNK = 65536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST


class Proxy:
    """Carries TCP connections from a port of its own to the server's, which is named with `to`; `url` is where clients go."""

    def __init__(self):
        self.target = None
        self._loop = asyncio.new_event_loop()
        self._writers, self._tasks = set(), set()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.port = self._do(self._listen(0))
        self.url = f"http://127.0.0.1:{self.port}"

    def to(self, port):
        self.target = port
        return self

    def stall(self):
        """Nothing gets through, and nobody is told: a cable that was pulled, a machine that stands still."""
        self._do(self._stall())

    def reset(self):
        """Every connection breaks; new ones are possible."""
        self._do(self._reset())

    def refuse(self):
        """Every connection breaks, and new ones are refused."""
        self._do(self._refuse())

    def restore(self):
        """All is well again. What was stalled gets through now."""
        self._do(self._restore())

    def close(self):
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _listen(self, port):
        self._open = asyncio.Event()
        self._open.set()
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", port)
        return self._server.sockets[0].getsockname()[1]

    async def _stall(self):
        self._open.clear()

    async def _reset(self):
        for writer in list(self._writers):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()

    async def _refuse(self):
        if self._server:
            self._server.close()
            self._server = None
        await self._reset()

    async def _restore(self):
        self._open.set()
        if not self._server:
            self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def _end(self):
        await self._refuse()
        self._open.set()  # whatever waits finds its connection broken
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, reader, writer):
        self._tasks.add(task := asyncio.current_task())
        task.add_done_callback(self._tasks.discard)
        await self._open.wait()
        try:
            onward = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:  # the server is down
            writer.transport.abort()
            return
        ends = {writer, onward[1]}
        self._writers |= ends
        await asyncio.gather(self._pump(reader, onward[1]), self._pump(onward[0], writer))
        self._writers -= ends

    async def _pump(self, reader, writer):
        try:
            while data := await reader.read(CHUNK):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
            await self._open.wait()
            writer.close()
        except OSError:  # one end broke: the other one hears of it
            await self._open.wait()
            writer.transport.abort()
