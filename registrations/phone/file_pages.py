"""One's own registrations to keep: as PDF, as CSV, and as a calendar that reads itself again."""

from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_POST, require_safe

from ciao_portal.days import LONGEST_WINDOW, brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.languages import direction
from ciao_portal.models import Person
from ciao_portal.tenancy import unscoped
from ciao_portal.web.csv import CONTENT_TYPE, csv_lines
from ciao_portal.web.pdf import STATIC_SCHEME, pdf_from, pdf_response
from registrations.models import Device, Employment
from registrations.naming import masked_number
from registrations.phone import identity
from registrations.phone.calendars import calendar_of
from registrations.phone.own_days import OwnPeriod, own_period
from registrations.phone.own_rows import own_rows
from registrations.phone.pages import page, phone_language
from registrations.phone.web import SeeOther, phone_view
from registrations.services.calendars import (
    calendar_with,
    make_calendar,
    open_calendar,
    revoke_calendar,
)


@phone_view
@require_GET
def own_file(request: HttpRequest) -> HttpResponse:
    """Choose the days, and the kind of file."""
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    return _file_page(request, device, now=timezone.now())


@phone_view
@require_GET
def own_pdf(request: HttpRequest) -> HttpResponse:
    """The days from `?from=` to `?to=` as PDF, in the language of the phone."""
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    now = timezone.now()
    try:
        period = _period(request, device.person, now=now)
    except DomainError as error:
        return _file_page(request, device, now=now, error=error)
    content = pdf_from(_document(period, device.person, language=phone_language(request), now=now))
    return _private(pdf_response(content, _file_name(period, "pdf"), disposition="attachment"))


@phone_view
@require_GET
def own_csv(request: HttpRequest) -> HttpResponse:
    """The registrations from `?from=` to `?to=` as CSV, one a row."""
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    now = timezone.now()
    try:
        period = _period(request, device.person, now=now)
    except DomainError as error:
        return _file_page(request, device, now=now, error=error)
    content = b"".join(csv_lines(own_rows(period)))
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(period, "csv")}"'}
    return _private(HttpResponse(content, content_type=CONTENT_TYPE, headers=headers))


@phone_view
@require_POST
def calendar_make(request: HttpRequest) -> HttpResponse:
    """Make a secret address for the own calendar and show it once."""
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    now = timezone.now()
    secret = make_calendar(device=device, language=phone_language(request), now=now)
    url = f"{settings.PUBLIC_URL}{reverse('phone:calendar', args=[secret])}"
    return _file_page(request, device, now=now, calendar_url=url)


@phone_view
@require_POST
def calendar_revoke(request: HttpRequest) -> HttpResponse:
    """Make the address useless."""
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    revoke_calendar(device=device, now=timezone.now())
    return SeeOther(reverse("phone:file"))


@phone_view
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """The own hours of the last 100 days for a calendar: no name, no number."""
    address = calendar_with(secret)
    if address is None:
        return page(request, "enter", {}, status=404)
    now = timezone.now()
    with translation.override(address.language):
        content = calendar_of(_recent(address.person, now=now), now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="registrations.ics"'
    response["Referrer-Policy"] = "no-referrer"
    return _private(response)


def _recent(person: Person, *, now: datetime) -> OwnPeriod:
    today = brussels_day(now)
    return own_period(person, date.fromordinal(today.toordinal() - LONGEST_WINDOW + 1), today, now=now)


def _file_page(
    request: HttpRequest,
    device: Device,
    *,
    now: datetime,
    error: DomainError | None = None,
    calendar_url: str = "",
) -> HttpResponse:
    today = brussels_day(now)
    context = {
        "first": request.GET.get("from", "") or today.replace(day=1).isoformat(),
        "last": request.GET.get("to", "") or today.isoformat(),
        "longest": LONGEST_WINDOW,
        "calendar": open_calendar(device.person),
        "calendar_url": calendar_url,
        "error": error,
        "back": reverse("phone:file"),
    }
    return page(request, "file", context, status=422 if error else 200, secret=bool(calendar_url))


def _period(request: HttpRequest, person: Person, *, now: datetime) -> OwnPeriod:
    """The days asked for, this month without. Raises DomainError `window.…`."""
    today = brussels_day(now)
    first = _day(request.GET.get("from", ""), today.replace(day=1))
    last = _day(request.GET.get("to", ""), today)
    return own_period(person, first, last, now=now)


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _document(period: OwnPeriod, person: Person, *, language: str, now: datetime) -> str:
    context = {
        "period": period,
        "names": _names(person),
        "number": masked_number(person),
        "made_at": now,
        "language": language,
        "direction": direction(language),
        "stylesheets": [f"{STATIC_SCHEME}css/print.css", f"{STATIC_SCHEME}css/own-file.css"],
    }
    return render_to_string("phone/own_file.html", context)


def _names(person: Person) -> list[str]:
    """How the person's employers write the person's name, each writing once."""
    with unscoped(reason="a person's own names, for the person's own file"):
        rows = Employment.objects.filter(person=person).order_by("-starts_on")
        return list(dict.fromkeys(str(row) for row in rows))


def _file_name(period: OwnPeriod, ending: str) -> str:
    return f"registrations-{period.first.isoformat()}-{period.last.isoformat()}.{ending}"


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
