"""The lists of declarations, workplaces and companies."""

from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

import django_tables2
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day, day_label
from ciao_portal.identifiers import format_declaration_number
from ciao_portal.web.links import row_link
from ciao_portal.web.lists import PortalTable
from declarations.advice_wording import SECTORS, SHORT_DUTIES
from declarations.models import Assessment, Declaration, Workplace
from declarations.models.declarations import DeclarationState
from declarations.rules.advising import Duty
from declarations.rules.first_shift import NumberWanted, number_wanted
from declarations.rules.thresholds import Sector

# The signal of each state: green runs, blue informs. A missing number turns amber and red in time.
SIGNALS = {
    DeclarationState.DRAFT: "info",
    DeclarationState.PLANNED: "info",
    DeclarationState.ACTIVE: "ok",
    DeclarationState.ENDED: "quiet",
    DeclarationState.CANCELLED: "quiet",
}
NUMBER_SIGNALS = {NumberWanted.LATER: "info", NumberWanted.SOON: "wait", NumberWanted.NOW: "late"}
NUMBER = {"td": {"class": "cell-number"}, "th": {"class": "cell-number"}}


class DeclarationTable(PortalTable):
    """Rows of `querysets.listed_for(company)`."""

    list_name = "declarations"

    # All of these sort at most the declarations of one company.
    sorts: ClassVar[dict[str, tuple[str, ...]]] = {
        "title": ("title",),
        "declared_number": ("declared_number",),
        "period": ("starts_on",),
    }
    order = "-period"
    jump = "period"
    optional = ("technical_reference", "amount")

    title = django_tables2.Column(verbose_name=_("Works"))
    client = django_tables2.Column(verbose_name=_("Client"))
    declared_number = django_tables2.Column(
        verbose_name=_("Declaration number"), attrs={"td": {"class": "number"}}
    )
    technical_reference = django_tables2.Column(
        verbose_name=_("Technical reference"), attrs={"td": {"class": "number"}}
    )
    state = django_tables2.Column(verbose_name=_("State"), empty_values=())
    workplace_count = django_tables2.Column(verbose_name=_("Workplaces"), attrs=NUMBER)
    period = django_tables2.Column(verbose_name=_("Period"), accessor="starts_on")
    amount = django_tables2.Column(verbose_name=_("Amount excluding VAT"), attrs=NUMBER)
    chain_size = django_tables2.Column(verbose_name=_("Subcontractors"), attrs=NUMBER)
    role = django_tables2.Column(verbose_name=_("Our role"), empty_values=())

    def render_title(self, record: Declaration) -> SafeString:
        return row_link("declarations:detail", record.pk, record.title)

    def render_declared_number(self, value: str) -> str:
        return format_declaration_number(value)

    def render_state(self, record: Declaration) -> SafeString:
        return state_badge(record, brussels_day(timezone.now()))

    def render_period(self, record: Declaration) -> SafeString | str:
        """`01/12/2026 – 30/11/2027`; in a narrow column it breaks between the days, never inside one."""
        first = day_label(record.starts_on)
        if record.ends_on is None:
            return gettext("from %(day)s") % {"day": first}
        day = '<span class="nowrap">{}</span>'
        return format_html(f"{day} – {day}", first, day_label(record.ends_on))

    def value_state(self, record: Declaration) -> object:
        return record.state_on(brussels_day(timezone.now())).label

    def value_workplace_count(self, record: Any) -> object:
        return record.workplace_count

    def value_chain_size(self, record: Any) -> object:
        return record.chain_size

    def render_amount(self, record: Any) -> str:
        """The price is between the declarer and its client: its subcontractors are not told."""
        return localize(record.amount_now) if self._is_ours(record) else ""

    def value_amount(self, record: Any) -> object:
        return record.amount_now if self._is_ours(record) else ""

    def render_role(self, record: Any) -> str:
        if self._is_ours(record):
            return gettext("Declarer")
        return gettext("Subcontractor of %(company)s") % {"company": record.above_name}

    def _is_ours(self, record: Declaration) -> bool:
        return bool(record.company_id == self.request.company.pk)


