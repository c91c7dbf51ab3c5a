"""What the patient's side is written about a consultation: once, in time, also when the server is killed, and without a word of health."""

import sqlite3
import time

import pytest

import people
from broker import Broker
from letters import LOOK_AGAIN, PATIENCE
from stage import REASON, Stage, ask

HOUR = ["--rules-claim-time", "3600", "--rules-start-time", "3600"]
SUBJECTS = {"overdue": "Votre demande de consultation a pris du retard", "refused": "Votre demande cherche un autre praticien",
            "closing": "Votre consultation sera bientôt close"}


class Practice:
    """A server with an attending physician, and a child with two parents whose physician she is."""

    def __init__(self, folder, options):
        self.broker = Broker(folder, options=options)
        self.physician = people.practitioner()
        self.family = people.minor()
        self.family.patient.more["attending"] = self.physician.email
        self.broker.import_accounts([self.physician, self.family.patient, *self.family.guardians])
        self.stage = Stage(self.broker.start())

    async def enter(self):
        return await self.stage.enter(self.family.guardians[0]), await self.stage.enter(self.physician)

    def readers(self):
        return sorted(person.email for person in [self.family.patient, *self.family.guardians])

    def take(self, subject):
        """Everybody on the patient's side gets one such letter, in which nothing stands of anybody or of health."""
        for reader in self.readers():
            letter = self.broker.mailbox.take(reader)
            assert letter.subject == SUBJECTS[subject], letter.subject
            said = letter.text + letter.html
            for secret in [REASON, self.physician.family_name, *(person.family_name for person in self.everybody())]:
                assert secret not in said

    def everybody(self):
        return [self.family.patient, *self.family.guardians]

    def restart(self):
        """After what was sent is known to be: a letter that leaves while the server is killed leaves again."""
        deadline = time.monotonic() + PATIENCE
        while self.waiting():
            assert time.monotonic() < deadline, "letters that were sent still wait"
            time.sleep(LOOK_AGAIN)
        self.broker.kill()
        self.stage = Stage(self.broker.start())

    def waiting(self):
        with sqlite3.connect(self.broker.data / "accounts.sqlite") as accounts:
            return accounts.execute("SELECT count(*) FROM mail").fetchone()[0]

    def nothing_more(self):
        """No letter waits and none is there: looked at when another one, queued later, has come."""
        self.broker.account("suspend", self.physician.email, "--account", "--ground", "test")
        self.broker.mailbox.take(self.physician.email)
        assert not [letter.subject for _, letter in self.broker.mailbox.unread()]
        self.broker.account("reinstate", self.physician.email, "--ground", "test")


@pytest.fixture
def practice(tmp_path):
    practices = []

    def open(*options):
        practices.append(Practice(tmp_path, list(options)))
        return practices[-1]

    yield open
    for each in practices:
        if each.broker.alive:
            each.broker.kill()


async def test_cu_6_2_a_request_that_is_overdue_is_written_about_once(practice):
    practice = practice("--rules-claim-time", "1")
    parent, _ = await practice.enter()
    await ask(parent, practice.family.patient.id)
    practice.take("overdue")
    practice.restart()
    practice.nothing_more()


async def test_cu_6_5_a_refusal_is_written_about_also_when_the_server_was_killed_before_the_letter_was_queued(practice):
    practice = practice(*HOUR)
    parent, physician = await practice.enter()
    id = (await ask(parent, practice.family.patient.id, assignment="attending"))["id"]
    await physician.request("request.refuse", {"consultation": id, "grounds": "personal"})
    practice.take("refused")
    practice.broker.kill()
    # As if it had been killed before the letters were queued: nothing of them is in the accounts.
    with sqlite3.connect(practice.broker.data / "accounts.sqlite") as accounts:
        assert accounts.execute("DELETE FROM notice").rowcount == 1
    practice.stage = Stage(practice.broker.start())
    practice.take("refused")
    practice.restart()
    practice.nothing_more()


async def test_the_closure_is_written_about_before_it_comes(practice):
    practice = practice(*HOUR, "--rules-retention-time", "3600", "--rules-notice-time", "3599")
    parent, physician = await practice.enter()
    id = (await ask(parent, practice.family.patient.id))["id"]
    await physician.request("request.claim", {"consultation": id})
    await physician.request("consultation.end", {"consultation": id, "reason": "other"})
    practice.take("closing")
    practice.restart()
    practice.nothing_more()
