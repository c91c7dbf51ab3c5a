"""The browsers of this machine can hold a call on their own: a failure here is not the product's."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


class StrictPages(SimpleHTTPRequestHandler):
    """Under as strict a content security policy as the product's."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def plain_page():
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(StrictPages, directory=Path(__file__).parent / "plain"))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.mark.parametrize("one, other", [("chromium", "chromium"), ("chromium", "firefox"), ("firefox", "chromium")])
def test_two_browsers_decode_each_others_frames_until_they_stop(device, plain_page, one, other):
    caller, called = device(one), device(other)
    for browser in (caller, called):
        browser.open(plain_page)
        browser.fill("field", "é")
        browser.click("start")
        browser.until(lambda: browser.text("said") == "ready, é", "camera and microphone")
        assert browser.live_tracks() == 2
    offer = caller.run("return await described()")
    answer = called.run("return await described(parameters[0])", offer)
    caller.run("return await described(parameters[0])", answer)
    for browser in (caller, called):
        browser.until(lambda: browser.frames_decoded()[0] > 20, "decoded frames")
    for browser in (caller, called):
        browser.run("stop()")
        assert browser.live_tracks() == 0 and browser.open_connections() == 0


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_a_page_can_be_closed_and_opened_again_and_a_browser_killed(device, plain_page, browser):
    one = device(browser)
    one.open(plain_page)
    one.close_page()
    one.open(plain_page)
    one.wait("start")
    assert not one.shows("nothing-of-this-name")
    one.kill()
    other = device(browser)
    other.open(plain_page)
    other.wait("start")
