"""Words that nobody else says, planted in everything that is held about a person, and the search for their raw bytes."""

import itertools
import time

WITHIN = 60  # seconds, after which nothing may be left
LOOK_AGAIN = 0.2
_numbers = itertools.count(1)


def social_security_number(number):
    """A NIR: its key is 97 less the remainder of the rest by 97."""
    first = 1_85_05_78_006_000 + number
    return f"{first}{97 - first % 97:02}"


class Canaries:
    def __init__(self, story):
        mark = f"{story}{next(_numbers)}"
        letters = "".join(chr(ord("a") + int(digit)) if digit.isdigit() else digit for digit in mark)  # names have no digits
        self.given_name, self.family_name = f"Prenom{letters}", f"Nom{letters}"
        self.street, self.city = f"9 impasse {letters}", f"Ville{letters}"
        self.attending = f"Dr Traitant{letters}"
        self.email = f"adresse.{mark}@canari.example"
        self.history, self.number = f"antecedent {mark}", social_security_number(next(_numbers))
        self.reason = f"motif {mark}"
        self.childs_name, self.childs_history = f"Enfant{letters}", f"enfance {mark}"

    def registration(self):
        return {"given_name": self.given_name, "family_name": self.family_name, "email": self.email, "attending": {"name": self.attending},
                "postal_address": {"street": self.street, "postal_code": "75011", "city": self.city, "country": "FR"}}

    def child(self):
        return {"given_name": self.childs_name, "family_name": self.family_name, "birth_date": "2018-09-30", "attending": None, "authority": True}

    def health(self):
        return {"history": self.history, "social_security_number": self.number}

    @property
    def registration_words(self):
        return [self.given_name, self.family_name, self.street, self.city, self.attending]

    @property
    def readable(self):
        """Those that the server needs to read at any time."""
        return [*self.registration_words, self.email]

    @property
    def sealed(self):
        return [self.history, self.number, self.childs_history]

    @property
    def all(self):
        return [*self.readable, *self.sealed, self.reason, self.childs_name]


def files_with(broker, words):
    """Which of the words are in which file that the server wrote, but for the letters, which are in their recipients' hands."""
    found = []
    for path in [broker.log, *broker.data.rglob("*")]:
        if path.is_file() and not path.is_relative_to(broker.mailbox.folder):
            content = path.read_bytes().lower()
            found += [(path.name, word) for word in words if word.lower().encode() in content]
    return found


def assert_gone(broker, words):
    deadline = time.monotonic() + WITHIN
    while found := files_with(broker, words):
        assert time.monotonic() < deadline, f"after {WITHIN} s there still is: {found}"
        time.sleep(LOOK_AGAIN)
