"""Every page can be used with a screen reader and a keyboard, as far as axe-core can tell: in both languages, in a wide and a narrow window."""

import re
import secrets

import pytest
from axe_playwright_python.sync_playwright import Axe

import people
from broker import TRUSTED, Broker
from chromium import Chromium
from life_pages import Surgery, Waiting
from newcomers import settled
from pages import Asking, Pages
from people import PASSWORD
from record_pages import Record
from scenario import REASON, in_a_call

TOKEN = secrets.token_urlsafe(32)
# Addresses of the application, and which page each leads to where that is not its name.
LINKS = ("confirm", "reset", "email", "invitation")
STRANGERS = ["", "sign-up", "sign-up/practitioner", "forgotten", *(f"{page}/{TOKEN}" for page in LINKS), "confirm/x", "texts/terms", "texts/privacy",
             "support"]
ACCOUNT = ["account", "account/profile", "account/sign-in", "account/devices", "account/data", "account/erase"]
PATIENTS = ["", "ask", "family", "account/health", "account/consultations", f"invitation/{TOKEN}", *ACCOUNT]
PRACTITIONERS = ["", "account/practitioner", "account/consultations", "record", *ACCOUNT]
OPERATORS = ["operator", "operator/accounts", "operator/audit", *ACCOUNT]
ELSEWHERE = {"confirm/x": "confirm", "texts/terms": "texts", "texts/privacy": "texts"} | {f"{page}/{TOKEN}": page for page in LINKS}
# Tasks of the family page, each of which takes its place.
FAMILY = ["child-add", "family-invite", "family-correct", "family-health", "family-erase"]
NARROW, WIDE = 360, 1280
every_window = pytest.mark.parametrize("language, width", [("fr", WIDE), ("fr", NARROW), ("en", WIDE), ("en", NARROW)])


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """A server, and people with something on each of their pages."""
    broker = Broker(tmp_path_factory.mktemp("axe"), options=TRUSTED)
    cast = {"practitioner": people.practitioner(password=PASSWORD), "pending": people.practitioner(password=PASSWORD, verification="pending"),
            "operator": people.operator(password=PASSWORD)}
    broker.import_accounts(list(cast.values()))
    cast["codes"] = re.findall(r"\b[0-9a-z]{5}-[0-9a-z]{5}\b", broker.account("second-factor", cast["operator"].email))
    with broker:
        parent = settled(broker, is_guardian=True)
        child, _ = [parent.post("/v1/patients", {"given_name": name, "family_name": "Venue", "birth_date": "2018-09-30", "authority": True})
                    for name in ("Lou", "Max")]
        parent.post(f"/v1/patients/{child['id']}/invitations", {"email": "second@x.example", "relation": "parent"})
        parent.put(f"/v1/patients/{parent.id}/health", {"history": "Asthme", "social_security_number": None})
        cast["parent"] = parent
        yield broker, cast


@pytest.fixture
def window(playwright, platform, language, width):
    """A browser of this language and width: `window(person)` is somebody's pages in it, not signed in yet."""
    broker, _ = platform
    browser = Chromium(playwright, locale={"fr": "fr-FR", "en": "en-GB"}[language], width=width)
    yield lambda kind=Pages, person=None: kind(browser, broker.url, person and person.email, PASSWORD)
    browser.quit()


def looks_at(pages, addresses, language, start=None, elsewhere=()):
    """Goes to each address of the application and looks at what is there; `start` is the page of the bare address."""
    violations, leads_to = [], ELSEWHERE | {"": start} | dict(elsewhere)
    for address in addresses:
        pages.device.go(f"{pages.url}/#/{address}")
        page = leads_to.get(address, address.replace("/", "-"))
        pages.device.until(lambda: pages.device.says("page") == page, f"the page {page}")
        settle(pages.device)
        violations += seen(pages.device, address)
    assert pages.device.run("return document.documentElement.lang") == language
    assert not violations, "\n".join(violations)


def settle(device):
    """Until the page is there with everything that it loads, and nothing moves any more."""
    # What moves for ever, such as the sign that something is being waited for, need not come to rest.
    moves = "document.getAnimations().some(one => one.playState === 'running' && one.effect.getComputedTiming().iterations !== Infinity)"
    still = f"!document.querySelector('[aria-busy=true]') && !{moves}"
    device.until(lambda: device.run(f"return {still}"), "the page settles")


def seen(device, where):
    """What axe has against the page, one line for each."""
    found = Axe().run(device.page).response["violations"]
    return [f"{where}: {one['id']} ({one['impact']}): {one['help']}; {[node['target'] for node in one['nodes'][:3]]}" for one in found]


@every_window
def test_pages_for_everybody_have_no_violations(window, language):
    nobody = window()
    nobody.device.open(nobody.url)
    looks_at(nobody, STRANGERS, language, "sign-in", {f"invitation/{TOKEN}": "sign-in"})
    nobody.device.go(f"{nobody.url}/#/sign-up")
    nobody.device.click("sign-up-kind-both")
    nobody.device.click("sign-up-attending-typed")
    nobody.device.click("sign-up-submit")
    nobody.device.wait("sign-up-errors")
    assert not seen(nobody.device, "sign-up with errors")


