"""Keeping PresenceState: a fold of the registrations, maintained tap by tap and rebuildable."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import models, transaction

from ciao_portal.models import Company, Person
from ciao_portal.prepared import Given, Prepared, upsert
from ciao_portal.tenancy import unscoped
from declarations.models import RegistrationPoint
from registrations.models import PresenceState, Registration
from registrations.rules.presence import Flag, Kind
from registrations.rules.standing import Standing, advance

_STANDING = Prepared(
    lambda: PresenceState.objects.filter(
        person=Given("person", models.UUIDField()),
        employer=Given("employer", models.UUIDField()),
        declaration=Given("declaration", models.UUIDField()),
    ).values_list("last_kind", "last_at", "since")
)


class PersonAtPoint(Protocol):
    """The part of a tap that says whose presence it touches."""

    @property
    def person(self) -> Person: ...
    @property
    def employer(self) -> Company: ...
    @property
    def point(self) -> RegistrationPoint: ...
    @property
    def kind(self) -> Kind: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """The standing after the tap, and what is odd about it."""

    standing: Standing
    flags: frozenset[str]


def stand_after(tap: PersonAtPoint, *, at: datetime) -> Outcome:
    """Where the person stands after this tap. Call with the person locked."""
    known = _STANDING.first(
        person=tap.person.pk, employer=tap.employer.pk, declaration=tap.point.declaration_id
    )
    before = Standing(Kind(known[0]), known[1], known[2]) if known else None
    standing, flags = advance(before, tap.kind, at)
    return Outcome(standing, frozenset(flag.value for flag in flags))


def keep(outcome: Outcome, registration: Registration) -> None:
    """Store the standing after the registration was stored."""
    if Flag.OUT_OF_ORDER.value in outcome.flags:
        # It arrived late and lies before the last one: the history is folded again from its events.
        _rebuild(_history(registration))
        return
    _write(registration, outcome.standing)


def _history(registration: Registration) -> Iterable[Registration]:
    return Registration.objects.filter(
        person=registration.person_id,
        employer=registration.employer_id,
        declaration=registration.declaration_id,
    ).order_by("happened_at", "id")


def _rebuild(history: Iterable[Registration]) -> None:
    """Fold the events of one person, employer and declaration, given in order of time."""
    standing: Standing | None = None
    last: Registration | None = None
    for registration in history:
        standing, _flags = advance(standing, Kind(registration.kind), registration.happened_at)
        last = registration
    if standing is None or last is None:
        return
    _write(last, standing)


def _write(last: Registration, standing: Standing) -> None:
    upsert(
        PresenceState(
            person_id=last.person_id,
            employer_id=last.employer_id,
            declaration_id=last.declaration_id,
            workplace_id=last.workplace_id,
            last_registration_id=last.pk,
            last_kind=standing.last_kind,
            last_at=standing.last_at,
            since=standing.since,
        ),
        unique=("person", "employer", "declaration"),
    )


@transaction.atomic
def rebuild_all() -> int:
    """Fold every history anew and answer how many there are; the result equals what `keep` maintained."""
    with unscoped(reason="a rebuild folds the history of every company"):
        PresenceState.objects.all().delete()
        groups = Registration.objects.order_by().values_list("person", "employer", "declaration").distinct()
        total = 0
        for person, employer, declaration in groups:
            history = Registration.objects.filter(person=person, employer=employer, declaration=declaration)
            _rebuild(history.order_by("happened_at", "id"))
            total += 1
        return total
