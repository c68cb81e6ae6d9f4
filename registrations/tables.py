"""The office's lists of registrations, workers and remarks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import django_tables2
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.models import Company, Person
from ciao_portal.web.cells import Once, shown
from ciao_portal.web.lists import PortalTable
from declarations.models import Declaration, Workplace
from registrations import cells
from registrations.agreements import AnswerColumn
from registrations.causes.gathering import Found
from registrations.causes.ways import May, ways_of
from registrations.causes.wording import cause_words, who_words
from registrations.models import Employment, ReconciledDay, Registration, Remark
from registrations.naming import Naming, masked_number
from registrations.remarks import Request, meaning_of
from registrations.rules.deadlines import days_left
from registrations.rules.flags import Doubt
from registrations.rules.reconciliation import ONLY_THERE, Reason
from registrations.wording import (
    REASONS,
    Badge,
    Words,
    flag_words,
    kind_badge,
    state_badge,
    validity_badge,
)

ON_ONE_LINE = {"td": {"class": "nowrap"}}
# One line on a desk, the whole text on a phone.
CLIPPED = {"td": {"class": "cell-clip"}}
ASKS: dict[Request, Words] = {
    Request.YES: _("needs a request"),
    Request.PERHAPS: _("may need a request"),
}


class RegistrationTable(PortalTable):
    """Rows with `person`, `employer`, `declaration`, `workplace` and `submission` fetched.

    `is_denied`: whether the worker says that somebody else made it.
    """

    list_name = "registrations"
    naming: Naming

    sorts: ClassVar[dict[str, tuple[str, ...]]] = {"happened_at": ("happened_at",)}
    order = "-happened_at"
    jump = "happened_at"
    optional = ("number", "declaration", "received_at")

    happened_at = django_tables2.Column(_("Time"), attrs=ON_ONE_LINE)
    worker = django_tables2.Column(_("Worker"), accessor="person", attrs=CLIPPED)
    number = django_tables2.Column(_("National number"), accessor="person", attrs=ON_ONE_LINE)
    kind = django_tables2.Column(_("Registration"), empty_values=(), attrs=ON_ONE_LINE)
    employer = django_tables2.Column(_("Employer"), attrs=CLIPPED)
    declaration = django_tables2.Column(_("Declaration"), attrs=CLIPPED)
    workplace = django_tables2.Column(_("Workplace"), attrs=CLIPPED)
    means = django_tables2.Column(_("Means"), attrs=ON_ONE_LINE)
    received_at = django_tables2.Column(_("Received"), attrs=ON_ONE_LINE)
    nsso = django_tables2.Column(_("NSSO"), empty_values=(), attrs=ON_ONE_LINE)
    validity = django_tables2.Column(_("Validity"), empty_values=())
    flags = django_tables2.Column(_("Remarkable"), empty_values=(None,))

    def render_happened_at(self, record: Registration) -> SafeString:
        return cells.row_link(
            "registrations:registration-detail", record.pk, cells.moment(record.happened_at)
        )

    def value_happened_at(self, record: Registration) -> datetime:
        return record.happened_at

    def render_worker(self, value: Person) -> SafeString:
        return cells.clipped(self.naming.people[value])

    def value_worker(self, record: Registration) -> str:
        return self.naming.people[record.person]

    def render_number(self, value: Person) -> SafeString:
        return format_html('<span class="number">{}</span>', masked_number(value))

    def render_kind(self, record: Registration) -> SafeString:
        return self._kinds[record.kind]

    def value_kind(self, record: Registration) -> object:
        return kind_badge(record.kind).words

    def render_employer(self, value: Company) -> SafeString:
        return cells.clipped(self.naming.companies[value])

    def value_employer(self, record: Registration) -> str:
        return self.naming.companies[record.employer]

    def render_declaration(self, value: Declaration) -> SafeString:
        return cells.clipped(value.title)

    def render_workplace(self, value: Workplace) -> SafeString:
        return cells.clipped(value.name)

    def render_received_at(self, record: Registration) -> str:
        return cells.moment(record.received_at)

    def value_received_at(self, record: Registration) -> datetime:
        return record.received_at

    def render_nsso(self, record: Registration) -> SafeString:
        return cells.badge(self._journey(record))

    def value_nsso(self, record: Registration) -> object:
        return self._journey(record).words

    def _journey(self, record: Registration) -> Badge:
        submission = getattr(record, "submission", None)
        look = state_badge(submission)
        if submission and submission.nsso_id:
            # The NSSO's number says "received" by itself.
            words = self._numbered % {"number": submission.nsso_id}
            return Badge(words, look.signal, look.icon, look.is_solid)
        return look

    @cached_property
    def _kinds(self) -> Once[str, SafeString]:
        return Once(lambda kind: cells.word_with_icon(kind_badge(kind)))

    @cached_property
    def _validities(self) -> Once[str, SafeString]:
        return Once(lambda validity: cells.badge(validity_badge(validity)))

    @cached_property
    def _numbered(self) -> str:
        return gettext("no. %(number)s")

    def render_validity(self, record: Registration) -> SafeString | str:
        validity = _validity(record)
        return self._validities[validity] if validity else ""

    def value_validity(self, record: Registration) -> object:
        validity = _validity(record)
        return validity_badge(validity).words if validity else ""

    def render_flags(self, record: Registration) -> str:
        # A typed number stands in the column of the means already.
        words = [str(flag_words(flag)) for flag in record.flags if flag != Doubt.IDENTITY_TYPED]
        if getattr(record, "is_denied", False):
            words.insert(0, gettext("worker says: not me"))
        return ", ".join(words) or "–"


def _validity(record: Registration) -> str:
    """What the NSSO thinks of it; empty as long as it said nothing."""
    submission = getattr(record, "submission", None)
    return submission.validity if submission else ""


class WorkerTable(PortalTable):
    """Rows with `person` fetched and annotated with `is_paired`, `last_registered_at` and answers."""

    list_name = "workers"

    sorts: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("last_name", "first_name")}
    order = "name"
    optional = ("dimona_number", "limosa_number", "own_phone", "place")

    name = django_tables2.Column(_("Name"), accessor="last_name")
    number = django_tables2.Column(_("National number"), accessor="person")
    payroll_number = django_tables2.Column(_("Payroll number"))
    status = django_tables2.Column(_("Status"))
    period = django_tables2.Column(_("Period"), accessor="starts_on")
    dimona_number = django_tables2.Column(_("Dimona number"))
    limosa_number = django_tables2.Column(_("Limosa number (L1)"))
    is_paired = django_tables2.Column(_("Phone"))
    informed = AnswerColumn(_("Informed"), accepted=_("Yes"), otherwise=_("No"))
    own_phone = AnswerColumn(_("Own phone"), accepted=_("Accepted"))
    place = AnswerColumn(_("Place asked"), accepted=_("Accepted"))
    last_registered_at = django_tables2.Column(_("Last registration"))

    def render_name(self, record: Employment) -> SafeString:
        name = f"{record.last_name}, {record.first_name}"
        return cells.row_link("registrations:worker-detail", record.pk, name)

    def render_number(self, value: Person) -> SafeString:
        return format_html('<span class="number">{}</span>', masked_number(value))

    def render_period(self, record: Employment) -> str:
        return cells.period(record.starts_on, record.ends_on)

    def render_is_paired(self, value: bool) -> SafeString | str:
        return cells.word("phone", gettext("Paired")) if value else gettext("Not paired")

    def render_last_registered_at(self, value: datetime) -> str:
        return cells.moment(value)

    def value_last_registered_at(self, record: Any) -> datetime | None:
        found: datetime | None = record.last_registered_at
        return found


class RemarkTable(PortalTable):
    """Rows with `presence` (person, registration), `employer` and `declaration` fetched.

    Each is a card of its own: what it means, why, where one does something about it; the view sets `found`.
    """

    list_name = "remarks"
    naming: Naming
    found: Mapping[UUID, Found]
    may: May

    sorts: ClassVar[dict[str, tuple[str, ...]]] = {"last_day": ("last_day",)}
    order = "last_day"
    jump = "last_day"
    optional = ("validity", "first_seen_at")

    last_day = django_tables2.Column(_("Last day"))
    code = django_tables2.Column(_("Remark"), attrs={"td": {"class": "cell-main"}})
    who = django_tables2.Column(_("Who must act"), empty_values=())
    worker = django_tables2.Column(_("Worker"), accessor="presence")
    employer = django_tables2.Column(_("Employer"))
    declaration = django_tables2.Column(_("Declaration"))
    happened_day = django_tables2.Column(_("Registered"))
    validity = django_tables2.Column(_("Validity"), accessor="presence__validity")
    first_seen_at = django_tables2.Column(_("First seen"))

    class Meta(PortalTable.Meta):
        row_attrs: ClassVar[dict[str, Any]] = {
            **PortalTable.Meta.row_attrs,
            "data-code": lambda record: record.code,
            "data-deadline": lambda record: record.last_day.isoformat(),
            "data-days-left": lambda record, table: days_left(record.last_day, table.naming.today),
        }

    def render_last_day(self, record: Remark) -> SafeString:
        words = (
            gettext("gone")
            if record.gone_at
            else cells.days_left(days_left(record.last_day, self.naming.today))
        )
        return cells.with_small(words, cells.day(record.last_day))

    def value_last_day(self, record: Remark) -> date:
        return record.last_day

    def render_code(self, record: Remark) -> SafeString:
        meaning = meaning_of(record)
        main = cells.with_small(
            cells.row_link("registrations:remark-detail", record.pk, meaning.words),
            ASKS.get(meaning.request, ""),
        )
        found = self.found[record.pk]
        cause = f'<span class="cell-cause">{shown(cause_words(found.finding.cause))}</span>'
        return SafeString(f"{main}{cause}{self._way(record, found)}")

    def _way(self, record: Remark, found: Found) -> str:
        """The link to the first page on which the reader does something about it; empty without one."""
        ways = () if record.gone_at else ways_of(record, found, may=self.may)
        way = next((way for way in ways if way.url), None)
        return f'<a class="cell-way" href="{shown(way.url)}">{shown(way.label)}</a>' if way else ""

    def value_code(self, record: Remark) -> str:
        return str(meaning_of(record).words)

    def render_who(self, record: Remark) -> str:
        if record.gone_at:
            return ""
        works, names = record.declaration, self.naming.companies
        return who_words(
            self.found[record.pk].finding.who,
            employer=names[record.employer],
            declarer=names[works.company] if works else "",
        )

    def render_worker(self, record: Remark) -> str:
        return self.naming.people[record.presence.person]

    def render_employer(self, value: Company) -> str:
        return self.naming.companies[value]

    def render_happened_day(self, record: Remark) -> SafeString:
        elsewhere = gettext("registered elsewhere") if record.presence.registration_id is None else ""
        return cells.with_small(cells.day(record.happened_day), elsewhere)

    def value_happened_day(self, record: Remark) -> date:
        return record.happened_day

    def render_first_seen_at(self, value: datetime) -> str:
        return cells.moment(value)

    def value_first_seen_at(self, record: Remark) -> datetime:
        return record.first_seen_at

    def render_validity(self, value: str) -> SafeString:
        return cells.badge(validity_badge(value))


class ReconciliationTable(PortalTable):
    """Days as they were compared last."""

    list_name = "reconciliation"

    sorts: ClassVar[dict[str, tuple[str, ...]]] = {"day": ("day",)}
    order = "-day"
    jump = "day"

    day = django_tables2.Column(_("Day"), attrs=ON_ONE_LINE)
    here = django_tables2.Column(_("Registered here"))
    there = django_tables2.Column(_("At the NSSO"))
    both = django_tables2.Column(_("On both sides"))
    only_here = django_tables2.Column(_("Only here"), accessor="counts")
    only_there = django_tables2.Column(_("Only at the NSSO"), accessor="counts")
    state = django_tables2.Column(_("State"), accessor="open_count")
    compared_at = django_tables2.Column(_("Compared"), attrs=ON_ONE_LINE)

    def render_day(self, record: ReconciledDay) -> SafeString:
        url = reverse("registrations:reconciliation-day", args=[record.day.isoformat()])
        return cells.link(url, cells.full_day(record.day))

    def value_day(self, record: ReconciledDay) -> date:
        return record.day

    def render_only_here(self, value: dict[str, int]) -> SafeString | str:
        return _by_reason(value, [reason for reason in Reason if reason not in ONLY_THERE])

    def value_only_here(self, record: ReconciledDay) -> str:
        return self.render_only_here(record.counts)

    def render_only_there(self, value: dict[str, int]) -> SafeString | str:
        return _by_reason(value, [reason for reason in Reason if reason in ONLY_THERE])

    def value_only_there(self, record: ReconciledDay) -> str:
        return self.render_only_there(record.counts)

    def render_state(self, value: int) -> SafeString:
        return cells.badge(_day_badge(value))

    def value_state(self, record: ReconciledDay) -> object:
        return _day_badge(record.open_count).words

    def render_compared_at(self, value: datetime) -> str:
        return cells.moment(value)

    def value_compared_at(self, record: ReconciledDay) -> datetime:
        return record.compared_at


def _by_reason(counts: dict[str, int], reasons: list[Reason]) -> str:
    """`2 refused, 1 on its way`; empty without any."""
    found = [(counts[reason.value], REASONS[reason].short) for reason in reasons if reason.value in counts]
    return ", ".join(f"{number} {words}" for number, words in found)


def _day_badge(open_count: int) -> Badge:
    return Badge(_("Differences open"), "wait", "clock") if open_count else Badge(_("Settled"), "ok", "check")
