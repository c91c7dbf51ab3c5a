"""CU-5.2, CU-12.5: health data exists under keys that go with the consultation, and nothing brings it back."""

import asyncio
import sqlite3
import subprocess
import time

import pytest

import people
from api import Api
from broker import TRUSTED, Broker
from canaries import WITHIN, Canaries, files_with
from documents import Courier, pdf
from stage import Stage, ask
from vault import KeyFile, back_up, command, having, readable_by_others, restore

LOOK_AGAIN = 0.2
REQUESTS_A_DAY = 20  # that one patient may make
RETENTION = 15  # seconds instead of 7 days: longer than it takes to look at what is there before


@pytest.fixture
async def surgery(tmp_path):
    """A server of this test's own with a practitioner and patients; its files are searched."""
    broker = Broker(tmp_path, options=[*TRUSTED, "--rules-retention-time", str(RETENTION)])
    broker.cast = [people.practitioner(), *(people.adult() for _ in range(4))]
    broker.import_accounts(broker.cast)
    stage = Stage(broker.start())
    yield broker, stage
    await stage.close()
    if broker.alive:
        broker.kill()


class Case:
    """A consultation with canaries in everything that is health data."""

    def __init__(self, broker, person):
        self.broker, self.person, self.words = broker, person, Canaries(f"vault{person.number}x")
        self.title, self.content = f"Titre {self.words.reason}", f"contenu {self.words.reason}".encode()

    async def asked(self, stage):
        Api(self.broker, token=self.person.token).put(f"/v1/patients/{self.person.id}/health", self.words.health())
        self.patient = await stage.enter(self.person)
        self.id = (await ask(self.patient, reason=self.words.reason))["id"]
        return self

    async def treated(self, doctor):
        """Until a document was handed over and fetched, and the consultation has ended."""
        await doctor.request("request.claim", {"consultation": self.id})
        await doctor.request("room.open", {"consultation": self.id})
        await doctor.join(self.id, "practitioner")
        await self.patient.join(self.id, "patient")
        await doctor.request("consultation.start", {"consultation": self.id, "persons": [self.person.id]})
        plain = pdf()
        document = plain[:70] + self.content + plain[70 + len(self.content):]
        handed = self.courier(self.broker.cast[0]).hand_over(document, name=self.title)
        self.courier(self.person).confirm(handed["id"], document)
        await doctor.request("consultation.end", {"consultation": self.id, "reason": "completed"})
        assert len(KeyFile(self.broker).sealed(self.id)) >= 4, "notes and a document"
        return self

    def courier(self, person):
        return Courier(Api(self.broker, token=person.token), self.id)

    @property
    def canaries(self):
        return [self.words.history, self.words.number, self.words.reason, self.title, self.content.decode()]

    def note_remains(self):
        """The bytes that are there of it, sealed: to be gone later."""
        keys = KeyFile(self.broker)
        self.remains = [keys.wrapped(self.id), *keys.sealed(self.id)]
        assert all(having([part], self.broker.data) for part in self.remains), "what is searched for later is there before"

    def destroyed(self, *places):
        """Looks until nothing of it is left; the patient's account keeps what it says of their health, sealed."""
        deadline = time.monotonic() + WITHIN
        while found := having(self.remains, self.broker.data, *places) or files_with(self.broker, self.canaries):
            assert time.monotonic() < deadline, f"after {WITHIN} s there still is: {found}"
            time.sleep(LOOK_AGAIN)


