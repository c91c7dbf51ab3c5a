"""The log is lines of JSON with ids only, whatever happens and however much is logged."""

import json
import re
from datetime import datetime, timezone

import pytest

import people
from broker import TRUSTED, Broker
from canaries import Canaries
from coturn import secret_file
from newcomers import settled
from people import PASSWORD
from scrape import ROOT
from stage import Stage, ask, refusal

SECRET = "geheimnis-of-the-mail-server"
TURN_SECRET = "geheimnis-of-the-relay"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# What may be said beside a message.
KEYS = {
    "connection": r"\d+", "session": UUID, "consultation": UUID, "letter": r"\d+", "code": r"none|\d{4}|[a-z_]+", "kind": r"[a-z_]+",
    "state": r"[a-z_]+", "count": r"\d+", "consultations": r"\d+", "running": r"\d+", "by_ms": r"-?\d+", "tries": r"\d+",
    "next_try_s": r"\d+", "until": r".*", "ends": r".*", "error": r".*", "why": r".*", "says": r".*",
}


def lines(broker):
    """Every line that the server wrote to standard error."""
    text = broker.log.read_text()
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")], text


@pytest.fixture
def talkative(tmp_path):
    with Broker(tmp_path, options=[
            *TRUSTED, "--log-format", "json", "--log-level", "trace", "--mail-smtp-password", SECRET,
            "--ice-turn", "turn:turn.example", "--ice-turn-secret", str(secret_file(tmp_path, TURN_SECRET))]) as broker:
        yield broker


async def test_cu_12_5_a_whole_consultation_leaves_ids_in_the_log_and_nothing_of_anybody(talkative):
    broker, words = talkative, Canaries("journal")
    practitioner_person = people.practitioner()
    broker.import_accounts([practitioner_person])
    patient_api = settled(broker, **words.registration())
    patient_api.put(f"/v1/patients/{patient_api.id}/health", words.health())
    patient_api.refused(401, "wrong_credentials", "POST", "/v1/session", {"email": words.email, "password": PASSWORD + "!"})
    stage = Stage(broker)
    practitioner, patient = await stage.enter(practitioner_person), await patient_api.enter()
    stage.clients.append(patient)
    id = (await ask(patient, patient_api.id, reason=words.reason))["id"]
    await practitioner.request("request.claim", {"consultation": id})
    await practitioner.request("room.open", {"consultation": id})
    await practitioner.join(id, "practitioner")
    await patient.join(id, "patient")
    await practitioner.until(lambda c: c.peer(id, "patient"))
    await practitioner.signal(id, "patient", "offer", json.dumps({"sdp": words.history}))
    await patient.next_signal()
    with refusal("peer_absent"):
        await patient.signal(id, "guardian1", "offer", json.dumps({"sdp": words.history}))
    await practitioner.send_text(json.dumps({"id": 9_999, "type": words.family_name, "body": {"reason": words.reason}}))
    await practitioner.request("consultation.start", {"consultation": id, "persons": [patient.id]})
    await practitioner.request("consultation.end", {"consultation": id, "reason": "completed"})
    await patient.request("consultation.confirm", {"consultation": id})
    for client in stage.clients:
        await client.close()
    token, cookie = practitioner_person.token, patient_api.cookie
    assert broker.stop() == 0

    said, text = lines(broker)
    for word in [*words.all, "Praticienne", practitioner_person.email, practitioner_person.more["practitioner"]["rpps"],
                 token, cookie.split("=")[1], PASSWORD, SECRET, TURN_SECRET, "198.18."]:
        assert word.lower() not in text.lower(), word
    states = [line["metadata"]["state"] for line in said if line["message"] == "recorded" and line["metadata"]["consultation"] == id]
    assert states == ["requested", "claimed", "open", "in_progress", "ended", "closed"], states
    assert [line["message"] for line in said].count("signed in") == 2
    assert any(line["message"] == "refused" and line["metadata"]["code"] == "unknown_type" for line in said)

    assert text.count("\n") == len(said), "every line is JSON"
    for line in said:
        assert set(line) == {"time", "level", "message", "metadata"}, line
        assert abs((datetime.now(timezone.utc) - datetime.fromisoformat(line["time"].replace("Z", "+00:00"))).total_seconds()) < 600
        assert line["level"] in ("trace", "debug", "info", "notice", "warning", "error", "critical")
        for key, value in line["metadata"].items():
            if key.startswith("sl-"):  # of ServiceLifecycle: the names of services and signals
                assert re.fullmatch(r"[\[\]\", A-Za-z]*", value), line
            else:
                assert key in KEYS and re.fullmatch(KEYS[key], value), line


def test_what_the_code_logs_is_a_fixed_sentence_with_known_metadata():
    """Every call in the sources: no interpolation in a message, no metadata that is not in the list above."""
    calls = 0
    for path in sorted((ROOT / "Sources").rglob("*.swift")):
        source = path.read_text()
        for call in re.finditer(r"\b(?:log|logger)\.(trace|debug|info|notice|warning|error|critical)\(\s*", source):
            depth, end = 1, call.end()
            while depth:
                depth += {"(": 1, ")": -1}.get(source[end], 0)
                end += 1
            arguments = source[call.end():end - 1]
            calls += 1
            message = re.match(r'"((?:[^"\\]|\\.)*)"', arguments)
            if path.name == "PostOffice.swift" and arguments.startswith("what,"):
                message = re.match("", "")  # its two callers give a sentence each
            assert message and "\\(" not in message[0], f"{path.name}: {arguments}"
            keys = re.findall(r'"(\w+)":', arguments)
            assert set(keys) <= set(KEYS), f"{path.name}: {arguments}"
    assert calls > 25
