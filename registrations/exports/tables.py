"""The lists of exports and reports, with their filters."""

import django_filters
import django_tables2
from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.web.lists import PortalFilterSet, PortalTable
from registrations import cells
from registrations.models import Export, Report, ReportKind, ReportState
from registrations.wording import Badge

ON_ONE_LINE = {"td": {"class": "nowrap"}}
CLIPPED = {"td": {"class": "cell-clip"}}

REPORT_BADGES = {
    ReportState.WAITING: Badge(_("Waiting to be made"), "wait", "clock"),
    ReportState.MAKING: Badge(_("Being made"), "wait", "clock"),
    ReportState.READY: Badge(_("Ready"), "ok", "check"),
    ReportState.FAILED: Badge(_("Could not be made"), "late", "error"),
}


def _since_filter() -> django_filters.DateFilter:
    return django_filters.DateFilter(
        field_name="requested_at__date",
        lookup_expr="gte",
        label=_("Asked for since"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class ExportTable(PortalTable):
    """Rows with `requested_by` fetched."""

    list_name = "exports"
    sorts = {"requested_at": ("requested_at",)}
    order = "-requested_at"
    jump = "requested_at"

    first_day = django_tables2.Column(_("Days"), attrs=ON_ONE_LINE)
    selection = django_tables2.Column(_("Selection"), empty_values=())
    has_full_numbers = django_tables2.Column(_("National numbers"))
    requested_by = django_tables2.Column(_("Asked for by"), attrs=CLIPPED)
    requested_at = django_tables2.Column(_("Asked for"), attrs=ON_ONE_LINE)
    expires_at = django_tables2.Column(_("Can be fetched until"), attrs=ON_ONE_LINE)
    file = django_tables2.Column(_("File"), empty_values=(), attrs=ON_ONE_LINE)

    class Meta(PortalTable.Meta):
        model = Export
        fields = (
            "first_day",
            "selection",
            "has_full_numbers",
            "requested_by",
            "requested_at",
            "expires_at",
            "file",
        )

    def before_render(self, _request: HttpRequest) -> None:
        self.now = timezone.now()

    def render_first_day(self, record: Export) -> str:
        return cells.period(record.first_day, record.last_day)

    def render_selection(self, record: Export) -> str:
        words = {
            "employer": gettext("one employer"),
            "declaration": gettext("one declaration"),
            "workplace": gettext("one workplace"),
        }
        return ", ".join(words[name] for name in words if name in record.selection) or gettext("everything")

    def render_has_full_numbers(self, value: bool) -> str:
        return gettext("in full") if value else gettext("masked")

    def render_requested_at(self, record: Export) -> str:
        return cells.moment(record.requested_at)

    def render_expires_at(self, record: Export) -> str:
        return cells.moment(record.expires_at)

    def render_file(self, record: Export) -> SafeString | str:
        if record.expires_at <= self.now:
            return gettext("run out")
        url = reverse("registrations:export-file", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Fetch the CSV"))


class ExportFilter(PortalFilterSet):
    since = _since_filter()

    class Meta:
        model = Export
        fields: tuple[str, ...] = ()


class ReportTable(PortalTable):
    """Rows with `requested_by` and `declaration` fetched."""

    list_name = "reports"
    sorts = {"requested_at": ("requested_at",)}
    order = "-requested_at"
    jump = "requested_at"

    first_day = django_tables2.Column(_("Days"), attrs=ON_ONE_LINE)
    kind = django_tables2.Column(_("Report"), attrs=ON_ONE_LINE)
    declaration = django_tables2.Column(_("Declaration"), attrs=CLIPPED)
    language = django_tables2.Column(_("Language"))
    line_count = django_tables2.Column(_("Lines"))
    requested_by = django_tables2.Column(_("Asked for by"), attrs=CLIPPED)
    requested_at = django_tables2.Column(_("Asked for"), attrs=ON_ONE_LINE)
    expires_at = django_tables2.Column(_("Can be read until"), attrs=ON_ONE_LINE)
    state = django_tables2.Column(_("State"))

    class Meta(PortalTable.Meta):
        model = Report
        fields = (
            "first_day",
            "kind",
            "declaration",
            "language",
            "line_count",
            "requested_by",
            "requested_at",
            "expires_at",
            "state",
        )

    def render_first_day(self, record: Report) -> SafeString:
        period = cells.period(record.first_day, record.last_day)
        return cells.row_link("registrations:report-detail", record.pk, period)

    def render_kind(self, record: Report) -> str:
        return str(ReportKind(record.kind).label)

    def render_language(self, value: str) -> str:
        return dict(PORTAL_LANGUAGES).get(value, value)

    def render_line_count(self, record: Report) -> str:
        return str(record.line_count) if record.state == ReportState.READY else ""

    def render_requested_at(self, record: Report) -> str:
        return cells.moment(record.requested_at)

    def render_expires_at(self, record: Report) -> str:
        return cells.moment(record.expires_at)

    def render_state(self, record: Report) -> SafeString:
        return cells.badge(REPORT_BADGES[ReportState(record.state)])


class ReportFilter(PortalFilterSet):
    since = _since_filter()
    state = django_filters.ChoiceFilter(
        choices=ReportState.choices, label=_("State"), empty_label=_("All states")
    )

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()
