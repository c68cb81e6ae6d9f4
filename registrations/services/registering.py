"""THE one door for registrations: phone, and whatever other means come later.

A registration is never refused for a business reason. What is odd is flagged; what is doubtful is asked
afterwards. When this returns, the registration is committed.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import (
    Count,
    DateField,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person
from ciao_portal.prepared import PERSON, Given, Prepared, store
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView, Declaration, RegistrationPoint, Workplace
from declarations.models.declarations import DeclarationState, Regime
from registrations.leaves import leaf_of
from registrations.models import (
    Badge,
    Device,
    Employment,
    Means,
    PresenceState,
    Registration,
    Submission,
    Terminal,
)
from registrations.models.nsso import SubmissionState
from registrations.places import place_of
from registrations.querysets import employed_on
from registrations.rules import clock, taps
from registrations.rules.flags import Doubt
from registrations.rules.location import GivenPlace
from registrations.rules.presence import Kind
from registrations.rules.standing import Standing
from registrations.rules.taps import KeyOrigin, KnownTap, Tap
from registrations.services import presence

TYPED_WINDOW = timedelta(hours=1)
# How often a clash on the key with another person's simultaneous tap is looked at again.
TRIES = 3

_UUID = UUIDField()
_DAY = DateField()


def _locked_person(*, with_others: bool = False, with_held: bool = False) -> "QuerySet[Any, Any]":
    """Locks the person; tells whether the employer employs the person and stands in the chain on that day.

    `with_others`: also how many other people typed their number at the point since a moment. `with_held`:
    also whether a registration of the person at the point is held.
    """
    rows = (
        Person.objects.select_for_update(no_key=True)
        .filter(pk=PERSON)
        .annotate(
            is_employed=Exists(
                Employment.objects.filter(
                    employed_on(Given("day", _DAY)),
                    company=Given("employer", _UUID),
                    person=OuterRef("pk"),
                )
            ),
            is_in_chain=Exists(
                ChainView.objects.filter(
                    Q(valid_to__isnull=True) | Q(valid_to__gte=Given("day", _DAY)),
                    declaration=Given("declaration", _UUID),
                    viewer=Given("employer", _UUID),
                    member=Given("employer", _UUID),
                    valid_from__lte=Given("day", _DAY),
                )
            ),
        )
    )
    if with_held:
        held = Submission.objects.filter(
            person=OuterRef("pk"), state=SubmissionState.HELD, registration__point=Given("point", _UUID)
        )
        return rows.annotate(held=Exists(held)).values_list("is_employed", "is_in_chain", "held")
    if not with_others:
        return rows.values_list("is_employed", "is_in_chain", Value(0))
    typed = (
        Registration.objects.filter(
            point=Given("point", _UUID), means=Means.TYPED, received_at__gt=Given("since", DateTimeField())
        )
        .exclude(person=OuterRef("pk"))
        .order_by()
        .values("point")
        .annotate(identities=Count("person", distinct=True))
        .values("identities")
    )
    others = Coalesce(Subquery(typed), 0)
    return rows.annotate(others=others).values_list("is_employed", "is_in_chain", "others")


_LOCKED_PERSON = Prepared(_locked_person)
_LOCKED_TICKET = Prepared(lambda: _locked_person(with_held=True))
_LOCKED_TYPER = Prepared(lambda: _locked_person(with_others=True))
# What is known of the tap: the person's latest registration, the one under this key, and where the person
# stands. None to three rows, the standing without a key.
_KNOWN = Prepared(
    lambda: (
        Registration.objects.filter(
            Q(client_key=Given("key", _UUID))
            | Q(
                pk=Subquery(
                    Registration.objects.filter(person=PERSON)
                    .order_by("-received_at", "-id")
                    .values("pk")[:1]
                )
            )
        )
        .order_by()
        .values_list("client_key", "pk", "person_id", "kind", "point_id", "happened_at", "received_at")
        .union(
            PresenceState.objects.filter(
                person=PERSON,
                employer=Given("employer", _UUID),
                declaration=Given("declaration", _UUID),
            )
            .annotate(no_key=Value(None, _UUID), no_id=Value(None, _UUID), no_point=Value(None, _UUID))
            .values_list("no_key", "no_id", "person_id", "last_kind", "no_point", "last_at", "since"),
            all=True,
        )
    )
)


@dataclass(frozen=True, slots=True)
class TapAtPoint:
    """One tap as it arrived. `claimed_at` is what the phone's clock said; all moments are aware.

    `offset` is the server's clock minus the phone's as measured; `kept_offline` tells that the phone had no
    signal and kept the tap, `clock_jumped` that its clock was set meanwhile. `needs_release`: whoever holds
    the phone may not be the person, so the office looks first. `flags` are those of the means
    (`identityTyped`, `employerAssumed` …).
    """

    person: Person
    kind: Kind
    point: RegistrationPoint
    employer: Company
    workplace: Workplace
    means: Means
    client_key: UUID
    key_origin: KeyOrigin
    device: Device | None = None
    badge: Badge | None = None
    terminal: Terminal | None = None
    claimed_at: datetime | None = None
    offset: timedelta | None = None
    kept_offline: bool = False
    clock_jumped: bool = False
    needs_release: bool = False
    # Where the worker says it was, if agreed; nonsense is dropped, never a reason to refuse.
    place: GivenPlace | None = None
    flags: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The stored registration; `is_new` is False when the tap was known already."""

    registration: Registration
    is_new: bool


