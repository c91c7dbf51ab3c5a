"""CU-3: two separate consents; without both for the texts in force nothing goes on, over HTTP and in sockets."""

import asyncio

import pytest

import people
from api import Api
from broker import LEGAL, TRUSTED, Broker
from legal_texts import LegalTexts, sha256
from newcomers import Newcomer, settled
from people import PASSWORD, Population
from stage import Stage, refusal, relayed

WITHIN = 5  # seconds; the broker looks twice a second for what was done from the command line


@pytest.fixture
def newcomer(broker):
    """Somebody who has agreed to nothing yet."""
    return Newcomer(broker).sign_up().confirm()


def agree(person, document, language="fr"):
    text = next(text for text in person.get("/v1/texts")["texts"] if (text["document"], text["language"]) == (document, language))
    person.post("/v1/account/consents", {name: text[name] for name in ("document", "version", "language", "sha256")})
    return text


def test_cu_3_the_texts_in_force_are_those_of_the_files_to_the_letter(broker):
    nobody = Api(broker)
    texts = nobody.get("/v1/texts")["texts"]
    assert {(text["document"], text["language"]) for text in texts} == {(d, l) for d in ("terms", "privacy") for l in ("fr", "en")}
    for text in texts:
        answer = nobody.ask("GET", text["url"])
        assert answer.body == (LEGAL / text["document"] / f"{text['version']}.{text['language']}.md").read_bytes()
        assert sha256(answer.body) == text["sha256"]
    for path in ("terms/99/fr", "terms/1/de", "cookies/1/fr", "terms/0/fr", "terms/x/fr"):
        assert nobody.ask("GET", f"/v1/texts/{path}").status == 404


def test_cu_3_before_both_consents_nothing_but_reading_agreeing_exporting_and_erasing_is_possible(newcomer):
    assert newcomer.get("/v1/session")["consents_needed"] == ["terms", "privacy"]
    closed = [("GET", "/v1/account"), ("GET", "/v1/patients"), ("GET", "/v1/invitations"), ("GET", "/v1/account/sessions"),
              ("DELETE", "/v1/account/sessions")]
    for given in (None, "terms"):
        if given:
            agree(newcomer, given)
        for method, path in closed:
            newcomer.refused(403, "consent_required", method, path)
        for path in ("/v1/account/consents", "/v1/account/export", "/v1/account/erasure", "/v1/texts"):
            newcomer.get(path)
    agree(newcomer, "privacy", "en")
    newcomer.get("/v1/account")
    assert newcomer.get("/v1/session")["consents_needed"] == []


async def test_cu_3_a_socket_is_refused_until_both_consents_are_given(broker, newcomer):
    for given in ("terms", "privacy"):
        socket = await newcomer.connect()
        with refusal("consent_required"):
            await socket.request("hello", {})
        closed = await socket.over()
        assert (closed.code, closed.reason["code"]) == (4205, "consent_required")
        agree(newcomer, given)
    socket = await newcomer.enter()
    await socket.close()


def test_cu_3_each_consent_is_kept_with_version_hash_and_time(newcomer):
    texts = {document: agree(newcomer, document) for document in ("terms", "privacy")}
    consents = newcomer.get("/v1/account/consents")
    assert consents["needed"] == []
    for given in consents["given"]:
        text = texts[given["document"]]
        assert (given["version"], given["language"], given["sha256"], given["by"]) == (text["version"], "fr", text["sha256"], "self")
        assert given["given_at"] >= text["published_at"]
    assert len(consents["given"]) == 2


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"version": 2}, {"version": 99}])
def test_cu_3_only_the_exact_text_in_force_can_be_agreed_to(newcomer, wrong):
    text = newcomer.get("/v1/account/consents")["needed"][0]
    body = {name: text[name] for name in ("document", "version", "language", "sha256")} | wrong
    newcomer.refused(409, "text_changed", "POST", "/v1/account/consents", body)
    assert newcomer.get("/v1/session")["consents_needed"] == ["terms", "privacy"]


def test_cu_3_a_consent_given_twice_is_one_consent(newcomer):
    agree(newcomer, "terms")
    agree(newcomer, "terms", "en")
    assert len(newcomer.get("/v1/account/consents")["given"]) == 1


class FewPeople(Population):
    SIZES = {"practitioner": 2, "adult": 3, "minor": 0, "protected_adult": 0, "accompanied_adult": 0}


@pytest.fixture
async def publishing(tmp_path):
    """A server of one's own, its texts, and a stage on it."""
    texts = LegalTexts(tmp_path)
    broker = Broker(tmp_path, options=TRUSTED, legal=texts.folder)
    population = FewPeople()
    broker.import_accounts(list(population.everyone()))
    with broker:
        stage = Stage(broker, population)
        yield broker, texts, stage
        await stage.close()


async def assert_asked_again(client):
    closed = await client.over(WITHIN)
    assert (closed.code, closed.reason["code"]) == (4205, "consent_required")


