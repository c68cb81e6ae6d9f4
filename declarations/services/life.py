"""The decisions about a declaration: renew, end, reopen, cancel, take back. One function makes them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day, day_label
from ciao_portal.errors import DomainError
from declarations.models import Cancellation, Declaration, Subcontract
from declarations.models.declarations import Move
from declarations.services.chain import check_chain_within, rebuild_chain_view
from declarations.services.declaring import check_period

ACTIONS = {
    Move.RENEW: "declaration.renewed",
    Move.END: "declaration.ended",
    Move.REOPEN: "declaration.reopened",
    Move.CANCEL: "declaration.cancelled",
    Move.TAKE_BACK: "declaration.taken_back",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A move with the day and the reason it needs.

    `day` is the last day for renew, reopen (None: no end is known) and end, and the first day without the
    works for cancel. `reason` is wanted for cancel alone.
    """

    move: Move
    day: date | None = None
    reason: str = ""


@transaction.atomic
def decide(*, declaration: Declaration, decision: Decision, actor: Actor, now: datetime) -> Declaration:
    """Make one move of the table `MOVES`. Registrations are accepted and sent in every state.

    Raises DomainError `declaration.move` (not in this state), `declaration.period`, `declaration.endLater`,
    `declaration.renewDay`, `declaration.cancelDay`, `declaration.cancelReason`, `declaration.chainOutside`.
    """
    kept = Declaration.objects.select_for_update().get(pk=declaration.pk)
    today = brussels_day(now)
    if decision.move not in kept.moves_on(today):
        raise DomainError(
            "declaration.move",
            _("This cannot be done any more: the declaration has changed meanwhile. Look at its page."),
        )
    before = {"ends_on": kept.ends_on, "cancelled_on": kept.cancelled_on}
    _DEEDS[decision.move](kept, decision, today)
    kept.save(update_fields=list(before))
    rebuild_chain_view(kept)
    changed = [name for name, value in before.items() if getattr(kept, name) != value]
    values = {name: [_plain(before[name]), _plain(getattr(kept, name))] for name in changed}
    payload: dict[str, object] = {"values": values}
    if decision.move is Move.CANCEL:
        payload["cancellation"] = str(_keep_reason(kept, decision, actor, now=now).pk)
    audit.record(ACTIONS[decision.move], kept, actor=actor, now=now, payload=payload)
    return kept


def _end(kept: Declaration, decision: Decision, _today: date) -> None:
    last = _wanted(decision.day)
    if kept.ends_on is not None and last > kept.ends_on:
        raise DomainError(
            "declaration.endLater",
            _("The works end on %(day)s already. To let them go on longer, renew the contract."),
            field="day",
            params={"day": day_label(kept.ends_on)},
        )
    kept.ends_on = last
    check_period(kept, field="day")
    # Whoever works for them ends with them; a company that would only begin later is named and refused.
    places = Subcontract.objects.filter(declaration=kept, starts_on__lte=last, ends_on__gt=last)
    places.update(ends_on=last)
    _check_chain(kept)


def _prolong(kept: Declaration, decision: Decision, today: date) -> None:
    """Renew and reopen: a later last day, or none."""
    if decision.day is not None and decision.day < today:
        raise DomainError(
            "declaration.renewDay",
            _("Give a last day from today on, or leave it empty when the end is not known."),
            field="day",
        )
    if decision.day is not None and kept.ends_on is not None and decision.day <= kept.ends_on:
        raise DomainError(
            "declaration.renewDay",
            _("Give a last day after %(day)s, or leave it empty when the end is not known."),
            field="day",
            params={"day": day_label(kept.ends_on)},
        )
    kept.ends_on = decision.day
    check_period(kept, field="day")


def _cancel(kept: Declaration, decision: Decision, today: date) -> None:
    first = _wanted(decision.day)
    if first > today:
        raise DomainError(
            "declaration.cancelDay",
            _("A cancellation counts from today or earlier. To stop on a later day, end the works then."),
            field="day",
        )
    if not decision.reason.strip():
        raise DomainError(
            "declaration.cancelReason", _("Say in a few words why the works are called off."), field="reason"
        )
    kept.cancelled_on = first


def _take_back(kept: Declaration, _decision: Decision, _today: date) -> None:
    kept.cancelled_on = None


_DEEDS: dict[Move, Callable[[Declaration, Decision, date], None]] = {
    Move.RENEW: _prolong,
    Move.END: _end,
    Move.REOPEN: _prolong,
    Move.CANCEL: _cancel,
    Move.TAKE_BACK: _take_back,
}


def _check_chain(kept: Declaration) -> None:
    try:
        check_chain_within(kept)
    except DomainError as error:
        raise error.on_field("day") from None


def _keep_reason(kept: Declaration, decision: Decision, actor: Actor, *, now: datetime) -> Cancellation:
    # What people type does not go into the audit: it might name somebody.
    return Cancellation.objects.create(
        declaration=kept,
        from_day=_wanted(decision.day),
        reason=decision.reason.strip(),
        made_by=actor.user,
        made_at=now,
    )


def _wanted(day: date | None) -> date:
    if day is None:
        raise DomainError("declaration.period", _("Give the day."), field="day")
    return day


def _plain(value: date | None) -> str:
    return value.isoformat() if value else ""