class WorkplaceTable(PortalTable):
    """Rows of `querysets.workplaces_listed_for(company)`."""

    list_name = "workplaces"
    sorts: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("name",),
        "municipality": ("municipality", "name"),
    }
    order = "name"
    optional = ("coordinates",)

    name = django_tables2.Column(verbose_name=_("Workplace"))
    address = django_tables2.Column(verbose_name=_("Address"), accessor="street", empty_values=())
    municipality = django_tables2.Column(verbose_name=_("Municipality"))
    client = django_tables2.Column(verbose_name=_("Client"))
    declaration_count = django_tables2.Column(verbose_name=_("Declarations"), attrs=NUMBER)
    point_count = django_tables2.Column(verbose_name=_("Codes"), attrs=NUMBER)
    coordinates = django_tables2.Column(verbose_name=_("Coordinates"), accessor="latitude")

    def render_name(self, record: Workplace) -> SafeString:
        return row_link("declarations:workplace-detail", record.pk, record.name)

    def render_address(self, record: Workplace) -> str:
        return record.address

    def value_declaration_count(self, record: Any) -> object:
        return record.declaration_count

    def value_point_count(self, record: Any) -> object:
        return record.point_count

    def render_coordinates(self, record: Workplace) -> str:
        return f"{record.latitude}, {record.longitude}"


class CompanyTable(PortalTable):
    """Rows of `querysets.companies_listed_for(company)`."""

    list_name = "companies"
    sorts: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("shown_name",)}
    order = "name"

    name = django_tables2.Column(verbose_name=_("Company"), accessor="shown_name")
    number = django_tables2.Column(verbose_name=_("Enterprise number"), attrs={"td": {"class": "number"}})
    declaration_count = django_tables2.Column(verbose_name=_("Declarations below us"), attrs=NUMBER)
    email = django_tables2.Column(verbose_name=_("E-mail address"), accessor="shown_email")
    phone = django_tables2.Column(verbose_name=_("Telephone"), accessor="shown_phone")

    def render_name(self, record: Any) -> SafeString:
        return row_link("declarations:company-detail", record.pk, record.shown_name)

    def value_declaration_count(self, record: Any) -> object:
        return record.declaration_count

    def render_email(self, value: str) -> SafeString:
        return format_html('<a href="mailto:{}">{}</a>', value, value)


def state_badge(declaration: Declaration, today: date) -> SafeString:
    """The state in a cell; a missing number gets louder as the first shift comes near."""
    state, signal = declaration.state_on(today), state_signal(declaration, today)
    if state is not DeclarationState.DRAFT or signal == SIGNALS[state]:
        return _badge(signal, str(state.label))
    words = gettext("first shift %(day)s") % {"day": day_label(declaration.starts_on)}
    return format_html('{}<span class="cell-sub">{}</span>', _badge(signal, str(state.label)), words)


def state_signal(declaration: Declaration, today: date) -> str:
    """The colour and sign of a declaration's state on the Brussels day."""
    state = declaration.state_on(today)
    if state is DeclarationState.DRAFT:
        return NUMBER_SIGNALS[number_wanted(declaration.starts_on, today)]
    return SIGNALS[state]


@lru_cache(maxsize=64)
def _badge(signal: str, label: str) -> SafeString:
    return render_to_string("elements/badge.html", {"signal": signal, "label": label})


def period_words(starts_on: date, ends_on: date | None) -> str:
    """`Mon 1 Dec 2026 – Tue 30 Nov 2027`, or `from …` when the end is open."""
    first = date_format(starts_on)
    if ends_on is None:
        return gettext("from %(day)s") % {"day": first}
    return f"{first} – {date_format(ends_on)}"


class AssessmentTable(PortalTable):
    """Kept answers of the scope advisor."""

    list_name = "assessments"
    sorts: ClassVar[dict[str, tuple[str, ...]]] = {"made_at": ("made_at",), "title": ("title",)}
    order = "-made_at"
    jump = "made_at"
    title = django_tables2.Column(
        verbose_name=_("Works"), linkify=("declarations:assessment", {"pk": django_tables2.A("pk")})
    )
    sector = django_tables2.Column(verbose_name=_("Sector"), accessor="inputs")
    duty = django_tables2.Column(verbose_name=_("Answer"))
    since = django_tables2.Column(verbose_name=_("Since"))
    made_at = django_tables2.Column(verbose_name=_("Assessed on"), attrs=NUMBER)

    def render_sector(self, value: dict[str, str]) -> str:
        return str(SECTORS[Sector(value["sector"])])

    def value_sector(self, record: Assessment) -> object:
        return record.inputs["sector"]

    def render_duty(self, value: str) -> SafeString:
        duty = Duty(value)
        signal = "quiet" if duty is Duty.NONE else "info"
        return render_to_string("elements/badge.html", {"signal": signal, "label": SHORT_DUTIES[duty]})

    def value_duty(self, record: Assessment) -> object:
        return record.duty

    def render_since(self, value: date) -> str:
        return day_label(value)

    def render_made_at(self, record: Assessment) -> str:
        return day_label(brussels_day(record.made_at))
