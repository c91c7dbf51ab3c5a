"""A whole teleconsultation between two real browsers, with media frames decoded on both sides."""

import pytest

from scenario import CAMILLE, people, to_the_open_room

AT_ONCE = 1  # second: media must have stopped on both sides by then


@pytest.mark.parametrize("doctors, patients", [("chromium", "chromium"), ("chromium", "firefox"), ("firefox", "chromium")])
def test_cu_6_an_adult_and_a_practitioner_see_each_other_until_the_practitioner_ends(demo, device, doctors, patients):
    doctor, patient = people(demo, device(doctors), device(patients), CAMILLE)
    card = to_the_open_room(doctor, patient)
    assert "Durand" not in card and "Camille" not in card, "CU-6.1b: no identity before the claim"
    doctor.is_alone()

    patient.go_in()
    doctor.sees("patient")
    patient.sees("practitioner")

    doctor.start("patient")
    doctor.sees("patient")
    patient.sees("practitioner")

    doctor.end("completed")
    doctor.has_stopped_everything(within=AT_ONCE)
    patient.has_stopped_everything(within=AT_ONCE)
    patient.is_told_of_the_end()
