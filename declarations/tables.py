"""The list of declarations."""

from datetime import date
from typing import Any

import django_tables2
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day, day_label
from ciao_portal.identifiers import format_declaration_number
from ciao_portal.web.lists import PortalTable
from declarations.models import Declaration
from declarations.models.declarations import DeclarationState

# The signal of each state: green runs, blue informs, amber waits for somebody.
SIGNALS = {
    DeclarationState.DRAFT: "wait",
    DeclarationState.PLANNED: "info",
    DeclarationState.ACTIVE: "ok",
    DeclarationState.ENDED: "quiet",
}
NUMBER = {"td": {"class": "cell-number"}, "th": {"class": "cell-number"}}


class DeclarationTable(PortalTable):
    """Rows of `querysets.listed_for(company)`."""

    list_name = "declarations"

    title = django_tables2.Column(
        verbose_name=_("Works"), linkify=("declarations:detail", {"pk": django_tables2.A("pk")})
    )
    client = django_tables2.Column(verbose_name=_("Client"))
    declared_number = django_tables2.Column(
        verbose_name=_("Declaration number"), orderable=True, attrs={"td": {"class": "number"}}
    )
    state = django_tables2.Column(verbose_name=_("State"), empty_values=())
    workplace_count = django_tables2.Column(verbose_name=_("Workplaces"), attrs=NUMBER)
    period = django_tables2.Column(verbose_name=_("Period"), empty_values=())
    chain_size = django_tables2.Column(verbose_name=_("Subcontractors"), attrs=NUMBER)
    role = django_tables2.Column(verbose_name=_("Our role"), empty_values=())

    class Meta(PortalTable.Meta):
        orderable = False

    def render_declared_number(self, value: str) -> str:
        return format_declaration_number(value)

    def render_state(self, record: Declaration) -> SafeString:
        return state_badge(record.state_on(brussels_day(timezone.now())))

    def render_period(self, record: Declaration) -> SafeString | str:
        """`01/12/2026 – 30/11/2027`; in a narrow column it breaks between the days, never inside one."""
        first = day_label(record.starts_on)
        if record.ends_on is None:
            return gettext("from %(day)s") % {"day": first}
        day = '<span class="nowrap">{}</span>'
        return format_html(f"{day} – {day}", first, day_label(record.ends_on))

    def render_role(self, record: Any) -> str:
        if record.company_id == self.request.company.pk:
            return gettext("Declarer")
        return gettext("Subcontractor of %(company)s") % {"company": record.above_name}


def state_badge(state: DeclarationState) -> SafeString:
    return render_to_string("elements/badge.html", {"signal": SIGNALS[state], "label": state.label})


def period_words(starts_on: date, ends_on: date | None) -> str:
    """`Mon 1 Dec 2026 – Tue 30 Nov 2027`, or `from …` when the end is open."""
    first = date_format(starts_on)
    if ends_on is None:
        return gettext("from %(day)s") % {"day": first}
    return f"{first} – {date_format(ends_on)}"
