"""People who come in by themselves: they sign up, confirm by the link in the letter, and agree to the texts."""

import itertools

from api import Api
from people import PASSWORD, rpps

_numbers = itertools.count(1)
HOME = {"street": "3 rue des Lilas", "postal_code": "75011", "city": "Paris", "country": "FR"}


def registration(kind="patient", **more):
    """What somebody sends who signs up."""
    number = next(_numbers)
    said = {"kind": kind, "language": "fr", "given_name": "Nour", "family_name": "Venue", "email": f"newcomer{number}@x.example",
            "password": PASSWORD}
    if kind == "patient":
        said |= {"postal_address": HOME, "birth_date": "1985-05-17"}
    elif kind == "practitioner":
        said["practitioner"] = {"rpps": rpps(900_000 + number), "specialty": "Pédiatrie", "sector": 2}
    return said | more


class Newcomer(Api):
    """Somebody who signed up, with what they said of themselves."""

    def __init__(self, broker, kind="patient", **more):
        super().__init__(broker)
        self.said = registration(kind, **more)
        self.email, self.password = self.said["email"], self.said["password"]

    def sign_up(self):
        self.post("/v1/registrations", self.said)
        return self

    def confirm(self):
        """With the link of the letter; signed in from then on."""
        self.post("/v1/registrations/confirm", {"token": self.broker.mailbox.take(self.email, "confirm").token, "password": self.password})
        return self

    def program(self):
        """The same person, signed in elsewhere with a token."""
        other = Api(self.broker)
        other.token = other.sign_in(self.email, self.password, bearer=True)["token"]
        return other


def settled(broker, kind="patient", **more):
    """Somebody who may do everything that one may do by oneself."""
    return Newcomer(broker, kind, **more).sign_up().confirm().agree()