def register(tap: TapAtPoint, *, now: datetime) -> Receipt:
    """Store the tap, or find that it is stored already. `now` is the moment of receipt (aware)."""
    for _attempt in range(TRIES - 1):
        try:
            return _register_once(tap, now=now)
        except IntegrityError:
            # Somebody else's tap with the same key was committed between our look and our insert: this
            # time we see it.
            continue
    return _register_once(tap, now=now)


@transaction.atomic
def _register_once(tap: TapAtPoint, *, now: datetime) -> Receipt:
    with unscoped(reason="a tap names its person, point and employer; only rows of these are touched"):
        timing = _timing(tap, now)
        # One tap of a person after the other: fifty copies of one tap meet here.
        look = _lock_and_look(tap, day=brussels_day(timing.happened_at), now=now)
        known = _known(tap, tap.client_key)
        key, decision = _decide(tap, known, happened_at=timing.happened_at, now=now)
        if decision.same_as is not None:
            return Receipt(Registration.objects.get(pk=decision.same_as.id), is_new=False)
        standing = presence.stand_after(known.standing, tap.kind, at=timing.happened_at)
        registration = Registration(
            person=tap.person,
            employer=tap.employer,
            declaration=tap.point.declaration,
            declarer_id=tap.point.declaration.company_id,
            workplace=tap.workplace,
            point=tap.point,
            device=tap.device,
            badge=tap.badge,
            terminal=tap.terminal,
            kind=tap.kind,
            means=tap.means,
            happened_at=timing.happened_at,
            claimed_at=tap.claimed_at,
            offset_ms=_milliseconds(tap.offset),
            received_at=now,
            happened_day=brussels_day(timing.happened_at),
            client_key=key,
            flags=sorted(tap.flags | decision.flags | timing.flags | standing.flags | look.doubts),
        )
        _store(registration, standing, tap, is_flood=look.is_flood, now=now)
        return Receipt(registration, is_new=True)


def _timing(tap: TapAtPoint, now: datetime) -> clock.Timing:
    if tap.kept_offline:
        return clock.kept_offline(now, tap.claimed_at, tap.offset, jumped=tap.clock_jumped)
    return clock.online(now)


