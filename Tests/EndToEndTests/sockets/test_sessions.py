"""Where somebody is signed in: the list of devices, and signing out of one or of all of them."""

import time

from api import Api
from newcomers import settled
from people import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_cu_11_the_list_of_devices_has_every_session_and_says_which_is_this_one(broker):
    person = settled(broker)
    browser = Api(broker)
    answer = browser.ask("POST", "/v1/session", {"email": person.email, "password": PASSWORD}, {"User-Agent": FIREFOX})
    assert answer.status == 200
    other = person.program()
    seen = browser.get("/v1/account/sessions")["sessions"]
    assert sorted(session["kind"] for session in seen) == ["bearer", "cookie", "cookie"]
    (this,) = [session for session in seen if session["current"]]
    assert "Firefox" in this["device"] and "Linux" in this["device"]
    now = time.time() * 1000
    for session in seen:
        assert session["created_at"] <= session["last_used_at"] <= now + 5000 < session["expires_at"]
    assert other.token not in str(seen)


async def test_cu_11_signing_out_on_one_device_closes_its_sockets_and_no_others(broker):
    person = settled(broker)
    other = person.program()
    there, here = await other.enter(), await person.enter()
    (session,) = [one for one in person.get("/v1/account/sessions")["sessions"] if one["kind"] == "bearer"]
    person.delete(f"/v1/account/sessions/{session['id']}")
    assert (await there.over()).code == 4200
    other.refused(401, "not_signed_in", "GET", "/v1/session")
    await here.request("ping")
    person.refused(404, "not_found", "DELETE", f"/v1/account/sessions/{session['id']}")
    await here.close()


def test_nobody_ends_somebody_elses_session(broker):
    person, stranger = settled(broker), settled(broker)
    (session,) = person.get("/v1/account/sessions")["sessions"]
    stranger.refused(404, "not_found", "DELETE", f"/v1/account/sessions/{session['id']}")
    person.get("/v1/account")


async def test_cu_11_signing_out_everywhere_ends_every_session_and_closes_every_socket(broker):
    person = settled(broker)
    others = [person.program() for _ in range(2)]
    sockets = [await one.enter() for one in (person, *others)]
    cookie = person.cookie
    person.delete("/v1/account/sessions")
    assert person.cookie is None, "the cookie is taken away"
    for socket in sockets:
        assert (await socket.over(timeout=1)).code == 4200
    person.cookie = cookie
    for one in (person, *others):
        one.refused(401, "not_signed_in", "GET", "/v1/session")


def test_signing_out_takes_the_cookie_away(broker):
    person = settled(broker)
    cookie = person.cookie
    person.delete("/v1/session")
    assert person.cookie is None
    person.cookie = cookie
    person.refused(401, "not_signed_in", "GET", "/v1/session")
