"""Documents from the practitioner to the patient: over connections that break, within their bounds, and to nobody else (CU-5.2)."""

import asyncio
import sqlite3
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

import people
from api import Api
from broker import Broker
from documents import CHUNK, Courier, commitment, jpeg, pdf, png, sha256
from stage import Stage

TEN_MEGABYTES = 10_485_760


class Case:
    """A consultation that has begun, with both sides as clients and over HTTP."""

    def __init__(self, stage, scene):
        self.scene, self.room, self.patient, self.practitioner = scene, scene.room, scene.patient, scene.practitioner
        self.sender = self.side(stage, scene.practitioner)
        self.receiver = self.side(stage, scene.patient)

    def side(self, stage, client):
        return Courier(Api(stage.broker, token=stage.persons[client.id].token), self.room)

    async def close(self):
        await self.scene.end()
        await self.practitioner.request("consultation.close", {"consultation": self.room})
        await self.patient.until(lambda c: c.consultations[self.room]["state"] == "closed")

    async def seen(self, client, holds):
        """The list of documents on a client's socket, as soon as it is so."""
        return await client.until(lambda c: holds(c.consultations[self.room]["documents"]) and c.consultations[self.room]["documents"])


async def begun(stage):
    scene = await stage.adults_call()
    await scene.start(scene.patient.id)
    return Case(stage, scene)


@pytest.fixture
async def case(stage):
    return await begun(stage)


def refused(answer, status, code):
    assert (answer.status, answer.json["code"]) == (status, code), answer
    return answer.json


# From one side to the other


async def test_a_document_of_10_mb_survives_connections_that_break_twice_each_way(case):
    content = pdf(TEN_MEGABYTES)
    key = str(uuid.uuid4())
    document = case.sender.announce(content, key=key)
    start = 0
    for chunks in (3, 20):
        for _ in range(chunks):
            start = case.sender.put(document, content, start, start + CHUNK).json["received"]
        case.sender.break_while_sending(document, content, start, CHUNK - 1)
        again = case.sender.api.post(case.sender.path, case.sender.announced(content, key=key))
        assert again == {"document": document, "received": start, "chunk_bytes": CHUNK}, "what came before the break is there"
    assert case.receiver.list() == [], "nothing is announced before all of it is there"
    answer = case.sender.send(document, content, start)
    assert answer.status == 201
    [told] = await case.seen(case.patient, lambda documents: documents)
    assert told == answer.json["document"] and told["size"] == TEN_MEGABYTES and told["fetched_at"] is None

    fetched = b""
    for wanted in (3_000_000, 500_000):
        fetched += case.receiver.break_while_reading(document, len(fetched), wanted)
    while len(fetched) < TEN_MEGABYTES:
        part = case.receiver.read(document, f"bytes={len(fetched)}-")
        assert part.status == 206 and part.headers["Content-Range"].startswith(f"bytes {len(fetched)}-")
        fetched += part.body
    assert sha256(fetched) == sha256(content)
    assert case.receiver.read(document).body == content
    assert case.receiver.confirm(document, fetched)["fetched_at"]
    await case.seen(case.practitioner, lambda documents: documents and documents[0]["fetched_at"])


@pytest.mark.parametrize("type, content", [("application/pdf", pdf()), ("image/jpeg", jpeg()), ("image/png", png())])
async def test_cu_13_each_type_is_handed_over_and_its_commitment_is_on_record(case, broker, type, content):
    document = case.sender.hand_over(content, type=type, kind="letter", name="Lettre n° 1")
    assert (document["type"], document["kind"], document["name"]) == (type, "letter", "Lettre n° 1")
    assert case.sender.list() == case.receiver.list() == [document]
    answer = case.receiver.read(document["id"])
    assert answer.body == content and answer.headers["Content-Type"] == type
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].endswith(f"UTF-8''Lettre%20n%C2%B0%201.{type[-3:].replace('peg', 'jpg')}")
    with sqlite3.connect(f"file:{broker.data / 'record.sqlite'}?mode=ro", uri=True) as record:
        [row] = record.execute("SELECT commitment FROM document WHERE id = ?", [document["id"]])
    assert row[0] == commitment(document, content)
    case.receiver.confirm(document["id"], content)
    assert case.receiver.confirm(document["id"], content)["fetched_at"], "saying so again changes nothing"
    refused(case.sender.withdraw(document["id"]), 409, "already_fetched")


