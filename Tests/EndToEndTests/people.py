"""Invented people to make accounts for. A test takes people whom no other test uses, so tests on one server do not meet."""

import itertools
from dataclasses import dataclass, field

PASSWORD = "un-mot-de-passe-d-essai"
_numbers = itertools.count(1)


@dataclass
class Person:
    family_name: str
    given_name: str
    roles: list
    birth_date: str = None  # kept of patients only
    more: dict = field(default_factory=dict)
    number: int = field(default_factory=lambda: next(_numbers))
    id: str = None  # id and token are told by the import
    token: str = None

    @property
    def email(self):
        return f"person{self.number}@x.example"

    @property
    def name(self):
        return f"{self.given_name} {self.family_name}"

    @property
    def password(self):
        return self.more.get("password")

    def line(self):
        """The line of `mqm-broker account import`: of somebody who has agreed to the texts in force, unless `more` says otherwise."""
        born = {"birth_date": self.birth_date} if self.birth_date else {}
        known = {"email": self.email, "given_name": self.given_name, "family_name": self.family_name, "roles": self.roles, "consented": True}
        return known | born | self.more


@dataclass
class Family:
    """Somebody who is represented, and their guardians."""
    patient: Person
    guardians: list


def rpps(number):
    """An RPPS number: ten digits and the Luhn digit that makes them valid."""
    digits = f"{1_000_000_000 + number}"
    doubled = (sum(divmod(int(d) * (2 if place % 2 == 0 else 1), 10)) for place, d in enumerate(reversed(digits)))
    return digits + str(-sum(doubled) % 10)


def practitioner(verification="verified", **more):
    person = Person("Praticienne", "Ève", ["practitioner"], more=more)
    person.family_name += f" {person.number}"
    person.more["practitioner"] = {"rpps": rpps(person.number), "specialty": "Médecine générale", "sector": 1,
                                   "verification": verification}
    return person


def operator(**more):
    return Person("Exploitante", "Iris", ["operator"], more=more)


def adult(attending=None, **more):
    more |= {"attending": attending.email} if attending else {}
    return Person("Adulte", "Noé", ["patient"], "1985-05-17", more)


def guardian(**more):
    return Person("Proche", "Ondine", ["guardian"], more=more)


def minor(parents=2):
    return represented([guardian() for _ in range(parents)], "parent", "2018-09-30")


def protected_adult(relation="tutor", protection="tutelle", **tutors):
    return represented([guardian(**tutors)], relation, "1950-11-04", protection=protection)


def accompanied_adult():
    """A protected adult whose tutor can sign in beside them. A password takes seconds to store, so few people have one."""
    return protected_adult(password=PASSWORD)


def represented(guardians, relation, birth_date, **more):
    more["guardians"] = [{"email": person.email, "relation": relation} for person in guardians]
    return Family(Person("Petit", "Léa", ["patient"], birth_date, more), guardians)


class Population:
    """As many people of each kind as a run of the socket tests may take."""

    SIZES = {"practitioner": 200, "adult": 300, "minor": 30, "protected_adult": 10, "accompanied_adult": 4}

    def __init__(self):
        make = {"practitioner": practitioner, "adult": adult, "minor": minor, "protected_adult": protected_adult,
                "accompanied_adult": accompanied_adult}
        self.waiting = {kind: [make[kind]() for _ in range(size)] for kind, size in self.SIZES.items()}
        self.unverified = practitioner(verification="pending")
        self.attending = practitioner()
        self.her_patient = adult(attending=self.attending)
        self.stranger = guardian(password=PASSWORD)  # can sign in, and is nobody's guardian here

    def everyone(self):
        """Guardians before those whom they represent, and physicians before their patients."""
        families = [family for kind in ("minor", "protected_adult", "accompanied_adult") for family in self.waiting[kind]]
        yield from self.waiting["practitioner"] + [self.unverified, self.attending, self.stranger]
        yield from (person for family in families for person in family.guardians)
        yield from self.waiting["adult"] + [self.her_patient] + [family.patient for family in families]

    def take(self, kind):
        assert self.waiting[kind], f"everyone of the kind {kind} is taken: make Population.SIZES larger"
        return self.waiting[kind].pop()
