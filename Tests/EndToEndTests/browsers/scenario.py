"""The people of the demonstration (`--demo`), each on a device."""

from pages import Asking, Desk

ANNE = "anne.martin@demo.example"
CAMILLE = "camille.durand@demo.example"
LEA, JULIE, MARC = (f"{name}.petit@demo.example" for name in ("lea", "julie", "marc"))
PAUL, CLAIRE = "paul.moreau@demo.example", "claire.fabre@demo.example"
REASON = "Fièvre depuis deux jours"


def people(demo, doctors, patients, patient_email, doctor_url=None, patient_url=None):
    """`doctor_url` and `patient_url`: where each of them finds the server, if not where it is."""
    doctor = Desk(doctors, doctor_url or demo.url, ANNE).sign_in()
    doctor.becomes_available()
    patient = Asking(patients, patient_url or demo.url, patient_email).sign_in()
    return doctor, patient


def to_the_open_room(doctor, asking, represented=False):
    """A request is claimed and its room opened; the doctor is in, and nobody else."""
    asking.ask(REASON, represented)
    card = doctor.claim(REASON)
    doctor.open_room()
    return card


def in_a_call(demo, doctors, patients, doctor_url=None, patient_url=None):
    """A consultation in progress, in which both see each other."""
    doctor, patient = people(demo, doctors, patients, CAMILLE, doctor_url, patient_url)
    to_the_open_room(doctor, patient)
    patient.go_in()
    doctor.sees("patient")
    doctor.start("patient")
    patient.sees("practitioner")
    return doctor, patient