async def test_both_sides_read_and_only_the_other_side_confirms(case):
    content = pdf()
    document = case.sender.hand_over(content)["id"]
    assert case.sender.read(document).body == content
    case.sender.api.refused(403, "forbidden", "POST", f"{case.sender.path}/{document}/fetched", {"sha256": sha256(content)})
    case.receiver.api.refused(409, "content_mismatch", "POST", f"{case.receiver.path}/{document}/fetched", {"sha256": sha256(b"")})
    case.receiver.api.refused(400, "invalid_field", "POST", f"{case.receiver.path}/{document}/fetched", {"sha256": "ab"})
    assert case.receiver.list()[0]["fetched_at"] is None
    case.receiver.api.refused(403, "forbidden", "POST", case.receiver.path, case.receiver.announced(content))
    refused(case.receiver.put(document, content, 0, len(content)), 403, "forbidden")
    refused(case.receiver.withdraw(document), 403, "forbidden")


async def test_what_is_withdrawn_is_gone(case):
    document = case.sender.hand_over(pdf())["id"]
    await case.seen(case.patient, lambda documents: len(documents) == 1)
    assert case.sender.withdraw(document).status == 204
    await case.patient.until(lambda c: c.consultations[case.room]["documents"] == [])
    for side in (case.sender, case.receiver):
        refused(side.read(document), 404, "unknown_document")
    refused(case.sender.withdraw(document), 404, "unknown_document")
    staged = case.sender.announce(pdf())
    assert case.sender.withdraw(staged).status == 204
    refused(case.sender.put(staged, pdf(), 0, len(pdf())), 404, "unknown_document")


async def test_ranges_at_every_edge(case):
    content = pdf(1_200_000)
    document = case.sender.hand_over(content)["id"]
    size, edge, most = len(content), CHUNK, 1_048_576
    for asked, first, end in [
        ("0-0", 0, 1), ("0-", 0, most), (f"{size - 1}-", size - 1, size), (f"{size - 1}-{size - 1}", size - 1, size), ("-1", size - 1, size),
        (f"{size - 2}-{size + 5}", size - 2, size), (f"{edge - 1}-{edge}", edge - 1, edge + 1), (f"{edge}-{2 * edge - 1}", edge, 2 * edge),
        (f"-{size}", 0, most), (f"-{size + 1}", 0, most), (f"0-{most - 1}", 0, most), (f"1-{most + 1}", 1, most + 1), ("-300000", size - 300_000, size),
    ]:
        part = case.receiver.read(document, f"bytes={asked}")
        assert (part.status, part.headers["Content-Range"]) == (206, f"bytes {first}-{end - 1}/{size}"), asked
        assert part.body == content[first:end]
    for asked in (f"{size}-", f"{size}-{size}", "-0", "99999999999-"):
        answer = case.receiver.read(document, f"bytes={asked}")
        refused(answer, 416, "range_not_satisfiable")
        assert answer.headers["Content-Range"] == f"bytes */{size}"
    for asked in ("bytes=5-2", "bytes=0-1,3-4", "items=0-1", "bytes=-"):
        answer = case.receiver.read(document, asked)
        assert answer.status == 200 and answer.body == content
    tag = answer.headers["ETag"]
    assert case.receiver.read(document, "bytes=0-1", **{"If-Range": tag}).status == 206
    for other in ('"other"', f"W/{tag}", "Tue, 24 Nov 2026 00:00:00 GMT"):
        assert case.receiver.read(document, "bytes=0-1", **{"If-Range": other}).body == content


# Chunks


async def test_chunks_that_do_not_follow_are_refused_and_say_where_to_go_on(case):
    content = pdf(600_000)
    document = case.sender.announce(content)
    assert case.sender.put(document, content, 0, 100_000).json == {"received": 100_000}
    assert case.sender.put(document, content, 0, 100_000).json == {"received": 100_000}, "the answer was lost: it is sent again"
    for start, end in ((0, 50_000), (50_000, 150_000), (200_000, 300_000)):
        assert refused(case.sender.put(document, content, start, end), 409, "wrong_offset")["received"] == 100_000
    refused(case.sender.put(document, content, 100_000, 100_001), 400, "invalid_field")
    refused(case.sender.put(document, content + b"x", 100_000, 300_000), 400, "invalid_field")
    refused(case.sender.put(document, content, 100_000, 100_000 + CHUNK + 1), 413, "too_large")
    headers = {"Content-Type": "application/octet-stream"}
    path = f"{case.sender.path}/{document}/content"
    for place in (None, "bytes 100000-199999/*", "bytes 100000-199998/600000", "100000-199999/600000"):
        more = {"Content-Range": place} if place else {}
        refused(case.sender.api.ask("PUT", path, content[100_000:200_000], headers | more), 400, "invalid_field")
    place = {"Content-Range": "bytes 100000-199999/600000", "Content-Type": "application/pdf"}
    refused(case.sender.api.ask("PUT", path, content[100_000:200_000], place), 415, "unsupported_media_type")
    assert case.sender.send(document, content, 100_000).status == 201
    answer = case.sender.send(document, content, 600_000 - (600_000 - 100_000) % CHUNK)
    assert answer.status == 201 and len(case.sender.list()) == 1, "the last answer was lost, too"