def _store(
    registration: Registration,
    standing: presence.Outcome,
    tap: TapAtPoint,
    *,
    is_flood: bool,
    now: datetime,
) -> None:
    """The registration and everything that belongs to it."""
    given = tap.place if tap.place is not None and tap.place.is_usable else None
    state = presence.state_after(standing, registration)
    store(
        registration,
        leaf_of(registration, now=now),
        *((place_of(registration, given, now=now),) if given else ()),
        *((state,) if state else ()),
        _journey(registration, tap, is_flood=is_flood, now=now),
        audit.event_of("registration.received", registration, actor=Actor(tap.employer), now=now),
    )
    if state is None:
        presence.fold_again(registration)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a person and a key: registrations by their key, and where the person stands."""

    taps: dict[UUID, KnownTap]
    standing: Standing | None


def _known(tap: TapAtPoint, key: UUID) -> Known:
    rows: list[tuple[Any, ...]] = _KNOWN.all(
        person=tap.person.pk, key=key, employer=tap.employer.pk, declaration=tap.point.declaration_id
    )
    found: dict[UUID, KnownTap] = {}
    standing: Standing | None = None
    for stored_key, pk, person, kind, point, at, other_at in rows:
        if stored_key is None:
            standing = Standing(Kind(kind), at, other_at)
        else:
            found[stored_key] = KnownTap(pk, person, Kind(kind), point, at, other_at)
    return Known(found, standing)


def _decide(
    tap: TapAtPoint, known: Known, *, happened_at: datetime, now: datetime
) -> tuple[UUID, taps.TapDecision]:
    """The decision, and the key a new registration is stored under.

    A key that already belongs to other content lends its name to a derived one, so that a repeat of the
    second tap is recognised as well.
    """
    key, stored = tap.client_key, known.taps
    own = [one for one in stored.values() if one.person == tap.person.pk]
    latest = max(own, key=lambda one: (one.received_at, one.id), default=None)
    same_key = stored.get(key)
    if same_key and (same_key.person, same_key.kind, same_key.point) != (
        tap.person.pk,
        tap.kind,
        tap.point.pk,
    ):
        key = uuid5(key, f"{tap.person.pk}:{tap.kind}:{tap.point.pk}")
        stored = stored | _known(tap, key).taps
        same_key = stored.get(key, same_key)
    new = Tap(tap.client_key, tap.key_origin, tap.person.pk, tap.kind, tap.point.pk, happened_at, now)
    decision = taps.decide(new, latest, same_key)
    return uuid4() if key in stored else key, decision


def _milliseconds(offset: timedelta | None) -> int | None:
    return None if offset is None else round(offset / timedelta(milliseconds=1))


@dataclass(frozen=True, slots=True)
class Look:
    """What a tap is looked at for: doubts to flag, and whether too many numbers were typed at the point."""

    doubts: frozenset[str]
    is_flood: bool


def _lock_and_look(tap: TapAtPoint, *, day: date, now: datetime) -> Look:
    """Lock the person. Answers what the office should look at; never a reason to refuse."""
    declaration = tap.point.declaration
    values = {
        "person": tap.person.pk,
        "employer": tap.employer.pk,
        "declaration": declaration.pk,
        "day": day,
    }
    if tap.means == Means.TYPED:
        row = _LOCKED_TYPER.first(**values, point=tap.point.pk, since=now - TYPED_WINDOW)
    elif tap.means == Means.TICKET:
        row = _LOCKED_TICKET.first(**values, point=tap.point.pk)
    else:
        row = _LOCKED_PERSON.first(**values)
    if row is None:
        raise Person.DoesNotExist
    is_employed, is_in_chain, others = row
    found = set()
    if not is_employed:
        found.add(Doubt.WORKER_UNKNOWN.value)
    if tap.person.ssin_index is None:
        found.add(Doubt.NUMBER_PENDING.value)
    if flag := _declaration_doubt(declaration, day=day):
        found.add(flag)
    if tap.employer.pk != declaration.company_id and not is_in_chain:
        found.add(Doubt.EMPLOYER_NOT_IN_CHAIN.value)
    if tap.employer.pk == declaration.former_company_id and _has_left(tap, day=day):
        found.add(Doubt.FORMER_EMPLOYER.value)
    return Look(frozenset(found), is_flood=_is_flood(tap.means, others))


def _has_left(tap: TapAtPoint, *, day: date) -> bool:
    """Whether another company of the works employs the person, now that the employer's contract is over."""
    declaration = tap.point.declaration
    if declaration.takes_over_at is None or day < brussels_day(declaration.takes_over_at):
        return False
    of_these_works = ChainView.objects.filter(declaration=declaration, viewer=declaration.company_id)
    return (
        Employment.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            Q(company=declaration.company_id) | Q(company__in=of_these_works.values("member")),
            person=tap.person,
            starts_on__lte=day,
        )
        .exclude(company=tap.employer)
        .exists()
    )


def _is_flood(means: Means, others: int) -> bool:
    """A number beyond the limit; and whatever follows it by the ticket it left, until the office releases."""
    limit: int = settings.TYPED_IDENTITIES_PER_HOUR
    if means == Means.TYPED:
        return others + 1 > limit
    return means == Means.TICKET and bool(others)


def _declaration_doubt(declaration: Declaration, *, day: date) -> str:
    return {
        DeclarationState.DRAFT: Doubt.DECLARATION_WITHOUT_NUMBER.value,
        DeclarationState.PLANNED: Doubt.DECLARATION_NOT_STARTED.value,
        DeclarationState.ENDED: Doubt.DECLARATION_ENDED.value,
        DeclarationState.CANCELLED: Doubt.DECLARATION_CANCELLED.value,
    }.get(declaration.state_on(day), "")


def _journey(registration: Registration, tap: TapAtPoint, *, is_flood: bool, now: datetime) -> Submission:
    state = _first_state(tap, is_flood=is_flood)
    return Submission.of(registration, state=state, due_at=now if state == SubmissionState.WAITING else None)


def _first_state(tap: TapAtPoint, *, is_flood: bool) -> SubmissionState:
    if tap.point.declaration.regime != Regime.CIAO:
        return SubmissionState.NOT_DUE
    if tap.person.ssin_index is None:
        return SubmissionState.NUMBER_PENDING
    if is_flood or tap.needs_release:
        return SubmissionState.HELD
    return SubmissionState.WAITING
