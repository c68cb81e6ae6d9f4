"""The list of requests for a correction: its table and its filter."""

from datetime import date, datetime
from typing import Any, ClassVar

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.models import Company
from ciao_portal.web.lists import PortalFilterSet, PortalTable
from registrations import cells
from registrations.corrections.wording import BADGES, value_words
from registrations.filters import ALL, URGENCIES, of_urgency
from registrations.models import Correction, CorrectionError, CorrectionState
from registrations.models.corrections import OPEN_STATES
from registrations.rules.deadlines import days_left

ON_ONE_LINE = {"td": {"class": "nowrap"}}


class CorrectionTable(PortalTable):
    """Rows with `employer`, `owner` and `offered_to` fetched, and `line_count`; the view sets the rest."""

    list_name = "corrections"
    company: Company
    names: dict[Company, str]
    today: date

    sorts: ClassVar[dict[str, tuple[str, ...]]] = {"last_day": ("last_day",), "opened_at": ("opened_at",)}
    order = "last_day"
    jump = "last_day"
    optional = ("opened_at", "sent_reference")

    error = django_tables2.Column(_("Correction"), attrs={"td": {"class": "cell-main"}})
    right_value = django_tables2.Column(_("Right number"), attrs=ON_ONE_LINE, default="")
    last_day = django_tables2.Column(_("Last day"), attrs=ON_ONE_LINE)
    employer = django_tables2.Column(_("Employer"))
    owner = django_tables2.Column(_("In hand of"))
    state = django_tables2.Column(_("State"))
    sent_on = django_tables2.Column(_("Sent on"), attrs=ON_ONE_LINE, default="")
    sent_reference = django_tables2.Column(_("Reference"), default="")
    opened_at = django_tables2.Column(_("Begun"), attrs=ON_ONE_LINE)

    class Meta(PortalTable.Meta):
        row_attrs: ClassVar[dict[str, Any]] = {
            **PortalTable.Meta.row_attrs,
            "data-state": lambda record: record.state,
            "data-deadline": lambda record: record.last_day.isoformat(),
            "data-days-left": lambda record, table: days_left(record.last_day, table.today),
        }

    def render_error(self, record: Any) -> SafeString:
        link = cells.row_link("registrations:correction-detail", record.pk, record.get_error_display())
        words = ngettext("%(count)s registration", "%(count)s registrations", record.line_count)
        return cells.with_small(link, words % {"count": record.line_count})

    def render_right_value(self, record: Correction) -> str:
        return value_words(record.error, record.right_value)

    def render_last_day(self, record: Correction) -> SafeString | str:
        if record.sent_on is not None or record.closed_at is not None:
            return cells.day(record.last_day)
        return cells.with_small(
            cells.days_left(days_left(record.last_day, self.today)), cells.day(record.last_day)
        )

    def value_last_day(self, record: Correction) -> date:
        return record.last_day

    def render_employer(self, value: Company) -> str:
        return self.names[value]

    def render_owner(self, record: Correction) -> SafeString:
        offered = ""
        if record.offered_to == self.company:
            offered = gettext("offered to you")
        elif record.offered_to is not None:
            offered = gettext("offered to the other company")
        return cells.with_small(self.names[record.owner], offered)

    def value_owner(self, record: Correction) -> str:
        return self.names[record.owner]

    def render_state(self, record: Correction) -> SafeString:
        return cells.badge(BADGES[CorrectionState(record.state)])

    def value_state(self, record: Correction) -> str | Promise:
        return BADGES[CorrectionState(record.state)].words

    def render_sent_on(self, value: date) -> str:
        return cells.day(value)

    def value_sent_on(self, record: Correction) -> date | None:
        return record.sent_on

    def render_opened_at(self, value: datetime) -> str:
        return cells.moment(value)

    def value_opened_at(self, record: Correction) -> datetime:
        return record.opened_at


class CorrectionFilter(PortalFilterSet):
    """State, last day, owner, error; shows what is open unless asked otherwise."""

    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("State"),
        empty_label=_("Open"),
        choices=[(ALL, _("Open and closed")), *CorrectionState.choices],
    )
    urgency = django_filters.ChoiceFilter(
        method="by_urgency", label=_("Last day"), empty_label=_("Any day"), choices=URGENCIES
    )
    owner = django_filters.ChoiceFilter(
        method="by_owner",
        label=_("In hand of"),
        empty_label=_("Both companies"),
        choices=[
            ("us", _("Us")),
            ("them", _("The other company")),
            ("offered", _("Offered to us")),
        ],
    )
    error = django_filters.ChoiceFilter(
        choices=CorrectionError.choices, label=_("Correction"), empty_label=_("Both errors")
    )

    class Meta:
        model = Correction
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["state"] else rows.filter(state__in=OPEN_STATES)

    def by_state(self, rows: QuerySet[Correction], _name: str, value: str) -> QuerySet[Correction]:
        return rows if value == ALL else rows.filter(state=value)

    def by_urgency(self, rows: QuerySet[Correction], _name: str, value: str) -> QuerySet[Correction]:
        return of_urgency(rows, value)

    def by_owner(self, rows: QuerySet[Correction], _name: str, value: str) -> QuerySet[Correction]:
        company = self.request.company
        if value == "offered":
            return rows.filter(offered_to=company)
        return rows.filter(owner=company) if value == "us" else rows.exclude(owner=company)
