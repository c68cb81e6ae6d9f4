"""A worker's own later word, kept beside a registration and never sent as one."""

from datetime import datetime

from django.db import transaction
from django.db.models import DateTimeField, UUIDField
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.people import lock_person
from ciao_portal.prepared import PERSON, Given, Prepared
from ciao_portal.tenancy import unscoped
from declarations.models import Workplace
from registrations.models import Registration, Statement
from registrations.models.registrations import StatementKind
from registrations.rules.opposites import QUICK, is_quick_opposite
from registrations.rules.presence import LONGEST_PRESENCE, Kind

SLIP_ANSWERS = frozenset({StatementKind.MISTAKE, StatementKind.MEANT})

_AT = Given("at", DateTimeField())
_JUST_BEFORE = Prepared(
    lambda: (
        Registration.objects.filter(person=PERSON, happened_at__gte=_AT - QUICK, happened_at__lte=_AT)
        .exclude(pk=Given("registration", UUIDField()))
        .select_related("employer", "person")
        .order_by("-happened_at", "-id")[:1]
    )
)


@transaction.atomic
def state_employer(*, registration: Registration, employer: Company, now: datetime) -> Statement:
    """Keep for whom the person says to have worked."""
    return _keep(registration, StatementKind.EMPLOYER_WAS, now=now, employer=employer)


@transaction.atomic
def state_workplace(*, registration: Registration, workplace: Workplace, now: datetime) -> Statement:
    """Keep where the person says to have worked."""
    return _keep(registration, StatementKind.WORKPLACE_WAS, now=now, workplace=workplace)


@transaction.atomic
def state_slip(*, registration: Registration, slip: Registration | None, now: datetime) -> Statement:
    """Keep which of two taps that undo each other was a mistake: a note beside it, nothing is undone.

    `registration` is the second of the two, `slip` one of them; None when both were meant. Asked once: of
    two answers the first one stands.
    """
    lock_person(registration.person_id)
    said = registration.statements.filter(kind__in=SLIP_ANSWERS).first()
    if said is not None:
        return said
    if slip is not None and slip.pk == registration.pk:
        return _keep(registration, StatementKind.MISTAKE, now=now)
    # The question stands beside the second tap, and is closed there.
    meant = _keep(registration, StatementKind.MEANT, now=now)
    return meant if slip is None else _keep(slip, StatementKind.MISTAKE, now=now)


def undone_by(registration: Registration) -> Registration | None:
    """The person's registration just before this one, when this one undid it within two minutes."""
    with unscoped(reason="the same person's own registration just before the one at hand"):
        before = _JUST_BEFORE.first(
            registration=registration.pk, person=registration.person_id, at=registration.happened_at
        )
    if before is None:
        return None
    kinds = Kind(before.kind), Kind(registration.kind)
    undoes = is_quick_opposite(kinds[0], before.happened_at, kinds[1], registration.happened_at)
    return before if undoes else None


@transaction.atomic
def state_stop(*, registration: Registration, stopped_at: datetime, now: datetime) -> Statement:
    """Keep when the person says to have stopped, told at the next registration.

    Raises DomainError `stop.impossible` when the moment lies before that presence's last registration or
    after this registration.
    """
    forgotten = forgotten_presence(registration)
    if forgotten is None or not forgotten.happened_at <= stopped_at <= registration.happened_at:
        raise DomainError(
            "stop.impossible",
            _("You cannot have stopped before you started. Choose another time."),
            field="stopped",
        )
    return _keep(registration, StatementKind.STOPPED_AT, now=now, stopped_at=stopped_at)


@transaction.atomic
def state_identity(*, registration: Registration, was_me: bool, now: datetime) -> Statement:
    """Keep what the person says of a registration for which their number was typed elsewhere; once."""
    # The answer of two phones at once: one after the other, and the first one stands.
    lock_person(registration.person_id)
    said = registration.statements.filter(kind__in=(StatementKind.WAS_ME, StatementKind.NOT_ME)).first()
    if said is not None:
        return said
    return _keep(registration, StatementKind.WAS_ME if was_me else StatementKind.NOT_ME, now=now)


def forgotten_presence(registration: Registration) -> Registration | None:
    """The person's last registration before this one there, when no check-out followed it in time."""
    with unscoped(reason="the same person, employer and declaration as the registration at hand"):
        before = (
            Registration.objects.filter(
                person=registration.person_id,
                employer=registration.employer_id,
                declaration=registration.declaration_id,
                happened_at__lt=registration.happened_at,
            )
            .order_by("-happened_at", "-id")
            .first()
        )
    if before is None or before.kind == Kind.OUT:
        return None
    return before if registration.happened_at - before.happened_at > LONGEST_PRESENCE else None


def stop_before(forgotten: Registration) -> Registration | None:
    """The latest check-out there before the forgotten presence: how it went then, and no more than that."""
    with unscoped(reason="the same person, employer and declaration as the registration at hand"):
        return (
            Registration.objects.filter(
                person=forgotten.person_id,
                employer=forgotten.employer_id,
                declaration=forgotten.declaration_id,
                happened_at__lt=forgotten.happened_at,
                kind=Kind.OUT,
            )
            .order_by("-happened_at", "-id")
            .first()
        )


def _keep(
    registration: Registration,
    kind: StatementKind,
    *,
    now: datetime,
    employer: Company | None = None,
    workplace: Workplace | None = None,
    stopped_at: datetime | None = None,
) -> Statement:
    statement = Statement.objects.create(
        person=registration.person,
        registration=registration,
        kind=kind,
        employer=employer,
        workplace=workplace,
        stopped_at=stopped_at,
        given_at=now,
    )
    audit.record(
        "statement.given",
        statement,
        actor=Actor(registration.employer),
        now=now,
        payload={"kind": kind.value},
    )
    return statement
