"""The product's pages in the words of the people who use them. The names of elements are in this file alone (web/README.md lists them)."""

from broker import DEMO_PASSWORD


class Pages:
    """What everybody sees."""

    def __init__(self, device, url, email):
        self.device, self.url, self.email = device, url, email

    def sign_in(self):
        self.device.open(self.url)
        self.device.fill("sign-in-email", self.email)
        self.device.fill("sign-in-password", DEMO_PASSWORD)
        self.device.click("sign-in-submit")
        self.device.wait("signed-in-as")
        return self

    def come_back(self):
        """The same browser opens the page again: the cookie is still there."""
        self.device.open(self.url)
        self.device.wait("signed-in-as")
        return self

    # In the room

    def waits_for_the_others(self):
        self.device.wait("waiting-room")
        assert self.device.live_tracks() == 2, "one's own camera is seen while one waits"
        assert not any(self.device.frames_decoded())

    def sees(self, *seats):
        """Frames of each of these seats, and of nobody else, are decoded and go on growing."""
        device = self.device
        for seat in seats:
            device.wait(f"remote-{seat}")
        before = device.until(lambda: len(frames := device.frames_decoded()) == len(seats) and all(frames) and frames, f"a picture of {seats}")
        device.until(lambda: grown(before, device.frames_decoded(), 10), f"the pictures of {seats} move")
        for seat in seats:
            device.until(lambda: int(device.attribute(f"remote-{seat}", "data-frames-decoded") or 0) > 0, f"the page counts frames of {seat}")

    def sees_nobody(self, within):
        self.device.until(lambda: self.device.open_connections() == 0, "no peer connection", within)

    def has_stopped_everything(self, within):
        """Camera, microphone and all connections are off."""
        self.device.until(lambda: self.device.live_tracks() == 0 and self.device.open_connections() == 0, "all media stopped", within)

    def is_told_of_the_suspension(self):
        self.device.wait("suspended")

    def is_told_of_the_end(self):
        self.device.wait("room-closed")


def grown(before, after, by):
    return len(before) == len(after) and all(now >= then + by for then, now in zip(before, after))


class Asking(Pages):
    """Patients and guardians."""

    def ask(self, reason, patient=None):
        """`patient`: the given name of whom one represents."""
        device = self.device
        device.click("ask")
        device.wait("ask-form")
        if patient and device.shows(f"patient-{patient}"):
            device.click(f"patient-{patient}")
        device.click("assignment-unassigned")
        device.fill("reason", reason)
        device.click("payment-tiers_payant_integral")
        device.click("ask-submit")

    def go_in(self, role="patient"):
        """Through the check of camera and microphone into the room, once it is open."""
        device = self.device
        if device.shows("see-consultation"):
            device.click("see-consultation")
        device.click(f"enter-{role}")

    def is_accompanied_by(self, email):
        """Whoever sits beside the patient signs in on the same device."""
        device = self.device
        device.click("accompany")
        device.fill("accompany-email", email)
        device.fill("accompany-password", DEMO_PASSWORD)
        device.click("accompany-submit")
        device.wait("unaccompany")

    def is_no_longer_accompanied(self):
        self.device.click("unaccompany")


class Desk(Pages):
    """The practitioner."""

    def claim(self, reason):
        """Claims the only card of the queue, which shows the reason and no name."""
        card = self.device.text("queue-card")
        assert reason in card, card
        self.device.click("claim")
        return card

    def open_room(self):
        self.device.click("open-room")

    def go_in(self):
        self.device.click("enter-practitioner")

    def start(self, *given_names):
        """Attests who is seen."""
        device = self.device
        device.click("start")
        for name in given_names:
            device.click(f"attest-{name}")
        device.click("start-confirm")
        device.wait("in-progress")

    def end(self, reason="completed"):
        self.device.click("end")
        self.device.click(f"end-{reason}")
