"""How a company calls the people and firms of one page.

Names of people belong to each employer and cross to nobody: the people of a subcontractor stay nameless
and are shown by their masked number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.utils.translation import gettext

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.identifiers import mask_ssin
from ciao_portal.models import Company, Person
from registrations.querysets import names_of


def masked_number(person: Person) -> str:
    """`85.07.30-•••.••`, or words while the number is pending."""
    ssin = person.ssin
    return mask_ssin(ssin) if ssin else gettext("Number pending")


@dataclass(frozen=True, slots=True)
class PeopleNames:
    """The names of some people; whoever is not among them is called by the masked number."""

    names: dict[UUID, str]

    @classmethod
    def of(cls, people: Iterable[Person], *, company: Company, day: date) -> Self:
        """One query for all of them; `day` is today in Brussels."""
        return cls(names_of({person.pk for person in people}, company=company, day=day))

    def has(self, person: Person) -> bool:
        return person.pk in self.names

    def __getitem__(self, person: Person) -> str:
        return self.names.get(person.pk) or masked_number(person)


@dataclass(frozen=True, slots=True)
class Naming:
    """How this company calls the people and firms of a page."""

    people: PeopleNames
    companies: dict[Company, str]
    today: date


def naming(
    company: Company, people: Iterable[Person], companies: Iterable[Company], *, now: datetime
) -> Naming:
    """Two queries, however many people and firms."""
    today = brussels_day(now)
    return Naming(
        PeopleNames.of(people, company=company, day=today), names_of_companies(company, set(companies)), today
    )
