"""How letters leave: by SMTP with TLS, through sendmail, into a folder; and that none is lost on the way."""

import asyncio
import socket
import sqlite3
import ssl
import stat
import subprocess
import threading
import time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

import people
from api import Api
from broker import TRUSTED, Broker
from letters import Letter, Mailbox
from newcomers import Newcomer, settled

SENDER = "mqm@consult.example"
USER, SECRET = "mqm", "un-secret-de-messagerie"


class Office:
    """A mail server that keeps what it gets, or refuses the first `refusals` messages."""

    def __init__(self, refusals=0, answer="451 come back later"):
        self.refusals, self.answer = refusals, answer
        self.letters, self.envelopes, self._changed = [], [], threading.Condition()

    async def handle_DATA(self, server, session, envelope):
        with self._changed:
            self.envelopes.append(envelope)
            refused = len(self.envelopes) <= self.refusals
            if not refused:
                self.letters.append(Letter(envelope.content))
            self._changed.notify_all()
        return self.answer if refused else "250 kept"

    def wait(self, holds, timeout=20):
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self), timeout), (len(self.letters), len(self.envelopes))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 and its key, as PEM files."""
    folder = tmp_path_factory.mktemp("certificate")
    files = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1]],
                   check=True, capture_output=True)
    return files


@pytest.fixture
def post(certificate):
    """Opens mail servers: `post(Office())` is its port. They are closed at the end."""
    controllers = []

    def open_office(office, **options):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        controller = Controller(office, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True, **options)
        controller.start()
        controllers.append(controller)
        return controller.port

    yield open_office
    for controller in controllers:
        controller.stop()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def smtp(port, authority, *more):
    return [*TRUSTED, "--mail-delivery", "smtp", "--mail-smtp-url", f"smtp://127.0.0.1:{port}", "--mail-smtp-ca", str(authority),
            "--mail-from", SENDER, *more]


def due_now(broker):
    """The clock set forward for letters that wait for their next try."""
    with sqlite3.connect(broker.data / "accounts.sqlite", timeout=20) as database:
        database.execute("UPDATE mail SET next_try_at = 0")


def waiting(broker):
    with sqlite3.connect(broker.data / "accounts.sqlite", timeout=20) as database:
        return database.execute("SELECT count(*), coalesce(max(tries), 0) FROM mail").fetchone()


def ask_for_a_link(broker, person):
    Api(broker).post("/v1/password/forgotten", {"email": person.email})


@pytest.fixture
def served(tmp_path):
    """Starts a server with an account that has an e-mail address: `served(options)`."""
    brokers = []

    def start(options):
        broker = Broker(tmp_path, options=options)
        brokers.append(broker)
        person = people.adult()
        broker.import_accounts([person])
        return broker.start(), person

    yield start
    for broker in brokers:
        if broker.alive:
            broker.kill()


def test_a_letter_goes_by_smtp_with_starttls_in_both_forms_to_its_recipient_alone(served, post, certificate):
    office = Office()
    broker, person = served(smtp(post(office), certificate[0]))
    ask_for_a_link(broker, person)
    office.wait(lambda o: o.letters)
    (envelope,), (letter,) = office.envelopes, office.letters
    assert (envelope.mail_from, envelope.rcpt_tos, letter.to) == (SENDER, [person.email], person.email)
    assert letter.link[:2] == (broker.url, "reset")
    Api(broker).post("/v1/password/reset", {"token": letter.token, "password": people.PASSWORD})


def test_the_mail_server_is_signed_in_to_and_the_password_is_in_no_log(served, post, certificate):
    office, seen = Office(), []

    def authenticator(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=(data.login, data.password) == (USER.encode(), SECRET.encode()))

    port = post(office, authenticator=authenticator, auth_required=True)
    broker, person = served(smtp(port, certificate[0], "--mail-smtp-user", USER, "--mail-smtp-password", SECRET))
    ask_for_a_link(broker, person)
    office.wait(lambda o: o.letters)
    assert seen == [(USER.encode(), SECRET.encode())]
    assert SECRET not in broker.tail() and person.email not in broker.tail()


def test_a_server_whose_certificate_is_not_trusted_gets_nothing(served, post, certificate, tmp_path):
    other = tmp_path / "other.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", other, "-keyout", tmp_path / "key.pem"],
                   check=True, capture_output=True)
    office = Office()
    broker, person = served(smtp(post(office), other))
    ask_for_a_link(broker, person)
    wait_until(lambda: waiting(broker)[1] == 1)
    assert not office.envelopes and waiting(broker)[0] == 1


def wait_until(holds, timeout=20):
    """Looks into the server's database, which nobody tells of changes."""
    deadline = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_server_that_refuses_at_first_gets_the_letter_later(served, post, certificate):
    office = Office(refusals=2)
    broker, person = served(smtp(post(office), certificate[0]))
    ask_for_a_link(broker, person)
    for tries in (1, 2):
        wait_until(lambda: waiting(broker) == (1, tries))
        due_now(broker)
    office.wait(lambda o: o.letters)
    wait_until(lambda: waiting(broker)[0] == 0)
    assert len(office.letters) == 1 and len({envelope.content for envelope in office.envelopes}) <= 3


