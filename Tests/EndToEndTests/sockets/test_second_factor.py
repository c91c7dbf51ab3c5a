"""Codes of an authenticator app (RFC 6238): switching them on and off, signing in with them, and what operators need."""

import re
import time

import pyotp
import pytest

import people
from api import Api
from broker import TRUSTED, Broker
from newcomers import settled
from people import PASSWORD


class App:
    """An authenticator app. Each code is good once, so it waits for none: it asks for that of the step before or after."""

    def __init__(self, secret):
        self.totp, self.shown = pyotp.TOTP(secret), set()

    def code(self):
        """One that was not shown before, of the present step or of one beside it, the earliest first."""
        now = time.time()
        for moment in (now - 30, now, now + 30):
            code = self.totp.at(moment)
            if code not in self.shown:
                self.shown.add(code)
                return code
        raise AssertionError("three codes within a minute are enough")


@pytest.fixture
def person(broker):
    return settled(broker, "practitioner")


def switched_on(person):
    """The app and the recovery codes."""
    setup = person.post("/v1/account/second-factor", {"password": PASSWORD})
    app = App(setup["secret"])
    assert pyotp.parse_uri(setup["uri"]).secret == setup["secret"]
    person.refused(401, "wrong_code", "PUT", "/v1/account/second-factor", {"code": wrong(app)})
    assert person.get("/v1/session")["second_factor"] is False, "not in force before a code was shown"
    return app, person.put("/v1/account/second-factor", {"code": app.code()})["recovery_codes"]


def wrong(app):
    return f"{(int(app.totp.now()) + 500_000) % 1_000_000:06}"


def test_a_second_factor_is_asked_for_once_it_is_in_force_and_each_code_is_good_once(broker, person):
    app, _ = switched_on(person)
    assert person.get("/v1/session")["second_factor"] is True
    visitor = Api(broker)
    signing_in = {"email": person.email, "password": PASSWORD}
    visitor.refused(401, "second_factor_required", "POST", "/v1/session", signing_in)
    visitor.refused(401, "wrong_credentials", "POST", "/v1/session", signing_in | {"password": PASSWORD + "!", "code": app.code()})
    visitor.refused(401, "wrong_code", "POST", "/v1/session", signing_in | {"code": wrong(app)})
    code = app.code()
    visitor.sign_in(person.email, PASSWORD, code=code)
    visitor.refused(401, "wrong_code", "POST", "/v1/session", signing_in | {"code": code})
    person.refused(409, "second_factor_on", "POST", "/v1/account/second-factor", {"password": PASSWORD})


def test_a_recovery_code_stands_in_for_the_app_once(broker, person):
    _, codes = switched_on(person)
    assert len(set(codes)) == 10 and all(re.fullmatch(r"[0-9a-z]{5}-[0-9a-z]{5}", code) for code in codes)
    visitor = Api(broker)
    visitor.sign_in(person.email, PASSWORD, code=codes[0])
    visitor.refused(401, "wrong_code", "POST", "/v1/session", {"email": person.email, "password": PASSWORD, "code": codes[0]})
    visitor.sign_in(person.email, PASSWORD, code=codes[1].upper())


def test_it_is_removed_with_password_and_code(broker, person):
    app, codes = switched_on(person)
    removal = "/v1/account/second-factor/removal"
    person.refused(401, "wrong_credentials", "POST", removal, {"password": PASSWORD + "!", "code": codes[0]})
    person.refused(401, "wrong_code", "POST", removal, {"password": PASSWORD, "code": wrong(app)})
    person.post(removal, {"password": PASSWORD, "code": codes[1]})
    Api(broker).sign_in(person.email, PASSWORD)


def test_erasing_needs_the_code_too(broker, person):
    _, codes = switched_on(person)
    person.refused(401, "second_factor_required", "POST", "/v1/account/erasure", {"password": PASSWORD})
    person.post("/v1/account/erasure", {"password": PASSWORD, "code": codes[0]})


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """A server with two operators who have a password, one of them with a second factor."""
    broker = Broker(tmp_path_factory.mktemp("operators"), options=TRUSTED)
    bare, equipped = people.operator(password=PASSWORD), people.operator(password=PASSWORD)
    broker.import_accounts([bare, equipped])
    printed = broker.account("second-factor", equipped.email)
    equipped.app = App(re.search(r"\b[A-Z2-7]{32}\b", printed)[0])
    with broker:
        yield broker, bare, equipped


def test_an_operator_without_a_second_factor_cannot_sign_in(platform):
    broker, bare, _ = platform
    visitor = Api(broker)
    visitor.refused(403, "second_factor_missing", "POST", "/v1/session", {"email": bare.email, "password": PASSWORD})
    visitor.refused(401, "wrong_credentials", "POST", "/v1/session", {"email": bare.email, "password": PASSWORD + "!"})


def test_an_operator_signs_in_with_the_code_and_cannot_do_without_it(platform):
    broker, _, equipped = platform
    operator = Api(broker)
    operator.refused(401, "second_factor_required", "POST", "/v1/session", {"email": equipped.email, "password": PASSWORD})
    operator.sign_in(equipped.email, PASSWORD, code=equipped.app.code())
    assert operator.get("/v1/operator/counts")["operators"] == 2
    assert operator.get("/v1/session")["consents_needed"] == []
    operator.refused(403, "forbidden", "POST", "/v1/account/second-factor/removal", {"password": PASSWORD, "code": equipped.app.code()})
