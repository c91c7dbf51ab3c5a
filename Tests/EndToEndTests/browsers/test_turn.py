"""A call through a real coturn, with credentials that expire many times while it lasts.

MQM_TURN_MINUTES=6 holds it for so long, with credentials that live for two minutes; otherwise they live for ten seconds."""

import os
import re
import time

import pytest

from broker import Broker
from coturn import REALM, Coturn, secret_file
from scenario import CAMILLE, people, to_the_open_room

MINUTES = float(os.environ.get("MQM_TURN_MINUTES", 0))
LIFETIME = 120 if MINUTES else 10  # seconds, of credentials
HELD = MINUTES * 60 or 2.5 * LIFETIME  # seconds
PAUSE = 3  # seconds without a new frame that somebody would call frozen
AT_ONCE = 1


@pytest.fixture
def coturn(tmp_path):
    with Coturn(tmp_path) as coturn:
        yield coturn


@pytest.mark.parametrize("doctors, patients, transport", [("chromium", "chromium", "udp"), ("chromium", "chromium", "tcp"), ("chromium", "firefox", "udp")])
def test_a_call_through_a_relay_outlives_its_credentials_without_a_pause(tmp_path, device, coturn, doctors, patients, transport):
    url = next(url for url in coturn.urls if url.endswith(transport))
    options = ["--ice-turn", url, "--ice-turn-secret", str(secret_file(tmp_path, "un-secret-de-ce-test-0123456789")), "--ice-turn-ttl", str(LIFETIME),
               "--ice-turn-realm", REALM, "--ice-turn-database-command", coturn.command, "--ice-transport-policy", "relay"]
    with Broker(tmp_path, demo=True, options=options) as demo:
        doctor, patient = people(demo, device(doctors), device(patients), CAMILLE)
        to_the_open_room(doctor, patient)
        patient.go_in()
        devices = [doctor.device, patient.device]
        doctor.sees("patient")
        patient.sees("practitioner")
        doctor.start("patient")
        begun = time.time()
        before = [relayed(one) for one in devices]
        pauses = held(devices, HELD / 2)

        # The first credentials are of no use any more: a new way can be looked for with fresh ones only.
        assert time.time() > begun + LIFETIME
        doctor.device.restart_ice()
        pauses += held(devices, HELD / 2)
        after = [relayed(one) for one in devices]
        assert all(new != old for old, new in zip(before, after)), "both sides found a new way"
        assert max(expiries(coturn)) > begun + LIFETIME + 1
        print(f"held for {time.time() - begun:.0f} s with credentials of {LIFETIME} s: the longest pauses were {pauses} s")
        assert max(pauses) < PAUSE, pauses
        for one in devices:
            assert one.frames_that_carried('"type":"ice"')[0] >= HELD // LIFETIME

        doctor.end("completed")
        doctor.has_stopped_everything(within=AT_ONCE)
        patient.has_stopped_everything(within=AT_ONCE)
        doctor.device.until(lambda: not coturn.secrets, "the room's secret is gone")


def relayed(device):
    """Asserts that the only connection goes from relay to relay, and returns its ICE fragment."""
    (path,) = device.until(lambda: all(paths := device.paths()) and paths, "a way was found")
    assert path["local"] == path["remote"] == "relay", path
    return path["fragment"]


def held(devices, seconds):
    """Looks at the pictures for so long; the longest time without a new frame, on each of them."""
    counts, at, pauses = [0] * len(devices), [time.monotonic()] * len(devices), [0.0] * len(devices)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for number, device in enumerate(devices):
            frames, now = sum(device.frames_decoded()), time.monotonic()
            if frames > counts[number]:
                pauses[number] = max(pauses[number], round(now - at[number], 1))
                counts[number], at[number] = frames, now
            assert now - at[number] < 10, f"frozen on device {number}: {device.all_text()[:500]}"
        time.sleep(0.1)
    return pauses


def expiries(coturn):
    """When the credentials expire, or expired, with which allocations were made, in seconds since 1970."""
    return [int(found) for found in re.findall(r"user <(\d+):[0-9a-f-]+>: incoming packet ALLOCATE processed, success", coturn.log.read_text())]
