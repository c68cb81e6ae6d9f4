"""Keeping PresenceState: a fold of the registrations, maintained tap by tap and rebuildable."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import transaction

from ciao_portal.models import Company, Person
from ciao_portal.tenancy import unscoped
from declarations.models import RegistrationPoint
from registrations.models import PresenceState, Registration
from registrations.rules.presence import Flag, Kind
from registrations.rules.standing import Standing, advance


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
    """The stored state (None for a first tap), the standing after the tap, and what is odd about it."""

    row: PresenceState | None
    standing: Standing
    flags: frozenset[str]


def stand_after(tap: PersonAtPoint, *, at: datetime) -> Outcome:
    """Where the person stands after this tap. Call with the person locked."""
    row = PresenceState.objects.filter(
        person=tap.person, employer=tap.employer, declaration=tap.point.declaration_id
    ).first()
    before = Standing(Kind(row.last_kind), row.last_at, row.since) if row else None
    standing, flags = advance(before, tap.kind, at)
    return Outcome(row, standing, frozenset(flag.value for flag in flags))


def keep(outcome: Outcome, registration: Registration) -> None:
    """Store the standing after the registration was stored."""
    if Flag.OUT_OF_ORDER.value in outcome.flags:
        # It arrived late and lies before the last one: the history is folded again from its events.
        _rebuild(_history(registration))
        return
    row = outcome.row or PresenceState(
        person=registration.person, employer=registration.employer, declaration=registration.declaration
    )
    _write(row, registration, outcome.standing)


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
    row = PresenceState.objects.filter(
        person=last.person_id, employer=last.employer_id, declaration=last.declaration_id
    ).first()
    _write(
        row or PresenceState(person=last.person, employer=last.employer, declaration=last.declaration),
        last,
        standing,
    )


def _write(row: PresenceState, registration: Registration, standing: Standing) -> None:
    row.workplace_id = registration.workplace_id
    row.last_registration_id = registration.pk
    row.last_kind = standing.last_kind
    row.last_at = standing.last_at
    row.since = standing.since
    row.save()


@transaction.atomic
def rebuild_all() -> int:
    """Fold every history anew and answer how many there are; the result equals what `keep` maintained."""
    with unscoped(reason="a rebuild folds the history of every company"):
        PresenceState.objects.all().delete()
        groups = Registration.objects.order_by().values_list("person", "employer", "declaration").distinct()
        total = 0
        for person, employer, declaration in groups:
            history = Registration.objects.filter(
                person=person, employer=employer, declaration=declaration
            ).select_related("person", "employer", "declaration")
            _rebuild(history.order_by("happened_at", "id"))
            total += 1
        return total