async def test_two_uploads_of_one_document_at_the_same_time_make_one(case):
    content = pdf(1_500_000)
    document = case.sender.announce(content)

    def upload(_):
        start = 0
        while True:
            answer = case.sender.put(document, content, start, min(start + CHUNK, len(content)))
            if answer.status == 201:
                return answer.json["document"]
            start = answer.json["received"]

    with ThreadPoolExecutor(3) as pool:
        made = await asyncio.gather(*(asyncio.get_running_loop().run_in_executor(pool, upload, n) for n in range(3)))
    assert made[0] == made[1] == made[2]
    assert case.receiver.list() == [made[0]] and case.receiver.read(document).body == content


async def test_nobody_sends_long_bodies_but_those_who_are_known(case, broker):
    content = pdf(CHUNK)
    document = case.sender.announce(content)
    path = f"{case.sender.path}/{document}/content"
    headers = {"Content-Type": "application/octet-stream", "Content-Range": f"bytes 0-{CHUNK - 1}/{CHUNK}"}
    stranger = Api(broker)
    refused(stranger.ask("PUT", path, content, headers), 413, "too_large")
    refused(stranger.ask("PUT", path, content[:5], headers | {"Origin": broker.url}), 401, "not_signed_in")
    refused(Api(broker, token="x").ask("PUT", path, content, headers), 401, "not_signed_in")
    refused(case.sender.api.ask("POST", case.sender.path, content, {"Content-Type": "application/json"}), 413, "too_large")
    assert case.sender.send(document, content).status == 201


# What is refused


@pytest.mark.parametrize("type, content", [
    ("application/pdf", png()), ("image/png", jpeg()), ("image/jpeg", pdf()), ("application/pdf", b"%PDF-1.4\n<script>alert(1)</script>\n%%EOF\n"),
    ("image/png", png()[:-12]), ("image/png", png() + b"PK\3\4"), ("image/jpeg", jpeg()[:-2]), ("image/jpeg", b"\xff\xd8\xff\xe0" + bytes(100)),
    ("application/pdf", pdf()[:-30]), ("application/pdf", pdf() + b"<html>"), ("application/pdf", b"x"), ("image/png", png().replace(b"IDAT", b"IDAX")),
])
async def test_a_file_that_lies_about_its_type_is_refused(case, type, content):
    document = case.sender.announce(content, type=type)
    refused(case.sender.put(document, content, 0, len(content)), 415, "content_mismatch")
    refused(case.sender.put(document, content, 0, len(content)), 404, "unknown_document")
    assert case.receiver.list() == []


@pytest.mark.parametrize("members, status, code", [
    ({"size": TEN_MEGABYTES + 1}, 413, "too_large"), ({"size": 0}, 400, "invalid_field"), ({"size": -1}, 400, "invalid_field"),
    ({"type": "text/html"}, 400, "invalid_field"), ({"kind": "photo"}, 400, "invalid_field"), ({"key": "k"}, 400, "invalid_field"),
    ({"name": ""}, 400, "invalid_field"), ({"name": "  "}, 400, "invalid_field"), ({"name": "x" * 121}, 400, "invalid_field"),
    ({"name": "../x"}, 400, "invalid_field"), ({"name": "a\\b"}, 400, "invalid_field"), ({"name": "a\nb"}, 400, "invalid_field"),
    ({"name": "tnemucod\u202efdp.exe"}, 400, "invalid_field"), ({"name": ".."}, 400, "invalid_field"),
])
async def test_what_cannot_be_a_document_is_not_announced(case, members, status, code):
    case.sender.api.refused(status, code, "POST", case.sender.path, case.sender.announced(pdf(), **members))


