"""CU-8, CU-13 in the browser: both parties read what happened and what went wrong, and hold a file that proves it without the server."""

import subprocess

import pytest

from broker import Broker
from life_pages import Surgery, Waiting
from record_pages import Record
from scenario import ANNE, CAMILLE, JULIE, REASON

STORY = ["requested", "claimed", "opened", "started", "ended", "closed"]
FAILED = 1  # exit status


@pytest.fixture
def broker(tmp_path):
    with Broker(tmp_path, demo=True) as broker:
        yield broker


def test_cu_8_and_13_both_parties_read_the_record_and_its_bundle_is_verified_offline(broker, device, tmp_path):
    anne = Surgery(device("chromium"), broker.url, ANNE).sign_in()
    anne.becomes_available()
    camille = Waiting(device("chromium"), broker.url, CAMILLE).sign_in()
    camille.ask(REASON)
    camille.is_in_the_waiting_room()
    camille.tries_the_device(hears_the_sound=False)
    anne.claim(REASON)
    anne.open_room()
    camille.go_in()
    anne.sees("patient")
    anne.start("patient")
    anne.end()
    camille.is_told_of_the_end()
    camille.closes()

    records = [Record(party) for party in (camille, anne)]
    for record in records:
        record.is_in_the_list()
        record.opens_the_newest()
        assert record.events() == STORY
        assert record.incidents()[0] == "incident" and record.incidents()[-1] == "ended"
        assert "échoué (son)" in record.on_the_sheet("check")
        record.says_whose("Camille Durand", "Anne Martin")
    files = [record.downloads_the_bundle() for record in records]
    command = records[0].command()
    assert broker.stop() == 0

    assert files[0] == files[1]
    name, proof = files[0]
    assert verified(broker, tmp_path, command, name, proof).returncode == 0
    for was, instead in ((b"completed", b"emergency"), (b'\\"started\\"', b'\\"stopped\\"')):
        assert was in proof
        assert verified(broker, tmp_path, command, name, proof.replace(was, instead)).returncode == FAILED


def test_cu_13_the_record_of_somebody_else_is_not_shown(broker, device):
    camille = Waiting(device("chromium"), broker.url, CAMILLE).sign_in()
    camille.ask(REASON)
    camille.is_in_the_waiting_room()
    _, consultation = camille.device.run("return location.hash").rsplit("/", 1)
    julie = Waiting(device("chromium"), broker.url, JULIE).sign_in()
    julie.device.go(f"{broker.url}/#/record/{consultation}")
    julie.device.wait("load-failed")
    assert not julie.device.shows("timeline")


def verified(broker, folder, command, name, proof):
    """Runs what the page says, in a folder with nothing but the file."""
    alone = folder / "elsewhere"
    alone.mkdir(exist_ok=True)
    (alone / name).write_bytes(proof)
    assert command[0] == "mqm-broker"
    return subprocess.run([broker.binary(), *command[1:]], cwd=alone, capture_output=True, text=True, timeout=60)