def test_a_letter_that_is_refused_for_good_is_given_up(served, post, certificate):
    office = Office(refusals=1, answer="550 no such person")
    broker, person = served(smtp(post(office), certificate[0]))
    ask_for_a_link(broker, person)
    office.wait(lambda o: o.envelopes)
    wait_until(lambda: waiting(broker)[0] == 0)
    assert not office.letters


def test_letters_that_wait_survive_a_crash_and_are_sent_by_the_next_run(served, post, certificate):
    office = Office()
    broker, person = served(smtp(1, certificate[0]))  # nobody listens there
    newcomer = Newcomer(broker).sign_up()
    ask_for_a_link(broker, person)
    wait_until(lambda: waiting(broker)[0] == 2)
    broker.kill()
    due_now(broker)
    broker.options = smtp(post(office), certificate[0])
    broker.start()
    office.wait(lambda o: len(o.letters) == 2)
    assert {letter.to for letter in office.letters} == {person.email, newcomer.email}
    confirmation = next(letter for letter in office.letters if letter.to == newcomer.email)
    newcomer.post("/v1/registrations/confirm", {"token": confirmation.token, "password": newcomer.password})


def test_a_mail_server_that_hangs_delays_nobody(served, post, certificate):
    hanging = threading.Event()

    class Hanging(Office):
        async def handle_DATA(self, server, session, envelope):
            self.envelopes.append(envelope)
            await asyncio.to_thread(hanging.wait, 20)
            return "451 come back later"

    office = Hanging()
    broker, person = served(smtp(post(office), certificate[0]))
    ask_for_a_link(broker, person)
    wait_until(lambda: office.envelopes)
    for _ in range(20):
        before = time.monotonic()
        Api(broker).get("/v1/health")
        assert time.monotonic() - before < 1
    hanging.set()


def test_sendmail_gets_the_message_on_its_standard_input(served, tmp_path):
    script, folder = tmp_path / "sendmail", tmp_path / "sent"
    folder.mkdir()
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{folder}/arguments"\ncat > "{folder}/part" && mv "{folder}/part" "{folder}/1.eml"\n')
    script.chmod(0o755)
    broker, person = served([*TRUSTED, "--mail-delivery", "sendmail", "--mail-sendmail", str(script), "--mail-from", SENDER])
    ask_for_a_link(broker, person)
    letter = Mailbox(folder).take(person.email, "reset")
    arguments = (folder / "arguments").read_text().split()
    assert person.email in arguments and SENDER in arguments and arguments.index("--") < arguments.index(person.email)
    Api(broker).post("/v1/password/reset", {"token": letter.token, "password": people.PASSWORD})


def test_the_outbox_folder_is_its_owners_alone_and_has_no_health_data(served):
    broker, _ = served(TRUSTED)
    patient = settled(broker)
    patient.put(f"/v1/patients/{patient.id}/health", {"history": "canari-antecedents", "social_security_number": None})
    assert stat.S_IMODE(broker.mailbox.folder.stat().st_mode) == 0o700
    for path in broker.mailbox.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 and b"canari" not in path.read_bytes()


def test_letters_are_sent_as_soon_as_they_wait(served):
    """The queue is looked into every 2 s, too: by that alone one of these would be late."""
    broker, _ = served(TRUSTED)
    for _ in range(5):
        newcomer = Newcomer(broker).sign_up()
        broker.mailbox.take(newcomer.email, "confirm", timeout=1)


def test_the_public_address_is_what_links_lead_to(served):
    broker, person = served([*TRUSTED, "--public-url", "https://consult.example"])
    ask_for_a_link(broker, person)
    assert broker.mailbox.take(person.email, "reset").link[0] == "https://consult.example"


@pytest.mark.parametrize("language, word", [("fr", "mot de passe"), ("en", "password")])
def test_letters_are_in_the_language_of_their_reader(served, language, word):
    broker, _ = served(TRUSTED)
    person = settled(broker, language=language)
    ask_for_a_link(broker, person)
    letter = broker.mailbox.take(person.email, "reset")
    assert word in letter.text.lower() and word in letter.html.lower()
