"""Papers about a chain as PDF: its days as a table, the attestation of reminders, the refusal file."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from ciao_portal.companies import names_of_companies
from ciao_portal.days import day_label
from ciao_portal.identifiers import format_declaration_number
from ciao_portal.models import Company
from ciao_portal.web.pdf import ARCHIVE, STATIC_SCHEME, pdf_from
from declarations.models.declarations import Regime
from registrations.gaps.days import DaysTable, table_of
from registrations.gaps.gathering import Watched, watch
from registrations.gaps.reminded import reminders_told, sent_days
from registrations.gaps.wording import BADGES, letter_line, why_words
from registrations.models import Report
from registrations.reports.rendering import Document, Facts, about_works, facts_of_making, period_words
from registrations.rules.gaps import Gap
from registrations.rules.windows import Window, split

# Days side by side on a wide page.
DAYS_ACROSS = 34
STYLESHEETS = (f"{STATIC_SCHEME}css/report.css", f"{STATIC_SCHEME}css/chain-report.css")


@dataclass(frozen=True, slots=True)
class DaysBlock:
    """As many days as fit across a page; `span` are the columns before the sums."""

    period: str
    table: DaysTable
    span: int


def make_days(report: Report, now: datetime) -> Document:
    """The chain day by day as PDF/A. Raises PdfError."""
    with translation.override(report.language):
        context = days_context(report, now=now)
        return _document(
            "reports/chain_days.html", context, sum(len(one.table.lines) for one in context["blocks"])
        )


def make_reminders(report: Report, now: datetime) -> Document:
    """The attestation of the reminders to one company as PDF/A. Raises PdfError."""
    with translation.override(report.language):
        context = reminders_context(report, now=now)
        return _document("reports/reminders.html", context, len(context["reminders"]))


def make_refusal(report: Report, now: datetime) -> Document:
    """The refusal file about one company as PDF/A. Raises PdfError."""
    with translation.override(report.language):
        context = refusal_context(report, now=now)
        return _document("reports/refusal.html", context, len(context["by_day"]))


def days_context(report: Report, *, now: datetime) -> dict[str, Any]:
    """What `reports/chain_days.html` shows, in the active language."""
    declaration = about_works(report)
    blocks = []
    for part in split(Window(report.first_day, report.last_day), longest=DAYS_ACROSS):
        watched = watch(report.company, part, now=now, declaration=declaration)
        table = table_of(watched, watched.looks[declaration.pk])
        period = f"{day_label(part.first)} – {day_label(part.last)}"
        if table.lines:
            blocks.append(DaysBlock(period, table, len(table.heads) + 1))
    legend = dict.fromkeys(sign for block in blocks for sign in block.table.legend)
    return {
        **_cover(report, str(_("Chain day by day")), declaration.title, now=now),
        "company": report.company,
        "blocks": blocks,
        "legend": list(legend),
        "registrations": sum(block.table.registrations for block in blocks),
        "silent_days": sum(block.table.silent_days for block in blocks),
        "outside_days": sum(block.table.outside_days for block in blocks),
    }


def reminders_context(report: Report, *, now: datetime) -> dict[str, Any]:
    """What `reports/reminders.html` shows, in the active language."""
    subject = _subject(report)
    return {
        **_cover(report, _("Attestation of reminders"), _named(report, subject), now=now),
        "company": report.company,
        "subject": _named(report, subject),
        "reminders": reminders_told(report.company, about_works(report), subject, _period(report)),
    }


def refusal_context(report: Report, *, now: datetime) -> dict[str, Any]:
    """What `reports/refusal.html` shows, in the active language."""
    declaration, subject, period = about_works(report), _subject(report), _period(report)
    watched = watch(report.company, period, now=now, declaration=declaration)
    gaps = [gap for gap in watched.gaps() if subject.pk in (gap.company, gap.addressee)]
    reminders = reminders_told(report.company, declaration, subject, period)
    number = declaration.declared_number
    return {
        **_cover(report, _("Refusal file"), _named(report, subject), now=now),
        "subject": _named(report, subject),
        "subject_number": subject.number,
        "sender": str(report.company),
        "sender_number": report.company.number,
        "works": declaration.title,
        "number": format_declaration_number(number) if number else _("not known yet"),
        "is_cleaning": declaration.regime == Regime.CIAO,
        "figures": _figures(gaps, len(reminders)),
        "gaps": [letter_line(gap, watched.numbered()) for gap in gaps if gap.addressee == subject.pk],
        "sent": ", ".join(sent_days(report.company, declaration, subject, period)),
        "reminders": reminders,
        "by_day": _by_day(watched, gaps),
    }


def _document(template: str, context: dict[str, Any], line_count: int) -> Document:
    return Document(pdf_from(render_to_string(template, context), variant=ARCHIVE), line_count)


def _cover(report: Report, title: str, about: str, *, now: datetime) -> dict[str, Any]:
    declaration = about_works(report)
    number = declaration.declared_number
    names = names_of_companies(report.company, {declaration.company})
    works: Facts = [
        (_("Works"), declaration.title),
        (_("Declaration number"), format_declaration_number(number) if number else _("not known yet")),
        (_("Client"), declaration.client.name),
        (_("Declared by"), f"{names[declaration.company]} ({declaration.company.number})"),
    ]
    if report.subject:
        works.append((_("Company"), f"{_named(report, report.subject)} ({report.subject.number})"))
    document: Facts = [
        (_("Period"), period_words(report)),
        (_("Made for"), f"{report.company} ({report.company.number})"),
        *facts_of_making(report, now=now),
    ]
    return {
        "report": report,
        "title": title,
        "about": about,
        "period": f"{day_label(report.first_day)} – {day_label(report.last_day)}",
        "facts": (works, document),
        "stylesheets": STYLESHEETS,
    }


def _figures(gaps: Sequence[Gap], reminders: int) -> tuple[Facts, Facts]:
    """Days by kind of gap; what has no day counts once."""
    days = Counter[str]()
    for gap in gaps:
        days[str(BADGES[gap.kind].words)] += len(gap.days) or 1
    return [(words, str(count)) for words, count in days.items()], [(_("Reminders"), str(reminders))]


def _by_day(watched: Watched, gaps: Sequence[Gap]) -> list[dict[str, str]]:
    """One row for each day of each gap, those without a day first."""
    rows: list[tuple[date, Gap]] = [(day, gap) for gap in gaps for day in gap.days or (date.min,)]
    rows.sort(key=lambda row: (row[0], row[1].rank))
    return [
        {
            "day": "–" if day == date.min else day_label(day),
            "kind": str(BADGES[gap.kind].words),
            "company": watched.names[gap.company],
            "why": why_words(gap, watched.names),
        }
        for day, gap in rows
    ]


def _subject(report: Report) -> Company:
    """The company an attestation or a refusal file is about. Raises ValueError for a report about none."""
    if report.subject is None:
        raise ValueError(f"Report {report.pk} is about no company")
    return report.subject


def _named(report: Report, subject: Company) -> str:
    return names_of_companies(report.company, {subject})[subject]


def _period(report: Report) -> Window:
    return Window(report.first_day, report.last_day)
