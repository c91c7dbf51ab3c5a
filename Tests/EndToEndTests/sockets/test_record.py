"""The record of a consultation as evidence (CU-13): its pages, its bundle, and what checks them."""

import asyncio
import base64
import http.server
import json
import random
import sqlite3
import subprocess
import threading
import time

import pytest

import verify_bundle
from api import Api
from broker import TRUSTED, Broker
from people import Population
from stage import Stage, ask

MUTATIONS = 40  # of which the command is asked, too; Python alone looks at every bit of a part


@pytest.fixture
async def cancelled(stage):
    """A patient and their consultation, which they cancelled."""
    patient = await stage.new("adult")
    id = (await ask(patient))["id"]
    await patient.request("request.cancel", {"consultation": id})
    return patient, id


def api(stage, client):
    return Api(stage.broker, token=stage.persons[client.id].token)


def verdict(broker, file, key):
    """What `mqm-broker record verify-bundle` ends with and says."""
    return subprocess.run([broker.binary(), "record", "verify-bundle", file, "--key", key], capture_output=True, text=True)


def python_accepts(data, key):
    try:
        verify_bundle.check(data, base64.b64decode(key))
        return True
    except verify_bundle.Wrong:
        return False


async def test_cu_13_both_parties_read_the_record_and_take_a_bundle_that_proves_it(stage, tmp_path):
    scene = await stage.adults_call()
    patient, practitioner = scene.patient, scene.practitioner
    await scene.start(patient.id)
    await scene.end()
    await patient.request("consultation.confirm", {"consultation": scene.room})
    key = Api(stage.broker).get("/v1/record/key")["public_key"]
    assert stage.broker.command("record", "key").strip() == key

    for client in (patient, practitioner):
        record = api(stage, client).get(f"/v1/consultations/{scene.room}/record")
        events = [event["event"] for event in record["events"] if event["event"] != "incident"]
        assert events == ["requested", "claimed", "opened", "started", "ended", "closed"]
        assert {person["id"] for person in record["people"]} == {patient.id, practitioner.id}
        answer = api(stage, client).ask("GET", f"/v1/consultations/{scene.room}/bundle")
        head, entries = verify_bundle.check(answer.body, base64.b64decode(key))
        assert [entry["event"] for entry in entries] == [event["event"] for event in record["events"]]
        assert head["size"] > entries[-1]["seq"]
        file = tmp_path / "bundle.json"
        file.write_bytes(answer.body)
        assert (said := verdict(stage.broker, file, key)).returncode == 0, said
        assert "The bundle is good" in said.stdout

    exported = stage.broker.data / "heads.jsonl"
    assert f'"closed":"{scene.room}"' in await appears(exported, scene.room)
    assert "The record is whole" in stage.broker.command("record", "verify")
    past = api(stage, practitioner).get("/v1/consultations")["consultations"][0]
    assert (past["id"], past["side"], past["state"]) == (scene.room, "practitioner", "closed")
    assert past["other"]["family_name"] == "Adulte"


