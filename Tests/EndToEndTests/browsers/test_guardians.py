"""CU-6.3 in real browsers: nothing is seen while somebody who must be there is not."""

import pytest

from pages import Asking
from scenario import CLAIRE, JULIE, LEA, PAUL, people, to_the_open_room

AT_ONCE = 1  # second after a page was closed
POWER_CUT = 10  # seconds after a machine died


@pytest.fixture
def minors_call(demo, device):
    """A doctor, a minor, and a parent on a third device, in the middle of the teleconsultation."""
    doctor, child = people(demo, device("chromium"), device("chromium"), LEA)
    parent = Asking(device("firefox"), demo.url, JULIE).sign_in()
    to_the_open_room(doctor, parent, represented=True)
    child.go_in()
    doctor.is_alone()
    parent.go_in_on_an_own_device()
    everyone_sees_everyone(doctor, child, parent)
    doctor.start("patient", "parent")
    return doctor, child, parent


def everyone_sees_everyone(doctor, child, parent):
    doctor.sees("patient", "guardian")
    child.sees("practitioner", "guardian")
    parent.sees("practitioner", "patient")


def test_cu_6_3c_a_minors_call_is_suspended_when_the_parents_page_is_closed_and_goes_on_when_it_is_back(minors_call):
    doctor, child, parent = minors_call
    parent.device.close_page()
    for pages in (doctor, child):
        pages.sees_nobody(within=AT_ONCE)
        pages.is_told_of_the_suspension()

    parent.come_back().go_in_on_an_own_device()
    everyone_sees_everyone(doctor, child, parent)


def test_cu_6_3c_a_minors_call_is_suspended_when_the_parents_browser_is_killed_and_goes_on_with_another(demo, device, minors_call):
    doctor, child, parent = minors_call
    parent.device.kill()
    for pages in (doctor, child):
        pages.sees_nobody(within=POWER_CUT)
        pages.is_told_of_the_suspension()

    back = Asking(device("chromium"), demo.url, JULIE).sign_in()
    back.go_in_on_an_own_device()
    everyone_sees_everyone(doctor, child, back)


def test_cu_6_3b_a_tutor_beside_a_protected_adult_signs_in_on_the_same_device(demo, device):
    doctor, patient = people(demo, device("chromium"), device("firefox"), PAUL)
    to_the_open_room(doctor, patient)
    patient.go_in()
    doctor.is_alone()

    patient.is_accompanied_by(CLAIRE)
    doctor.sees("patient")
    patient.sees("practitioner")
    doctor.start("patient", "tutor")

    patient.is_no_longer_accompanied()
    for pages in (doctor, patient):
        pages.sees_nobody(within=AT_ONCE)
        pages.is_told_of_the_suspension()
    patient.is_accompanied_by(CLAIRE)
    doctor.sees("patient")
    patient.sees("practitioner")