async def test_cu_3_a_new_version_during_an_open_waiting_room_stops_everything_until_it_is_agreed_to(publishing):
    broker, texts, stage = publishing
    patient = settled(broker)
    old = {text["document"]: text for text in patient.get("/v1/account/consents")["given"]}
    words = patient.ask("GET", old["terms"]["url"]).body
    client = await patient.enter()
    scene = await stage.waiting_room(client)
    await client.join(scene.room, "patient")
    await scene.connected(scene.practitioner, "practitioner", client, "patient")

    version = await asyncio.to_thread(texts.publish_next, broker)
    await assert_asked_again(client)
    await assert_asked_again(scene.practitioner)
    again = await patient.connect()
    with refusal("consent_required"):
        await again.request("hello", {})
    patient.refused(403, "consent_required", "GET", "/v1/account")
    assert patient.get("/v1/session")["consents_needed"] == ["terms"]
    assert await asyncio.to_thread(broker.mailbox.take, patient.email), "the letter that there is a new version"

    patient.agree()
    doctor = Api(broker, token=next(p for p in stage.persons.values() if p.id == scene.practitioner.id).token)
    doctor.agree()
    client = await patient.enter()
    practitioner = await stage.enter(stage.persons[scene.practitioner.id])
    await practitioner.join(scene.room, "practitioner")
    await client.join(scene.room, "patient")
    scene.practitioner, scene.patient = practitioner, client
    await scene.connected(practitioner, "practitioner", client, "patient")
    await relayed(scene, practitioner, "patient", client)
    await client.close()

    # What was agreed to before is provable, with its exact words.
    given = patient.get("/v1/account/consents")["given"]
    assert sorted((one["document"], one["version"]) for one in given) == [("privacy", 1), ("terms", 1), ("terms", version)]
    assert old["terms"] in given
    kept = patient.ask("GET", old["terms"]["url"]).body
    assert kept == words and sha256(kept) == old["terms"]["sha256"]


async def test_cu_3_a_consultation_in_progress_is_finished_first_and_nothing_else_is_begun(publishing):
    broker, texts, stage = publishing
    scene = await stage.adults_call()
    await scene.start(scene.patient.id)
    await scene.state("in_progress", scene.practitioner, scene.patient)
    idle = await stage.new("adult")

    await asyncio.to_thread(texts.publish_next, broker, "privacy")
    await assert_asked_again(idle)
    await relayed(scene, scene.practitioner, "patient", scene.patient)
    await relayed(scene, scene.patient, "practitioner", scene.practitioner)
    await scene.patient.request("ping")
    with refusal("consent_required"):
        await stage.requested(scene.patient)
    with refusal("consent_required"):
        await scene.practitioner.request("presence.set", {"presence": "away"})

    await scene.end()
    for client in (scene.practitioner, scene.patient):
        await client.until(lambda c: scene.room in c.closed_rooms)
        await assert_asked_again(client)


async def test_cu_3_who_agrees_during_the_consultation_stays_when_it_is_over(publishing):
    broker, texts, stage = publishing
    scene = await stage.adults_call()
    await scene.start(scene.patient.id)
    idle = await stage.new("adult")
    await asyncio.to_thread(texts.publish_next, broker)
    await assert_asked_again(idle)
    with refusal("consent_required"):
        await stage.requested(scene.patient)
    Api(broker, token=stage.persons[scene.patient.id].token).agree()
    await scene.end()
    await assert_asked_again(scene.practitioner)
    await scene.patient.until(lambda c: scene.room in c.closed_rooms)
    await stage.requested(scene.patient)


def test_cu_3_a_published_text_cannot_be_changed(tmp_path):
    texts = LegalTexts(tmp_path)
    broker = Broker(tmp_path, legal=texts.folder)
    with broker:
        pass
    path = texts.folder / "terms" / "1.fr.md"
    path.write_bytes(path.read_bytes().replace(b"e", "é".encode(), 1))
    with pytest.raises(AssertionError, match="1"):
        broker.start()


def test_cu_3_a_person_made_without_consents_is_asked_as_everybody_is(own_broker):
    person = people.adult(password=PASSWORD, consented=False)
    own_broker.import_accounts([person])
    own_broker.start()
    visitor = Api(own_broker, token=person.token)
    assert visitor.get("/v1/session")["consents_needed"] == ["terms", "privacy"]
    visitor.refused(403, "consent_required", "GET", "/v1/patients")


async def test_cu_3_nobody_asks_for_a_patient_who_has_not_agreed_and_strangers_do_not_learn_of_it(own_broker):
    family, somebody = people.protected_adult(), people.adult()
    family.patient.more["consented"] = False
    own_broker.import_accounts([*family.guardians, family.patient, somebody])
    own_broker.start()
    stage = Stage(own_broker)
    tutor, stranger = await stage.enter(family.guardians[0]), await stage.enter(somebody)
    with refusal("consent_required"):
        await stage.requested(tutor, family.patient.id)
    with refusal("unknown_patient"):
        await stage.requested(stranger, family.patient.id)
    Api(own_broker, token=family.patient.token).agree()
    await stage.requested(tutor, family.patient.id)
    await stage.close()
