"""What patients and guardians meet on their way into the room."""

from pages import Asking
from scenario import CAMILLE, JULIE, REASON, people, to_the_open_room

AT_ONCE = 1  # second


def test_cu_9_the_form_and_the_waiting_room_say_that_this_is_no_emergency_service_and_call_15(demo, device):
    patient = Asking(device("chromium"), demo.url, CAMILLE).sign_in()
    patient.opens_the_form()
    patient.is_told_to_call_15_in_an_emergency()

    patient.sends_the_request(REASON)
    patient.is_in_the_waiting_room()
    patient.is_told_to_call_15_in_an_emergency()


def test_cu_6_3b_a_parent_beside_the_child_acts_for_them_on_the_same_device(demo, device):
    doctor, parent = people(demo, device("chromium"), device("chromium"), JULIE)
    to_the_open_room(doctor, parent, represented=True)
    doctor.is_alone()

    parent.goes_in_beside_the_patient()
    doctor.sees("patient")
    parent.sees("practitioner")
    doctor.start("patient", "parent")
    doctor.sees("patient")
    parent.sees("practitioner")


def test_rooms_4_a_person_who_opens_a_second_tab_goes_on_there(demo, device):
    doctor, patient = people(demo, device("chromium"), device("chromium"), CAMILLE)
    to_the_open_room(doctor, patient)
    patient.go_in()
    doctor.sees("patient")
    patient.sees("practitioner")

    second = patient.opens_a_second_tab()
    second.go_in()
    second.is_told_that_the_seat_is_theirs_elsewhere()
    patient.sees("practitioner")

    second.stays_elsewhere()
    patient.sees("practitioner")
    doctor.sees("patient")
    assert patient.device.says("callState") == "connected" and second.device.live_tracks() == 0

    second.go_in()
    second.is_told_that_the_seat_is_theirs_elsewhere()
    second.takes_over()
    patient.is_told_that_they_go_on_elsewhere()
    patient.has_stopped_everything(within=AT_ONCE)
    second.sees("practitioner")
    doctor.sees("patient")
