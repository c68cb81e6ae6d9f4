"""How traffic with the NSSO goes, for the first page and for monitors."""

from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet

from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from registrations.models import ReadBack, Registration, Submission
from registrations.nsso.states import ACCEPTED, UNFINISHED
from registrations.querysets import registrations_visible_to

# Usually a registration leaves within seconds.
LATE = timedelta(minutes=5)


def is_behind(*, now: datetime) -> bool:
    """Whether any company's registration has waited over five minutes for the NSSO."""
    late = Submission.objects.filter(state__in=UNFINISHED, registration__received_at__lt=now - LATE)
    return late.exists()


def last_success(company: Company, *, today: date) -> datetime | None:
    """When the NSSO last took in a registration the company may see, or let itself be read by it.

    Registrations of today and yesterday (Brussels days) are looked at; None when there was no success.
    """
    accepted: QuerySet[Registration] = registrations_visible_to(company).filter(
        submission__state=ACCEPTED, happened_day__gte=today - timedelta(days=1)
    )
    taken: datetime | None = accepted.aggregate(last=Max("submission__accepted_at"))["last"]
    with unscoped(reason="the company's own access, named by the company itself"):
        readings = ReadBack.objects.filter(credentials__company=company)
    read: datetime | None = readings.aggregate(last=Max("read_at"))["last"]
    return max((moment for moment in (taken, read) if moment is not None), default=None)
