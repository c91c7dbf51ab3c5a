"""The Autobahn cases, run by kosoku, against an echo over the same transport that the broker has, plain and TLS.

Cases 12 and 13 are about compression, which the server never agrees to.
"""

import asyncio
import collections
import os
import re
import ssl
import subprocess
import time
from pathlib import Path

import pytest
from kosoku import FailureError, run_fuzzingclient

ROOT = Path(__file__).resolve().parents[3]
ECHO = Path(os.environ.get("MQM_ECHO", ROOT / ".build" / "debug" / "echo-server"))
CASES = [f"{group}.*" for group in (1, 2, 3, 4, 5, 6, 7, 9, 10)]
COUNT = 301  # of these in the suite: none may be left out unseen
PATIENCE = 300  # seconds


class Echo:
    """The echo as a process, until its standard input is closed."""

    def __init__(self, *files):
        self.process = subprocess.Popen([ECHO, *files], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.process.stdout.readline())[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait(20) == 0, "the echo did not end well"


class Bridge:
    """Speaks TLS to a port for a client that cannot: each byte, and each end, is handed on as it comes."""

    def __init__(self, port, trust):
        self.port, self.trust = port, trust

    async def __aenter__(self):
        self.carrying = set()
        self.server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    async def __aexit__(self, *_):
        self.server.close()
        for each in self.carrying:
            each.cancel()

    def _accept(self, reader, writer):
        carrying = asyncio.create_task(self._carry(reader, writer))
        self.carrying.add(carrying)
        carrying.add_done_callback(self.carrying.discard)

    async def _carry(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.trust, server_hostname="localhost")
        await asyncio.gather(self._copy(reader, far_writer), self._copy(far_reader, writer))

    @staticmethod
    async def _copy(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    files = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-out", files[0], "-keyout", files[1]],
                   check=True, capture_output=True)
    return files


async def run(port, capsys, how):
    """Runs the cases, and says how each group went; a case that is not passed is named with what was expected."""
    started = time.monotonic()
    try:
        results = await asyncio.wait_for(run_fuzzingclient(f"ws://127.0.0.1:{port}/", CASES, concurrency=4), PATIENCE)
        failed = []
    except FailureError as failure:
        results = failure.results
        failed = [result for result in results if not result.passed]
    verdicts = collections.Counter(result.behavior.value for result in results)
    with capsys.disabled():
        print(f"\nAutobahn, {how}: {len(results)} cases in {time.monotonic() - started:.0f} s; "
              + ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())))
    assert not failed, "\n".join(
        f"{result.case_id}: {result.behavior.value}, {result.behavior_close.value}: {result.result} {result.result_close} "
        f"({result.expectation})" for result in failed)
    assert len(results) == COUNT
    return results


async def test_rfc6455_autobahn_cases_plain(capsys):
    with Echo() as echo:
        await run(echo.port, capsys, "plain")


async def test_rfc6455_autobahn_cases_tls(certificate, capsys):
    with Echo(*certificate) as echo:
        async with Bridge(echo.port, ssl.create_default_context(cafile=certificate[0])) as port:
            await run(port, capsys, "TLS")
