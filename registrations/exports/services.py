"""Asking for an export, fetching one with full numbers, and the end of its life."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import LONGEST_WINDOW, check_window
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, User
from registrations.models import Export

SELECTABLE = ("employer", "declaration", "workplace")


def check_days(first_day: date, last_day: date, *, longest: int = LONGEST_WINDOW) -> None:
    """Raises DomainError `window.order` or `window.long`, pinned to the field to change."""
    try:
        check_window(first_day, last_day, longest=longest)
    except DomainError as error:
        raise error.on_field("last_day" if error.code == "window.order" else "first_day") from None


@transaction.atomic
def make_export(
    *,
    company: Company,
    user: User,
    first_day: date,
    last_day: date,
    selection: Mapping[str, UUID],
    language: str,
    has_full_numbers: bool,
    has_machine_keys: bool,
    now: datetime,
) -> Export:
    """Note who takes out what; the file is streamed from the note. Days are Brussels days, both included.

    Raises DomainError `window.order` or `window.long` (more than 100 days).
    """
    check_days(first_day, last_day)
    export = Export.objects.create(
        company=company,
        requested_by=user,
        requested_at=now,
        first_day=first_day,
        last_day=last_day,
        selection={name: str(value) for name, value in selection.items() if name in SELECTABLE},
        language=language,
        has_full_numbers=has_full_numbers,
        has_machine_keys=has_machine_keys,
        expires_at=now + timedelta(days=settings.RETENTION_DAYS["exports"]),
    )
    audit.record("export.made", export, actor=Actor(company, user), now=now, payload=_payload(export))
    return export


@transaction.atomic
def note_fetch(export: Export, *, actor: Actor, now: datetime) -> None:
    """Every look at full national numbers is recorded; a masked export may be fetched quietly."""
    if export.has_full_numbers:
        audit.record("export.fetched", export, actor=actor, now=now, payload=_payload(export))


def _payload(export: Export) -> dict[str, object]:
    return {
        "firstDay": export.first_day.isoformat(),
        "lastDay": export.last_day.isoformat(),
        "fullNumbers": export.has_full_numbers,
        **export.selection,
    }