async def test_cu_13_two_verifiers_agree_on_bundles_good_and_bad(stage, cancelled, tmp_path):
    patient, id = cancelled
    key = stage.broker.command("record", "key").strip()
    bundle = stage.broker.command("record", "export", id).encode()
    assert bundle == api(stage, patient).ask("GET", f"/v1/consultations/{id}/bundle").body
    file, seed = tmp_path / "bundle.json", random.randrange(2**32)
    chance = random.Random(seed)
    candidates = [bundle, bundle + b"\n", bundle.rstrip(), bundle.replace(b'"head"', b' "head"', 1), b"", b"{}\n", b"[" * 100_000]
    for _ in range(MUTATIONS):
        changed, bit = bytearray(bundle), chance.randrange(len(bundle) * 8)
        changed[bit // 8] ^= 1 << bit % 8
        candidates.append(bytes(changed))
    whole = json.loads(bundle)
    for events in (whole["events"][1:], whole["events"][::-1], [], whole["events"] * 2):
        candidates.append(json.dumps(whole | {"events": events}, separators=(",", ":")).encode() + b"\n")
    for number, candidate in enumerate(candidates):
        file.write_bytes(candidate)
        said = verdict(stage.broker, file, key)
        assert (said.returncode == 0) == python_accepts(candidate, key) == (candidate == bundle), (seed, number, said)
    other = base64.b64encode(bytes(32)).decode()
    file.write_bytes(bundle)
    assert verdict(stage.broker, file, other).returncode == 1 and not python_accepts(bundle, other)


async def test_cu_13_every_bit_of_a_bundle_counts(stage, cancelled):
    _, id = cancelled
    key = stage.broker.command("record", "key").strip()
    bundle = stage.broker.command("record", "export", id).encode()
    for bit in range(len(bundle) * 8):
        changed = bytearray(bundle)
        changed[bit // 8] ^= 1 << bit % 8
        assert not python_accepts(bytes(changed), key), bit


async def test_nobody_else_reads_a_record_or_learns_that_there_is_one(stage, cancelled):
    patient, id = cancelled
    stranger, practitioner = await stage.new("adult"), await stage.new("practitioner")
    for path in (f"/v1/consultations/{id}/record", f"/v1/consultations/{id}/bundle"):
        for client in (stranger, practitioner):
            assert api(stage, client).ask("GET", path).status == 404
        assert Api(stage.broker).ask("GET", path).status == 401
        assert api(stage, patient).ask("GET", path.replace(id, id[::-1])).status == 404
    assert api(stage, stranger).get("/v1/consultations") == {"consultations": []}
    mine = api(stage, patient).get("/v1/consultations")["consultations"]
    assert [each["id"] for each in mine] == [id] and mine[0]["state"] == "cancelled"
    assert api(stage, patient).get(f"/v1/consultations?before={mine[0]['requested_at']}") == {"consultations": []}
    assert api(stage, patient).ask("GET", "/v1/consultations?before=yesterday").status == 400
    place = f"/v1/consultations?before={mine[0]['requested_at']}&before_id="
    assert api(stage, patient).get(place + id) == {"consultations": []}
    assert api(stage, patient).get(place + "ffffffff-ffff-4fff-bfff-ffffffffffff") == {"consultations": mine}
    assert api(stage, patient).ask("GET", place + "the-last").status == 400


async def test_cu_13_what_is_done_to_the_record_behind_the_broker_is_found(own_broker):
    population = Population()
    own_broker.import_accounts(list(population.everyone()))
    own_broker.start()
    stage = Stage(own_broker, population)
    for _ in range(3):
        patient = await stage.new("adult")
        await patient.request("request.cancel", {"consultation": await stage.requested(patient)})
    await stage.close()
    own_broker.stop()
    assert "The record is whole: 6 entries" in own_broker.command("record", "verify")
    with sqlite3.connect(own_broker.data / "record.sqlite") as record:
        record.execute("DROP TRIGGER consultation_keeps")
        record.execute("UPDATE consultation SET requested_at = requested_at - 60000 WHERE rowid = 2")
    record.close()
    with pytest.raises(AssertionError, match="what the tables say of consultation"):
        own_broker.command("record", "verify")


async def test_cu_13_a_heads_file_that_is_missing_or_lacks_a_line_is_found(own_broker):
    population = Population()
    own_broker.import_accounts(list(population.everyone()))
    own_broker.start()
    stage = Stage(own_broker, population)
    for _ in range(2):
        patient = await stage.new("adult")
        await patient.request("request.cancel", {"consultation": await stage.requested(patient)})
    await stage.close()
    own_broker.stop()
    assert "The database and its indexes are whole" in own_broker.command("record", "verify")
    heads = own_broker.data / "heads.jsonl"
    lines = heads.read_text().splitlines(keepends=True)
    for number in range(len(lines)):
        heads.write_text("".join(lines[:number] + lines[number + 1:]))
        with pytest.raises(AssertionError, match="the exported heads lack 1 that were exported"):
            own_broker.command("record", "verify")
    heads.unlink()
    with pytest.raises(AssertionError, match="the exported heads lack"):
        own_broker.command("record", "verify")
    heads.write_text("".join(lines))
    copy = own_broker.data / "copy.jsonl"
    copy.write_text("".join(lines[:1]))
    assert "The record is whole" in own_broker.command("record", "verify", "--heads", copy)


class Authority(http.server.BaseHTTPRequestHandler):
    """A time stamping authority: openssl behind HTTP."""

    folder = None

    def do_POST(self):
        (self.folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        answer = (self.folder / "reply").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def authority(tmp_path):
    """The URL of an authority, and the certificate that vouches for it."""
    folder = tmp_path / "authority"
    folder.mkdir()
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa = one\n[one]\ndir = .\nserial = serial\nsigner_cert = tsa.pem\ncerts = tsa.pem\nsigner_key = tsa.key\n"
        "signer_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\naccuracy = secs:1\n")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.pem", "-days", "2",
                    "-subj", "/CN=time", "-addext", "extendedKeyUsage=critical,timeStamping"],
                   cwd=folder, check=True, capture_output=True)
    handler = type("Handler", (Authority,), {"folder": folder})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", folder / "tsa.pem"
        server.shutdown()


async def test_cu_13_heads_are_time_stamped_and_given_to_a_command(tmp_path, authority):
    url, certificate = authority
    elsewhere = tmp_path / "elsewhere.jsonl"
    options = ["--record-timestamp-url", url, "--record-timestamp-ca", str(certificate), "--record-heads-command", f"cat >> {elsewhere}"]
    population = Population()
    broker = Broker(tmp_path, options=TRUSTED + options)
    broker.import_accounts(list(population.everyone()))
    with broker:
        stage = Stage(broker, population)
        patient = await stage.new("adult")
        id = await stage.requested(patient)
        await patient.request("request.cancel", {"consultation": id})
        lines = [json.loads(line) for line in (await appears(elsewhere, id)).splitlines()]
        (head, closed) = lines
        assert closed["closed"] == id
        (tmp_path / "head.txt").write_text(head["head"])
        (tmp_path / "token.der").write_bytes(base64.b64decode(head["timestamp"]))
        subprocess.run(["openssl", "ts", "-verify", "-data", "head.txt", "-in", "token.der", "-token_in", "-CAfile", certificate],
                       cwd=tmp_path, check=True, capture_output=True)
        bundle = Api(broker, token=stage.persons[patient.id].token).ask("GET", f"/v1/consultations/{id}/bundle")
        assert bundle.json["head"]["timestamp"] == head["timestamp"]
        verify_bundle.check(bundle.body, base64.b64decode(head["public_key"]))
        assert "The record is whole" in broker.command("record", "verify", "--heads", elsewhere)
        await stage.close()


async def appears(file, text, seconds=20):
    """The file's text once it has that in it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if file.exists() and text in (said := file.read_text()):
            return said
        await asyncio.sleep(0.02)
    raise AssertionError(f"{text} is not in {file}")
