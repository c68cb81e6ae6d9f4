"""The office's list of errors that workers reported: its table and its filter."""

from datetime import date, datetime
from typing import Any, ClassVar

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ciao_portal.web.lists import PortalFilterSet, PortalTable
from registrations import cells
from registrations.filters import URGENCIES, of_urgency
from registrations.models import ErrorKind, ErrorReport
from registrations.naming import PeopleNames
from registrations.rules.deadlines import days_left
from registrations.wording import Badge

ANSWERED, ALL = "answered", "all"


def state_badge(report: ErrorReport) -> Badge:
    """Whether it was answered."""
    if report.answered_at:
        return Badge(_("Answered"), "ok", "check")
    return Badge(_("Waits for an answer"), "wait", "clock")


class ErrorTable(PortalTable):
    """Rows with `person` fetched; `people` and `today` are set by the view."""

    list_name = "errors"
    people: PeopleNames
    today: date

    sorts: ClassVar[dict[str, tuple[str, ...]]] = {
        "reported_at": ("reported_at",),
        "last_day": ("last_day",),
    }
    # As with remarks: what is over soonest stands first.
    order = "last_day"
    jump = "reported_at"

    reported_at = django_tables2.Column(_("Reported"))
    worker = django_tables2.Column(_("Worker"), accessor="person")
    kind = django_tables2.Column(_("What is wrong"))
    day = django_tables2.Column(_("Day"))
    text = django_tables2.Column(_("In the worker's words"), default="")
    state = django_tables2.Column(_("State"), empty_values=())
    last_day = django_tables2.Column(_("Last day"))

    def render_reported_at(self, record: ErrorReport) -> SafeString:
        return cells.row_link("registrations:error-detail", record.pk, cells.moment(record.reported_at))

    def value_reported_at(self, record: ErrorReport) -> datetime:
        return record.reported_at

    def render_worker(self, record: ErrorReport) -> str:
        return self.people[record.person]

    def render_kind(self, record: ErrorReport) -> str | Promise:
        return ErrorKind(record.kind).label

    def render_day(self, record: ErrorReport) -> str:
        return cells.day(record.day)

    def value_day(self, record: ErrorReport) -> date:
        return record.day

    def render_state(self, record: ErrorReport) -> SafeString:
        return cells.badge(state_badge(record))

    def value_state(self, record: ErrorReport) -> object:
        return state_badge(record).words

    def render_last_day(self, record: ErrorReport) -> SafeString | str:
        if record.answered_at:
            return cells.day(record.last_day)
        return cells.with_small(
            cells.days_left(days_left(record.last_day, self.today)), cells.day(record.last_day)
        )

    def value_last_day(self, record: ErrorReport) -> date:
        return record.last_day


class ErrorFilter(PortalFilterSet):
    """Urgency, what is wrong; shows what waits for an answer unless asked otherwise."""

    urgency = django_filters.ChoiceFilter(
        method="by_urgency", label=_("Last day"), empty_label=_("Any day"), choices=URGENCIES
    )
    kind = django_filters.ChoiceFilter(
        choices=ErrorKind.choices, label=_("What is wrong"), empty_label=_("All kinds")
    )
    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("State"),
        empty_label=_("Waits for an answer"),
        choices=[(ANSWERED, _("Answered")), (ALL, _("Open and answered"))],
    )

    class Meta:
        model = ErrorReport
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["state"] else rows.filter(answered_at__isnull=True)

    def by_state(self, rows: QuerySet[ErrorReport], _name: str, value: str) -> QuerySet[ErrorReport]:
        return rows if value == ALL else rows.filter(answered_at__isnull=False)

    def by_urgency(self, rows: QuerySet[ErrorReport], _name: str, value: str) -> QuerySet[ErrorReport]:
        return of_urgency(rows, value)
