"""The list of past consultations and the record of one, as either party reads them."""


class Record:
    def __init__(self, party):
        """`party`: the pages (pages.Pages) of somebody who is signed in."""
        self.device, self.url = party.device, party.url

    def is_in_the_list(self):
        """Goes there by the account's menu."""
        self.device.go(f"{self.url}/#/account")
        self._follow("account-consultations")
        self.device.wait("past-consultation")

    def opens_the_newest(self):
        self._follow("see-record")
        self.device.wait("timeline")

    def events(self):
        """What happened, oldest first, by the names of the record."""
        return self._events("record-event")

    def incidents(self):
        return self._events("incident")

    def on_the_sheet(self, row):
        return self.device.text(f"sheet-{row}")

    def says_whose(self, *names):
        """The page names these people, and no account's id."""
        text = self.device.text("record")
        assert all(name in text for name in names), text

    def downloads_the_bundle(self):
        """The file and its bytes."""
        name = f"mqm-consultation-{self.device.attribute('record', 'data-consultation')}.json"
        self.device.click("bundle")
        return name, self.device.until(lambda: self.device.saved(name), "the bundle is saved")

    def command(self):
        """The command that the page gives to check it."""
        self.device.wait("proof-command")
        return self.device.text("proof-command").split()

    def _follow(self, link):
        """Once: where the page is slow to change, a second press would find the link gone."""
        self.device.find(link, "(element.click(), true)")

    def _events(self, name):
        return self.device.run(f"return [...document.querySelectorAll('[data-test={name}]')].map(one => one.dataset.event)")
