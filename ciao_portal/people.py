"""Finding and keeping people by their national number."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models

from ciao_portal.models import Person
from ciao_portal.models.people import SSIN_CONTEXT, field_keys
from ciao_portal.prepared import Given, Prepared
from ciao_portal.tenancy import unscoped

_WITH_INDEX = Prepared(
    lambda: Person.objects.filter(ssin_index=Given("index", models.CharField())).order_by()
)


def person_with_ssin(ssin: str, *, now: datetime) -> Person:
    """The person with this national number (11 digits, already checked), kept if not known yet.

    Many phones may bring the same new number at once: the database's unique index decides, nobody fails.
    """
    for index in field_keys().blind_indexes(ssin, SSIN_CONTEXT):
        with unscoped(reason="people belong to no company"):
            if known := _WITH_INDEX.first(index=index.hex()):
                return known
    person = Person(created_at=now)
    person.keep_ssin(ssin)
    Person.objects.bulk_create([person], ignore_conflicts=True)
    return Person.objects.with_ssin(ssin).get()


def people_with_ssins(ssins: Iterable[str], *, now: datetime) -> dict[str, Person]:
    """The people with these national numbers (11 digits, already checked), kept if not known yet.

    Three queries however many.
    """
    wanted = sorted(set(ssins))
    known = _known(wanted)
    if len(known) < len(wanted):
        unknown = [Person(created_at=now) for ssin in wanted if ssin not in known]
        for person, ssin in zip(unknown, (ssin for ssin in wanted if ssin not in known), strict=True):
            person.keep_ssin(ssin)
        Person.objects.bulk_create(unknown, ignore_conflicts=True)
        known = _known(wanted)
    return known


def lock_person(person: UUID) -> None:
    """One writer about this person (its key) after the other, until the transaction ends.

    Rows that point at the person can still be written by others.
    """
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person)


def speak(*, person: Person, language: str) -> bool:
    """Keep the language (one of the cleaners') in which the person wants to be spoken to.

    Tells whether it was another one before.
    """
    others = Person.objects.filter(pk=person.pk).exclude(language=language)
    return bool(others.update(language=language))


def _known(ssins: list[str]) -> dict[str, Person]:
    keys = field_keys()
    by_index = {index.hex(): ssin for ssin in ssins for index in keys.blind_indexes(ssin, SSIN_CONTEXT)}
    return {
        by_index[person.ssin_index]: person
        for person in Person.objects.filter(ssin_index__in=by_index)
        if person.ssin_index is not None
    }
