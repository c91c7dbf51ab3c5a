"""The real server as a process: start, stop, kill, start again on the same data.

Everything about the server's command line is in this file.
"""

import json
import os
import re
import selectors
import signal
import subprocess
import threading
import time
from pathlib import Path

from letters import Mailbox

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MQM_BROKER", ROOT / ".build" / "debug" / "mqm-broker"))
WEB = Path(os.environ.get("MQM_WEB", ROOT / "web"))
LEGAL = ROOT / "legal"  # the texts that people agree to
READY = re.compile(r"listening on (https?://127\.0\.0\.1:(\d+))")
OPERATORS = re.compile(r"metrics and health on (http://127\.0\.0\.1:\d+)\n")
START_TIMEOUT = 60  # seconds, for a debug build on a machine that compiles at the same time
STOP_TIMEOUT = 20
DEMO_PASSWORD = "demonstration-2026"
# With these options people come from addresses of their own (X-Forwarded-For), as throttles count by address.
TRUSTED = ["--proxies", "127.0.0.1"]


class Broker:
    def __init__(self, folder, demo=False, options=(), legal=LEGAL):
        self.data, self.log = Path(folder) / "data", Path(folder) / "server.log"
        self.data.mkdir(parents=True, exist_ok=True)
        self.demo, self.options, self.legal = demo, list(options), legal
        self.mailbox = Mailbox(self.data / "outbox")  # where letters go unless the options say otherwise
        self.process = self.url = None
        self.operators = None  # where metrics and health are
        self.port = 0  # chosen by the system at the first start, kept for the next ones

    def import_accounts(self, people):
        """Makes accounts for `people` (people.Person), who learn their ids and tokens."""
        if not self.alive:
            self.publish()  # what they have agreed to
        lines = "".join(json.dumps(person.line(), ensure_ascii=False) + "\n" for person in people)
        done = subprocess.run([self.binary(), "account", "import", "-", "--data", self.data, "--tokens"],
                              input=lines, capture_output=True, text=True, timeout=START_TIMEOUT)
        if done.returncode:
            raise AssertionError(f"account import failed with {done.returncode}: {done.stderr or done.stdout}")
        made = {row["email"]: row for row in map(json.loads, filter(None, done.stdout.splitlines()))}
        for person in people:
            person.id, person.token = made[person.email]["id"], made[person.email]["token"]

    def account(self, *arguments):
        """An operator's command about accounts, while the server runs or not; what it prints."""
        return self.command("account", *arguments)

    def publish(self):
        """The texts of the folder take effect, while the server runs or not."""
        self.command("texts", "publish", "--legal", self.legal)

    def command(self, group, name, *arguments, text=None):
        """What an operator's command prints; `text` is its standard input."""
        command = [self.binary(), group, name, "--data", self.data, *arguments]
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=START_TIMEOUT)
        if done.returncode:
            raise AssertionError(f"{group} {name} failed with {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def drain(self, *arguments):
        """An operator announces a maintenance, or takes it back; how the command ended and what it said."""
        return subprocess.run([self.binary(), "drain", "--data", self.data, *arguments], capture_output=True, text=True,
                              timeout=START_TIMEOUT)

    def start(self):
        command = [self.binary(), "run", "--data", self.data, "--web", WEB, "--legal", self.legal, "--port", str(self.port),
                   "--metrics-port", "0"]
        command += ["--demo"] if self.demo else []
        self.process = subprocess.Popen(command + self.options, stdout=subprocess.PIPE, stderr=self.log.open("ab"),
                                        stdin=subprocess.DEVNULL, start_new_session=True)
        self.url, self.port = self._ready()
        # What it says later must not fill the pipe.
        threading.Thread(target=self._drain, args=(self.process.stdout,), daemon=True).start()
        return self

    def stop(self):
        """SIGTERM, as a service manager sends it; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop within {STOP_TIMEOUT} s of SIGTERM\n{self.tail()}") from None

    def kill(self):
        """SIGKILL: nothing that the process holds in memory survives."""
        self.process.kill()
        self.process.wait()

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def tail(self):
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.alive:
            self.stop()

    @staticmethod
    def binary():
        if not BINARY.exists():
            raise AssertionError(f"no server at {BINARY}: build it with ./mqm build, or set MQM_BROKER")
        return BINARY

    def _ready(self):
        said, deadline = b"", time.monotonic() + START_TIMEOUT
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while time.monotonic() < deadline:
                if not selector.select(deadline - time.monotonic()):
                    break
                chunk = os.read(self.process.stdout.fileno(), 4096)
                said += chunk
                if found := READY.search(said.decode(errors="replace")):
                    operators = OPERATORS.search(said.decode(errors="replace"))
                    self.operators = operators and operators[1]
                    return found[1], int(found[2])
                if not chunk:
                    break
        self.process.kill()
        raise AssertionError(f"the server did not say that it listens; it said {said!r}\n{self.tail()}")

    def _drain(self, stream):
        with stream, self.log.open("ab") as log:
            for line in stream:
                log.write(line)
