"""Words and files in a call go from page to page: not one frame, file or line of the server's has them, and nothing is left afterwards."""

import os

from canaries import files_with
from pages import Asking
from scenario import CAMILLE, JULIE, LEA, people, to_the_open_room
from test_axe import seen

WORD, ANSWER = "canari-parole-9d1", "canari-reponse-9d1"
NAME, CONTENT = "canari-fichier-9d1.bin", b"canari-contenu-9d1"
MEGABYTES = 3
A_NEW_WAY = 60  # seconds, in which a connection finds one, also at the second attempt


def in_a_call(demo, doctors, patients):
    doctor, patient = people(demo, doctors, patients, CAMILLE)
    to_the_open_room(doctor, patient)
    patient.go_in()
    doctor.sees("patient")
    patient.sees("practitioner")
    return doctor, patient


def given_file(folder, name=NAME, size=MEGABYTES * 1_000_000):
    path = folder / name
    path.write_bytes(CONTENT + os.urandom(size - len(CONTENT)))
    return path


def test_words_and_a_file_pass_between_the_pages_and_never_the_server(demo, device, tmp_path):
    doctor, patient = in_a_call(demo, device("chromium"), device("firefox"))
    patient.writes(WORD)
    doctor.is_told_of_unread_messages(1)
    doctor.opens_the_chat()
    doctor.reads(WORD)
    patient.was_heard("practitioner")
    doctor.writes(ANSWER)
    patient.reads(ANSWER)

    assert not seen(doctor.device, "chat"), "axe has nothing against it"
    path = given_file(tmp_path)
    patient.gives(path)
    assert doctor.receives(NAME) == path.read_bytes()
    patient.file_is("done", "practitioner")
    back = given_file(tmp_path, "canari-retour-9d1.bin")
    doctor.gives(back)
    assert patient.receives(back.name) == back.read_bytes()

    doctor.start("patient")
    doctor.end("completed")
    for pages in (doctor, patient):
        pages.device.wait_gone("call")
        assert ANSWER not in pages.device.run("return document.documentElement.textContent"), "gone with the room"
        carried, frames = zip(*(pages.device.frames_that_carried(word) for word in (WORD, ANSWER, "canari-fichier", "canari-retour", CONTENT.decode())))
        assert min(frames) > 10 and sum(carried) == 0, "no frame of the socket has it"
    demo.stop()
    assert not files_with(demo, [WORD, ANSWER, "canari-fichier", "canari-retour", CONTENT.decode()])


def test_a_file_that_is_refused_does_not_come_and_one_that_is_too_large_is_not_offered(demo, device, tmp_path):
    doctor, patient = in_a_call(demo, device("chromium"), device("chromium"))
    patient.gives(given_file(tmp_path))
    doctor.opens_the_chat()
    doctor.refuses_the_file()
    patient.file_is("refused", "practitioner")
    assert not doctor.device.shows("chat-save")

    too_large = tmp_path / "grand.bin"
    with too_large.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    patient.gives(too_large)
    assert "20" in patient.device.text("chat-error")


def test_words_reach_a_guardian_on_an_own_device_too_and_survive_a_restart_of_ice(demo, device):
    doctor, child = people(demo, device("chromium"), device("chromium"), LEA)
    parent = Asking(device("chromium"), demo.url, JULIE).sign_in()
    to_the_open_room(doctor, parent, represented=True)
    child.go_in()
    parent.go_in_on_an_own_device()
    doctor.sees("patient", "guardian")

    doctor.writes(WORD)
    doctor.was_heard("patient", "guardian")
    for pages in (child, parent):
        pages.opens_the_chat()
        pages.reads(WORD)
    doctor.device.restart_ice()
    doctor.sees("patient", "guardian")
    parent.writes(ANSWER)
    parent.was_heard("practitioner", "patient", within=A_NEW_WAY)
    doctor.reads(ANSWER)
