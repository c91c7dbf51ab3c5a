"""How long it takes until somebody who is gone is seen to be gone: their process killed, or their machine standing still.

`MQM_GONE=50` measures each fifty times, all at once, and prints medians and worst; pages that are closed are in `browsers/test_time_to_gone.py`.
"""

import asyncio
import os
import random
import signal
import statistics
import sys
import time
from pathlib import Path

import pytest

from people import Population
from proxy import Proxy
from stage import Stage

TIMES = int(os.environ.get("MQM_GONE", 4))
PRESENCE = 10  # seconds
HELPERS = Path(__file__).parents[1]
SEATED = 120  # seconds, for fifty processes that start at the same time


class Couples(Population):
    SIZES = {"practitioner": TIMES, "adult": TIMES, "minor": 0, "protected_adult": 0, "accompanied_adult": 0}


class Patient:
    """A patient's process, in their seat."""

    def __init__(self, process, scene):
        self.process, self.scene = process, scene

    @classmethod
    async def sits(cls, stage, person, url):
        asking = await stage.enter(person)
        scene = await stage.waiting_room(asking)
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(HELPERS / "sockets" / "absent.py"), url, scene.room, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(HELPERS)})
        process.stdin.write(f"{person.token}\n".encode())
        assert (await asyncio.wait_for(process.stdout.readline(), SEATED)).strip() == b"seated"
        await scene.practitioner.until(lambda c: c.seat(scene.room, "patient")["present"])
        return cls(process, scene)

    async def gone_after(self, go, later):
        """Seconds from when they went, which is `later` seconds from now, until the other side knew."""
        await asyncio.sleep(later)
        await asyncio.to_thread(go, self)
        went_at = time.monotonic()
        await self.scene.practitioner.until(lambda c: not c.seat(self.scene.room, "patient")["present"], timeout=3 * PRESENCE)
        return time.monotonic() - went_at


def kill(patient):
    patient.process.kill()


def freeze(patient):
    patient.process.send_signal(signal.SIGSTOP)


@pytest.mark.parametrize("what, go", [("process killed", kill), ("process stopped", freeze), ("network stalled", None)])
async def test_somebody_who_is_gone_is_seen_to_be_gone_within_ten_seconds(own_broker, what, go):
    population = Couples()
    own_broker.import_accounts(list(population.everyone()))
    own_broker.start()
    stage, proxy, patients = Stage(own_broker, population), Proxy().to(own_broker.port), []
    try:
        for _ in range(TIMES):
            patients.append(await Patient.sits(stage, population.take("adult"), own_broker.url if go else proxy.url))
        # Each at some moment between two of the server's pings; the network of all stalls once, as they took their seats at such moments.
        ways = [patient.gone_after(go, random.uniform(0, 4)) if go else patient.gone_after(lambda _: proxy.stall(), 1) for patient in patients]
        seconds = await asyncio.gather(*ways)
        print(f"{what}, {TIMES} times: gone after {statistics.median(seconds):.2f} s (median), {max(seconds):.2f} s (worst), {min(seconds):.2f} s (best)")
        assert max(seconds) < PRESENCE
    finally:
        for patient in patients:
            if patient.process.returncode is None:
                patient.process.kill()
            await patient.process.wait()
        await stage.close()
        proxy.close()
