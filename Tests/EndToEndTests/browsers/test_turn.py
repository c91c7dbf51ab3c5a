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
PAUSE = 8  # seconds without a new frame: far more than a busy machine costs, and far less than a way that is lost
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
        for one in devices:
            one.watches_pauses()
        time.sleep(HELD * 4 / 5)  # this is the test: it has to last

        # The first credentials are of no use any more: a new way can be looked for with fresh ones only.
        assert time.time() > begun + LIFETIME
        doctor.device.restart_ice()
        time.sleep(HELD / 5)
        for one, old in zip(devices, before):
            one.until(lambda: relayed(one) != old, "a new way was found")
        assert max(expiries(coturn)) > begun + LIFETIME + 1
        doctor.sees("patient")
        patient.sees("practitioner")
        pauses = [round(one.longest_pause(), 2) for one in devices]
        print(f"held for {time.time() - begun:.0f} s with credentials of {LIFETIME} s: the longest pauses were {pauses} s")
        assert max(pauses) < PAUSE, f"{pauses}; the machine's load is {os.getloadavg()[0]}"
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


def expiries(coturn):
    """When the credentials expire, or expired, with which allocations were made, in seconds since 1970."""
    return [int(found) for found in re.findall(r"user <(\d+):[0-9a-f-]+>: incoming packet ALLOCATE processed, success", coturn.log.read_text())]
