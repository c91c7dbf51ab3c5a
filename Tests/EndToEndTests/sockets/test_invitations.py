"""CU-6.3: the account of one's child, and guardians who come by an invitation that is good once."""

import sqlite3

import pytest

from newcomers import Newcomer, settled
from stage import refusal

CHILD = {"given_name": "Lou", "family_name": "Venue", "birth_date": "2018-09-30", "attending": {"name": "Dr Weber"}, "authority": True}
DAY = 86_400_000  # milliseconds


@pytest.fixture
def parent(broker):
    return settled(broker, "guardian")


@pytest.fixture
def child(parent):
    """The child's patient, as the parent sees it."""
    return parent.post("/v1/patients", CHILD)


def invite(who, patient, email, relation="parent"):
    return who.post(f"/v1/patients/{patient['id']}/invitations", {"email": email, "relation": relation})


def token_for(broker, email):
    return broker.mailbox.take(email, "invitation").token


def test_cu_6_3_a_parent_makes_the_account_of_their_child_and_acts_for_it(broker, parent, child):
    assert (child["status"], child["relation"], child["own_sign_in"], child["attending"]) == ("minor", "parent", False, {"name": "Dr Weber"})
    assert [guardian["id"] for guardian in child["guardians"]] == [parent.id]
    assert parent.get("/v1/patients")["patients"] == [child]
    corrected = parent.patch(f"/v1/patients/{child['id']}", {"given_name": "Louise", "attending": None})
    assert (corrected["given_name"], corrected["family_name"], corrected["attending"]) == ("Louise", "Venue", None)
    health = f"/v1/patients/{child['id']}/health"
    assert parent.get(health) == {"history": None, "social_security_number": None, "updated_at": None}
    parent.put(health, {"history": "Asthme", "social_security_number": None})
    assert parent.get(health)["history"] == "Asthme"


def test_cu_3_the_parents_consents_count_for_the_child(broker, parent, child):
    export = parent.get(f"/v1/patients/{child['id']}/export")
    assert {consent["by"] for consent in export["consents"]} == {"guardian"}


@pytest.mark.parametrize("member, value", [("authority", False), ("birth_date", "2001-01-01"), ("birth_date", "2080-01-01"), ("given_name", "")])
def test_a_childs_account_needs_authority_and_somebody_under_18(parent, member, value):
    assert parent.refused(400, "invalid_field", "POST", "/v1/patients", CHILD | {member: value})["field"] == member


def test_what_belongs_to_a_child_is_nobody_elses(broker, child):
    stranger = settled(broker)
    path = f"/v1/patients/{child['id']}"
    for method, what, body in (("GET", "", None), ("PATCH", "", {"given_name": "X"}), ("GET", "/health", None), ("GET", "/export", None),
                               ("PUT", "/health", {"history": "X", "social_security_number": None}), ("GET", "/erasure", None),
                               ("POST", "/invitations", {"email": stranger.email, "relation": "parent"})):
        stranger.refused(404, "not_found", method, path + what, body)
    stranger.refused(404, "not_found", "DELETE", f"{path}/guardians/{child['guardians'][0]['id']}")


def test_cu_6_3_the_second_parent_comes_by_the_link_in_the_letter_which_is_good_once(broker, parent, child):
    second = settled(broker, "guardian")
    invitation = invite(parent, child, second.email)
    assert invitation["expires_at"] - invitation["created_at"] == 7 * DAY
    token = token_for(broker, second.email)
    found = second.post("/v1/invitations/find", {"token": token})
    assert found["patient"] == {"given_name": "Lou", "family_name": "Venue"} and found["relation"] == "parent"
    assert found["invited_by"] == {"given_name": "Nour", "family_name": "Venue"}
    assert second.get("/v1/invitations")["invitations"] == [found]

    second.post(f"/v1/invitations/{found['id']}/accept")
    assert second.get("/v1/patients")["patients"][0]["id"] == child["id"]
    assert len(parent.get(f"/v1/patients/{child['id']}")["guardians"]) == 2
    second.refused(410, "invitation_used", "POST", "/v1/invitations/find", {"token": token})
    second.refused(410, "invitation_used", "POST", f"/v1/invitations/{found['id']}/accept")
    assert second.get("/v1/invitations")["invitations"] == []
    third = settled(broker, "guardian")
    parent.refused(409, "too_many_guardians", "POST", f"/v1/patients/{child['id']}/invitations", {"email": third.email, "relation": "parent"})