async def test_cu_5_2_nothing_is_in_the_clear_before_and_nothing_is_left_after_closure_cancellation_and_retention(surgery, tmp_path):
    broker, stage = surgery
    cases = [await Case(broker, person).asked(stage) for person in broker.cast[1:]]
    confirmed, cancelled, waiting, retained = cases
    doctor = await stage.enter(broker.cast[0])
    for case in (confirmed, retained):
        await case.treated(doctor)
    every = [word for case in cases for word in case.canaries]
    assert not files_with(broker, every)
    assert not having([word.encode() for word in every], back_up(broker, tmp_path / "before"))
    for case in cases:
        case.note_remains()

    await confirmed.patient.request("consultation.confirm", {"consultation": confirmed.id})
    await cancelled.patient.request("request.cancel", {"consultation": cancelled.id})
    for case in (confirmed, cancelled, retained):
        await asyncio.to_thread(case.destroyed)
    assert KeyFile(broker).consultations() == {waiting.id} and having(waiting.remains, broker.data)

    after, mirror = back_up(broker, tmp_path / "after", "--keys", tmp_path / "mirror"), tmp_path / "mirror"
    for case in (confirmed, cancelled, retained):
        assert not having(case.remains + [word.encode() for word in every], after, mirror)
    assert not readable_by_others(after) and not readable_by_others(mirror)


async def test_cu_1_the_practitioner_sees_the_copy_and_what_the_patient_changes_while_they_wait(surgery):
    broker, stage = surgery
    case = await Case(broker, broker.cast[1]).asked(stage)
    patient, doctor = (Api(broker, token=broker.cast[index].token) for index in (1, 0))
    await (await stage.enter(broker.cast[0])).request("request.claim", {"consultation": case.id})
    seen = doctor.get(f"/v1/consultations/{case.id}/health")
    assert (seen["history"], seen["social_security_number"]) == (case.words.history, case.words.number) and seen["updated_at"]
    patient.put(f"/v1/patients/{case.person.id}/health", {"history": "autre", "social_security_number": None})
    changed = doctor.get(f"/v1/consultations/{case.id}/health")
    assert (changed["history"], changed["social_security_number"]) == ("autre", None) and changed["updated_at"] >= seen["updated_at"]


async def test_cu_12_5_what_cannot_be_opened_keeps_nobody_else_from_their_consultation(surgery):
    broker, stage = surgery
    people = broker.cast[1:3]
    spoilt, whole = [await Case(broker, person).asked(stage) for person in people]
    await stage.close()
    broker.stop()
    with sqlite3.connect(broker.data / "record.sqlite") as record:
        record.execute("UPDATE health_data SET sealed = CAST(zeroblob(length(sealed)) AS BLOB) WHERE consultation = ?", [spoilt.id])
    record.close()
    broker.start()
    said = [line for line in broker.log.read_text().splitlines() if "cannot be opened" in line]
    assert len(said) == 1 and spoilt.id in said[0] and "docs/backup.md" in said[0]
    again = Stage(broker)
    doctor = await again.enter(broker.cast[0])
    await doctor.request("presence.set", {"presence": "available"})
    patients = [await again.enter(person) for person in people]
    reasons = {case.id: patient.consultations[case.id]["reason"] for case, patient in zip((spoilt, whole), patients)}
    assert reasons == {spoilt.id: None, whole.id: whole.words.reason}
    assert {id: card["reason"] for id, card in doctor.queue.items()} == reasons
    # It goes on without: claimed, and cancelled by its patient.
    await doctor.request("request.claim", {"consultation": spoilt.id})
    health = Api(broker, token=broker.cast[0].token).get(f"/v1/consultations/{spoilt.id}/health")
    assert set(health.values()) == {None}
    await patients[0].request("request.cancel", {"consultation": spoilt.id})
    await again.close()


