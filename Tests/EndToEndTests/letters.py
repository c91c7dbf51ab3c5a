"""The letters that the server wrote, as whoever gets them reads them: files of the outbox folder, whose names sort by time."""

import email
import email.policy
import re
import time
from pathlib import Path

PATIENCE = 20  # seconds; letters are written after the request that caused them was answered
LINK = re.compile(r"(https?://[^\s\"'<>]+)/#/(confirm|reset|email|invitation)/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")
LOOK_AGAIN = 0.02  # seconds


class Letter:
    """One message. It has the same words as plain text and as HTML, and nothing that is loaded from elsewhere."""

    def __init__(self, data):
        self.message = email.message_from_bytes(data, policy=email.policy.default)
        assert self.message.get_content_type() == "multipart/alternative", self.message.get_content_type()
        plain, html = self.message.iter_parts()
        assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
        self.text, self.html = plain.get_content(), html.get_content()
        self.to = self.message["To"].addresses[0].addr_spec
        self.subject = self.message["Subject"]
        assert self.subject and self.message["From"] and self.message["Date"] and self.message["Message-ID"]
        assert not re.search(r"<(script|img|link|iframe)|@import|url\(", self.html, re.I), "it loads something"

    @property
    def link(self):
        """The link as (origin, page, token), None if there is none. It is the same in both parts."""
        found = {match.groups() for match in LINK.finditer(self.text)}
        assert found == {match.groups() for match in LINK.finditer(self.html)} and len(found) <= 1, found
        return found.pop() if found else None

    @property
    def token(self):
        assert self.link, f"no link in: {self.text}"
        return self.link[2]


class Mailbox:
    """Reads each letter once."""

    def __init__(self, folder):
        self.folder, self.read = Path(folder), set()

    def unread(self, address=None, page=None):
        """Letters that nobody took yet as (file, letter), oldest first: those to an address, with a link to a page."""
        for path in sorted(self.folder.glob("*.eml")):
            if path not in self.read:
                letter = Letter(path.read_bytes())
                if address in (None, letter.to) and (page is None or (letter.link and letter.link[1] == page)):
                    yield path, letter

    def take(self, address, page=None, timeout=PATIENCE):
        """The oldest of them, waiting for one to arrive."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for path, letter in self.unread(address, page):
                self.read.add(path)
                return letter
            time.sleep(LOOK_AGAIN)
        there = [(letter.to, letter.subject) for _, letter in self.unread()]
        raise AssertionError(f"no letter to {address}{f' with a link to {page}' if page else ''} within {timeout} s; unread: {there}")
