"""How traffic with the NSSO goes, for the first page and for monitors."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Subquery

from ciao_portal.models import Company
from ciao_portal.prepared import TODAY, VIEWER, Prepared
from ciao_portal.tenancy import unscoped
from registrations.models import ReadBack, Registration, Submission
from registrations.nsso.states import ACCEPTED, UNFINISHED
from registrations.rules.traffic import LATE


def is_behind(*, now: datetime) -> bool:
    """Whether any company's registration has waited over five minutes for the NSSO."""
    late = Submission.objects.filter(state__in=UNFINISHED, registration__received_at__lt=now - LATE)
    return late.exists()


def last_success(company: Company, *, today: date) -> datetime | None:
    """When the NSSO took in the newest registration by the company or on its works, or let itself be read.

    Registrations of today and yesterday (Brussels days) are looked at; None when there was no success.
    One query: each part is the first row of an index.
    """
    with unscoped(reason="the company's own registrations, works and access, named by the company itself"):
        (moments,) = _SUCCESSES.all(viewer=company.pk, today=today)
    return max((moment for moment in moments if moment is not None), default=None)


def _successes() -> QuerySet[Any, Any]:
    recent = Registration.objects.filter(
        happened_day__gte=TODAY - timedelta(days=1), submission__state=ACCEPTED
    )
    readings = ReadBack.objects.filter(credentials__company=VIEWER, read_at__isnull=False)
    return Company.objects.filter(pk=VIEWER).values_list(
        _newest(recent.filter(employer=VIEWER)),
        _newest(recent.filter(declarer=VIEWER)),
        Subquery(readings.order_by("-read_at").values("read_at")[:1]),
    )


_SUCCESSES = Prepared(_successes)


def _newest(accepted: QuerySet[Registration]) -> Subquery:
    return Subquery(accepted.order_by("-happened_at", "-id").values("submission__accepted_at")[:1])