async def test_cu_12_5_the_master_key_is_rotated_under_traffic_and_nobody_notices(surgery):
    broker, stage = surgery
    case = await Case(broker, broker.cast[1]).asked(stage)
    clients = [await stage.enter(person) for person in broker.cast[2:]]
    asking = iter(clients * REQUESTS_A_DAY)
    await (await stage.enter(broker.cast[0])).request("request.claim", {"consultation": case.id})
    doctor, changing = (Api(broker, token=broker.cast[index].token) for index in (0, 4))
    file, served = broker.data / "master.key", 0
    for _ in range(3):
        old = file.read_text()
        rotation = asyncio.create_task(asyncio.to_thread(command, "vault", "rotate", "--data", broker.data))
        while not rotation.done():
            assert doctor.get(f"/v1/consultations/{case.id}/health")["history"] == case.words.history
            changing.put(f"/v1/patients/{broker.cast[4].id}/health", case.words.health())
            if patient := next(asking, None):
                await patient.request("request.cancel", {"consultation": (await ask(patient))["id"]})
            served += 1
            await asyncio.sleep(0.05)
        done = rotation.result()
        assert done.returncode == 0, done.stderr
        assert len(file.read_text().split()) == 1 and file.read_text() != old
        assert len(KeyFile(broker).masters()) == 1
    assert served > 10, "there was traffic"
    broker.stop()
    broker.start()
    assert doctor.get(f"/v1/consultations/{case.id}/health")["history"] == case.words.history


async def test_cu_12_5_a_rotation_that_is_killed_at_any_moment_is_finished_by_running_it_again(surgery):
    broker, stage = surgery
    case = await Case(broker, broker.cast[1]).asked(stage)
    await (await stage.enter(broker.cast[0])).request("request.claim", {"consultation": case.id})
    doctor, file = Api(broker, token=broker.cast[0].token), broker.data / "master.key"
    for delay in (0.05, 0.3, 1.0, 2.0):
        rotation = subprocess.Popen([Broker.binary(), "vault", "rotate", "--data", broker.data], stderr=subprocess.DEVNULL)
        await asyncio.sleep(delay)
        rotation.kill()
        rotation.wait()
        assert doctor.get(f"/v1/consultations/{case.id}/health")["history"] == case.words.history
        done = command("vault", "rotate", "--data", broker.data)
        assert done.returncode == 0 and len(file.read_text().split()) == 1 and len(KeyFile(broker).masters()) == 1, done.stderr
        assert doctor.get(f"/v1/consultations/{case.id}/health")["history"] == case.words.history


