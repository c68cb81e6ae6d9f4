"""The page of one worker: days, means, remarks, periods with the company, own statements."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.permissions import Permission
from ciao_portal.prepared import PERSON, VIEWER, Prepared
from ciao_portal.tenancy import unscoped
from ciao_portal.views.base import may, portal
from registrations import cells
from registrations.agreements import shown
from registrations.errors import state_badge
from registrations.models import Employment, ErrorReport, Remark, Statement
from registrations.naming import masked_number
from registrations.rules.agreements import OWN_PHONE_EUR
from registrations.services.agreements import latest_rows
from registrations.views.means_shown import means_of
from registrations.views.shown import remark_rows, statement_rows
from registrations.workdays import Window, workdays_of

SHOWN_REMARKS = 8
SHOWN_STATEMENTS = 8
SHOWN_ERRORS = 5


def worker_page(request: HttpRequest, employment: Employment, *, number: str | None = None) -> HttpResponse:
    """`number` is the full national number (formatted) on the one page that shows it."""
    company, now = portal(request).company, timezone.now()
    today = brussels_day(now)
    window = Window.chosen(request.GET.get("week", ""), today=today)
    context = {
        "employment": employment,
        "title": str(employment),
        "number": number,
        "masked": masked_number(employment.person),
        "period": cells.period(employment.starts_on, employment.ends_on),
        "agency": _agency(company, employment),
        "work": workdays_of(employment, window, now=now),
        "week_after": window.after(today=today),
        "here": reverse("registrations:worker-detail", args=[employment.pk]),
        "remarks": remark_rows(_rows(_REMARKS, employment), today=today),
        "statements": statement_rows(_rows(_STATEMENTS, employment), company=company),
        "agreements": shown(latest_rows(employment.person, company)),
        "allowance": OWN_PHONE_EUR,
        "errors": [_error(row) for row in _rows(_ERRORS, employment)],
        "periods": _periods(employment),
        "may_manage": may(request, Permission.MANAGE_WORKERS),
        "may_reveal": may(request, Permission.REVEAL_NUMBERS),
        **means_of(employment, now=now),
    }
    return render(request, "registrations/worker_detail.html", context)


def _rows(query: Prepared[Any], employment: Employment) -> list[Any]:
    with unscoped(reason="what one company knows of one person, both named"):
        return query.all(viewer=employment.company_id, person=employment.person_id)


# What still stands first, then what left last.
_REMARKS = Prepared(
    lambda: Remark.objects.filter(employer=VIEWER, presence__person=PERSON).order_by(
        F("gone_at").desc(nulls_first=True), "last_day", "id"
    )[:SHOWN_REMARKS]
)
_STATEMENTS = Prepared(
    lambda: (
        Statement.objects.filter(person=PERSON, registration__employer=VIEWER)
        .select_related("registration", "employer", "workplace")
        .order_by("-given_at", "-id")[:SHOWN_STATEMENTS]
    )
)
_ERRORS = Prepared(
    lambda: ErrorReport.objects.filter(person=PERSON, company=VIEWER).order_by("-reported_at", "-id")[
        :SHOWN_ERRORS
    ]
)
_PERIODS = Prepared(lambda: Employment.objects.filter(person=PERSON, company=VIEWER).order_by("-starts_on"))


def _error(row: ErrorReport) -> dict[str, object]:
    return {"report": row, "day": cells.day(row.day), "badge": state_badge(row)}


def _agency(company: Company, employment: Employment) -> str:
    if employment.agency is None:
        return ""
    name = names_of_companies(company, {employment.agency})[employment.agency]
    number = employment.agency.number
    return name if name == number else f"{name} ({number})"


def _periods(employment: Employment) -> list[dict[str, object]]:
    """Every period of this person with the company, the latest first."""
    return [
        {
            "employment": row,
            "period": cells.period(row.starts_on, row.ends_on),
            "is_here": row.pk == employment.pk,
        }
        for row in _rows(_PERIODS, employment)
    ]
