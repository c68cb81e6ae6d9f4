"""Keeping PresenceState: a fold of the registrations, maintained tap by tap and rebuildable."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ciao_portal.prepared import Upsert, store
from ciao_portal.tenancy import unscoped
from registrations.models import PresenceState, Registration
from registrations.rules.presence import Flag, Kind
from registrations.rules.standing import Standing, advance


@dataclass(frozen=True, slots=True)
class Outcome:
    """The standing after the tap, and what is odd about it."""

    standing: Standing
    flags: frozenset[str]


def stand_after(before: Standing | None, kind: Kind, *, at: datetime) -> Outcome:
    """Where the person stands after a tap, given where the person stood before (None: a first tap)."""
    standing, flags = advance(before, kind, at)
    return Outcome(standing, frozenset(flag.value for flag in flags))


def state_after(outcome: Outcome, registration: Registration) -> Upsert | None:
    """The row to store together with the registration; None when the history has to be folded again."""
    if Flag.OUT_OF_ORDER.value in outcome.flags:
        return None
    return _row(registration, outcome.standing)


def fold_again(registration: Registration) -> None:
    """A stored registration that arrived late lies before the last one: fold its history from its events."""
    history = Registration.objects.filter(
        person=registration.person_id,
        employer=registration.employer_id,
        declaration=registration.declaration_id,
    )
    _rebuild(history.order_by("happened_at", "id"))


def _rebuild(history: Iterable[Registration]) -> None:
    """Fold the events of one person, employer and declaration, given in order of time."""
    standing: Standing | None = None
    last: Registration | None = None
    for registration in history:
        standing, _flags = advance(standing, Kind(registration.kind), registration.happened_at)
        last = registration
    if standing is None or last is None:
        return
    store(_row(last, standing))


def _row(last: Registration, standing: Standing) -> Upsert:
    return Upsert(
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
    """Fold every history anew and answer how many there are; the result equals what taps maintained."""
    with unscoped(reason="a rebuild folds the history of every company"):
        PresenceState.objects.all().delete()
        groups = Registration.objects.order_by().values_list("person", "employer", "declaration").distinct()
        total = 0
        for person, employer, declaration in groups:
            history = Registration.objects.filter(person=person, employer=employer, declaration=declaration)
            _rebuild(history.order_by("happened_at", "id"))
            total += 1
        return total