@every_window
def test_the_pages_of_a_parent_who_is_a_patient_have_no_violations(window, platform, language):
    parent = window(Asking, platform[1]["parent"]).sign_in()
    looks_at(parent, PATIENTS, language, start="home")
    violations = []
    for task in FAMILY:
        parent.device.go(f"{parent.url}/#/family")
        parent.device.click(task)
        settle(parent.device)
        violations += seen(parent.device, task)
        parent.device.click("family-back")
    assert not violations, "\n".join(violations)


@every_window
def test_the_waiting_room_and_the_desk_have_no_violations(playwright, window, platform, language):
    broker, cast = platform
    violations = []

    def look(pages, where):
        settle(pages.device)
        violations.extend(seen(pages.device, where))

    physician = cast["practitioner"]
    asking = window(Waiting, cast["parent"]).sign_in()
    asking.device.go(f"{broker.url}/#/ask")
    asking.sends_the_request(REASON)
    asking.is_in_the_waiting_room()
    asking.tries_the_device(hears_the_sound=False)
    look(asking, "waiting room")
    asking.searches_another(physician.family_name, physician.id)
    look(asking, "waiting room, another physician")
    doctors = Chromium(playwright, locale={"fr": "fr-FR", "en": "en-GB"}[language])
    try:
        doctor = Surgery(doctors, broker.url, physician.email, PASSWORD).sign_in()
        doctor.becomes_available()
        look(doctor, "desk")
        asking.gives_it_to_whom_was_found()
        doctor.device.click("refuse")
        look(doctor, "desk, refusing")
        doctor.refuses_on("professional")
        asking.is_refused("professional")
        look(asking, "refused")
        asking.opens_it_to_everybody()
        doctor.claim(REASON)
        doctor.device.click("release")
        look(doctor, "desk, giving back")
        doctor.open_room()
        doctor.is_alone()
        look(doctor, "room, alone")
        doctor.device.click("documents-open")
        doctor.device.click("document-add")
        doctor.device.wait("document-file")
        look(doctor, "documents in the room")
        doctor.end("other")
        asking.is_told_of_the_end()
        look(asking, "after the end")
        look(doctor, "after the end, desk")
        asking.closes()
        look(asking, "closed")
        for party in (asking, doctor):
            record = Record(party)
            record.is_in_the_list()
            look(party, "past consultations")
            record.opens_the_newest()
            look(party, "record")
        looks_at(doctor, PRACTITIONERS, language, start="desk")
    finally:
        doctors.quit()
    assert not violations, "\n".join(violations)


@every_window
def test_the_page_of_who_waits_for_verification_has_no_violations(window, platform, language):
    looks_at(window(Pages, platform[1]["pending"]).sign_in(), PRACTITIONERS, language, start="not-verified")


@every_window
def test_the_pages_of_an_operator_have_no_violations(window, platform, language):
    operator = window(Pages, platform[1]["operator"])
    device = operator.device
    device.open(operator.url)
    device.fill("sign-in-email", operator.email)
    device.fill("sign-in-password", PASSWORD)
    device.click("sign-in-submit")
    device.fill("sign-in-code", platform[1]["codes"].pop())
    device.click("sign-in-submit")
    device.wait("signed-in-as")
    looks_at(operator, OPERATORS, language)


@every_window
def test_the_page_that_asks_for_consent_has_no_violations(window, platform, language):
    broker, _ = platform
    newcomer = people.adult(password=PASSWORD, consented=False)
    broker.import_accounts([newcomer])
    pages = window(Pages, newcomer)
    device = pages.device
    device.open(pages.url)
    device.fill("sign-in-email", pages.email)
    device.fill("sign-in-password", PASSWORD)
    device.click("sign-in-submit")
    device.wait("consent-form")
    settle(device)
    assert not seen(device, "consent")


@pytest.mark.parametrize("language, width", [("fr", WIDE), ("en", NARROW)])
def test_a_call_whose_signals_are_lost_has_no_violations(playwright, network, language, width):
    locale, violations = {"fr": "fr-FR", "en": "en-GB"}[language], []
    devices = [Chromium(playwright, locale=locale, width=width) for _ in range(2)]
    try:
        doctor, patient = in_a_call(network.broker, *devices, network.doctor.url, network.patient.url)

        def look(pages, where):
            settle(pages.device)
            violations.extend(seen(pages.device, where))

        second = patient.opens_a_second_tab()
        second.go_in()
        second.is_told_that_the_seat_is_theirs_elsewhere()
        look(second, "in the call elsewhere")
        network.patient.refuse()
        patient.is_told_that_the_service_is_lost()
        look(patient, "the service is lost")
        doctor.sees_reconnecting("patient")
        look(doctor, "the other side is reconnecting")
        network.doctor.refuse()
        doctor.is_told_that_the_service_is_lost()
        doctor.asks_for_the_end()
        look(doctor, "ending without the service")
    finally:
        for device in devices:
            device.quit()
    assert not violations, "\n".join(violations)


@pytest.mark.parametrize("language, width", [("fr", WIDE)])
def test_what_nobody_can_read_is_noticed(window):
    nobody = window()
    nobody.device.open(nobody.url)
    nobody.device.wait("sign-in-email")  # what is put into the page before it is there goes with it
    nobody.device.run("document.querySelector('main').append(new Image())")
    assert any("image-alt" in line for line in seen(nobody.device, "a picture without words"))
