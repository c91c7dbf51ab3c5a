"""The pages of a consultation's life, beside the call itself: deadlines, refusal, change of practitioner, closing, maintenance."""

from pages import Asking, Desk

A_CLOCK = 30  # seconds: longer than any deadline of these tests


class Waiting(Asking):
    """The patient, who is told what is going on and may choose what comes next."""

    def is_refused(self, grounds):
        self.device.wait(f"refusal grounds={grounds}")
        self.device.wait("waiting state=refused")

    def names_another(self, name, physician):
        """`physician`: the account of whom the search for `name` finds."""
        self.searches_another(name, physician)
        self.gives_it_to_whom_was_found()

    def searches_another(self, name, physician):
        self.device.click("assign")
        self.device.fill("assign-attending-search", name)
        self.device.click(f"assign-attending_id-{physician}")

    def gives_it_to_whom_was_found(self):
        self.device.click("assign-submit")
        self.device.wait_gone("assign-form")

    def is_told_that_it_is_overdue(self, clock):
        self.device.wait(f"overdue clock={clock}", A_CLOCK)

    def opens_it_to_everybody(self):
        self.device.click("unassign")
        self.device.wait_gone("unassign")

    def may_only_cancel(self):
        self.device.wait("cancel")
        assert not self.device.shows("assign") and not self.device.shows("unassign")

    def waits_for(self, state):
        self.device.wait(f"waiting state={state}")

    def is_told_that_the_room_is_closed(self, why):
        self.device.wait(f"room-closed why={why}")

    def cancels(self):
        self.device.click("cancel")
        self.device.click("cancel-confirm")

    def tries_the_device(self, hears_the_sound=True):
        device = self.device
        device.click("check-start")
        device.click("sound-test")
        device.click("sound-heard" if hears_the_sound else "sound-not-heard")
        for part in ("browser", "camera", "microphone", "connection"):
            device.wait(f"check-{part} outcome=ok")
        device.wait(f"check-speaker outcome={'ok' if hears_the_sound else 'failed'}")
        device.click("check-stop")

    def closes(self):
        """Confirms that there is nothing left to fetch."""
        self.device.click("confirm")
        self.device.click("close-confirm")
        self.device.wait("closed why=confirmed")

    def is_told_of_the_maintenance(self, message):
        assert message in self.device.text("maintenance-message")

    def hears_of_no_maintenance(self):
        self.device.wait_gone("maintenance-message")


class Surgery(Desk):
    """The practitioner, who need not take everything, nor keep it."""

    def refuses(self, grounds):
        self.device.click("refuse")
        self.refuses_on(grounds)

    def refuses_on(self, grounds):
        self.device.click(f"refuse-{grounds}")
        self.device.wait_gone("queue-card")

    def sees_that_a_card_is_overdue(self):
        self.device.wait("flag-overdue")

    def leaves_the_room(self):
        self.device.click("leave-room")

    def gives_it_back(self):
        self.device.click("release")
        self.device.click("release-confirm")
        self.device.wait_gone("my-consultation")

    def is_told_that_the_patient_went_elsewhere(self):
        self.device.wait("close-panel")
        assert self.device.says("callState") == "closed"
        self.device.click("close-panel")

    def sees_the_closure(self, why):
        self.device.wait(f"closed why={why}")

    def closes(self):
        self.device.click("close")
        self.device.click("close-confirm")
        self.device.wait("closed why=practitioner")
