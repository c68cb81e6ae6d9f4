"""The document: what stands on it, and the PDF with the single registrations inside as CSV."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_time, day_label, days_inclusive, moment_label
from ciao_portal.identifiers import format_declaration_number
from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.web.pdf import ARCHIVE, STATIC_SCHEME, Attached, pdf_from
from declarations.models import Declaration
from declarations.querysets import places_of
from registrations.exports.lines import Dialect, parts_of
from registrations.models import Report
from registrations.reports.gathering import Gathered, Worker
from registrations.reports.presence import Line, WorkerLines
from registrations.reports.wording import hours, legend, numbered_remarks, signs, times

SHOWN_PLACES = 8
# What fits under the cover facts of the first page.
FIRST_PAGE_LINES = 6

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Document:
    """The finished PDF and how many lines its table has."""

    content: bytes
    line_count: int


def render(report: Report, gathered: Gathered, *, now: datetime) -> Document:
    """The report as PDF/A-3b, in its own language. `now` is the moment of making. Raises PdfError."""
    with translation.override(report.language):
        html = render_to_string("reports/presence.html", document_context(report, gathered, now=now))
        events = Attached(
            name=f"registrations-{report.first_day}-{report.last_day}.csv",
            description=_("The single registrations of this report"),
            content=b"".join(parts_of(gathered.rows, report.company, Dialect(report.language), now=now)),
        )
    return Document(pdf_from(html, variant=ARCHIVE, attached=[events]), gathered.line_count)


def document_context(report: Report, gathered: Gathered, *, now: datetime) -> dict[str, Any]:
    """What `reports/presence.html` shows, in the active language."""
    lines = [line for one in gathered.workers for line in one.lines]
    remark_numbers = numbered_remarks(lines)
    return {
        "stylesheet": f"{STATIC_SCHEME}css/report.css",
        "report": report,
        "period": f"{day_label(report.first_day)} – {day_label(report.last_day)}",
        "facts": _facts(report, gathered, now=now),
        "legend": legend(lines, remark_numbers),
        "groups": [_group(one, remark_numbers) for one in gathered.workers],
        "total": hours(gathered.minutes),
        "line_count": gathered.line_count,
        "is_long": gathered.line_count > FIRST_PAGE_LINES,
        "worker_count": len(gathered.workers),
        "open_lines": gathered.open_lines,
    }


def _facts(report: Report, gathered: Gathered, *, now: datetime) -> tuple[Facts, Facts]:
    """Two columns: what it is about, and what this document is."""
    declaration = about_works(report)
    number = declaration.declared_number
    names = names_of_companies(report.company, {declaration.company})
    everything = _("everybody %(company)s may see on this declaration, all workplaces")
    about = [
        (_("Works"), declaration.title),
        (_("Declaration number"), format_declaration_number(number) if number else _("not known yet")),
        (_("Technical reference"), declaration.technical_reference or _("not known yet")),
        (_("Client"), declaration.client.name),
        (_("Declared by"), f"{names[declaration.company]} ({declaration.company.number})"),
        (_("Workplaces"), _places(declaration)),
        (_("Employers"), ", ".join(gathered.employers) or _("nobody registered")),
    ]
    document = [
        (_("Period"), period_words(report)),
        (_("Made for"), f"{report.company} ({report.company.number})"),
        (_("Included"), everything % {"company": report.company}),
        *facts_of_making(report, now=now),
    ]
    return about, document


def facts_of_making(report: Report, *, now: datetime) -> Facts:
    """What the cover of every document says of itself."""
    asked_by = report.requested_by
    return [
        (_("Made on"), f"{moment_label(now)} ({_zone(now)})"),
        (_("Asked for by"), f"{asked_by.name} ({asked_by.email})" if asked_by.name else asked_by.email),
        (_("Language"), dict(PORTAL_LANGUAGES).get(report.language, report.language)),
        (_("Document"), str(report.pk)),
    ]


def about_works(report: Report) -> Declaration:
    """The declaration of a presence report. Raises ValueError for a report about something else."""
    if report.declaration is None:
        raise ValueError(f"Report {report.pk} is about no declaration")
    return report.declaration


def period_words(report: Report) -> str:
    """`01/11/2026 to 30/11/2026 (30 days)`."""
    count = days_inclusive(report.first_day, report.last_day)
    words = ngettext("%(first)s to %(last)s (%(count)s day)", "%(first)s to %(last)s (%(count)s days)", count)
    return words % {"first": day_label(report.first_day), "last": day_label(report.last_day), "count": count}


def _places(declaration: Declaration) -> str:
    places = [f"{place.workplace.name}, {place.workplace.address}" for place in places_of(declaration)]
    shown = "; ".join(places[:SHOWN_PLACES])
    if (more := len(places) - SHOWN_PLACES) > 0:
        words = ngettext("%(places)s and %(more)s more", "%(places)s and %(more)s more", more)
        return words % {"places": shown, "more": more}
    return shown


def _zone(now: datetime) -> str:
    return f"Europe/Brussels, UTC{brussels_time(now).isoformat()[-6:]}"


def _group(one: WorkerLines[Worker], remark_numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "worker": one.worker,
        "lines": [_row(line, one.worker, remark_numbers) for line in one.lines],
        "days": len(one.lines),
        "total": hours(one.minutes),
        "open_lines": one.open_lines,
    }


def _row(line: Line, worker: Worker, remark_numbers: dict[str, int]) -> dict[str, str]:
    return {
        "day": date_format(line.day, "D d/m"),
        "worker": worker.name,
        "where": " · ".join((worker.employer, *line.workplaces)),
        "times": times(line),
        "breaks": hours(line.break_minutes) if line.break_minutes else "",
        "total": hours(line.minutes),
        "nsso": f"{line.at_nsso}/{line.registrations} {signs(line, remark_numbers)}".rstrip(),
    }
