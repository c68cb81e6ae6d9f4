"""Telling the employer that something is wrong, until day 30; the answer stands on the own page."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from registrations.models import Device, ErrorKind, Registration
from registrations.models.errors import LONGEST_TEXT
from registrations.phone import identity
from registrations.phone.agreement_pages import companies_of
from registrations.phone.confirmations import lines
from registrations.phone.own_days import registrations_of_day
from registrations.phone.pages import page
from registrations.phone.web import SeeOther, phone_view
from registrations.services.errors import ErrorFacts, report_error

# What can be wrong with a registration that is there.
ABOUT_ONE = (ErrorKind.TIME, ErrorKind.WORKPLACE, ErrorKind.COMPANY, ErrorKind.NOT_ME)


@phone_view
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Report an error of the day in `?day=2026-11-23`; today without one."""
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    now = timezone.now()
    posted = request.POST
    day = _day(posted.get("day", "") or request.GET.get("day", ""), now=now)
    rows = registrations_of_day(device.person, day)
    companies = _companies(device, rows, now=now)
    error = None
    if request.method == "POST":
        try:
            facts = _facts(request, rows, companies, day)
            report_error(device=device, facts=facts, now=now)
        except DomainError as refusal:
            error = refusal
        else:
            return SeeOther(f"{reverse('phone:mine')}?month={day:%Y-%m}#d{day.isoformat()}")
    context: dict[str, Any] = {
        "day": day,
        "rows": list(zip(rows, lines(rows), strict=True)),
        "kinds": [(kind.value, kind.label) for kind in ABOUT_ONE],
        "companies": companies,
        "longest": LONGEST_TEXT,
        "posted": posted,
        "error": error,
        "today": brussels_day(now),
    }
    return page(request, "report", context, status=422 if error else 200)


def _day(text: str, *, now: datetime) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return brussels_day(now)


def _companies(device: Device, rows: Sequence[Registration], *, now: datetime) -> list[Company]:
    """Who may be told of something forgotten: the employers of that day first, then those of today."""
    return list(dict.fromkeys([*(row.employer for row in rows), *companies_of(device.person, now=now)]))


def _facts(
    request: HttpRequest, rows: Sequence[Registration], companies: Sequence[Company], day: date
) -> ErrorFacts:
    """What was chosen. Raises DomainError `report.…` on what is missing."""
    posted = request.POST
    text = posted.get("text", "")
    chosen = posted.get("registration", "")
    if chosen == ErrorKind.FORGOTTEN:
        company = _company(posted.get("company", ""), companies)
        return ErrorFacts(ErrorKind.FORGOTTEN, day, company, text=text)
    row = next((one for one in rows if str(one.pk) == chosen), None)
    if row is None:
        raise DomainError("report.which", _("Choose from the list."))
    kind = next((one for one in ABOUT_ONE if one.value == posted.get("kind", "")), None)
    if kind is None:
        raise DomainError("report.kind", _("Choose from the list."))
    return ErrorFacts(kind, day, row.employer, row, text)


def _company(text: str, companies: Sequence[Company]) -> Company:
    if len(companies) == 1:
        return companies[0]
    try:
        wanted = UUID(text)
    except ValueError:
        wanted = None
    found = next((company for company in companies if company.pk == wanted), None)
    if found is None:
        raise DomainError("report.company", _("Choose from the list."))
    return found
