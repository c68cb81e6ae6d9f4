"""The outage dossier as a document: what stands on it, and the PDF with both lists inside as CSV."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciao_portal.days import brussels_time, clock_time, day_label, moment_label
from ciao_portal.web.csv import Row, csv_lines
from ciao_portal.web.pdf import ARCHIVE, STATIC_SCHEME, Attached, pdf_from
from registrations.dossiers.gathering import Call, Gathered, calls_by_hour
from registrations.dossiers.lines import attempt_rows, wait_rows
from registrations.dossiers.naming import Naming
from registrations.dossiers.waiting import Waited
from registrations.journey import attempt_words, length_words
from registrations.models import Outage, Report
from registrations.outage_words import note_words, reason_words
from registrations.reports.rendering import Document, Facts, facts_of_making, period_words
from registrations.rules.waits import HourOfAttempts, HourOfWaits, waits_by_hour
from registrations.wording import kind_badge

# Lines of each of the two tables in print; beyond, a table tells by hour and the single ones are in the
# attached file. The PDF engine takes about 0.02 s of a core for a line.
MOST_PRINTED = 500
# Outages of each origin in print; more are a line that flapped, and stand in the list of the portal.
MOST_OUTAGES = 30
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """A table in print: its title, heads, rows of plain text, and what stands under it.

    A long one begins on a page of its own.
    """

    name: str
    title: str
    heads: list[str]
    rows: list[list[str]]
    # Columns of figures, counted from 0.
    figures: tuple[int, ...] = ()
    total: str = ""
    is_long: bool = True


def render(report: Report, gathered: Gathered, *, now: datetime) -> Document:
    """The dossier as PDF/A-3b, in its own language. `now` is the moment of making. Raises PdfError."""
    days = f"{report.first_day}-{report.last_day}"
    with translation.override(report.language):
        html = render_to_string("reports/outages.html", document_context(report, gathered, now=now))
        attached = [
            _attached(
                f"attempts-{days}.csv",
                _("Every attempt of the period"),
                attempt_rows(gathered.journeys, gathered.naming),
            ),
            _attached(
                f"waits-{days}.csv",
                _("The registrations that waited"),
                wait_rows(gathered.waits, gathered.naming, now=now),
            ),
        ]
    return Document(pdf_from(html, variant=ARCHIVE, attached=attached), gathered.attempts)


def document_context(report: Report, gathered: Gathered, *, now: datetime) -> dict[str, Any]:
    """What `reports/outages.html` shows, in the active language."""
    return {
        "stylesheet": f"{STATIC_SCHEME}css/report.css",
        "report": report,
        "period": f"{day_label(report.first_day)} – {day_label(report.last_day)}",
        "facts": _facts(report, now=now),
        "figures": _figures(gathered),
        "outages": (
            _outages(_("Found by the portal"), gathered.found),
            _outages(_("Declared by the company"), gathered.declared),
        ),
        "tables": [_waits(gathered, now=now), _calls(gathered)],
    }


def _attached(name: str, description: str, rows: Iterable[Row]) -> Attached:
    return Attached(name, description, b"".join(csv_lines(rows)))


def _facts(report: Report, *, now: datetime) -> tuple[Facts, Facts]:
    company = report.company
    about = [
        (_("Company"), str(company)),
        (_("Enterprise number"), company.number),
        (_("Period"), period_words(report)),
        (_("Time zone"), _("Europe/Brussels; with the offset from UTC in the hour that comes twice")),
        (_("Included"), _("every registration the company may see: its own and those down its chains")),
    ]
    return about, facts_of_making(report, now=now)


def _figures(gathered: Gathered) -> tuple[Facts, Facts]:
    """The dossier in short; each figure is the sum of what stands below."""
    tally = gathered.tally
    waits = [
        (_("Registrations that waited"), str(tally.count)),
        (_("Of these got through"), str(tally.got_through)),
        (_("Of these refused by the NSSO"), str(tally.refused)),
        (_("Of these still waiting"), str(tally.still_waiting)),
    ]
    last = tally.last_through_at
    traffic = [
        (_("Longest wait"), length_words(tally.longest) if tally.count else NOTHING),
        (_("Last one got through"), moment_label(last) if last else NOTHING),
        (_("Attempts for registrations"), str(gathered.attempts)),
        (_("Calls to the NSSO"), str(len({call.first.trace_id for call in gathered.calls}))),
    ]
    return waits, traffic


def _outages(title: str, outages: list[Outage]) -> dict[str, Any]:
    more = len(outages) - MOST_OUTAGES
    words = ngettext(
        "and %(count)s more, in the portal's list", "and %(count)s more, in the portal's list", max(more, 1)
    )
    return {
        "title": title,
        "rows": [_outage(one) for one in outages[:MOST_OUTAGES]],
        "more": words % {"count": more} if more > 0 else "",
    }


def _outage(outage: Outage) -> dict[str, str]:
    end = moment_label(outage.ended_at) if outage.ended_at else _("goes on")
    texts = [reason_words(outage), outage.note, *(note_words(note) for note in outage.notes.all())]
    by = _("declared by %(person)s on %(moment)s") if outage.declared_by else _("recorded on %(moment)s")
    return {
        "when": f"{moment_label(outage.started_at)} – {end}",
        "what": " · ".join(text for text in texts if text),
        "who": by % {"person": outage.declared_by, "moment": moment_label(outage.recorded_at)},
    }


def _waits(gathered: Gathered, *, now: datetime) -> Table:
    title = _("Registrations that waited")
    total = _("In all: %(count)s") % {"count": gathered.tally.count}
    if len(gathered.waits) > MOST_PRINTED:
        hours = waits_by_hour((one.wait for one in gathered.waits), now=now)
        heads = [
            _("Hour"),
            _("Began to wait"),
            _("Got through"),
            _("Refused"),
            _("Still waiting"),
            _("Longest"),
        ]
        return Table("hours", title, heads, [_hour_of_waits(hour) for hour in hours], (1, 2, 3, 4, 5), total)
    heads = [
        _("Received"),
        _("Registration"),
        _("Workplace · employer"),
        _("First attempt"),
        _("Attempts"),
        _("Got through"),
        _("NSSO number"),
        _("Delay"),
    ]
    rows = [_wait(one, gathered.naming, now=now) for one in gathered.waits]
    return Table("waits", title, heads, rows, (4, 7), total)


def _wait(one: Waited, naming: Naming, *, now: datetime) -> list[str]:
    journey, wait = one
    answered = _short(wait.answered_at) if wait.answered_at else _("still waits")
    worker = naming.worker(journey)
    place = (naming.places.get(journey.workplace, ""), naming.firms.get(journey.employer, ""))
    return [
        _short(journey.received_at),
        " · ".join(filter(None, (str(kind_badge(journey.kind).words), worker.name, worker.payroll_number))),
        " · ".join(filter(None, place)),
        _short(journey.tries[0].started_at) if journey.tries else NOTHING,
        str(len(journey.tries)),
        answered if wait.got_through or wait.answered_at is None else f"{_('refused')} {answered}",
        str(journey.nsso_id or NOTHING),
        length_words(wait.length(now=now)),
    ]


def _hour_of_waits(hour: HourOfWaits) -> list[str]:
    tally = hour.tally
    figures = (tally.count, tally.got_through, tally.refused, tally.still_waiting)
    return [moment_label(hour.start), *map(str, figures), length_words(tally.longest)]


def _calls(gathered: Gathered) -> Table:
    title = _("Attempts to bring registrations to the NSSO")
    total = _("In all: %(count)s") % {"count": gathered.attempts}
    if len(gathered.calls) > MOST_PRINTED:
        heads = [_("Hour"), _("Attempts"), _("What was tried, and the answer")]
        hours = calls_by_hour(gathered.calls)
        return Table("outcomes", title, heads, [_hour_of_attempts(hour) for hour in hours], (1,), total)
    heads = [
        _("Time"),
        _("What was tried, and the answer"),
        _("HTTP"),
        _("Trace ids: ours, the NSSO's"),
        _("ms"),
        _("Contract"),
        _("Items"),
    ]
    return Table("calls", title, heads, [_call(call) for call in gathered.calls], (2, 4, 6), total)


def _call(call: Call) -> list[str]:
    one = call.first
    return [
        _short(one.started_at, seconds=True),
        attempt_words(one.operation, one.outcome),
        str(one.http_status or NOTHING),
        f"{one.trace_id}\n{one.related_trace_id or NOTHING}",
        str(one.duration_ms),
        one.contract_version,
        str(call.registrations),
    ]


def _hour_of_attempts(hour: HourOfAttempts) -> list[str]:
    words = [f"{attempt_words(*key)} ({count})" for key, count in hour.outcomes.most_common()]
    return [moment_label(hour.start), str(hour.count), "; ".join(words)]


def _short(moment: datetime, *, seconds: bool = False) -> str:
    """`23/11 06:02` or `23/11 06:02:13` in Brussels, with the offset where the hour comes twice."""
    local = brussels_time(moment)
    clock = clock_time(moment)
    return f"{local:%d/%m} {clock.replace(f'{local:%H:%M}', f'{local:%H:%M:%S}', 1) if seconds else clock}"
