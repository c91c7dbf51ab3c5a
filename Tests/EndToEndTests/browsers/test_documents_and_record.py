"""CU-5.2 and 13 in the browser: a document handed over in the call, fetched after it and confirmed; what proves all of it, taken away."""

import subprocess
import sys

import pytest

import documents
from broker import ROOT
from document_pages import Patient, Physician
from record_pages import Record
from scenario import ANNE, CAMILLE, REASON

VERIFIER = ROOT / "Tests" / "EndToEndTests" / "verify_bundle.py"
NAME = "Ordonnance.pdf"
STORY = ["requested", "claimed", "opened", "started", "document_handed_over", "ended", "document_fetched", "closed"]
LARGE = 10 * 1024 * 1024  # bytes: the largest that may be handed over


@pytest.fixture
def in_a_call(demo, device):
    """A physician and a patient who see each other: `in_a_call("chromium", "firefox")`."""
    def called(doctors, patients):
        doctor, patient = Physician(device(doctors), demo.url, ANNE).sign_in(), Patient(device(patients), demo.url, CAMILLE).sign_in()
        doctor.becomes_available()
        patient.ask(REASON)
        doctor.claim(REASON)
        doctor.open_room()
        patient.go_in()
        doctor.sees("patient")
        doctor.start("patient")
        return doctor, patient

    return called


def test_cu_5_2_and_13_a_document_is_handed_over_in_the_call_fetched_after_it_confirmed_and_proved_offline(demo, in_a_call, tmp_path):
    doctor, patient = in_a_call("chromium", "firefox")
    path = tmp_path / NAME
    path.write_bytes(documents.pdf(size=1_500_000))
    doctor.opens_the_documents()
    doctor.hands_over(path)
    patient.is_told_of_a_document()
    doctor.sees_the_document(fetched=False)

    doctor.end("completed")
    patient.is_told_of_the_end()
    assert patient.fetches(NAME) == path.read_bytes()
    doctor.sees_the_document(fetched=True)
    patient.closes()
    doctor.sees_the_closure("confirmed")

    bundles = []
    for party in (patient, doctor):
        record = Record(party)
        record.is_in_the_list()
        record.opens_the_newest()
        assert record.events() == STORY
        bundles.append(record.downloads_the_bundle())
    key = record.command()[-1]
    demo.stop()
    for number, (name, proof) in enumerate(bundles):
        file = tmp_path / f"{number}-{name}"
        file.write_bytes(proof)
        for verifier in ([demo.binary(), "record", "verify-bundle", file, "--key", key], [sys.executable, VERIFIER, file, key]):
            subprocess.run(verifier, cwd=tmp_path, check=True, capture_output=True, timeout=60)


def test_cu_5_2_the_largest_document_gets_through_a_connection_that_breaks_twice_each_way(in_a_call, tmp_path):
    doctor, patient = in_a_call("chromium", "chromium")
    path = tmp_path / NAME
    path.write_bytes(documents.pdf(size=LARGE))
    sent = doctor.device.breaks("**/content", 5, 20)
    fetched = patient.device.breaks("**/content", 2, 6)
    doctor.opens_the_documents()
    doctor.hands_over(path, "letter", "Courrier au spécialiste")
    assert len(sent) == 40 + 2, "it went on where it was"

    doctor.end("completed")
    assert patient.fetches("Courrier au spécialiste.pdf") == path.read_bytes()
    assert len(fetched) == 10 + 2, "it went on where it was"


def test_cu_5_2_a_file_that_lies_about_its_type_is_refused_in_words_and_one_of_another_type_is_not_sent(in_a_call, tmp_path):
    doctor, _ = in_a_call("chromium", "chromium")
    doctor.opens_the_documents()
    lie, text = tmp_path / "photo.png", tmp_path / "note.txt"
    lie.write_bytes(documents.pdf())
    text.write_text("une note")
    doctor.chooses(lie, "other")
    doctor.device.click("document-submit")
    doctor.device.wait("transfer phase=failed")
    assert "type" in doctor.device.text("transfer-phase")
    doctor.device.click("transfer-cancel")

    doctor.chooses(text, "other")
    doctor.device.click("document-submit")
    assert "PDF" in doctor.device.text("document-error")
    assert not doctor.device.shows("document") and not doctor.device.shows("upload")
