"""What a worker sees of one's own, on a paired phone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from ciao_portal.days import brussels_day
from ciao_portal.models import Person
from ciao_portal.tenancy import unscoped
from registrations.models import ErrorReport
from registrations.phone import asked, identity
from registrations.phone.agreement_pages import companies_with_questions
from registrations.phone.ending import running
from registrations.phone.own_days import OwnDay, month_of, own_period
from registrations.phone.pages import page
from registrations.phone.web import phone_view
from registrations.rules.deadlines import days_left, last_day


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day with what was reported about it."""

    own: OwnDay
    reports: list[ErrorReport]
    can_report: bool


@phone_view
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's own registrations, on a paired phone: the last 14 days, or the month of `?month=2026-10`."""
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    now = timezone.now()
    month = month_of(request.GET.get("month", ""), now=now)
    period = own_period(device.person, month.first, month.last, now=now)
    reports = reports_of(device.person, month.first, month.last)
    context = {
        "device": device,
        "month": month,
        "period": period,
        "days": list(_shown(period.days, reports, now=now))[::-1],
        "running": running(device.person, now=now),
        "questions": companies_with_questions(device.person, now=now),
        "today": brussels_day(now),
        "asked": asked.question_on(device, now=now),
    }
    return page(request, "mine", context)


def reports_of(person: Person, first: date, last: date) -> list[ErrorReport]:
    """What the person reported about these days, with the answers."""
    with unscoped(reason="a person's own reports, shown on their own paired phone"):
        rows = ErrorReport.objects.filter(person=person, day__gte=first, day__lte=last)
        return list(rows.order_by("reported_at", "id"))


def _shown(days: Iterable[OwnDay], reports: Iterable[ErrorReport], *, now: datetime) -> Iterable[ShownDay]:
    """The days, and those without a registration on which one was said to be forgotten."""
    by_day: dict[date, list[ErrorReport]] = defaultdict(list)
    for report in reports:
        by_day[report.day].append(report)
    own = {one.day: one for one in days}
    today = brussels_day(now)
    for day in sorted({*own, *by_day}):
        can_report = days_left(last_day(day), today) >= 0
        yield ShownDay(own.get(day) or OwnDay(day, []), by_day[day], can_report)
