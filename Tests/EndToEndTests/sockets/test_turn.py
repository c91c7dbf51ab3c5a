"""Credentials for TURN servers on a real coturn: what they are good for, until when, and what `mqm-broker turn check` says."""

import asyncio
import os
import subprocess
import time

import pytest

import people
from broker import LEGAL, Broker
from coturn import REALM, Allocation, Coturn, is_allowed, secret_file, turn_server
from stage import Scene, Stage

SECRET = "un-secret-de-ce-test-0123456789"
AT_ONCE = 5  # seconds


@pytest.fixture
def coturn(tmp_path):
    with Coturn(tmp_path) as coturn:
        yield coturn


@pytest.fixture
def shared_coturn(tmp_path):
    with Coturn(tmp_path, shared=SECRET) as coturn:
        yield coturn


def options(coturn, folder, ttl=600, database=True):
    own = ["--ice-turn-realm", REALM, "--ice-turn-database-command", database if isinstance(database, str) else coturn.command]
    return ["--ice-turn", ",".join(coturn.urls), "--ice-turn-secret", str(secret_file(folder, SECRET)), "--ice-turn-ttl", str(ttl),
            *(own if database else [])]


class House:
    """A server of this test's own, with a practitioner and two patients."""

    def __init__(self, broker):
        self.broker, self.stage = broker, Stage(broker)
        self.practitioners, self.adults = [people.practitioner(), people.practitioner()], [people.adult(), people.adult()]
        broker.import_accounts(self.practitioners + self.adults)
        broker.start()

    async def call(self, number=0):
        """A consultation with both in the room, and what each was told of ICE servers."""
        practitioner, patient = [await self.stage.enter(group[number]) for group in (self.practitioners, self.adults)]
        scene = Scene(await self.stage.requested(patient), practitioner, patient)
        await practitioner.request("request.claim", {"consultation": scene.room})
        await practitioner.request("room.open", {"consultation": scene.room})
        joined = [await practitioner.join(scene.room, "practitioner"), await patient.join(scene.room, "patient")]
        return scene, [turn_server(each["ice_servers"]) for each in joined]


@pytest.fixture
async def house(tmp_path, request):
    made = []

    def build(options):
        made.append(House(Broker(tmp_path, options=options)))
        return made[-1]

    yield build
    for house in made:
        await house.stage.close()
        if house.broker.alive:
            house.broker.kill()


async def until_refused(coturn, server, within):
    """How long new allocations were still made, in seconds."""
    start = time.monotonic()
    while await is_allowed(coturn, server):
        assert time.monotonic() - start < within, f"still allowed after {within} s"
        await asyncio.sleep(0.05)  # each attempt takes a port of the server's for a moment
    return time.monotonic() - start


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_after_the_end_of_a_consultation_its_credentials_are_refused_and_others_are_not(coturn, house, tmp_path, transport):
    house = house(options(coturn, tmp_path))
    scene, servers = await house.call()
    other, others = await house.call(1)
    assert servers[0]["urls"] == coturn.urls and len(coturn.secrets) == 2
    allocations = [await Allocation.make(coturn, server, transport) for server in servers + others]

    await scene.end()
    took = [await until_refused(coturn, server, AT_ONCE) for server in servers]
    print(f"refused {max(took) * 1000:.0f} ms after the end")
    assert len(coturn.secrets) == 1 and await is_allowed(coturn, others[0])
    # As docs/turn.md says: coturn asks for the secret when an allocation is made, not when it is kept.
    assert await allocations[0].refresh() == 600
    for allocation in allocations:
        allocation.give_back()


async def test_a_room_that_is_opened_again_has_another_secret(coturn, house, tmp_path):
    house = house(options(coturn, tmp_path))
    scene, before = await house.call()
    about = {"consultation": scene.room}
    await scene.practitioner.request("request.release", about)
    await until_refused(coturn, before[1], AT_ONCE)
    for type in ("request.claim", "room.open"):
        await scene.practitioner.request(type, about)
    after = turn_server((await scene.patient.join(scene.room, "patient"))["ice_servers"])
    assert await is_allowed(coturn, after) and not await is_allowed(coturn, before[1])


