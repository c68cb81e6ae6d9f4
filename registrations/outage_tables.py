"""The list of outages, with its filter."""

from datetime import date, datetime
from typing import ClassVar

import django_filters
import django_tables2
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import day_bounds
from ciao_portal.web.lists import PortalFilterSet, PortalTable
from registrations import cells
from registrations.journey import length_words
from registrations.models import Outage, OutageOrigin
from registrations.outage_words import reason_words
from registrations.wording import Badge

ON_ONE_LINE = {"td": {"class": "nowrap"}}
CLIPPED = {"td": {"class": "cell-clip"}}
GOES_ON = Badge(_("Goes on"), "late", "warning")
ENDED = Badge(_("Ended"), "", "check")


class OutageTable(PortalTable):
    """Rows with `declared_by` fetched."""

    list_name = "outages"
    sorts: ClassVar[dict[str, tuple[str, ...]]] = {"started_at": ("started_at",)}
    order = "-started_at"
    jump = "started_at"
    optional = ("recorded_at",)

    started_at = django_tables2.Column(_("Start"), attrs=ON_ONE_LINE)
    ended_at = django_tables2.Column(_("End"), empty_values=(), attrs=ON_ONE_LINE)
    length = django_tables2.Column(_("Length"), empty_values=(), attrs=ON_ONE_LINE)
    origin = django_tables2.Column(_("Origin"), attrs=ON_ONE_LINE)
    reason = django_tables2.Column(_("Reason"), empty_values=())
    note = django_tables2.Column(_("What happened"), attrs=CLIPPED)
    declared_by = django_tables2.Column(_("Declared by"), attrs=CLIPPED)
    recorded_at = django_tables2.Column(_("Recorded"), attrs=ON_ONE_LINE)

    def render_started_at(self, record: Outage) -> SafeString:
        url = reverse("registrations:outage-detail", args=[record.pk])
        return cells.link(url, cells.moment(record.started_at))

    def value_started_at(self, record: Outage) -> datetime:
        return record.started_at

    def render_ended_at(self, record: Outage) -> SafeString | str:
        return cells.moment(record.ended_at) if record.ended_at else cells.badge(GOES_ON)

    def value_ended_at(self, record: Outage) -> object:
        return record.ended_at or gettext("goes on")

    def render_length(self, record: Outage) -> str:
        return length_words(record.ended_at - record.started_at) if record.ended_at else ""

    def render_origin(self, record: Outage) -> str:
        return str(OutageOrigin(record.origin).label)

    def render_reason(self, record: Outage) -> str:
        return reason_words(record)

    def render_note(self, value: str) -> SafeString:
        return cells.clipped(value)

    def value_note(self, record: Outage) -> str:
        return record.note

    def render_recorded_at(self, record: Outage) -> str:
        return cells.moment(record.recorded_at)

    def value_recorded_at(self, record: Outage) -> datetime:
        return record.recorded_at


class OutageFilter(PortalFilterSet):
    """Origin, whether it goes on, and since when."""

    origin = django_filters.ChoiceFilter(
        choices=OutageOrigin.choices, label=_("Origin"), empty_label=_("Found and declared")
    )
    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("State"),
        empty_label=_("All outages"),
        choices=[("open", _("Goes on")), ("ended", _("Ended"))],
    )
    since = django_filters.DateFilter(
        method="by_day", label=_("Started since"), widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Outage
        fields: tuple[str, ...] = ()

    def by_state(self, rows: QuerySet[Outage], _name: str, state: str) -> QuerySet[Outage]:
        return rows.filter(ended_at__isnull=state == "open")

    def by_day(self, rows: QuerySet[Outage], _name: str, day: date) -> QuerySet[Outage]:
        return rows.filter(started_at__gte=day_bounds(day)[0])
