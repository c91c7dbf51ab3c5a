"""The people of the demonstration (`--demo`), each on a device."""

from pages import Asking, Desk

ANNE = "anne.martin@demo.example"
CAMILLE = "camille.durand@demo.example"
LEA, JULIE, MARC = (f"{name}.petit@demo.example" for name in ("lea", "julie", "marc"))
PAUL, CLAIRE = "paul.moreau@demo.example", "claire.fabre@demo.example"
REASON = "Fièvre depuis deux jours"


def people(demo, doctors, patients, patient_email):
    doctor = Desk(doctors, demo.url, ANNE).sign_in()
    doctor.becomes_available()
    patient = Asking(patients, demo.url, patient_email).sign_in()
    return doctor, patient


def to_the_open_room(doctor, asking, represented=False):
    """A request is claimed and its room opened; the doctor is in, and nobody else."""
    asking.ask(REASON, represented)
    card = doctor.claim(REASON)
    doctor.open_room()
    return card
