"""The pages with which people come in, look after their account and their family, and leave (web/README.md lists the names)."""

from pages import Asking

BORN = {"day": "17", "month": "5", "year": "1985"}
CHILD_BORN = {"day": "30", "month": "9", "year": "2018"}


class Newcomer(Asking):
    """Somebody who comes in by themselves, in their own browser."""

    def __init__(self, device, broker, email, password):
        super().__init__(device, broker.url, email, password)
        self.mailbox = broker.mailbox

    # Coming in

    def signs_up(self, kind, given_name, family_name, **more):
        """`kind`: patient, guardian or both; `more`: street, postal_code and city, and `attending`, whom patients name."""
        device, attending = self.device, more.pop("attending", None)
        device.open(self.url)
        device.click("to-sign-up")
        device.click(f"sign-up-kind-{kind}")
        self._fill("sign-up", given_name=given_name, family_name=family_name)
        if kind != "guardian":
            self._date("sign-up-birth_date", BORN)
            self._fill("sign-up", **more)
            self._attending("sign-up", attending)
        self._fill("sign-up", email=self.email, password=self.password)
        device.click("sign-up-submit")
        device.wait("mailbox")
        return self

    def confirms(self):
        """Opens the link in the letter on this device."""
        self.opens(self.mailbox.take(self.email, "confirm").link)
        self._fill("confirm", password=self.password)
        self.device.click("confirm-submit")
        self.device.wait("consent-form")
        return self

    def agrees(self):
        """To both texts, one box each; nothing is ticked beforehand."""
        for document in ("terms", "privacy"):
            assert self.device.look(f"consent-{document}", "element.checked ? 'ticked' : 'empty'") == "empty"
            self.device.click(f"consent-{document}")
        self.device.click("consent-submit")
        self.device.wait_gone("consent-form")
        return self

    def opens(self, link):
        """A letter's link. The secret does not stay in the address bar."""
        origin, page, token = link
        self.device.open(f"{origin}/#/{page}/{token}")
        self.device.until(lambda: token not in self.device.run("return location.href"), "the secret leaves the address")

    # The family

    def adds_a_child(self, given_name, family_name, attending):
        device = self.device
        device.click("nav-family")
        device.click("child-add")
        self._fill("child", given_name=given_name, family_name=family_name)
        self._date("child-birth_date", CHILD_BORN)
        self._attending("child", attending)
        device.click("child-authority")
        device.click("child-submit")
        device.wait("family-patient relation=parent")

    def invites(self, email):
        device = self.device
        device.click("family-invite")
        device.fill("invite-email", email)
        device.click("invite-submit")
        device.wait("open-invitation")

    def accepts_the_invitation(self):
        """With the link of the letter."""
        self.opens(self.mailbox.take(self.email, "invitation").link)
        self.device.click("received-accept")
        self.device.click("invitation-family")
        self.device.wait("family-patient relation=parent")

    def goes_home(self):
        self.device.click("brand")

    # The rights

    def exports(self):
        """What the file says that the page offers."""
        self._go_to("account/data")
        path = self.device.find("export", "element.getAttribute('href')")
        return self.device.run("return await (await fetch(parameters[0])).json()", path)

    def erases(self):
        """Sees what is lost, says twice that it is meant, and is nobody from then on."""
        device = self.device
        self._go_to("account/erase")
        device.wait("loss")
        self._fill("erase", password=self.password)
        device.click("erase-sure")
        device.click("erase-submit")
        device.until(lambda: device.says("page") == "sign-in", "nobody is signed in")

    # Forms

    def _go_to(self, page):
        self.device.run("location.hash = parameters[0]", f"#/{page}")

    def _fill(self, form, **fields):
        for name, value in fields.items():
            self.device.fill(f"{form}-{name}", value)

    def _date(self, name, parts):
        for part, value in parts.items():
            self.device.fill(f"{name}-{part}", value)

    def _attending(self, form, physician):
        """`physician`: a people.Person of the platform, found by the beginning of the name."""
        device = self.device
        device.click(f"{form}-attending-registered")
        device.fill(f"{form}-attending-search", physician.family_name)
        device.click(f"{form}-attending_id-{physician.id}")
