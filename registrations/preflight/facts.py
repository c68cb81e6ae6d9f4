"""Rows of the database as the checks see them."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models import Person
from declarations.models import Declaration
from declarations.models.declarations import Regime
from registrations.models import Badge, Device, Employment
from registrations.models.workers import WorkerStatus
from registrations.rules.preflight.facts import Filing, Worker, Works

# Nobody files a Dimona for them, or the agency does.
WITHOUT_OWN_DIMONA = (WorkerStatus.SELF_EMPLOYED, WorkerStatus.TEMPORARY, WorkerStatus.POSTED)


def works_of(row: Declaration) -> Works:
    """A declaration, with `taken_over_by` fetched."""
    successor = getattr(row, "taken_over_by", None)
    begins = successor.takes_over_at if successor else None
    return Works(
        key=row.pk,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        cancelled_on=row.cancelled_on,
        lacks_number=row.lacks_number,
        is_sent=row.regime == Regime.CIAO,
        taken_over_on=brussels_day(begins) if begins else None,
    )


def with_means(rows: QuerySet[Employment]) -> QuerySet[Employment]:
    """Employments with `has_means`: a paired phone, or a card of the employer, that still works."""
    phones = Device.objects.filter(person=OuterRef("person"), revoked_at__isnull=True)
    cards = Badge.objects.filter(
        person=OuterRef("person"), company=OuterRef("company"), revoked_at__isnull=True
    )
    return rows.annotate(has_means=Q(Exists(phones)) | Q(Exists(cards)))


def worker_of(row: Employment, *, keeps_dimona: bool, has_means: bool) -> Worker:
    """An employment; Dimona numbers are missed only where the company writes them down at all."""
    return Worker(
        dimona=Filing(
            keeps_dimona and row.status not in WITHOUT_OWN_DIMONA, row.dimona_number, row.dimona_ends_on
        ),
        limosa=Filing(row.status == WorkerStatus.POSTED, row.limosa_number, row.limosa_ends_on),
        has_means=has_means,
    )


def has_number(person: Person, *, today: date) -> bool:
    """Whether the national number is known, and its check digits are right."""
    ssin = person.ssin
    if ssin is None:
        return False
    try:
        parse_ssin(ssin, today=today)
    except DomainError:
        return False
    return True


def running_on(rows: Iterable[Any], day: date) -> dict[UUID, Any]:
    """By person, the employment (perhaps annotated) that runs on this day."""
    return {
        row.person_id: row
        for row in rows
        if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
    }
