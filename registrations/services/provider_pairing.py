"""Phones paired because a company's sign-in provider says whose they are."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models import Company, Person
from ciao_portal.tenancy import unscoped
from registrations.models import Employment
from registrations.models.means import PairedBy
from registrations.querysets import employed_on
from registrations.services.pairing import pair

NOT_KNOWN = _("Your employer does not know you here yet. Ask the office, or register with your number.")


def worker_with(claim: object, company: Company, *, now: datetime) -> Person:
    """The company's own worker of today whose national number the provider told.

    Raises DomainError `provider.notKnown`, the same for no number, a malformed one, and one of somebody
    else's worker: a provider speaks for its own company only.
    """
    try:
        ssin = parse_ssin(str(claim or ""), today=brussels_day(now))
    except DomainError:
        raise DomainError("provider.notKnown", NOT_KNOWN) from None
    person = Person.objects.with_ssin(ssin).first()
    if person is None or not _works_for(person.pk, company, now=now):
        raise DomainError("provider.notKnown", NOT_KNOWN)
    return person


@transaction.atomic
def pair_signed_in(*, person: UUID, company: Company, label: str, now: datetime) -> str:
    """Pair this phone and return the secret for its cookie. Raises DomainError `provider.notKnown`."""
    found = Person.objects.filter(pk=person).first()
    if found is None or not _works_for(person, company, now=now):
        raise DomainError("provider.notKnown", NOT_KNOWN)
    return pair(person=found, company=company, label=label, by=PairedBy.PROVIDER, now=now)


def _works_for(person: UUID, company: Company, *, now: datetime) -> bool:
    with unscoped(reason="whether the person works for the company whose provider vouches"):
        today = Employment.objects.filter(employed_on(brussels_day(now)))
        return today.filter(person=person, company=company).exists()
