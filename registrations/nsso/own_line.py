"""Whose access a company's registrations travel with, and how calls go under it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ciao_portal.access import usable_accesses
from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, NssoCredentials
from ciao_portal.tenancy import unscoped
from registrations.failures import failure_of
from registrations.models import NssoLine, Registration
from registrations.nsso.credentials import credentials_for
from registrations.nsso.status import last_success
from registrations.rules.traffic import Line


@dataclass(frozen=True, slots=True)
class Access:
    """The company's own access, another company's by the name the company gives it, or none."""

    row: NssoCredentials | None
    is_own: bool = False
    lender: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of the access (None while it was never used) and of the service as a whole."""

    access: NssoLine | None
    service: NssoLine | None

    @property
    def failing(self) -> NssoLine | None:
        """The one that does not work, that of the access first."""
        rows = (self.access, self.service)
        return next((row for row in rows if row is not None and row.failing_since is not None), None)


def access_of(company: Company) -> Access:
    """Its own, else the one its latest registration would travel with today.

    One query for the own access, else five.
    """
    with unscoped(reason="the company's own access, or that of its own latest registration"):
        own = usable_accesses().filter(company=company).first()
        if own is not None:
            return Access(own, is_own=True)
        rows = Registration.objects.filter(employer=company).select_related("declaration")
        latest = rows.order_by("-happened_at", "-id")[:1]
        lent = next(iter(credentials_for(latest).values()), None)
        if lent is None:
            return Access(None)
        return Access(lent, lender=names_of_companies(company, {lent.company})[lent.company])


def lines_of(access: Access) -> Lines:
    """One query."""
    wanted = Q(credentials__isnull=True)
    if access.row is not None:
        wanted |= Q(credentials=access.row)
    rows = {row.credentials_id: row for row in NssoLine.objects.filter(wanted)}
    return Lines(rows.get(access.row.pk) if access.row else None, rows.get(None))


def last_success_of(company: Company, lines: Lines, *, now: datetime) -> datetime | None:
    """As the line of the access tells, else as registrations and readings show."""
    if lines.access is not None and lines.access.last_success_at is not None:
        return lines.access.last_success_at
    return last_success(company, today=brussels_day(now))


def as_line(row: NssoLine | None) -> Line:
    """As the rule of the traffic wants it."""
    if row is None:
        return Line()
    failure = failure_of(row.last_failure)
    return Line(
        last_success_at=row.last_success_at,
        last_failure_at=row.last_failure_at,
        failing_since=row.failing_since,
        must_be_solved=failure is not None and failure.is_ours_to_solve,
        rest_until=row.rest_until,
        skew_s=row.clock_skew_s,
        token_fetched_at=row.token_fetched_at,
        token_ends_at=row.token_ends_at,
    )