async def test_cu_12_5_a_master_key_from_a_command_is_exchanged_while_the_broker_runs(tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("0a" * 32 + "\n")
    given = ["--master-key-command", f"cat '{keys}'"]
    broker = Broker(tmp_path, options=given)
    made = command("account", "list", "--data", broker.data, *given)
    assert made.returncode == 0, made.stderr
    assert not (broker.data / "master.key").exists()
    shown = command("vault", "show", "--data", broker.data, *given)
    assert shown.returncode == 0 and "0a0a" not in shown.stdout and "current" in shown.stdout
    keys.write_text("5f" * 32 + "\n" + "0a" * 32 + "\n")
    done = command("vault", "rewrap", "--data", broker.data, *given)
    assert done.returncode == 0, done.stderr
    keys.write_text("5f" * 32 + "\n")
    assert command("vault", "show", "--data", broker.data, *given).returncode == 0
    keys.write_text("0a" * 32 + "\n")
    refused = command("vault", "show", "--data", broker.data, *given)
    assert refused.returncode and "not the master key" in refused.stderr
    with_value = command("vault", "show", "--data", broker.data, MQM_MASTER_KEY_VALUE="5f" * 32)
    assert with_value.returncode == 0, with_value.stderr
    both = command("vault", "show", "--data", broker.data, *given, MQM_MASTER_KEY_VALUE="5f" * 32)
    assert both.returncode and "one place" in both.stderr


async def test_cu_5_2_a_backup_does_not_bring_back_what_was_closed_or_erased_since(surgery, tmp_path):
    broker, stage = surgery
    cases = [await Case(broker, person).asked(stage) for person in broker.cast[1:]]
    ended, cancelled, erased, waiting = cases
    doctor = await stage.enter(broker.cast[0])
    await ended.treated(doctor)
    for case in cases:
        case.note_remains()
    backup, mirror = back_up(broker, tmp_path / "backup", "--keys", tmp_path / "mirror"), tmp_path / "mirror"

    await ended.patient.request("consultation.confirm", {"consultation": ended.id})
    await cancelled.patient.request("request.cancel", {"consultation": cancelled.id})
    await stage.close()
    stage.clients.clear()
    broker.stop()
    exported = (broker.data / "heads.jsonl").read_text()
    assert all(f'{{"closed":"{case.id}"' in exported for case in (ended, cancelled))
    closures = tmp_path / "closures.jsonl"
    closures.write_text(exported + f'{{"erased":"{erased.person.id}","at":1}}\n{{"closed":"what was being writ')

    # The mirror that is restored is as old as the backup, which is the worst that can be.
    again = restore(backup, tmp_path / "again", broker.data / "master.key", "--keys", mirror, "--closures", closures)
    for case in (ended, cancelled):
        assert not having(case.remains, again.data)
    assert having(waiting.remains, again.data) and not readable_by_others(again.data)
    assert erased.person.id not in again.account("list", "--master-key", broker.data / "master.key")
    again.options += TRUSTED
    stage.broker = again.start()
    try:
        waits = (await stage.enter(waiting.person)).consultations[waiting.id]
        assert (waits["state"], waits["reason"]) == ("requested", waiting.words.reason)
        gone = await stage.enter(cancelled.person)
        assert (await gone.until(lambda c: c.consultations[cancelled.id]["state"] == "cancelled" and c.consultations[cancelled.id]))["reason"] is None
        assert (await stage.enter(ended.person)).consultations[ended.id]["reason"] is None
        for case in (ended, cancelled, erased):
            await asyncio.to_thread(Case.destroyed, as_on(again, case))
        assert KeyFile(again).consultations() == {waiting.id}
    finally:
        await stage.close()
        stage.clients.clear()
        again.kill()

    # Without closures, what has no key in a mirror of today is gone, too.
    broker.start()
    back_up(broker, tmp_path / "later", "--keys", mirror)
    late = restore(backup, tmp_path / "late", broker.data / "master.key", "--keys", mirror)
    for case in (ended, cancelled):
        assert not having(case.remains, late.data)
    assert having(waiting.remains, late.data)


def as_on(broker, case):
    """The same consultation on another server."""
    other = Case(broker, case.person)
    other.words, other.title, other.content, other.remains = case.words, case.title, case.content, case.remains
    return other


async def test_cu_12_5_a_backup_is_made_and_restored_whole_or_not_at_all(surgery, tmp_path):
    broker, stage = surgery
    await Case(broker, broker.cast[1]).asked(stage)
    backup, key = back_up(broker, tmp_path / "backup"), broker.data / "master.key"
    assert {path.name for path in backup.iterdir()} == {"accounts.sqlite", "documents.sqlite", "record.sqlite", "manifest.json"}

    def refused(words, *arguments):
        done = command(*arguments)
        assert done.returncode and words in done.stderr, done.stderr

    refused("not empty", "backup", backup, "--data", broker.data)
    refused("no data", "backup", tmp_path / "other", "--data", tmp_path / "nowhere")
    refused("apart", "backup", tmp_path / "other", "--data", broker.data, "--keys", tmp_path / "other" / "keys")
    refused("running", "restore", backup, "--data", broker.data, "--master-key", key)
    refused("not empty", "restore", backup, "--data", backup, "--master-key", key)
    wrong = tmp_path / "wrong.key"
    wrong.write_text("0a" * 32)
    wrong.chmod(0o600)
    refused("not the master key", "restore", backup, "--data", tmp_path / "new", "--master-key", wrong)
    record = backup / "record.sqlite"
    content = bytearray(record.read_bytes())
    content[len(content) // 2] ^= 1
    record.write_bytes(content)
    refused("record.sqlite is missing or is not", "restore", backup, "--data", tmp_path / "new", "--master-key", key)
    assert not (tmp_path / "new").exists() and not (tmp_path / "new.restoring").exists()