async def test_a_key_stands_for_one_document(case):
    key = str(uuid.uuid4())
    document = case.sender.announce(pdf(), key=key)
    assert case.sender.announce(pdf(), key=key) == document
    case.sender.api.refused(409, "key_reused", "POST", case.sender.path, case.sender.announced(pdf(), key=key, name="Autre"))


async def test_the_21st_document_is_refused_and_so_are_two_for_one_place(case):
    for number in range(19):
        case.sender.hand_over(pdf(seed=number))
    rivals = [case.sender.announce(pdf(seed=20 + number)) for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        run = asyncio.get_running_loop().run_in_executor
        answers = await asyncio.gather(*(run(pool, case.sender.send, rival, pdf(seed=20 + n)) for n, rival in enumerate(rivals)))
    assert sorted(answer.status for answer in answers) == [201, 409]
    loser = next(index for index, answer in enumerate(answers) if answer.status == 409)
    refused(answers[loser], 409, "too_many_documents")
    refused(case.sender.put(rivals[loser], pdf(seed=20 + loser), 0, len(pdf())), 404, "unknown_document")
    case.sender.api.refused(409, "too_many_documents", "POST", case.sender.path, case.sender.announced(pdf()))
    documents = case.receiver.list()
    assert len(documents) == 20
    assert case.sender.withdraw(documents[0]["id"]).status == 204
    case.sender.hand_over(pdf(seed=99))


async def test_no_more_than_20_are_on_their_way(case):
    for _ in range(20):
        staged = case.sender.announce(pdf())
    case.sender.api.refused(409, "too_many_documents", "POST", case.sender.path, case.sender.announced(pdf()))
    assert case.sender.withdraw(staged).status == 204
    case.sender.announce(pdf())


async def test_nothing_is_handed_over_before_the_start(stage):
    scene = await stage.adults_call()
    case = Case(stage, scene)
    case.sender.api.refused(409, "wrong_state", "POST", case.sender.path, case.sender.announced(pdf()))
    assert case.receiver.list() == []


async def test_a_document_after_the_end_is_handed_over_and_after_closure_is_not(case):
    await case.scene.end()
    content = pdf()
    document = case.sender.hand_over(content)["id"]
    staged = case.sender.announce(content)
    case.receiver.confirm(document, content)
    await case.practitioner.request("consultation.close", {"consultation": case.room})
    await case.patient.until(lambda c: c.consultations[case.room]["state"] == "closed")
    for side in (case.sender, case.receiver):
        side.api.refused(410, "consultation_closed", "GET", side.path)
        refused(side.read(document), 410, "consultation_closed")
    case.sender.api.refused(410, "consultation_closed", "POST", case.sender.path, case.sender.announced(content))
    refused(case.sender.put(staged, content, 0, len(content)), 410, "consultation_closed")
    refused(case.sender.withdraw(document), 410, "consultation_closed")
    case.receiver.api.refused(410, "consultation_closed", "POST", f"{case.receiver.path}/{document}/fetched", {"sha256": sha256(content)})


# To whom


def told(courier, document):
    """All that somebody learns who asks for a document in every way."""
    content = pdf()
    answers = [
        courier.api.ask("GET", courier.path), courier.read(document), courier.read(document, "bytes=0-1"), courier.withdraw(document),
        courier.put(document, content, 0, len(content)), courier.api.ask("POST", courier.path, courier.announced(content)),
        courier.api.ask("POST", f"{courier.path}/{document}/fetched", {"sha256": sha256(content)}),
    ]
    return [(answer.status, answer.body) for answer in answers]


async def test_another_patients_document_is_as_one_that_does_not_exist(stage, case):
    document = case.sender.hand_over(pdf())["id"]
    other = await begun(stage)
    for person in (other.receiver.api, other.sender.api):  # another patient, another practitioner
        foreign, missing = Courier(person, case.room), Courier(person, uuid.uuid4())
        assert told(foreign, document) == told(missing, uuid.uuid4())
        assert {status for status, _ in told(foreign, document)} == {404}
    # In one's own consultation, another one's document is not there.
    refused(other.receiver.read(document), 404, "unknown_document")
    refused(other.sender.withdraw(document), 404, "unknown_document")
    refused(other.sender.put(document, pdf(), 0, len(pdf())), 404, "unknown_document")
    assert case.receiver.read(document).body == pdf()


async def test_a_guardian_reads_until_they_are_one_no_longer(stage, population):
    family = population.take("minor")
    clients = [await stage.enter(guardian) for guardian in family.guardians]
    practitioner = await stage.new("practitioner")
    scene = await stage.waiting_room(clients[0], family.patient.id, practitioner)
    child = await stage.enter(family.patient)
    await child.join(scene.room, "patient")
    await clients[0].join(scene.room, "guardian")
    await scene.connected(practitioner, "practitioner", child, "patient")
    await scene.start(family.patient.id, family.guardians[0].id)
    sides = [Courier(Api(stage.broker, token=person.token), scene.room) for person in (stage.persons[practitioner.id], *family.guardians)]
    content = pdf()
    document = sides[0].hand_over(content)["id"]
    for side in sides[1:]:
        assert side.read(document).body == content
    sides[2].api.delete(f"/v1/patients/{family.patient.id}/guardians/{family.guardians[1].id}")
    missing = Courier(sides[2].api, uuid.uuid4())
    assert told(sides[2], document) == told(missing, document)
    sides[1].confirm(document, content)


async def test_an_operator_reads_nothing(case, operator):
    document = case.sender.hand_over(pdf())["id"]
    assert {status for status, _ in told(Courier(operator, case.room), document)} == {404}


# What is on disk


async def ended(broker):
    """A patient, and both sides of a consultation that has ended, on a server of its own."""
    patient, practitioner = people.adult(), people.practitioner()
    broker.import_accounts([patient, practitioner])
    broker.start()
    stage = Stage(broker)
    clients = [await stage.enter(person) for person in (patient, practitioner)]
    scene = await stage.waiting_room(clients[0], practitioner=clients[1])
    await clients[0].join(scene.room, "patient")
    await scene.connected(clients[1], "practitioner", clients[0], "patient")
    await scene.start(patient.id)
    await scene.end()
    await stage.close()
    return patient, *(Courier(Api(broker, token=person.token), scene.room) for person in (practitioner, patient))


async def test_the_bounds_are_settings(tmp_path):
    broker = Broker(tmp_path, options=["--documents-count", "2", "--documents-bytes", "2000"])
    try:
        _, sender, receiver = await ended(broker)
        sender.hand_over(pdf(2_000))
        sender.api.refused(413, "too_large", "POST", sender.path, sender.announced(pdf(2_001)))
        sender.hand_over(pdf())
        sender.api.refused(409, "too_many_documents", "POST", sender.path, sender.announced(pdf()))
        assert [document["size"] for document in receiver.list()] == [2_000, 400]
    finally:
        broker.kill()


async def test_what_was_announced_survives_a_kill_and_nothing_is_ever_in_the_clear(tmp_path):
    broker = Broker(tmp_path)
    name, canary = "CANARI-du-nom", b"CANARI-du-contenu"
    content = pdf(700_000)
    content = content[:300_000] + canary + content[300_000 + len(canary):]
    try:
        patient, sender, receiver = await ended(broker)
        key = str(uuid.uuid4())
        staged = sender.announce(content, name=name, key=key)
        sender.put(staged, content, 0, CHUNK)
        broker.kill()
        broker.start()
        upload = sender.api.post(sender.path, sender.announced(content, name=name, key=key))
        assert upload["document"] == staged and upload["received"] == CHUNK
        document = sender.send(staged, content, CHUNK).json["document"]
        broker.kill()
        broker.start()
        assert receiver.list() == [document] and receiver.read(staged).body == content
        assert words_on_disk(broker, name.encode(), canary) == set()

        receiver.confirm(staged, content)
        stage = Stage(broker)
        client = await stage.enter(patient)
        assert held(broker) > len(content)
        await client.request("consultation.confirm", {"consultation": sender.consultation})
        await stage.close()
        async with asyncio.timeout(60):
            while held(broker) > 200_000:
                await asyncio.sleep(0.2)
        assert words_on_disk(broker, name.encode(), canary) == set()
    finally:
        broker.kill()


def held(broker):
    """Bytes of the documents' database and its side files."""
    return sum(path.stat().st_size for path in broker.data.glob("documents.sqlite*"))


def words_on_disk(broker, *words):
    """Those of the words that stand in any file of the data folder or in the log."""
    files = [path for path in broker.data.rglob("*") if path.is_file()] + [broker.log]
    found = b"\0".join(path.read_bytes() for path in files)
    return {word for word in words if word in found}
