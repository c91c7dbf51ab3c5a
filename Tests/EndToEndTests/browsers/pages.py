"""The product's pages in the words of the people who use them. The names of elements are in this file alone (web/README.md lists them)."""

from broker import DEMO_PASSWORD
from device import PATIENCE


class Pages:
    """What everybody sees."""

    def __init__(self, device, url, email, password=DEMO_PASSWORD):
        self.device, self.url, self.email, self.password = device, url, email, password

    def sign_in(self):
        self.device.open(self.url)
        self.device.fill("sign-in-email", self.email)
        self.device.fill("sign-in-password", self.password)
        self.device.click("sign-in-submit")
        self.device.wait("signed-in-as")
        return self

    def come_back(self):
        """The same browser opens the page again: the cookie is still there."""
        self.device.open(self.url)
        self.device.wait("signed-in-as")
        return self

    # In the room

    def is_alone(self):
        """In the seat, with one's own camera running, and nothing of anybody else."""
        self.device.wait("call")
        self.device.wait("self-video")
        assert self.device.live_tracks() == 2 and self.device.open_connections() == 0

    def is_in_the_call(self):
        """Seated, and connecting or connected."""
        self.device.until(lambda: self.device.says("callState") in ("connecting", "connected"), "in the call")

    def sees(self, *seats):
        """Frames of each of these seats, and of nobody else, are decoded and go on growing. "guardian" is either of the two."""
        device = self.device
        for seat in seats:
            device.wait(f"remote-tile seat^={seat} connection=connected")
        before = device.until(lambda: len(frames := device.frames_decoded()) == len(seats) and all(frames) and frames, f"a picture of {seats}")
        device.until(lambda: grown(before, device.frames_decoded(), 10), f"the pictures of {seats} move")
        for seat in seats:
            device.until(lambda: int(device.attribute(f"remote-tile seat^={seat}", "data-frames-decoded") or 0) > 0, f"the page counts frames of {seat}")

    def sees_nobody(self, within):
        self.device.until(lambda: self.device.open_connections() == 0 and not self.device.shows("remote-tile"), "nobody is seen", within)

    # While something is lost

    def is_told_that_the_service_is_lost(self, within=PATIENCE):
        self.device.wait("signalling-lost", within)

    def has_the_service_again(self, within=PATIENCE):
        self.device.wait_gone("signalling-lost", within)
        self.device.until(lambda: self.device.says("connection") == "online", "the page is online", within)

    def sees_reconnecting(self, seat, within=PATIENCE):
        """The page says of whoever sits there that they are about to come back."""
        self.device.wait(f"remote-away seat={seat}", within)

    def sees_back(self, seat, within=PATIENCE):
        self.device.until(lambda: self.device.shows("remote-tile") and not self.device.shows(f"remote-away seat={seat}"), f"{seat} is back", within)

    # Words and files from page to page

    def opens_the_chat(self):
        if not self.device.shows("sheet-chat"):
            self.device.click("chat")
        self.device.wait("chat-field")

    def writes(self, text):
        self.opens_the_chat()
        self.device.fill("chat-field", text)
        self.device.click("chat-send")
        self.device.until(lambda: text in self.device.text("chat-log"), "what was written is there")

    def reads(self, text):
        self.device.until(lambda: text in self.device.text("chat-log"), f"{text!r} arrives")

    def is_told_of_unread_messages(self, count):
        self.device.until(lambda: self.device.look("chat-unread", "element.textContent") == str(count), f"{count} unread")

    def was_heard(self, *seats, within=PATIENCE):
        for seat in seats:
            self.device.wait(f"chat-peer seat^={seat} phase=got", within)

    def gives(self, path):
        self.opens_the_chat()
        self.device.until(lambda: not self.device.look("chat-give", "element.disabled"), "somebody can get it")
        self.device.choose_file("chat-give", path)

    def receives(self, name):
        """Accepts a file, and saves it; its bytes."""
        self.device.click("chat-accept")
        self.device.click("chat-save")
        return self.device.until(lambda: self.device.saved(name), f"{name} is saved")

    def refuses_the_file(self):
        self.device.click("chat-refuse")

    def file_is(self, phase, seat):
        self.device.wait(f"chat-peer seat^={seat} phase={phase}")

    def has_stopped_everything(self, within):
        """Camera, microphone and all connections are off."""
        self.device.until(lambda: self.device.live_tracks() == 0 and self.device.open_connections() == 0, "all media stopped", within)
        self.device.until(lambda: self.device.says("localMedia") == "stopped", "the page says so")

    def is_told_of_the_suspension(self):
        self.device.until(lambda: self.device.says("callState") == "suspended", "the page says that the call is suspended")
        self.device.wait("call-sentence")

    def is_told_of_the_end(self):
        self.device.wait("message-title")


