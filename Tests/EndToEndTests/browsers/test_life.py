"""CU-4.2, 5.1, 6.2, 6.5 in the browser: refusal, another physician, deadlines that pass, a claim given back, closing, maintenance."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from broker import Broker
from life_pages import Surgery, Waiting
from scenario import ANNE, CAMILLE, JULIE, REASON

HUGO = "hugo.bernard@demo.example"
MESSAGE = "Mise à jour du service."
AT_ONCE = 1  # second


@pytest.fixture
def clinic(tmp_path, device):
    """Two physicians and a patient of the first, on a server with options: `clinic("--rules-claim-time", "5")`."""
    brokers = []

    def opened(*options):
        broker = Broker(tmp_path, demo=True, options=options).start()
        brokers.append(broker)
        anne, hugo = (Surgery(device("chromium"), broker.url, email).sign_in() for email in (ANNE, HUGO))
        for physician in (anne, hugo):
            physician.becomes_available()
        return broker, anne, hugo, Waiting(device("chromium"), broker.url, CAMILLE).sign_in()

    yield opened
    for broker in brokers:
        broker.kill()


def test_cu_6_2_and_6_5_refused_named_another_overdue_opened_to_all_given_back_and_claimed_by_another(clinic):
    broker, anne, hugo, camille = clinic("--rules-claim-time", "4")
    camille.ask(REASON, assignment="attending")
    camille.is_in_the_waiting_room()
    anne.refuses("personal")
    camille.is_refused("personal")

    camille.names_another("Bern", id_of(hugo))
    camille.waits_for("requested")
    camille.is_told_that_it_is_overdue("claim")
    hugo.sees_that_a_card_is_overdue()
    camille.opens_it_to_everybody()

    anne.claim(REASON)
    camille.waits_for("claimed")
    camille.may_only_cancel()
    anne.open_room()
    camille.go_in()
    anne.sees("patient")
    anne.leaves_the_room()
    anne.gives_it_back()
    camille.is_told_that_the_room_is_closed("released")
    camille.has_stopped_everything(within=AT_ONCE)

    hugo.claim(REASON)
    hugo.open_room()
    camille.go_in()
    hugo.sees("patient")
    camille.sees("practitioner")
    hugo.start("patient")
    hugo.end()
    camille.is_told_of_the_end()
    camille.closes()
    hugo.sees_the_closure("confirmed")


def test_cu_6_2_when_the_start_is_overdue_the_patient_goes_elsewhere_and_the_practitioner_is_told(clinic):
    broker, anne, hugo, camille = clinic("--rules-start-time", "5")
    camille.ask(REASON)
    anne.claim(REASON)
    anne.open_room()
    camille.is_told_that_it_is_overdue("start")
    camille.names_another("Bern", id_of(hugo))
    anne.is_told_that_the_patient_went_elsewhere()
    anne.has_stopped_everything(within=AT_ONCE)
    hugo.claim(REASON)
    camille.waits_for("claimed")
    camille.cancels()


def test_cu_4_2_the_device_check_is_reported_once_without_anything_of_the_device_but_its_outcome(clinic):
    broker, anne, _, camille = clinic()
    camille.ask(REASON)
    camille.is_in_the_waiting_room()
    camille.tries_the_device(hears_the_sound=False)
    anne.claim(REASON)
    anne.open_room()
    camille.go_in()
    anne.sees("patient")
    anne.end("technical")
    anne.closes()
    assert reports(broker) == [{"kind": "device_check", "seat": None, "result": "failed", "browser": "ok", "camera": "ok", "connection": "ok",
                                "microphone": "ok", "speaker": "failed"}]


def test_cu_5_1_pages_tell_of_a_maintenance_before_and_after_signing_in_and_let_nothing_new_begin(clinic, device):
    broker, anne, _, camille = clinic()
    julie = Waiting(device("chromium"), broker.url, JULIE).sign_in()
    julie.ask(REASON)
    anne.claim(REASON)
    anne.open_room()
    anne.is_alone()
    camille.opens_the_form()
    until = (datetime.now(UTC) + timedelta(hours=2)).isoformat(timespec="seconds")
    assert broker.drain("--until", until, "--message", MESSAGE).returncode == 0
    camille.is_told_of_the_maintenance(MESSAGE)
    camille.device.wait("ask-maintenance")
    assert camille.device.attribute("ask-submit", "aria-disabled") == "true"
    stranger = Waiting(device("chromium"), broker.url, None)
    stranger.device.open(broker.url)
    stranger.is_told_of_the_maintenance(MESSAGE)

    assert broker.drain("--undo").returncode == 0
    camille.hears_of_no_maintenance()
    camille.sends_the_request(REASON)
    camille.is_in_the_waiting_room()


def id_of(pages):
    """The account of whoever is signed in there."""
    return pages.device.run("return (await (await fetch('/v1/session')).json()).account.id")


def reports(broker):
    """What the pages have reported of device checks, as it stands on record."""
    with sqlite3.connect(f"file:{broker.data / 'record.sqlite'}?mode=ro", uri=True) as record:
        rows = record.execute("SELECT details FROM journal WHERE event = 'incident' ORDER BY seq").fetchall()
    return [details for row, in rows if (details := json.loads(row))["kind"] == "device_check"]
