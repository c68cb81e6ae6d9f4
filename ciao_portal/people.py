"""Finding and keeping people by their national number."""

from datetime import datetime

from ciao_portal.models import Person


def person_with_ssin(ssin: str, *, now: datetime) -> Person:
    """The person with this national number (11 digits, already checked), kept if not known yet.

    Many phones may bring the same new number at once: the database's unique index decides, nobody fails.
    """
    if known := Person.objects.with_ssin(ssin).first():
        return known
    person = Person(created_at=now)
    person.keep_ssin(ssin)
    Person.objects.bulk_create([person], ignore_conflicts=True)
    return Person.objects.with_ssin(ssin).get()