def grown(before, after, by):
    return len(before) == len(after) and all(now >= then + by for then, now in zip(before, after))


class Asking(Pages):
    """Patients and guardians."""

    def ask(self, reason, represented=False, assignment="unassigned"):
        """`represented`: for the patient whom this account represents, instead of itself."""
        self.opens_the_form()
        self.sends_the_request(reason, represented, assignment)

    def opens_the_form(self):
        self.device.click("ask")
        self.device.wait("ask-form")

    def sends_the_request(self, reason, represented=False, assignment="unassigned"):
        device = self.device
        if represented:
            device.click("patient-represented")
        device.click(f"assignment-{assignment}")
        device.fill("reason", reason)
        device.click("payment-tiers_payant_integral")
        device.click("ask-submit")

    def is_in_the_waiting_room(self):
        self.device.wait("waiting state=requested")

    def is_told_to_call_15_in_an_emergency(self):
        assert "15" in self.device.text("emergency")
        assert self.device.attribute("call-15", "href") == "tel:15"

    def go_in(self):
        """The patient takes the seat, once the room is open."""
        self._to_the_door()

    def go_in_on_an_own_device(self):
        """A guardian takes a seat of their own."""
        self._to_the_door()
        self.device.click("beside-no")

    def goes_in_beside_the_patient(self):
        """A guardian acts for the patient, on the device that both sit at."""
        self._to_the_door()
        self.device.click("beside-yes")

    def opens_a_second_tab(self):
        """The same browser, and so the same session; both tabs stay."""
        return Asking(self.device.second_tab(), self.url, self.email, self.password).come_back()

    def is_told_that_the_seat_is_theirs_elsewhere(self):
        self.device.wait("continue-here")

    def stays_elsewhere(self):
        self.device.click("stay-there")
        self.device.wait("enter-room")

    def takes_over(self):
        self.device.click("continue-here")

    def is_told_that_they_go_on_elsewhere(self):
        self.device.wait("come-back-here")
        assert self.device.says("callState") == "taken-over"

    def _to_the_door(self):
        device = self.device
        if not device.shows("waiting"):
            device.click("see-consultation")
        device.click("enter-room")

    def is_accompanied_by(self, email):
        """Whoever sits beside the patient signs in on the same device."""
        device = self.device
        if not device.shows("accompany-email"):
            device.click("accompany-open")
        device.fill("accompany-email", email)
        device.fill("accompany-password", DEMO_PASSWORD)
        device.click("accompany-submit")

    def is_no_longer_accompanied(self):
        if not self.device.shows("accompany-leave"):
            self.device.click("accompany-open")
        self.device.click("accompany-leave")


class Desk(Pages):
    """The practitioner."""

    def becomes_available(self):
        self.device.click("presence-available")
        self.device.wait("presence presence=available")

    def claim(self, reason):
        """Claims the only card of the queue, and returns all that it shows."""
        card = self.device.text("queue-card")
        assert reason in card, card
        self.device.click("claim")
        return card

    def open_room(self):
        """Opens the room and takes the seat in it."""
        self.device.click("open-room")

    def start(self, *roles):
        """Attests who is seen."""
        device = self.device
        device.click("start")
        for role in roles:
            device.click(f"attest-{role}")
        device.click("start-confirm")
        device.wait_gone("start")

    def end(self, reason="completed"):
        self.device.click("end")
        self.device.click(f"end-reason-{reason}")

    def asks_for_the_end(self, reason="completed"):
        """Presses the same, where nobody can answer yet."""
        self.device.click("end")
        self.device.find(f"end-reason-{reason}", "(element.click(), true)")
        self.device.wait("end-untold")
