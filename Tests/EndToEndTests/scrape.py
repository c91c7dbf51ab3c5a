"""Metrics as Prometheus reads them, from the listener for operators' programs."""

import asyncio
import re
import shutil
import subprocess
import time
from pathlib import Path

from http_exchange import exchange

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)')
PATIENCE = 20  # seconds
LOOK_AGAIN = 0.05


class Scrape:
    """One reading: `scrape["mqm_seats", "patient"]` is the value of the series with exactly these label values."""

    def __init__(self, broker):
        answer = exchange(broker.operators, "GET", "/metrics")
        assert answer.status == 200, answer
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        self.text = answer.body.decode()
        self.types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", self.text, re.M))
        self.helps = dict(re.findall(r"^# HELP (\S+) (.+)$", self.text, re.M))
        self.samples = {}
        for line in self.text.splitlines():
            if not line.startswith("#"):
                name, labels, value = SAMPLE.fullmatch(line).groups()
                pairs = LABEL.findall(labels or "")
                assert ",".join(f'{key}="{text}"' for key, text in pairs) == (labels or ""), line
                key = (name, *(text for _, text in pairs))
                assert key not in self.samples, f"twice: {line}"
                self.samples[key] = float(value)

    def __getitem__(self, key):
        return self.samples[key if isinstance(key, tuple) else (key,)]

    @property
    def names(self):
        return {key[0] for key in self.samples}

    def since(self, before):
        """What has changed: the series and by how much."""
        return {key: value - before.samples.get(key, 0) for key, value in self.samples.items() if value != before.samples.get(key, 0)}


async def scraped(broker, holds):
    """A reading of which `holds` is true, waiting for it."""
    deadline = time.monotonic() + PATIENCE
    while not holds(reading := await asyncio.to_thread(Scrape, broker)):
        assert time.monotonic() < deadline, f"it never came to be so:\n{reading.text}"
        await asyncio.sleep(LOOK_AGAIN)
    return reading


def promtool(*arguments, text=None):
    """Prometheus' own judge; what it says."""
    found = shutil.which("promtool") or ROOT / ".deps" / "prometheus" / "usr" / "bin" / "promtool"
    done = subprocess.run([found, *arguments], input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
