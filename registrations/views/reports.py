"""Reports of every kind: the list, the page that waits for one, and the PDF; asking for a presence report."""

from datetime import datetime
from textwrap import wrap
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal import languages
from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say
from ciao_portal.web.lists import Empty, PortalListView
from ciao_portal.web.pdf import pdf_response
from registrations import cells
from registrations.exports.forms import asked_days, with_part
from registrations.exports.tables import REPORT_BADGES, ReportFilter, ReportTable
from registrations.models import Report, ReportState
from registrations.models.exports import CHAIN_PAPERS
from registrations.reports.forms import ReportForm, uuid_or_none
from registrations.reports.kinds import KINDS
from registrations.reports.services import is_stuck, open_report, request_report, retry_report
from registrations.rules.windows import this_month
from registrations.views.periods import asked_for, period_context


class ReportList(PortalListView):
    permission = Permission.VIEW
    table_class = ReportTable
    filterset_class = ReportFilter
    title = _("Reports")
    action = ("registrations:report-new", _("New report"), Permission.VIEW)
    empty = Empty(
        _("No reports yet"),
        _("A presence report shows who was there on a declaration of works, day by day, as a PDF."),
        reverse_lazy("registrations:report-new"),
        _("New report"),
    )

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.select_related("requested_by", "declaration")


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """Ask for a report; it is made in the background."""
    now = timezone.now()
    form = _form(request, now)
    if report := asked_for(request, form, request_report, now=now):
        return redirect("registrations:report-detail", report.pk)
    context = period_context(request, form, now=now) | {
        "title": _("Presence report"),
        "lead": _("Who was there on a declaration of works, one line per worker and day, as a PDF."),
        "back": {"url": reverse("registrations:report-list"), "label": _("Reports")},
        "form": form,
        "submit_label": _("Make the report"),
        "submit_icon": "document",
        "cancel_url": reverse("registrations:report-list"),
    }
    return render(request, "reports/new.html", context)


@requires(Permission.VIEW)
@require_GET
@never_cache
def report_detail(request: HttpRequest, report: UUID) -> HttpResponse:
    """The report's facts; asks for itself again until it is ready."""
    found, now = _own(report), timezone.now()
    look = REPORT_BADGES[ReportState(found.state)]
    stuck = is_stuck(found, now=now)
    context = {
        "report": found,
        "title": KINDS[found.kind].title,
        "lead": cells.period(found.first_day, found.last_day),
        "back": {"url": reverse("registrations:report-list"), "label": _("Reports")},
        "state": {"signal": look.signal, "label": look.words, "icon": look.icon},
        "facts": _facts(found),
        "is_expired": found.expires_at <= now,
        "is_ready": found.state == ReportState.READY,
        "has_failed": found.state == ReportState.FAILED,
        "is_stuck": stuck,
        "is_coming": found.state in (ReportState.WAITING, ReportState.MAKING) and not stuck,
        "until": cells.moment(found.expires_at),
        "file_url": reverse("registrations:report-file", args=[found.pk, KINDS[found.kind].file_name]),
        "ask_again_url": _ask_again(found),
    }
    return render(request, "reports/detail.html", context)


@requires(Permission.VIEW)
@require_POST
def report_retry(request: HttpRequest, report: UUID) -> HttpResponse:
    """Have a report that failed or got stuck made once more."""
    found = _own(report)
    try:
        retry_report(found, now=timezone.now())
    except DomainError as error:
        messages.info(request, str(error))
    else:
        say(request, gettext("The report is being made once more."))
    return redirect("registrations:report-detail", found.pk)


@requires(Permission.VIEW)
@require_GET
@never_cache
def report_file(request: HttpRequest, report: UUID, name: str) -> HttpResponse:
    """The PDF, shown in the browser under the name of its kind; each opening is recorded."""
    found = _own(report)
    if found.has_full_numbers and not may(request, Permission.REVEAL_NUMBERS):
        raise PermissionDenied
    if name != KINDS[found.kind].file_name:
        raise Http404
    try:
        content = open_report(found, actor=actor_of(request), now=timezone.now())
    except FileNotFoundError:
        raise Http404 from None
    return pdf_response(content, f"{name}-{found.first_day}-{found.last_day}.pdf")


def _own(report: UUID) -> Report:
    """The company's own only: the manager is scoped, so a stranger's is not found."""
    return get_object_or_404(
        Report.objects.select_related("company", "declaration", "subject", "correction", "requested_by"),
        pk=report,
    )


def _form(request: HttpRequest, now: datetime) -> ReportForm:
    company = portal(request).company
    if request.method == "POST":
        return ReportForm(with_part(request.POST), company=company)
    language = company.language if company.language in languages.CODES else languages.DEFAULT
    initial: dict[str, Any] = {
        "declaration": uuid_or_none(request.GET.get("declaration", "")),
        "language": language,
        **asked_days(request.GET, this_month(brussels_day(now))),
    }
    return ReportForm(initial=initial, company=company)


def _ask_again(report: Report) -> str:
    """The form of the same kind, filled with the same wish."""
    if report.correction_id:
        return reverse("registrations:correction-detail", args=[report.correction_id])
    wish: dict[str, object] = {"first_day": report.first_day, "last_day": report.last_day}
    if report.declaration_id:
        wish = {"declaration": report.declaration_id, **wish}
    if report.kind in CHAIN_PAPERS:
        wish = {"paper": report.kind, "subject": report.subject_id or "", **wish}
    return f"{reverse(KINDS[report.kind].ask_again)}?{urlencode(wish)}"


def _facts(report: Report) -> list[dict[str, Any]]:
    is_ready = report.state == ReportState.READY
    return [
        *_works(report),
        {"label": _("Days"), "value": cells.period(report.first_day, report.last_day)},
        {"label": _("Language"), "value": dict(languages.PORTAL_LANGUAGES).get(report.language)},
        {"label": _("Asked for by"), "value": report.requested_by},
        {"label": _("Asked for"), "value": cells.moment(report.requested_at)},
        {"label": _("Lines"), "value": report.line_count if is_ready else None},
        {"label": _("Can be read until"), "value": cells.moment(report.expires_at)},
        # In groups of eight, so that it fits a phone.
        {"label": _("Checksum (SHA-256)"), "value": " ".join(wrap(report.sha256, 8)), "wide": True},
    ]


def _works(report: Report) -> list[dict[str, Any]]:
    if report.correction is not None:
        page = reverse("registrations:correction-detail", args=[report.correction_id])
        return [{"label": _("Correction"), "value": report.correction.get_error_display(), "url": page}]
    if report.declaration is None:
        return []
    address = reverse("declarations:detail", args=[report.declaration_id])
    facts: list[dict[str, Any]] = [
        {"label": _("Declaration"), "value": report.declaration.title, "url": address}
    ]
    if report.subject:
        name = names_of_companies(report.company, {report.subject})[report.subject]
        facts.append({"label": _("Company"), "value": name})
    return facts
