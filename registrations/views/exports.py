"""Exports of registrations: the list, a new one, and its file."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal import languages
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal
from ciao_portal.web.csv import CONTENT_TYPE
from ciao_portal.web.lists import Empty, PortalListView
from registrations.exports.forms import ExportForm, asked_days, with_part
from registrations.exports.lines import Dialect, export_parts
from registrations.exports.rows import Selection
from registrations.exports.services import SELECTABLE, make_export, note_fetch
from registrations.exports.tables import ExportFilter, ExportTable
from registrations.models import Export
from registrations.rules.windows import this_month
from registrations.views.periods import period_context


class ExportList(PortalListView):
    permission = Permission.VIEW
    table_class = ExportTable
    filterset_class = ExportFilter
    title = _("Registrations as CSV")
    action = ("registrations:export-new", _("New export"), Permission.VIEW)
    empty = Empty(
        _("No exports yet"),
        _("Take out the registrations of up to 100 days as a CSV file, for your payroll or for an audit."),
        reverse_lazy("registrations:export-new"),
        _("New export"),
    )

    def get_queryset(self) -> QuerySet[Export]:
        return Export.objects.select_related("requested_by")


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
def export_new(request: HttpRequest) -> HttpResponse:
    """Ask for an export; the answer is its file."""
    now = timezone.now()
    form = _form(request, now)
    if form.is_bound and form.is_valid():
        try:
            export = _made(request, form, now)
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect("registrations:export-file", export.pk)
    context = period_context(request, form, now=now) | {
        "title": _("Export registrations"),
        "lead": _("At most 100 calendar days, as a CSV file that opens in a spreadsheet."),
        "back": {"url": reverse("registrations:export-list"), "label": _("Registrations as CSV")},
        "form": form,
        "submit_label": _("Fetch the CSV"),
        "submit_icon": "download",
        "cancel_url": reverse("registrations:export-list"),
    }
    return render(request, "exports/new.html", context)


@requires(Permission.VIEW)
@require_GET
def export_file(request: HttpRequest, export: UUID) -> HttpResponseBase:
    """The file, streamed; full numbers only for whom may reveal them, and each time on record."""
    found, now = get_object_or_404(Export.objects.all(), pk=export), timezone.now()
    if found.has_full_numbers and not may(request, Permission.REVEAL_NUMBERS):
        raise PermissionDenied
    if found.expires_at <= now:
        messages.info(request, gettext("This export has run out. Ask for it again."))
        days = f"first_day={found.first_day}&last_day={found.last_day}"
        return redirect(f"{reverse('registrations:export-new')}?{days}")
    note_fetch(found, actor=actor_of(request), now=now)
    parts = export_parts(
        portal(request).company,
        Selection.of(found.first_day, found.last_day, found.selection),
        Dialect(found.language, found.has_machine_keys, found.has_full_numbers),
        now=now,
    )
    name = f"registrations-{found.first_day}-{found.last_day}.csv"
    return StreamingHttpResponse(
        parts,
        content_type=CONTENT_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _form(request: HttpRequest, now: Any) -> ExportForm:
    kwargs: dict[str, Any] = {
        "company": portal(request).company,
        "may_reveal": may(request, Permission.REVEAL_NUMBERS),
    }
    if request.method == "POST":
        return ExportForm(with_part(request.POST), **kwargs)
    chosen = {name: request.GET[name] for name in SELECTABLE if name in request.GET}
    days = asked_days(request.GET, this_month(brussels_day(now)))
    return ExportForm(initial={**chosen, **days}, **kwargs)


def _made(request: HttpRequest, form: ExportForm, now: Any) -> Export:
    language = translation.get_language()
    return make_export(
        company=portal(request).company,
        user=portal(request).user,
        first_day=form.cleaned_data["first_day"],
        last_day=form.cleaned_data["last_day"],
        selection=form.selection(),
        language=language if language in languages.CODES else languages.DEFAULT,
        has_full_numbers=form.cleaned_data.get("has_full_numbers", False),
        has_machine_keys=form.cleaned_data["has_machine_keys"],
        now=now,
    )
