"""CU-6.7: who has not been verified, was refused or was suspended sees nothing of the queue, from the moment on."""

import asyncio
import json
import time

import pytest

from newcomers import settled
from people import rpps
from stage import refusal

AT_ONCE = 1  # second


@pytest.fixture
def applicant(broker):
    return settled(broker, "practitioner")


def decide(operator, practitioner, verification, ground="RPPS record checked 2026-11-24"):
    operator.post(f"/v1/operator/practitioners/{practitioner.id}/verification", {"verification": verification, "ground": ground})


async def assert_sees_nothing(stage, client, verification):
    """While a request is waiting that everybody who is verified sees."""
    watching, patient = await stage.new("practitioner"), await stage.new("adult")
    consultation = await stage.requested(patient)
    await watching.until(lambda c: consultation in c.queue)
    await client.request("ping")
    assert client.greeting["practitioner"]["verification"] == verification
    assert client.queue is None and client.presence is None and not client.consultations
    for type, body in (("request.claim", {"consultation": consultation}), ("presence.set", {"presence": "available"}),
                       ("room.open", {"consultation": consultation})):
        with pytest.raises(Exception) as refused:
            await client.request(type, body)
        assert refused.value.code in ("not_verified", "unknown_consultation"), refused.value
    await patient.request("request.cancel", {"consultation": consultation})


@pytest.mark.parametrize("verification", ["pending", "refused", "suspended"])
async def test_cu_6_7_a_practitioner_who_is_not_verified_sees_and_claims_nothing_on_a_real_socket(broker, stage, operator, applicant, verification):
    if verification == "suspended":
        decide(operator, applicant, "verified")
    if verification != "pending":
        decide(operator, applicant, verification)
    client = await applicant.enter()
    await assert_sees_nothing(stage, client, verification)
    await client.close()


async def test_cu_6_7_a_verified_practitioner_sees_the_queue_and_a_suspended_one_is_out_within_a_second(broker, stage, operator, applicant):
    decide(operator, applicant, "verified")
    broker.mailbox.take(applicant.email)
    client, watching, patient = await applicant.enter(), await stage.new("practitioner"), await stage.new("adult")
    await client.request("presence.set", {"presence": "available"})
    available = patient.available
    consultation = await stage.requested(patient)
    await client.until(lambda c: consultation in c.queue)

    before = time.monotonic()
    decide(operator, applicant, "suspended", "Struck off the register 2026-11-24")
    assert (await client.over(timeout=AT_ONCE)).code == 4000
    assert time.monotonic() - before < AT_ONCE
    await patient.until(lambda c: c.available < available + 1)
    again = await applicant.enter()
    await assert_sees_nothing(stage, again, "suspended")
    with refusal("not_verified"):
        await again.request("request.claim", {"consultation": consultation})
    assert consultation in watching.queue
    details = applicant.get("/v1/account")["practitioner"]
    assert (details["verification"], details["ground"]) == ("suspended", "Struck off the register 2026-11-24")
    applicant.refused(403, "forbidden", "PUT", "/v1/account/practitioner", {"rpps": details["rpps"], "specialty": "Pédiatrie", "sector": 1})
    assert broker.mailbox.take(applicant.email)
    await again.close()


async def test_cu_6_7_a_suspended_practitioners_consultation_is_over_for_them(broker, stage, operator, applicant):
    decide(operator, applicant, "verified")
    client, patient = await applicant.enter(), await stage.new("adult")
    scene = await stage.waiting_room(patient, practitioner=client)
    await patient.join(scene.room, "patient")
    await scene.start(patient.id)
    decide(operator, applicant, "suspended")
    assert (await client.over(timeout=AT_ONCE)).code == 4000
    await patient.until(lambda c: not c.rooms.get(scene.room, {}).get("peers"))


def test_cu_6_7_who_was_refused_applies_again_and_another_number_is_judged_anew(operator, applicant):
    path = "/v1/account/practitioner"
    mine = applicant.said["practitioner"]
    decide(operator, applicant, "refused", "The RPPS record has another name")
    assert applicant.get("/v1/account")["practitioner"]["ground"] == "The RPPS record has another name"
    assert applicant.put(path, mine)["practitioner"]["verification"] == "pending"
    decide(operator, applicant, "verified")
    corrected = applicant.put(path, mine | {"sector": 3})["practitioner"]
    assert (corrected["verification"], corrected["sector"]) == ("verified", 3)
    corrected = applicant.put(path, mine | {"specialty": "Dermatologie", "sector": 3})["practitioner"]
    assert (corrected["verification"], corrected["specialty"]) == ("pending", "Dermatologie")
    decide(operator, applicant, "verified")
    assert applicant.patch("/v1/account", {"family_name": "Autrement"})["practitioner"]["verification"] == "pending"
    decide(operator, applicant, "verified")
    another = applicant.put(path, mine | {"rpps": rpps(int(mine["rpps"][1:10]) + 50_000)})["practitioner"]
    assert another["verification"] == "pending"


@pytest.mark.parametrize("number", ["10000000000", "1000000001", "100000000161", "", "1000000001a"])
def test_cu_6_7_a_number_that_is_no_rpps_number_is_not_taken_in_a_correction_either(applicant, number):
    problem = applicant.refused(400, "invalid_field", "PUT", "/v1/account/practitioner", applicant.said["practitioner"] | {"rpps": number})
    assert problem["field"] == "rpps"


def test_cu_6_7_somebody_elses_rpps_number_is_taken(broker, applicant):
    other = settled(broker, "practitioner")
    applicant.refused(409, "rpps_taken", "PUT", "/v1/account/practitioner", other.said["practitioner"])


async def test_cu_1_the_health_file_is_read_by_the_practitioner_who_claimed_and_nobody_else(broker, stage, operator, applicant):
    decide(operator, applicant, "verified")
    rival = settled(broker, "practitioner")
    decide(operator, rival, "verified")
    patient = settled(broker)
    patient.put(f"/v1/patients/{patient.id}/health", {"history": "Allergie à la pénicilline", "social_security_number": "1 85 05 78 006 084 91"})
    client, doctor = await patient.enter(), await applicant.enter()
    consultation = await stage.requested(client)
    path = f"/v1/consultations/{consultation}/health"
    applicant.refused(404, "not_found", "GET", path)
    await doctor.request("request.claim", {"consultation": consultation})
    read = applicant.get(path)
    assert (read["history"], read["social_security_number"]) == ("Allergie à la pénicilline", "185057800608491")
    for somebody, status in ((rival, 404), (patient, 403), (operator, 403)):
        assert somebody.ask("GET", path).status == status
    await doctor.request("consultation.end", {"consultation": consultation, "reason": "other"})
    applicant.refused(403, "forbidden", "GET", path)
    for one in (client, doctor):
        await one.close()


async def test_cu_6_7_a_suspension_does_not_wait_behind_an_import(broker, stage):
    practitioner = await stage.new("practitioner")
    crowd = [{"given_name": "Un", "family_name": "Nom", "roles": ["patient"], "birth_date": "1980-01-01"} for _ in range(10_000)]
    text = "".join(json.dumps(person) + "\n" for person in crowd)
    # Meanwhile the practitioner answers pings.
    await asyncio.to_thread(broker.command, "account", "import", "-", text=text)
    broker.account("suspend", practitioner.id, "--ground", "Ordre 2026-11-24")
    assert (await practitioner.over(timeout=AT_ONCE)).code == 4000
