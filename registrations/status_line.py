"""What a company's chain may see of its traffic with the NSSO: one line and two moments.

Nobody's name but the company's, and no figure that tells how many people work.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day, clock_time
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope
from registrations import cells
from registrations.nsso.own_line import access_of, as_line, last_success_of, lines_of
from registrations.rules.status_line import Public, public_line
from registrations.services.outages import open_outage
from registrations.wording import Words


@dataclass(frozen=True, slots=True)
class StatusLine:
    """The line of one company; moments are in words, empty where not known."""

    company: Company
    is_well: bool
    headline: Words
    since: str
    advice: Words
    success: str
    as_of: str


# A headline, and what whoever reads it does.
WORDS: dict[Public, tuple[Words, Words]] = {
    Public.ARRIVES: (
        _("Registrations are being kept and reach the NSSO."),
        _("Nothing to do: go on registering as always."),
    ),
    Public.KEPT: (
        _("Registrations are being kept."),
        _("Nothing to do: go on registering as always."),
    ),
    Public.SILENT: (
        _("Registrations are being kept. The NSSO does not answer."),
        _("Nothing is lost: go on registering as always. They are sent by themselves as soon as it answers."),
    ),
    Public.DELAYED: (
        _("Registrations are being kept and reach the NSSO later."),
        _("Nothing is lost: go on registering as always. They are sent by themselves as soon as possible."),
    ),
}


def status_line_of(company: Company, *, now: datetime) -> StatusLine:
    """At most six queries, however much waits."""
    today = brussels_day(now)
    with company_scope(company):
        access = access_of(company)
        lines = lines_of(access)
        success = last_success_of(company, lines, now=now)
        outage = open_outage(company)
    state, since = public_line(
        [as_line(lines.access), as_line(lines.service)],
        outage_since=outage.started_at if outage else None,
        success_at=success,
        now=now,
    )
    headline, advice = WORDS[state]
    return StatusLine(
        company=company,
        is_well=state in (Public.ARRIVES, Public.KEPT),
        headline=headline,
        since=cells.near_moment(since, today=today) if since else "",
        advice=advice,
        success=cells.near_moment(success, today=today) if success else "",
        as_of=clock_time(now),
    )
