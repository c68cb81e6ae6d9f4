"""The audit list: who did, saw or revealed what in the company."""

from typing import Any, cast

import django_filters
import django_tables2
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import day_bounds, moment_label
from ciao_portal.middleware import PortalRequest
from ciao_portal.models import AuditEvent, User
from ciao_portal.models.audit import MOST_FREQUENT
from ciao_portal.permissions import Permission
from ciao_portal.trail import GROUPS, Subject, details_of, subjects_of, what_of, who_without_user
from ciao_portal.web.lists import Empty, PortalFilterSet, PortalListView, PortalTable

EVERYTHING = "all"


class AuditTable(PortalTable):
    """Rows with `user` fetched; what they are about is looked up for one page at a time."""

    list_name = "audit"
    sorts = {"at": ("at",)}
    order = "-at"
    jump = "at"
    subjects: dict[tuple[str, str], Subject]

    at = django_tables2.Column(_("When"), attrs={"td": {"class": "nowrap"}})
    user = django_tables2.Column(_("Who"), empty_values=())
    action = django_tables2.Column(_("What"), attrs={"td": {"class": "cell-main"}})
    subject = django_tables2.Column(_("About"), empty_values=(), accessor="subject_id")

    class Meta(PortalTable.Meta):
        model = AuditEvent
        fields = ("at", "user", "action", "subject")

    def render_at(self, record: AuditEvent) -> str:
        return moment_label(record.at)

    def render_user(self, record: AuditEvent) -> SafeString | str:
        user = record.user
        if user is None:
            return who_without_user(record)
        return _with_small(str(user), user.email if user.name else "")

    def render_action(self, record: AuditEvent) -> SafeString | str:
        return _with_small(what_of(record), details_of(record))

    def render_subject(self, record: AuditEvent) -> SafeString | str:
        subject = self.subjects.get((record.subject_type, record.subject_id))
        if subject is None:
            return ""
        if not subject.url:
            return subject.words
        return format_html('<a href="{}">{}</a>', subject.url, subject.words)


class AuditFilter(PortalFilterSet):
    """Days, person, group of actions; what no person of the office did is left out unless asked for."""

    from_day = django_filters.DateFilter(
        method="since", label=_("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    to_day = django_filters.DateFilter(
        method="until", label=_("To"), widget=forms.DateInput(attrs={"type": "date"})
    )
    person = django_filters.ChoiceFilter(field_name="user", label=_("Who"), empty_label=_("Everybody"))
    group = django_filters.ChoiceFilter(
        method="in_group",
        label=_("What"),
        empty_label=_("All deeds"),
        choices=[(group.key, group.words) for group in GROUPS],
    )
    source = django_filters.ChoiceFilter(
        method="from_source",
        label=_("Done by"),
        empty_label=_("People of the office"),
        choices=[(EVERYTHING, _("Also phones and the portal itself"))],
    )

    class Meta:
        model = AuditEvent
        fields: tuple[str, ...] = ()

    def fill(self, form: forms.BaseForm, request: HttpRequest) -> None:
        people = User.objects.filter(memberships__company=cast(PortalRequest, request).company)
        field = cast(forms.ChoiceField, form.fields["person"])
        field.choices = [(str(user.pk), str(user)) for user in people.distinct().order_by("name", "email")]

    def narrow(self, rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        rows = super().narrow(rows)
        if self.is_bound and self.form.is_valid() and self.form.cleaned_data["source"] == EVERYTHING:
            return rows
        # Registrations alone are a thousand times more than what people of the office do.
        return rows.filter(user__isnull=False)

    def since(self, rows: QuerySet[AuditEvent], _name: str, day: Any) -> QuerySet[AuditEvent]:
        return rows.filter(at__gte=day_bounds(day)[0])

    def until(self, rows: QuerySet[AuditEvent], _name: str, day: Any) -> QuerySet[AuditEvent]:
        return rows.filter(at__lt=day_bounds(day)[1])

    def in_group(self, rows: QuerySet[AuditEvent], _name: str, key: str) -> QuerySet[AuditEvent]:
        actions = next(group.actions for group in GROUPS if group.key == key)
        rows = rows.filter(action__in=actions)
        # Said once more in the words of the index that leaves the bulk out.
        return rows if MOST_FREQUENT in actions else rows.exclude(action=MOST_FREQUENT)

    def from_source(self, rows: QuerySet[AuditEvent], _name: str, _value: str) -> QuerySet[AuditEvent]:
        return rows


class AuditList(PortalListView):
    permission = Permission.VIEW_AUDIT
    table_class = AuditTable
    filterset_class = AuditFilter
    title = _("Audit list")
    empty = Empty(
        _("Nothing recorded yet"),
        _("Every deed of the office appears here, and who saw or revealed what."),
    )

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.filter(company=self.request.company).select_related("user")

    def get_context_data(self) -> dict[str, Any]:
        back = {"url": reverse("settings"), "label": _("Settings")}
        return super().get_context_data() | {"back": back}

    def get_table(self, records: list[AuditEvent]) -> PortalTable:
        table = cast(AuditTable, super().get_table(records))
        table.subjects = subjects_of(self.request.company, records)
        return table


def _with_small(main: str, small: str) -> SafeString | str:
    return format_html('{}<span class="cell-sub">{}</span>', main, small) if small else main
