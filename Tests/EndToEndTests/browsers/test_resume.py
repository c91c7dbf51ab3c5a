"""Calls outlive what carries their signals: a server that stops, a network that breaks, a machine that stands still.

`MQM_OUTAGE` and `MQM_FREEZE` are seconds: 60 holds what the product promises, the default what a quick run can afford.
"""

import os
import time
from itertools import pairwise

import pytest

from scenario import in_a_call

OUTAGE = float(os.environ.get("MQM_OUTAGE", 12))
FREEZE = float(os.environ.get("MQM_FREEZE", 15))
AT_ONCE = 1  # second
PRESENCE = 10  # seconds: somebody who is not heard of counts as gone within this
COMING_BACK = 40  # seconds: the longest pause between two attempts, and some


@pytest.fixture
def call(network, device):
    return in_a_call(network.broker, device("chromium"), device("chromium"), network.doctor.url, network.patient.url)


class Untouched:
    """The same peer connections and no new offer, with frames in every two seconds, from the beginning of the block to its end."""

    def __init__(self, *parties):
        self.devices = [party.device for party in parties]

    def __enter__(self):
        self.before = [self.made(device) for device in self.devices]
        for device in self.devices:
            device.watch_frames()
        return self

    def __exit__(self, fault, *_):
        if fault:
            return
        for device, before in zip(self.devices, self.before):
            seconds = device.frames_each_second()
            # On a busy machine a picture may be late by a moment, and then counts in the next second.
            assert len(seconds) > 1 and all(map(sum, pairwise(seconds))), f"frames of each second: {seconds}"
            assert self.made(device) == before, "peer connections made, and offers"

    @staticmethod
    def made(device):
        return device.made_connections(), device.frames_that_carried('"kind":"offer"')[0]


def ends_for_both(doctor, patient):
    doctor.end("completed")
    doctor.has_stopped_everything(within=AT_ONCE)
    patient.has_stopped_everything(within=AT_ONCE)
    patient.is_told_of_the_end()


@pytest.mark.parametrize("how, patients", [("kill", "chromium"), ("kill", "firefox"), ("stop", "chromium")])
def test_cu_5_1_a_call_goes_on_while_the_server_is_away_and_is_in_order_when_it_is_back(demo, device, how, patients):
    doctor, patient = in_a_call(demo, device("chromium"), device(patients))
    with Untouched(doctor, patient) as untouched:
        getattr(demo, how)()
        gone_at = time.monotonic()
        for party in (doctor, patient):
            party.is_told_that_the_service_is_lost()
        time.sleep(max(0, gone_at + OUTAGE - time.monotonic()))
        demo.start()
        for party in (doctor, patient):
            party.has_the_service_again(within=COMING_BACK)
        doctor.sees_back("patient", within=COMING_BACK)
        patient.sees_back("practitioner", within=COMING_BACK)
        doctor.device.wait("seat seat=patient present=true")
    seconds = [device.frames_each_second() for device in untouched.devices]
    print(f"{how}, away for {OUTAGE:.0f} s: frames decoded in each second, doctor {seconds[0]}, patient {seconds[1]}")
    ends_for_both(doctor, patient)


@pytest.mark.parametrize("who", ["patient", "doctor"])
def test_a_browser_that_stood_still_comes_back_by_itself_and_was_seen_to_be_away(demo, device, who):
    doctor, patient = in_a_call(demo, device("chromium"), device("chromium"))
    frozen, other, seat = (patient, doctor, "patient") if who == "patient" else (doctor, patient, "practitioner")
    frozen_at = time.monotonic()
    frozen.device.freeze()
    try:
        other.sees_reconnecting(seat, within=PRESENCE)
        noticed = time.monotonic() - frozen_at
        time.sleep(max(0, frozen_at + FREEZE - time.monotonic()))
    finally:
        frozen.device.thaw()
    thawed_at = time.monotonic()
    other.sees_back(seat)
    back = time.monotonic() - thawed_at
    doctor.sees("patient")
    patient.sees("practitioner")
    print(f"{who} stood still for {FREEZE:.0f} s: seen to be away after {noticed:.1f} s, back {back:.1f} s after, media {time.monotonic() - thawed_at:.1f} s after")
    ends_for_both(doctor, patient)


@pytest.mark.parametrize("how", ["refuse", "stall"])
def test_five_seconds_without_signals_on_one_side_are_noticed_by_nobody_else(network, call, how):
    doctor, patient = call
    doctor.device.run("window.away = 0; new MutationObserver(() => { away += document.querySelectorAll('[data-test=remote-away]').length; })"
                      ".observe(document.body, { childList: true, subtree: true })")
    with Untouched(doctor, patient):
        getattr(network.patient, how)()
        time.sleep(5)
        network.patient.restore()
        patient.has_the_service_again()
    assert doctor.device.run("return away") == 0
    ends_for_both(doctor, patient)


def test_after_twenty_seconds_without_signals_somebody_who_was_away_goes_on_with_the_same_connection(network, call):
    doctor, patient = call
    with Untouched(doctor, patient):
        cut_at = time.monotonic()
        network.patient.stall()
        doctor.sees_reconnecting("patient", within=PRESENCE)
        patient.is_told_that_the_service_is_lost()
        time.sleep(max(0, cut_at + 20 - time.monotonic()))
        network.patient.restore()
        patient.has_the_service_again(within=COMING_BACK)
        doctor.sees_back("patient")
        doctor.device.wait("seat seat=patient present=true")
    ends_for_both(doctor, patient)


@pytest.mark.parametrize("away", [2, 12])
def test_a_consultation_that_ended_while_somebody_was_away_stops_there_as_soon_as_they_hear_of_it(network, call, away):
    doctor, patient = call
    cut_at = time.monotonic()
    network.patient.refuse()
    patient.is_told_that_the_service_is_lost()
    time.sleep(max(0, cut_at + away - time.monotonic()))
    doctor.end("completed")
    doctor.has_stopped_everything(within=AT_ONCE)
    assert patient.device.live_tracks() == 2
    network.patient.restore()
    patient.has_stopped_everything(within=COMING_BACK)
    patient.is_told_of_the_end()


def test_a_practitioner_without_the_service_who_ends_is_told_what_happens_and_it_does(network, call):
    doctor, patient = call
    network.doctor.refuse()
    doctor.is_told_that_the_service_is_lost()
    doctor.asks_for_the_end()
    assert doctor.device.live_tracks() == 2, "it has not ended yet"
    network.doctor.restore()
    doctor.has_stopped_everything(within=COMING_BACK)
    patient.has_stopped_everything(within=AT_ONCE)
    patient.is_told_of_the_end()
