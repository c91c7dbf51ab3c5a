"""CU-12.1 in real browsers: who erases their account in the middle of a call is gone from it at once."""

from account_pages import Newcomer
from broker import DEMO_PASSWORD
from scenario import CAMILLE, people, to_the_open_room

AT_ONCE = 1  # second


def test_cu_12_1_erasing_the_account_during_a_call_stops_all_media_and_the_practitioner_is_told(demo, device):
    doctor, patient = people(demo, device("chromium"), device("chromium"), CAMILLE)
    to_the_open_room(doctor, patient)
    patient.go_in()
    doctor.sees("patient")
    patient.sees("practitioner")
    doctor.start("patient")

    elsewhere = Newcomer(patient.device.second_tab(), demo, CAMILLE, DEMO_PASSWORD)
    elsewhere.come_back()
    elsewhere.erases()
    patient.has_stopped_everything(within=AT_ONCE)
    doctor.has_stopped_everything(within=AT_ONCE)
    doctor.is_told_of_the_end()
    assert patient.device.says("page") == "sign-in"
