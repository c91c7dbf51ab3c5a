#!/usr/bin/env python3
"""How many system calls the broker makes for each message it relays.

Starts the server with open rooms for adults, attaches strace to it, and relays signals in three ways: with all
connections busy, each sending one message as soon as everybody's last has arrived; sparsely, one at a time in the whole
server, when no two messages can share a wait for events; and in bursts of ten candidates sent in one TCP write, as a
browser that gathers candidates does.

    MQM_BROKER=.build/release/mqm-broker Tests/EndToEndTests/measure_system_calls.py --messages 10000
"""

import argparse
import asyncio
import importlib.metadata
import os
import platform
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import people
from broker import Broker
from stage import Stage

BURST = 10
CANDIDATE = ('{"candidate":"candidate:842163049 1 udp 1677729535 192.0.2.7 49203 typ srflx raddr 10.0.0.7 rport 49203 '
             'generation 0 ufrag EsAw network-cost 999","sdpMid":"0","sdpMLineIndex":0}')


class Strace:
    """Counts the system calls of a process from `attach` to `counts`."""

    def __init__(self, pid):
        self.pid = pid

    async def __aenter__(self):
        self.process = await asyncio.create_subprocess_exec("strace", "-c", "-f", "-p", str(self.pid), stderr=asyncio.subprocess.PIPE)
        while b"attached" not in (line := await asyncio.wait_for(self.process.stderr.readline(), 30)):
            if not line:
                raise SystemExit("strace could not attach: it must be allowed to trace the server (ptrace)")
        return self

    async def __aexit__(self, *_):
        if self.process.returncode is None:
            self.process.kill()

    async def counts(self):
        """System calls by name."""
        self.process.send_signal(signal.SIGINT)
        table = (await self.process.communicate())[1].decode()
        rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$", table, re.M)
        return {name: int(calls) for calls, name in rows if name != "total"}


class Rooms:
    """Open rooms with two clients in each; `pairs` are (sender, seat of the other, other, room)."""

    def __init__(self):
        self.pairs = []

    async def fill(self, stage, physicians, adults):
        for physician, adult in zip(physicians, adults):
            patient = await stage.enter(adult)
            scene = await stage.waiting_room(patient, practitioner=await stage.enter(physician))
            await patient.join(scene.room, "patient")
            await scene.connected(scene.practitioner, "practitioner", patient, "patient")
            self.pairs += [(patient, "practitioner", scene.practitioner, scene.room), (scene.practitioner, "patient", patient, scene.room)]
        return self

    async def waves(self, messages):
        """Every connection sends one signal; when all have arrived, again."""
        for sender, *_ in self.pairs:
            sender.signals.clear()
        start = time.monotonic()
        for wave in range(messages // len(self.pairs)):
            for sender, seat, _, room in self.pairs:
                sender.send_at_once([sender.signal_text(room, seat, data=CANDIDATE)])
            for _, _, receiver, _ in self.pairs:
                await receiver.until(lambda c: len(c.signals) > wave, timeout=120)
        return time.monotonic() - start

    async def relay(self, messages, rate, at_once):
        """Sends `messages` signals evenly at `rate` a second, `at_once` of them in each write, and waits for the last to arrive."""
        for sender, *_ in self.pairs:
            sender.signals.clear()
        start = time.monotonic()
        for turn in range(messages // at_once):
            sender, seat, _, room = self.pairs[turn % len(self.pairs)]
            sender.send_at_once([sender.signal_text(room, seat, data=CANDIDATE)] * at_once)
            # Without a pause the loop must still run, to read.
            await asyncio.sleep(max(0, start + (turn + 1) * at_once / rate - time.monotonic()))
        for turn, (_, _, receiver, _) in enumerate(self.pairs):
            expected = len(range(turn, messages // at_once, len(self.pairs))) * at_once
            await receiver.until(lambda c: len(c.signals) >= expected, timeout=120)
        return time.monotonic() - start


async def measure(options):
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(folder)
        physicians = [people.practitioner() for _ in range(options.rooms)]
        adults = [people.adult() for _ in range(options.rooms)]
        broker.import_accounts(physicians + adults)
        with broker:
            stage = Stage(broker)
            rooms = await Rooms().fill(stage, physicians, adults)
            results = {}
            for name, relay in (("all connections busy", lambda: rooms.waves(options.messages)),
                                ("sparse, one at a time", lambda: rooms.relay(options.messages, options.rate, 1)),
                                (f"bursts of {BURST} in one write", lambda: rooms.relay(options.messages, options.rate, BURST))):
                async with Strace(broker.process.pid) as strace:
                    seconds = await relay()
                    results[name] = seconds, await strace.counts()
            await stage.close()
    return results


def machine():
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    strace = subprocess.run(["strace", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    return (f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}\n"
            f"{strace}, Python {platform.python_version()}, websockets {importlib.metadata.version('websockets')}, server: {Broker.binary().parent.name} build")


def report(options, results):
    print(machine())
    print(f"{options.rooms} open rooms, {2 * options.rooms} connections, {options.messages} messages of each kind; sparse and bursts at {options.rate} a second\n")
    print(f"{'':32}{'calls a message':>16}{'calls':>10}{'messages/s':>12}")
    for name, (seconds, counts) in results.items():
        print(f"{name:32}{sum(counts.values()) / options.messages:16.2f}{sum(counts.values()):10}{options.messages / seconds:12.0f}")
        for call, count in sorted(counts.items(), key=lambda item: -item[1])[:6]:
            print(f"    {call:28}{count / options.messages:16.2f}{count:10}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=int, default=100)
    parser.add_argument("--messages", type=int, default=4000, help="relayed messages of each kind (default %(default)s)")
    parser.add_argument("--rate", type=int, default=200, help="messages a second (default %(default)s)")
    options = parser.parse_args()
    report(options, asyncio.run(measure(options)))
