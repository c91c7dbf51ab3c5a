"""CU-5.1: a maintenance is announced. Nothing new begins, no call is cut, and the server ends by itself."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import http_exchange
import people
from stage import Stage, ask, refusal, relayed

MESSAGE = "Mise à jour du service. Les consultations en cours continuent."
ANNOUNCED = "maintenance.json"


def after(**distance):
    """A time as the command takes it, to the second, with its offset."""
    return (datetime.now(UTC) + timedelta(**distance)).isoformat(timespec="seconds")


def milliseconds(time):
    return round(datetime.fromisoformat(time).timestamp() * 1000)


def announce(broker, until, *arguments):
    done = broker.drain("--until", until, "--message", MESSAGE, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stderr


async def told(client, until):
    """The client hears of the maintenance within a second, as it is."""
    await client.until(lambda c: c.maintenance, timeout=5)
    assert client.maintenance == {"message": MESSAGE, "until": milliseconds(until)}


def health(broker):
    return http_exchange.exchange(broker.url, "GET", "/v1/health").json


async def ended(broker):
    return await asyncio.to_thread(broker.process.wait, 20)


@pytest.fixture
async def clinic(own_broker):
    """A server with three calls that run, and two adults and a physician beside them."""
    physicians, adults = [people.practitioner() for _ in range(4)], [people.adult() for _ in range(5)]
    own_broker.import_accounts(physicians + adults)
    stage = Stage(own_broker.start())
    stage.calls = []
    for physician, adult in zip(physicians[:3], adults[:3]):
        scene = await stage.waiting_room(await stage.enter(adult), practitioner=await stage.enter(physician))
        scene.patient = stage.clients[-2]
        await scene.patient.join(scene.room, "patient")
        await scene.connected(scene.practitioner, "practitioner", scene.patient, "patient")
        await scene.start(scene.patient.id)
        stage.calls.append(scene)
    stage.newcomer, stage.waiting = adults[3], await stage.enter(adults[4])
    stage.physician = await stage.enter(physicians[3])
    return stage


async def test_cu_5_1_three_calls_run_on_new_requests_are_refused_and_the_server_ends_with_the_last_call(clinic):
    broker, until = clinic.broker, after(hours=1)
    request = await clinic.requested(clinic.waiting)
    assert health(broker) == {"status": "ok", "maintenance": None}
    assert "at the latest at" in announce(broker, until)
    for client in clinic.clients:
        await told(client, until)
    assert health(broker) == {"status": "ok", "maintenance": {"message": MESSAGE, "until": milliseconds(until)}}

    newcomer = await clinic.enter(clinic.newcomer)
    await told(newcomer, until)
    with refusal("maintenance", message=MESSAGE, until=milliseconds(until)) as refused:
        await ask(newcomer)
    assert refused.value.retry == "later" and refused.value.after_ms > 3_500_000
    await clinic.physician.request("request.claim", {"consultation": request})
    with refusal("maintenance", message=MESSAGE, until=milliseconds(until)):
        await clinic.physician.request("room.open", {"consultation": request})

    for left, scene in zip((2, 1, 0), clinic.calls):
        for other in clinic.calls[2 - left:]:
            await relayed(other, other.patient, "practitioner", other.practitioner)
            await relayed(other, other.practitioner, "patient", other.patient)
        assert broker.alive and (broker.data / ANNOUNCED).exists()
        await scene.end()
    assert await ended(broker) == 0
    assert "no consultation runs" in broker.tail() and not (broker.data / ANNOUNCED).exists()
    assert {(await client.over()).code for client in clinic.clients} == {4100}

    stage = Stage(broker.start())
    back = await stage.enter(clinic.newcomer)
    await ask(back)
    assert back.maintenance is None and health(broker)["maintenance"] is None
    await stage.close()


async def test_cu_5_1_one_command_undoes_it(clinic):
    broker = clinic.broker
    announce(broker, after(hours=1))
    newcomer = await clinic.enter(clinic.newcomer)
    await newcomer.until(lambda c: c.maintenance)
    done = broker.drain("--undo")
    assert done.returncode == 0 and "undone" in done.stderr
    for client in clinic.clients:
        await client.until(lambda c: c.maintenance is None, timeout=5)
    await ask(newcomer)
    for scene in clinic.calls:
        await scene.end()
    await newcomer.request("ping")
    assert broker.alive and health(broker) == {"status": "ok", "maintenance": None}
    assert "no maintenance is announced" in broker.drain("--undo").stderr
    await clinic.close()


async def test_cu_5_1_at_the_limit_it_ends_although_calls_run_which_go_on_after_the_next_start(clinic):
    broker = clinic.broker
    announce(broker, after(hours=1), "--limit", after(seconds=3))
    scene = clinic.calls[0]
    await scene.patient.until(lambda c: c.maintenance)
    await relayed(scene, scene.patient, "practitioner", scene.practitioner)
    assert await ended(broker) == 0
    assert "its limit has come" in broker.tail() and not (broker.data / ANNOUNCED).exists()

    stage = Stage(broker.start())
    patient = await stage.enter(clinic.persons[scene.patient.id])
    assert patient.consultations[scene.room]["state"] == "in_progress" and patient.maintenance is None
    await stage.close()


async def test_a_server_that_was_killed_meanwhile_goes_on_with_it_and_ends_with_the_last_call(own_broker):
    physician, adult = people.practitioner(), people.adult()
    own_broker.import_accounts([physician, adult])
    stage = Stage(own_broker.start())
    scene = await stage.waiting_room(await stage.enter(adult), practitioner=await stage.enter(physician))
    until = after(hours=1)
    announce(own_broker, until)
    await told(scene.practitioner, until)
    own_broker.kill()

    stage = Stage(own_broker.start())
    practitioner = await stage.enter(physician)
    await told(practitioner, until)
    with refusal("maintenance"):
        await ask(await stage.enter(adult))
    await practitioner.request("consultation.end", {"consultation": scene.room, "reason": "technical"})
    assert await ended(own_broker) == 0 and not (own_broker.data / ANNOUNCED).exists()


async def test_announced_without_a_server_it_stands_until_it_is_over_and_ends_nothing(own_broker):
    adult = people.adult()
    own_broker.import_accounts([adult])
    until = after(hours=1)
    assert "no broker runs" in announce(own_broker, until)
    for _ in range(2):  # the second time after a stop by a signal
        stage = Stage(own_broker.start())
        client = await stage.enter(adult)
        await told(client, until)
        with refusal("maintenance"):
            await ask(client)
        assert "maintenance is announced" in own_broker.tail()
        assert await asyncio.to_thread(own_broker.stop) == 0

    assert "no broker runs" in announce(own_broker, after(seconds=8))
    stage = Stage(own_broker.start())
    client = await stage.enter(adult)
    await client.until(lambda c: c.maintenance)
    await client.until(lambda c: c.maintenance is None)
    await ask(client)
    assert not (own_broker.data / ANNOUNCED).exists() and own_broker.alive
    await stage.close()


async def test_a_server_that_a_signal_stopped_while_draining_refuses_when_it_is_back_and_does_not_end(clinic):
    broker, until = clinic.broker, after(hours=1)
    announce(broker, until)
    await told(clinic.waiting, until)
    assert await asyncio.to_thread(broker.stop) == 0
    stage = Stage(broker.start())
    practitioners = [await stage.enter(clinic.persons[scene.practitioner.id]) for scene in clinic.calls]
    await told(practitioners[0], until)
    for scene, practitioner in zip(clinic.calls, practitioners):
        await practitioner.request("consultation.end", {"consultation": scene.room, "reason": "technical"})
    newcomer = await stage.enter(clinic.newcomer)
    with refusal("maintenance"):
        await ask(newcomer)
    assert broker.drain("--undo").returncode == 0
    await newcomer.until(lambda c: c.maintenance is None)
    await ask(newcomer)
    await stage.close()


@pytest.mark.parametrize("arguments, said", [
    ([], "--undo what was announced"),
    (["--until", "2099-01-01T02:00"], "with --message why"),
    (["--until", "tomorrow", "--message", "x"], "is not a time such as"),
    (["--until", "2026-02-30T02:00", "--message", "x"], "there is no such time"),
    (["--until", "2027-03-28T02:30", "--message", "x"], "there is no such time"),
    (["--until", "2027-10-31T02:30", "--message", "x"], "comes twice that night"),
    (["--until", "2020-01-01T02:00", "--message", "x"], "is past: it is "),
    (["--until", "2099-01-01T02:00", "--message", "x"], "more than 30 days ahead"),
    (["--until", after(hours=2), "--message", "x", "--limit", after(hours=3)], "must end before the maintenance does"),
    (["--until", after(hours=2), "--message", "x", "--limit", "2020-01-01T02:00"], "To end the broker now, stop it"),
    (["--until", after(hours=2), "--message", " "], "1 to 280 characters"),
    (["--until", after(hours=2), "--message", "é" * 281], "1 to 280 characters"),
    (["--until", after(hours=2), "--message", "two\nlines"], "plain text on one line"),
    (["--until", after(hours=2), "--message", "\u202egnp.exe"], "plain text on one line"),
    (["--undo", "--until", "2099-01-01T02:00"], "--undo goes with --data only"),
], ids=str)
def test_an_announcement_that_cannot_be_is_refused_with_what_to_do(own_broker, arguments, said):
    done = own_broker.drain(*arguments)
    assert done.returncode != 0 and said in " ".join(done.stderr.split()), done.stderr
    assert not (own_broker.data / ANNOUNCED).exists()


def test_times_without_an_offset_are_of_europe_paris(own_broker):
    until = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
    local = until.astimezone(ZoneInfo("Europe/Paris"))
    said = own_broker.drain("--until", local.replace(tzinfo=None).isoformat(), "--message", MESSAGE).stderr
    assert local.isoformat() in said, said


def test_what_is_not_an_announcement_stops_nothing_and_is_said(own_broker):
    (own_broker.data / ANNOUNCED).write_text("not JSON")
    own_broker.publish()
    with own_broker:
        assert health(own_broker) == {"status": "ok", "maintenance": None}
    assert "mqm-broker drain --undo" in own_broker.tail()