async def test_a_broker_that_was_killed_brings_the_database_in_line_at_its_next_start(coturn, house, tmp_path):
    house = house(options(coturn, tmp_path))
    scene, servers = await house.call()
    prefix = next(iter(coturn.secrets))[:21]
    house.broker.kill()
    subprocess.run(["sqlite3", coturn.database], text=True, check=True, input=f"""
        INSERT INTO turn_secret (realm, value) VALUES ('{REALM}', '{prefix}of-a-room-that-is-closed'), ('{REALM}', 'of-somebody-else'); """)
    house.broker.start()
    back = Stage(house.broker)
    patient = await back.enter(house.adults[0])
    again = turn_server((await patient.join(scene.room, "patient"))["ice_servers"])
    assert await is_allowed(coturn, again) and await is_allowed(coturn, servers[0]), "the call goes on"
    assert len(coturn.secrets) == 2 and "of-somebody-else" in coturn.secrets
    await back.close()
    house.stage.clients.clear()  # the server that they knew was killed


async def test_a_database_that_cannot_be_reached_is_told_again_and_holds_up_no_room(coturn, house, tmp_path):
    broken = tmp_path / "broken"
    broken.touch()
    house = house(options(coturn, tmp_path, database=f"test ! -e '{broken}' && {coturn.command}"))
    scene, servers = await house.call()
    assert not await is_allowed(coturn, servers[1])
    broken.unlink()
    deadline = time.monotonic() + 40
    while not await is_allowed(coturn, servers[1]):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    assert "TURN servers cannot be told" in house.broker.tail() and SECRET not in house.broker.tail()


async def test_with_one_secret_for_all_credentials_end_with_their_time_and_fresh_ones_come_before(shared_coturn, house, tmp_path):
    house = house(options(shared_coturn, tmp_path, ttl=10, database=False))
    scene, servers = await house.call()
    assert servers[0]["username"] != servers[1]["username"]
    expires_at = int(servers[1]["username"].split(":")[0])
    assert time.time() < expires_at <= time.time() + 11
    allocation = await Allocation.make(shared_coturn, servers[1])
    fresh = turn_server((await scene.patient.until(lambda c: c.ice.get(scene.room), 10))["ice_servers"])
    assert time.time() < expires_at, "fresh ones come while the old are good"
    await until_refused(shared_coturn, servers[1], within=expires_at - time.time() + 3)
    assert await is_allowed(shared_coturn, fresh)
    assert await allocation.refresh() == 600, "what was allocated before goes on"
    allocation.give_back()
    asked = turn_server((await scene.patient.request("ice.refresh", {"room": scene.room}))["ice_servers"])
    assert await is_allowed(shared_coturn, asked)
    await scene.end()
    assert await is_allowed(shared_coturn, asked), "as docs/turn.md says: until they expire"


async def test_secrets_stand_on_no_command_line_and_in_no_log(coturn, house, tmp_path):
    seen = tmp_path / "seen"
    watch = f"for each in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$each; echo; done >>'{seen}' 2>/dev/null; {coturn.command}"
    house = house(options(coturn, tmp_path, database=watch))
    scene, servers = await house.call()
    (own,) = coturn.secrets
    log = house.broker.tail()
    lines = seen.read_text(errors="replace")
    assert "sqlite3" in lines, "the command was seen"
    for word in (SECRET, own, servers[0]["credential"], servers[1]["credential"]):
        assert word not in lines and word not in log


# mqm-broker turn check


