"""CU-4.1: ten thousand guesses get as far as docs/accounts.md says, the owner gets in, and timing gives nothing away."""

import http.client
import itertools
import json
import math
import random
import statistics
import time
from urllib.parse import urlsplit

import pytest

import people
from api import Api
from broker import TRUSTED, Broker
from newcomers import registration, settled
from people import PASSWORD

GUESSES = 10_000
FREE_AT_ACCOUNT, FREE_FROM_ADDRESS = 5, 20  # docs/accounts.md; after these each lock is twice as long, from 1 s on
SAMPLES_OF_HASHING, SAMPLES_OF_ASKING = 24, 150
PER_ACCOUNT = 4  # guesses, fewer than are free
LARGEST_DIFFERENCE = 0.2  # of the median
_addresses = itertools.count(1)


class Guesser:
    """Asks on one connection, as fast as it can."""

    def __init__(self, broker):
        self.connection = http.client.HTTPConnection(urlsplit(broker.url).netloc, timeout=60)

    def post(self, path, body, address=None):
        """The status of the answer."""
        self.connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", "X-Forwarded-For": address or another()})
        response = self.connection.getresponse()
        response.read()
        return response.status

    def seconds(self, path, body, status):
        before = time.perf_counter()
        assert self.post(path, body) == status
        return time.perf_counter() - before

    def close(self):
        self.connection.close()


def another():
    """An address that nobody had before."""
    number = next(_addresses)
    return f"100.{64 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


@pytest.fixture(scope="module")
def known():
    """Accounts with a password, as those of people who sign in."""
    return [people.adult(password=PASSWORD) for _ in range(SAMPLES_OF_HASHING // PER_ACCOUNT)]


@pytest.fixture(scope="module")
def addressed():
    """Accounts with an e-mail address."""
    return [people.adult() for _ in range(SAMPLES_OF_ASKING)]


@pytest.fixture(scope="module")
def broker(tmp_path_factory, known, addressed):
    broker = Broker(tmp_path_factory.mktemp("guessing"), options=TRUSTED)
    broker.import_accounts(known + addressed)
    with broker:
        yield broker


@pytest.fixture
def guesser(broker):
    guesser = Guesser(broker)
    yield guesser
    guesser.close()


def most(free, seconds):
    """How many guesses may be looked at within a time: the free ones and one more, then one after each lock of 1, 2, 4 … s."""
    return free + 1 + math.floor(math.log2(seconds + 1))


def guess(ask):
    """How many of the guesses were looked at, and how long all of them took; the others are told to wait."""
    before = time.monotonic()
    answers = [ask(number) for number in range(GUESSES)]
    assert set(answers) == {401, 429}
    return answers.count(401), time.monotonic() - before


def test_cu_4_1_guesses_from_many_addresses_at_one_account_lock_it_and_the_owner_gets_in_by_a_reset(broker, guesser):
    owner = settled(broker)
    looked_at, seconds = guess(lambda number: guesser.post("/v1/session", {"email": owner.email, "password": f"guess number {number}"}))
    assert FREE_AT_ACCOUNT < looked_at <= most(FREE_AT_ACCOUNT, seconds), f"{looked_at} guesses in {seconds:.1f} s"

    signing_in = {"email": owner.email, "password": PASSWORD}
    visitor = Api(broker)
    assert visitor.refused(429, "too_many_attempts", "POST", "/v1/session", signing_in)["after_ms"] > 0
    owner.get("/v1/account")  # open sessions go on
    visitor.post("/v1/password/forgotten", {"email": owner.email})
    visitor.post("/v1/password/reset", {"token": broker.mailbox.take(owner.email, "reset").token, "password": PASSWORD + "!"})
    visitor.sign_in(owner.email, PASSWORD + "!")


def test_cu_4_1_guesses_from_one_address_at_many_accounts_lock_the_address_and_nobody_else(broker, guesser, known):
    address = another()
    emails = [f"guessed{number}@x.example" for number in range(GUESSES - 1)] + [known[0].email]
    random.Random(1).shuffle(emails)
    looked_at, seconds = guess(lambda number: guesser.post("/v1/session", {"email": emails[number], "password": PASSWORD + "?"}, address))
    assert FREE_FROM_ADDRESS < looked_at <= most(FREE_FROM_ADDRESS, seconds), f"{looked_at} guesses in {seconds:.1f} s"
    assert guesser.post("/v1/session", {"email": known[1].email, "password": PASSWORD}, address) == 429
    assert guesser.post("/v1/session", {"email": known[1].email, "password": PASSWORD}) == 200


def assert_alike(measure, known, unknown):
    """The medians of the times for known and unknown addresses, taken in random order, differ by less than a fifth; or by no more than
    the medians of two halves of the same kind do, three times over, where the machine is that noisy."""
    rounds = [(kind, one) for kind, some in (("known", known), ("unknown", unknown)) for one in some]
    random.Random(2).shuffle(rounds)
    times = {"known": [], "unknown": []}
    for kind, one in rounds:
        times[kind].append(measure(one))
    median = {kind: statistics.median(some) for kind, some in times.items()}
    difference = abs(median["known"] - median["unknown"])
    noise = max(abs(statistics.median(some[::2]) - statistics.median(some[1::2])) for some in times.values())
    assert difference < max(LARGEST_DIFFERENCE * min(median.values()), 3 * noise), f"medians: {median} s, noise: {noise:.6f} s"


def strangers(count):
    return [registration()["email"] for _ in range(count)]


def test_cu_4_1_the_time_of_signing_in_does_not_tell_whether_there_is_an_account(guesser, known):
    emails = [person.email for person in known for _ in range(PER_ACCOUNT)]
    assert_alike(lambda email: guesser.seconds("/v1/session", {"email": email, "password": "a wrong password"}, 401), emails, strangers(len(emails)))


def test_cu_4_1_the_time_of_asking_for_a_link_does_not_tell_whether_there_is_an_account(guesser, addressed):
    emails = [person.email for person in addressed]
    assert_alike(lambda email: guesser.seconds("/v1/password/forgotten", {"email": email}, 202), emails, strangers(len(emails)))


def test_cu_4_1_the_time_of_signing_up_does_not_tell_whether_there_is_an_account(guesser, addressed):
    emails = [person.email for person in addressed[:SAMPLES_OF_HASHING]]
    assert_alike(lambda email: guesser.seconds("/v1/registrations", registration(email=email), 202), emails, strangers(len(emails)))
