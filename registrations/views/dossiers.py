"""Asking for the outage dossier of a period, as PDF or as CSV."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal import languages
from ciao_portal.days import brussels_day
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal
from ciao_portal.web.csv import csv_response
from registrations.dossiers.fetching import fetch_attempts
from registrations.exports.forms import PeriodForm, asked_days, with_part
from registrations.outage_forms import DossierForm
from registrations.reports.services import request_dossier
from registrations.rules.windows import Window, this_month
from registrations.views.periods import asked_for, period_context

# The button for the CSV, beside the one for the PDF.
AS_CSV = "csv"


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def dossier_new(request: HttpRequest) -> HttpResponse:
    """Ask for a dossier; the PDF is made in the background, the CSV comes at once."""
    now = timezone.now()
    form = _form(request, now)
    if AS_CSV in request.POST and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("first_day", "last_day")}
        return redirect(f"{reverse('registrations:outage-attempts')}?{urlencode(days)}")
    if report := asked_for(request, form, request_dossier, now=now):
        return redirect("registrations:report-detail", report.pk)
    context = period_context(request, form, now=now) | {
        "title": _("Outage dossier"),
        "lead": _("The outages of a period, who waited, and every attempt to reach the NSSO."),
        "back": {"url": reverse("registrations:outage-list"), "label": _("Outages")},
        "form": form,
        "as_csv": AS_CSV,
        "cancel_url": reverse("registrations:outage-list"),
    }
    return render(request, "reports/dossier_new.html", context)


@requires(Permission.VIEW)
@require_GET
def outage_attempts(request: HttpRequest) -> HttpResponseBase:
    """Every attempt of the period as CSV, streamed; who fetched it is recorded."""
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return redirect("registrations:dossier-new")
    period = Window(form.cleaned_data["first_day"], form.cleaned_data["last_day"])
    company = portal(request).company
    rows = fetch_attempts(company=company, period=period, actor=actor_of(request), now=timezone.now())
    return csv_response(rows, file_name=f"attempts-{period.first}-{period.last}.csv", company=company)


def _form(request: HttpRequest, now: datetime) -> DossierForm:
    if request.method == "POST":
        return DossierForm(with_part(request.POST))
    initial: dict[str, Any] = {
        "language": languages.language_of(portal(request).company.language),
        **asked_days(request.GET, this_month(brussels_day(now))),
    }
    return DossierForm(initial=initial)