def check(*arguments, environment=None):
    done = subprocess.run([Broker.binary(), "turn", "check", *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          env=os.environ | (environment or {}))
    assert SECRET not in done.stdout + done.stderr
    return done


def test_turn_check_allocates_over_udp_tcp_and_tls_and_sees_that_removed_secrets_are_useless(coturn, tmp_path):
    done = check("--ca", coturn.certificate, "--ice-stun", f"stun:127.0.0.1:{coturn.port}", *options(coturn, tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert [len([line for line in lines if url in line]) for url in coturn.urls] == [1, 1, 1]
    assert sum("relays at 127.0.0.1:" in line and "(IPv4)" in line for line in lines) == 3
    assert "refused" in lines[-1] and coturn.secrets == set()
    # They are given back at once, and not when they expire.
    log = coturn.log.read_text()
    assert log.count("ALLOCATE processed, success") == 3 and log.count("REFRESH processed, success") == 3


def test_udp_tcp_and_tls_are_heard_on_one_port_as_docs_turn_md_says_of_443(shared_coturn, tmp_path):
    port = shared_coturn.port
    urls = f"turn:127.0.0.1:{port}?transport=udp,turn:127.0.0.1:{port}?transport=tcp,turns:127.0.0.1:{port}?transport=tcp"
    done = check("--ca", shared_coturn.certificate, "--ice-turn", urls, "--ice-turn-secret", secret_file(tmp_path, SECRET))
    assert done.returncode == 0 and done.stdout.count("relays at") == 3, done.stdout + done.stderr


def test_turn_check_says_what_to_do_about_what_fails(shared_coturn, tmp_path):
    coturn = shared_coturn
    urls = [*coturn.urls, "turn:127.0.0.1:9?transport=udp", "turn:127.0.0.1:9?transport=tcp", "turn:nowhere.invalid", f"turns:127.0.0.1:{coturn.port}"]
    done = check("--ice-turn", ",".join(urls), environment={"MQM_ICE_TURN_SECRET_VALUE": "another-secret-than-the-server-has"})
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert all(line.startswith("FAILED") for line in lines) and len(lines) == len(urls)
    for line, word in zip(lines, ["401", "401", "certificate does not hold", "refused", "refused", "name nowhere.invalid is not known", "certificate"]):
        assert word in line, line
    own = options(coturn, tmp_path, database=False)
    assert check("--ca", coturn.certificate, *own).returncode == 0
    done = check("--ca", coturn.certificate, *own, "--ice-turn-realm", "another.example", "--ice-turn-database-command", coturn.command)
    assert done.returncode == 1 and "401" in done.stdout, "a realm that the server does not have"
    # The command does not reach the database, and the server knows the secrets all the same for a while: nothing is allowed, and that is said.
    done = check("--ca", coturn.certificate, *own, "--ice-turn-realm", REALM, "--ice-turn-database-command", "exit 3")
    assert done.returncode == 1 and "status 3" in done.stdout


def test_turn_check_notices_that_a_removed_secret_goes_on_being_good(coturn, tmp_path):
    forgetful = f"sed /^DELETE/d | {coturn.command}"
    done = check("--ca", coturn.certificate, *options(coturn, tmp_path, database=forgetful))
    assert done.returncode == 1 and "after their secret was removed" in done.stdout


@pytest.mark.parametrize("arguments, words", [
    (["--ice-turn", "turn:turn.example"], "needs the secret"),
    (["--ice-turn", "turn:turn.example", "--ice-turn-secret", "open.secret"], "chmod 600"),
    (["--ice-turn", "turn:turn.example", "--ice-turn-secret", "nowhere.secret"], "cannot be read"),
    (["--ice-turn", "turn:turn.example", "--ice-turn-secret-command", "echo short"], "is not a secret of TURN"),
    (["--ice-turn", "turn:turn.example", "--ice-turn-secret-command", "exit 1"], "run it by hand"),
    (["--ice-turn", "turn:turn.example", "--ice-turn-secret-command", "echo a", "--ice-turn-secret", "open.secret"], "from one place"),
    (["--ice-turn", "turn:turn.example", "--ice-turn-secret", "own.secret", "--ice-turn-database-command", "cat"], "ice.turn-realm"),
    (["--ice-turn", "turn:turn.example", "--ice-turn-secret", "own.secret", "--ice-turn-database-command", "cat", "--ice-turn-realm", "a'b"], "ice.turn-realm"),
    (["--ice-turn", "stun:turn.example"], "must be like turn:"),
    (["--ice-stun", "stun.example"], "must be like stun:"),
    (["--ice-transport-policy", "relay"], "needs a TURN server"),
    (["--ice-turn-ttl", "9"], "from 10 to 86400"),
])
def test_settings_that_cannot_work_are_refused_at_the_start(tmp_path, arguments, words):
    secret_file(tmp_path, SECRET).rename(tmp_path / "own.secret")
    (tmp_path / "open.secret").write_text(SECRET)
    os.chmod(tmp_path / "open.secret", 0o640)
    done = subprocess.run([Broker.binary(), "run", "--data", tmp_path / "data", "--legal", LEGAL, "--port", "0", *arguments], cwd=tmp_path, capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 64 and words in done.stderr, done.stderr
    assert SECRET not in done.stderr
