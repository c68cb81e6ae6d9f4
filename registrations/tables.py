"""The office's lists of registrations, workers and remarks."""

import dataclasses
from typing import Any, ClassVar

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.web.lists import PortalTable
from registrations import cells
from registrations.models import Employment, Means, Registration, Remark
from registrations.naming import Naming, masked_number
from registrations.remarks import Request, meaning_of
from registrations.rules.deadlines import days_left
from registrations.rules.flags import Doubt
from registrations.wording import flag_words, kind_badge, state_badge, validity_badge

ON_ONE_LINE = {"td": {"class": "nowrap"}}
# One line on a desk, the whole text on a phone.
CLIPPED = {"td": {"class": "cell-clip"}}


class RegistrationTable(PortalTable):
    """Rows with `person`, `employer`, `declaration`, `workplace` and `submission` fetched."""

    list_name = "registrations"
    naming: Naming

    happened_at = django_tables2.Column(_("Time"), orderable=True, attrs=ON_ONE_LINE)
    worker = django_tables2.Column(_("Worker"), accessor="person", orderable=False, attrs=CLIPPED)
    kind = django_tables2.Column(_("Registration"), orderable=False, attrs=ON_ONE_LINE)
    employer = django_tables2.Column(_("Employer"), orderable=False, attrs=CLIPPED)
    workplace = django_tables2.Column(_("Workplace"), orderable=False, attrs=CLIPPED)
    means = django_tables2.Column(_("Means"), orderable=False, attrs=ON_ONE_LINE)
    nsso = django_tables2.Column(_("NSSO"), empty_values=(), orderable=False, attrs=ON_ONE_LINE)
    validity = django_tables2.Column(_("Validity"), empty_values=(), orderable=False)
    flags = django_tables2.Column(_("Remarkable"), orderable=False)

    class Meta(PortalTable.Meta):
        model = Registration
        fields = (
            "happened_at",
            "worker",
            "kind",
            "employer",
            "workplace",
            "means",
            "nsso",
            "validity",
            "flags",
        )

    def order_happened_at(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}happened_at", f"{sign}id"), True

    def render_happened_at(self, record: Registration) -> SafeString:
        url = reverse("registrations:registration-detail", args=[record.pk])
        return cells.link(url, cells.moment(record.happened_at))

    def render_worker(self, record: Registration) -> SafeString:
        return cells.clipped(self.naming.people[record.person])

    def render_kind(self, record: Registration) -> SafeString:
        return cells.word_with_icon(kind_badge(record.kind))

    def render_employer(self, record: Registration) -> SafeString:
        return cells.clipped(self.naming.companies[record.employer])

    def render_workplace(self, record: Registration) -> SafeString:
        return cells.clipped(record.workplace.name)

    def render_means(self, record: Registration) -> str:
        return str(Means(record.means).label)

    def render_nsso(self, record: Registration) -> SafeString:
        submission = getattr(record, "submission", None)
        look = state_badge(submission)
        if submission and submission.nsso_id:
            # The NSSO's number says "received" by itself.
            words = gettext("no. %(number)s") % {"number": submission.nsso_id}
            look = dataclasses.replace(look, words=words)
        return cells.badge(look)

    def render_validity(self, record: Registration) -> SafeString | str:
        submission = getattr(record, "submission", None)
        return cells.badge(validity_badge(submission.validity)) if submission and submission.validity else ""

    def render_flags(self, record: Registration) -> str:
        # A typed number stands in the column of the means already.
        return ", ".join(str(flag_words(flag)) for flag in record.flags if flag != Doubt.IDENTITY_TYPED)


class WorkerTable(PortalTable):
    """Rows with `person` fetched and annotated with `is_paired` and `last_registered_at`."""

    list_name = "workers"

    name = django_tables2.Column(_("Name"), accessor="last_name", orderable=True)
    number = django_tables2.Column(_("National number"), accessor="person", orderable=False)
    payroll_number = django_tables2.Column(_("Payroll number"), orderable=False)
    status = django_tables2.Column(_("Status"), orderable=False)
    period = django_tables2.Column(_("Period"), accessor="starts_on", orderable=False)
    is_paired = django_tables2.Column(_("Phone"), orderable=False)
    last_registered_at = django_tables2.Column(_("Last registration"), orderable=False)

    class Meta(PortalTable.Meta):
        model = Employment
        fields = ("name", "number", "payroll_number", "status", "period", "is_paired", "last_registered_at")

    def order_name(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        sign = "-" if is_descending else ""
        return queryset.order_by(*(f"{sign}{name}" for name in ("last_name", "first_name", "id"))), True

    def render_name(self, record: Employment) -> SafeString:
        url = reverse("registrations:worker-detail", args=[record.pk])
        return cells.link(url, f"{record.last_name}, {record.first_name}")

    def render_number(self, record: Employment) -> SafeString:
        return format_html('<span class="number">{}</span>', masked_number(record.person))

    def render_period(self, record: Employment) -> str:
        return cells.period(record.starts_on, record.ends_on)

    def render_is_paired(self, value: bool) -> SafeString | str:
        return cells.word("phone", gettext("Paired")) if value else gettext("Not paired")

    def render_last_registered_at(self, value: Any) -> str:
        return cells.moment(value)


class RemarkTable(PortalTable):
    """Rows with `presence` (person, registration), `employer` and `declaration` fetched."""

    list_name = "remarks"
    naming: Naming

    last_day = django_tables2.Column(_("Days left"), orderable=True)
    code = django_tables2.Column(_("Remark"), orderable=False, attrs={"td": {"class": "cell-main"}})
    worker = django_tables2.Column(_("Worker"), accessor="presence", orderable=False)
    employer = django_tables2.Column(_("Employer"), orderable=False)
    declaration = django_tables2.Column(_("Declaration"), orderable=False)
    happened_day = django_tables2.Column(_("Registered"), orderable=False)
    validity = django_tables2.Column(_("Validity"), accessor="presence__validity", orderable=False)

    class Meta(PortalTable.Meta):
        model = Remark
        fields = ("last_day", "code", "worker", "employer", "declaration", "happened_day", "validity")
        row_attrs: ClassVar[dict[str, Any]] = {
            **PortalTable.Meta.row_attrs,
            "data-code": lambda record: record.code,
            "data-deadline": lambda record: record.last_day.isoformat(),
            "data-days-left": lambda record, table: days_left(record.last_day, table.naming.today),
        }

    def order_last_day(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}last_day", f"{sign}id"), True

    def render_last_day(self, record: Remark) -> SafeString:
        words = (
            gettext("gone")
            if record.gone_at
            else cells.days_left(days_left(record.last_day, self.naming.today))
        )
        return cells.with_small(words, cells.day(record.last_day))

    def render_code(self, record: Remark) -> SafeString:
        meaning = meaning_of(record)
        asks = {Request.YES: gettext("needs a request"), Request.PERHAPS: gettext("may need a request")}
        url = reverse("registrations:remark-detail", args=[record.pk])
        return cells.with_small(cells.link(url, meaning.words), asks.get(meaning.request, ""))

    def render_worker(self, record: Remark) -> str:
        return self.naming.people[record.presence.person]

    def render_employer(self, record: Remark) -> str:
        return self.naming.companies[record.employer]

    def render_happened_day(self, record: Remark) -> SafeString:
        elsewhere = gettext("registered elsewhere") if record.presence.registration_id is None else ""
        return cells.with_small(cells.day(record.happened_day), elsewhere)

    def render_validity(self, value: str) -> SafeString:
        return cells.badge(validity_badge(value))
