"""Outages that people declare: declared, ended and added to; nothing that was written is ever changed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from registrations.models import Outage, OutageNote, OutageOrigin
from registrations.rules.declared_outages import check_declared, check_end


@transaction.atomic
def declare_outage(
    *,
    company: Company,
    started_at: datetime,
    ended_at: datetime | None,
    note: str,
    actor: Actor,
    now: datetime,
) -> Outage:
    """Keep that registering did not work, as somebody of the office says; both moments are aware.

    Raises DomainError as `check_declared` of the rules, and `outage.already` for the same outage once more.
    """
    check_declared(started_at, ended_at, now=now)
    # One office at a time, so that a button pressed twice declares once.
    Company.objects.select_for_update().get(pk=company.pk)
    facts = {"started_at": started_at, "ended_at": ended_at, "note": note}
    with unscoped(reason="the company's own outages, named by the company itself"):
        same = Outage.objects.filter(company=company, origin=OutageOrigin.DECLARED, **facts)
        if same.exists():
            raise DomainError("outage.already", _("This outage was declared already."))
        outage = Outage.objects.create(
            company=company,
            origin=OutageOrigin.DECLARED,
            declared_by=actor.user,
            recorded_at=now,
            **facts,
        )
    payload = {"from": started_at.isoformat(), "to": ended_at.isoformat() if ended_at else None}
    audit.record("outage.declared", outage, actor=actor, now=now, payload=payload)
    return outage


@transaction.atomic
def end_outage(*, outage: Outage, ended_at: datetime, actor: Actor, now: datetime) -> None:
    """Say when a declared outage ended.

    Raises DomainError `outage.found` (the portal ends those itself), `outage.ended`, `outage.endAhead` or
    `outage.order`.
    """
    kept = _locked(outage)
    if kept.origin != OutageOrigin.DECLARED:
        raise DomainError(
            "outage.found",
            _("The portal found this outage and ends it by itself, as soon as registrations get through."),
        )
    if kept.ended_at is not None:
        raise DomainError("outage.ended", _("This outage has ended already."))
    check_end(kept.started_at, ended_at, now=now)
    kept.ended_at = ended_at
    kept.save(update_fields=["ended_at"])
    audit.record("outage.ended", kept, actor=actor, now=now, payload={"to": ended_at.isoformat()})


@transaction.atomic
def add_to_outage(*, outage: Outage, text: str, actor: Actor, now: datetime) -> OutageNote:
    """Write more beside an outage of either origin; what stood there before stays as it is."""
    with unscoped(reason="a note of the outage at hand, for the outage's own company"):
        note = OutageNote.objects.create(
            company_id=outage.company_id, outage=outage, text=text, written_by=actor.user, written_at=now
        )
    audit.record("outage.added_to", outage, actor=actor, now=now, payload={"note": str(note.pk)})
    return note


def _locked(outage: Outage) -> Outage:
    with unscoped(reason="the outage at hand, once more and locked"):
        return Outage.objects.select_for_update().get(pk=outage.pk)
