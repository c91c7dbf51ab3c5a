"""A family from "never heard of it" to the waiting room, and out again with all data erased, without anybody's help."""

import pytest

import people
from account_pages import Newcomer
from broker import Broker
from canaries import Canaries, assert_gone, files_with
from pages import Desk
from people import PASSWORD
from scenario import REASON


@pytest.fixture
def platform(tmp_path):
    """A server with a verified physician, whom the family names."""
    broker, physician = Broker(tmp_path), people.practitioner(password=PASSWORD)
    broker.import_accounts([physician])
    with broker:
        yield broker, physician


def test_cu_1_3_6_11_12_1_a_family_signs_up_consults_with_both_parents_and_leaves_nothing_behind(platform, device):
    broker, physician = platform
    hers, his = Canaries("mother"), Canaries("father")
    mother = Newcomer(device("chromium"), broker, hers.email, PASSWORD)
    mother.signs_up("both", hers.given_name, hers.family_name, street=hers.street, postal_code="75011", city=hers.city, attending=physician)
    mother.confirms().agrees()
    mother.adds_a_child(hers.childs_name, his.family_name, physician)
    mother.invites(his.email)

    father = Newcomer(device("firefox"), broker, his.email, PASSWORD)
    father.signs_up("guardian", his.given_name, his.family_name).confirms().agrees()
    father.accepts_the_invitation()
    father.goes_home()

    doctor = Desk(device("chromium"), broker.url, physician.email, PASSWORD).sign_in()
    doctor.becomes_available()
    mother.goes_home()
    mother.ask(REASON, represented=True, assignment="attending")
    mother.is_in_the_waiting_room()
    card = doctor.claim(REASON)
    assert hers.childs_name not in card, "CU-6.1b: no identity before the claim"
    doctor.open_room()
    doctor.is_alone()
    mother.goes_in_beside_the_patient()
    father.go_in_on_an_own_device()
    doctor.sees("patient", "guardian")
    mother.sees("practitioner", "guardian")
    father.sees("practitioner", "patient")
    doctor.start("patient", "parent")
    doctor.sees("patient", "guardian")
    doctor.end("completed")
    for pages in (mother, father):
        pages.is_told_of_the_end()

    exported = str(mother.exports())
    assert all(word in exported for word in (hers.given_name, hers.family_name, hers.street, hers.city, hers.email, hers.childs_name))
    her_words = [hers.given_name, hers.family_name, hers.street, hers.city, hers.email]
    assert {word for _, word in files_with(broker, her_words)} == set(her_words), "what is searched for is there before"
    mother.erases()
    assert_gone(broker, her_words)
    father.erases()
    assert_gone(broker, [*her_words, hers.childs_name, his.given_name, his.family_name, his.email, REASON])