def test_who_has_no_account_yet_signs_up_with_the_invited_address(broker, parent, child):
    newcomer = Newcomer(broker, "guardian")
    invite(parent, child, newcomer.email)
    token = token_for(broker, newcomer.email)
    newcomer.sign_up().confirm().agree()
    found = newcomer.post("/v1/invitations/find", {"token": token})
    newcomer.post(f"/v1/invitations/{found['id']}/accept")
    assert [patient["id"] for patient in newcomer.get("/v1/patients")["patients"]] == [child["id"]]


def test_cu_6_3_an_invitation_is_for_the_account_of_its_address_alone(broker, parent, child):
    invited, stranger = settled(broker, "guardian"), settled(broker, "guardian")
    invitation = invite(parent, child, invited.email)
    token = token_for(broker, invited.email)
    stranger.refused(403, "invitation_for_another", "POST", "/v1/invitations/find", {"token": token})
    for answer in ("accept", "decline"):
        refused = stranger.ask("POST", f"/v1/invitations/{invitation['id']}/{answer}")
        assert (refused.status, refused.json["code"]) in ((403, "invitation_for_another"), (404, "not_found"))
    assert len(parent.get(f"/v1/patients/{child['id']}")["guardians"]) == 1
    invited.post(f"/v1/invitations/{invitation['id']}/decline")
    invited.refused(410, "invitation_used", "POST", "/v1/invitations/find", {"token": token})
    assert parent.get(f"/v1/patients/{child['id']}")["invitations"] == []


def test_an_invitation_that_was_taken_back_is_good_for_nothing(broker, parent, child):
    invited = settled(broker, "guardian")
    invitation = invite(parent, child, invited.email)
    token = token_for(broker, invited.email)
    parent.delete(f"/v1/patients/{child['id']}/invitations/{invitation['id']}")
    invited.refused(410, "invitation_revoked", "POST", "/v1/invitations/find", {"token": token})
    invited.refused(410, "invitation_revoked", "POST", f"/v1/invitations/{invitation['id']}/accept")
    parent.refused(404, "not_found", "DELETE", f"/v1/patients/{child['id']}/invitations/{invitation['id']}")


def test_an_invitation_expires(broker, parent, child):
    invited = settled(broker, "guardian")
    invitation = invite(parent, child, invited.email)
    token = token_for(broker, invited.email)
    with sqlite3.connect(broker.data / "accounts.sqlite", timeout=20) as database:
        database.execute("UPDATE invitation SET created_at = created_at - ?1, expires_at = expires_at - ?1 WHERE id = ?2",
                         (7 * DAY, bytes.fromhex(invitation["id"].replace("-", ""))))
    invited.refused(410, "invitation_expired", "POST", "/v1/invitations/find", {"token": token})
    invited.refused(410, "invitation_expired", "POST", f"/v1/invitations/{invitation['id']}/accept")
    assert invited.get("/v1/invitations")["invitations"] == []


@pytest.mark.parametrize("relation", ["tutor", "curator"])
def test_cu_6_3_a_minor_has_parents(broker, parent, child, relation):
    parent.refused(409, "relation_mismatch", "POST", f"/v1/patients/{child['id']}/invitations", {"email": "t@x.example", "relation": relation})


def test_cu_6_3_a_patient_under_tutelle_invites_the_tutor(broker):
    patient = settled(broker, protection="tutelle")
    tutor = settled(broker, "guardian")
    (own,) = patient.get("/v1/patients")["patients"]
    assert own["status"] == "protected_adult"
    for relation in ("parent", "curator"):
        patient.refused(409, "relation_mismatch", "POST", f"/v1/patients/{own['id']}/invitations", {"email": tutor.email, "relation": relation})
    patient.refused(409, "own_guardian", "POST", f"/v1/patients/{own['id']}/invitations", {"email": patient.email, "relation": "tutor"})
    invitation = invite(patient, own, tutor.email, "tutor")
    tutor.post(f"/v1/invitations/{invitation['id']}/accept")
    assert tutor.get("/v1/patients")["patients"][0]["relation"] == "tutor"
    patient.refused(403, "forbidden", "PATCH", "/v1/account", {"protection": "none"})


