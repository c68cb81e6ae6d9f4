"""Workers as one company knows them: taken on, changed, and their full number shown on purpose."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import day_label, periods_overlap
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Person
from ciao_portal.people import person_with_ssin
from registrations.models import Employment


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
    limosa_number: str = ""


@transaction.atomic
def add_employment(
    *, company: Company, ssin: str, facts: EmploymentFacts, actor: Actor, now: datetime
) -> Employment:
    """Take on the person with this national number (11 digits, already checked).

    Raises DomainError `employment.order` for a last day before the first, `employment.already` when the
    person works for the company on one of these days already.
    """
    person = person_with_ssin(ssin, now=now)
    _check(company, person, facts, itself=None)
    employment = Employment.objects.create(company=company, person=person, **asdict(facts))
    audit.record("employment.created", employment, actor=actor, now=now)
    return employment


@transaction.atomic
def change_employment(*, employment: Employment, facts: EmploymentFacts, actor: Actor, now: datetime) -> None:
    """Write down new facts about a worker; the national number stays. Raises like `add_employment`."""
    _check(employment.company, employment.person, facts, itself=employment)
    written = asdict(facts)
    changed = [name for name, value in written.items() if getattr(employment, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(employment, name, written[name])
    employment.save(update_fields=changed)
    audit.record("employment.changed", employment, actor=actor, now=now, payload={"changed": changed})


@transaction.atomic
def reveal_number(*, employment: Employment, actor: Actor, now: datetime) -> str | None:
    """The full national number (11 digits; None while pending). Each look is recorded, without the number."""
    audit.record("ssin.revealed", employment, actor=actor, now=now)
    return employment.person.ssin


def _check(company: Company, person: Person, facts: EmploymentFacts, *, itself: Employment | None) -> None:
    if facts.ends_on is not None and facts.ends_on < facts.starts_on:
        raise DomainError("employment.order", _("The last day is before the first day."), field="ends_on")
    # Two offices may add the same person at once: one after the other, per person.
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
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
