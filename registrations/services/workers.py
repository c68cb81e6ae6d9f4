"""Workers as one company knows them: taken on, changed, and their full number shown on purpose."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.companies import company_with_number
from ciao_portal.days import day_label, periods_overlap
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Person
from ciao_portal.people import lock_person, person_with_ssin, speak
from registrations.models import Employment
from registrations.models.workers import WorkerStatus


@dataclass(frozen=True, slots=True)
class EmploymentFacts:
    """What a company writes about a worker; both days are Brussels days, inclusive."""

    first_name: str
    last_name: str
    status: str
    starts_on: date
    ends_on: date | None = None
    payroll_number: str = ""
    dimona_number: str = ""
    dimona_ends_on: date | None = None
    limosa_number: str = ""
    limosa_ends_on: date | None = None
    # Enterprise number (checked) of a temporary worker's agency.
    agency_number: str = ""
    # Of letters, cards and messages to the worker; empty leaves it as it is.
    language: str = ""


@transaction.atomic
def add_employment(
    *, company: Company, ssin: str, facts: EmploymentFacts, actor: Actor, now: datetime
) -> Employment:
    """Take on the person with this national number (11 digits, already checked).

    Raises DomainError `employment.order` for a last day before the first, `employment.already` when the
    person works for the company on one of these days already, `employment.agency` for the agency of somebody
    who is no temporary worker.
    """
    person = person_with_ssin(ssin, now=now)
    _check(company, person, facts, itself=None)
    employment = Employment.objects.create(company=company, person=person, **_columns(facts, now=now))
    if facts.language:
        speak(person=person, language=facts.language)
    audit.record("employment.created", employment, actor=actor, now=now)
    return employment


@transaction.atomic
def change_employment(*, employment: Employment, facts: EmploymentFacts, actor: Actor, now: datetime) -> None:
    """Write down new facts about a worker; the national number stays. Raises like `add_employment`."""
    _check(employment.company, employment.person, facts, itself=employment)
    written = _columns(facts, now=now)
    changed = [name for name, value in written.items() if getattr(employment, name) != value]
    for name in changed:
        setattr(employment, name, written[name])
    if changed:
        employment.save(update_fields=changed)
    if facts.language and speak(person=employment.person, language=facts.language):
        changed.append("language")
    if changed:
        audit.record("employment.changed", employment, actor=actor, now=now, payload={"changed": changed})


@transaction.atomic
def reveal_number(*, employment: Employment, actor: Actor, now: datetime) -> str | None:
    """The full national number (11 digits; None while pending). Each look is recorded, without the number."""
    audit.record("ssin.revealed", employment, actor=actor, now=now)
    return employment.person.ssin


def _columns(facts: EmploymentFacts, *, now: datetime) -> dict[str, Any]:
    """The facts as columns: the agency's number becomes the firm that bears it."""
    columns = asdict(facts)
    number = columns.pop("agency_number")
    del columns["language"]
    return columns | {"agency": company_with_number(enterprise_number=number, now=now) if number else None}


def _check(company: Company, person: Person, facts: EmploymentFacts, *, itself: Employment | None) -> None:
    if facts.ends_on is not None and facts.ends_on < facts.starts_on:
        raise DomainError("employment.order", _("The last day is before the first day."), field="ends_on")
    if facts.agency_number and facts.status != WorkerStatus.TEMPORARY:
        raise DomainError(
            "employment.agency",
            _("Only a temporary worker comes from an agency. Choose that status, or leave the agency out."),
            field="agency_number",
        )
    # Two offices may add the same person at once: one after the other, per person.
    lock_person(person.pk)
    others = Employment.objects.filter(company=company, person=person)
    for other in others.exclude(pk=itself.pk) if itself else others:
        if periods_overlap(facts.starts_on, facts.ends_on, other.starts_on, other.ends_on):
            raise DomainError(
                "employment.already",
                _(
                    "%(name)s already works for you from %(day)s on, with the same national number. "
                    "Change that entry, or choose a period that does not overlap."
                ),
                field="starts_on" if itself else "ssin",
                params={"name": str(other), "day": day_label(other.starts_on)},
            )