def test_a_patient_without_a_sign_in_keeps_a_guardian(parent, child):
    parent.refused(409, "last_guardian", "DELETE", f"/v1/patients/{child['id']}/guardians/{parent.id}")


async def test_cu_6_3_a_guardian_who_is_revoked_loses_the_seat_at_once_and_comes_back_as_nobody(broker, stage):
    parent = settled(broker, "guardian")
    child = parent.post("/v1/patients", CHILD)
    second = settled(broker, "guardian")
    second.post(f"/v1/invitations/{invite(parent, child, second.email)['id']}/accept")
    first_client, second_client = await parent.enter(), await second.enter()
    scene = await stage.waiting_room(first_client, child["id"])
    await first_client.join(scene.room, "patient")
    await second_client.join(scene.room, "guardian")
    await scene.connected(scene.practitioner, "practitioner", first_client, "patient")
    await scene.start(child["id"], parent.id)

    parent.delete(f"/v1/patients/{child['id']}/guardians/{second.id}")
    await second_client.until(lambda c: c.closed_rooms.get(scene.room, {}).get("why") == "not_admitted", timeout=1)
    assert (await second_client.over(timeout=1)).code == 4000
    back = await second.enter()
    assert back.greeting["patients"] == [] and scene.room not in back.consultations
    with refusal("not_admitted"):
        await back.join(scene.room, "guardian")
    second.refused(404, "not_found", "GET", f"/v1/patients/{child['id']}")
    await scene.practitioner.request("ping")
    assert scene.practitioner.rooms[scene.room]["state"] == "in_progress", "one parent is enough"
    for client in (first_client, back):
        await client.close()


async def test_cu_6_3_who_is_revoked_for_one_patient_while_in_the_room_of_another_hears_nothing_more_of_the_first(broker, stage):
    parent = settled(broker, "guardian")
    child = parent.post("/v1/patients", CHILD)
    second = settled(broker, "guardian")
    own = second.post("/v1/patients", CHILD)
    second.post(f"/v1/invitations/{invite(parent, child, second.email)['id']}/accept")
    first_client, second_client = await parent.enter(), await second.enter()
    scene = await stage.waiting_room(second_client, own["id"])
    await second_client.join(scene.room, "patient")

    parent.delete(f"/v1/patients/{child['id']}/guardians/{second.id}")
    request = await stage.requested(first_client, child["id"])
    with refusal("unknown_patient"):
        await stage.requested(second_client, child["id"])
    with refusal("unknown_consultation"):
        await second_client.request("request.cancel", {"consultation": request})
    assert list(second_client.consultations) == [scene.room], "what is theirs goes on"
    await second_client.request("room.leave", {"room": scene.room})
    assert (await second_client.over(timeout=1)).code == 4000
    await first_client.close()


async def test_cu_6_3c_the_last_guardian_in_the_room_who_is_revoked_suspends_the_consultation(broker, stage):
    parent = settled(broker, "guardian")
    child = parent.post("/v1/patients", CHILD)
    second = settled(broker, "guardian")
    second.post(f"/v1/invitations/{invite(parent, child, second.email)['id']}/accept")
    first_client, second_client = await parent.enter(), await second.enter()
    scene = await stage.waiting_room(first_client, child["id"])
    await second_client.join(scene.room, "patient")
    await scene.start(child["id"], second.id)
    parent.delete(f"/v1/patients/{child['id']}/guardians/{second.id}")
    await scene.practitioner.until(lambda c: c.rooms[scene.room]["state"] == "suspended", timeout=1)
    assert (await second_client.over(timeout=1)).code == 4000
    await first_client.close()
