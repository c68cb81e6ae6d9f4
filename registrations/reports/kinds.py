"""The kinds of reports: what each is called, how its file is named, and who makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registrations.corrections.bundles import gather as gather_correction
from registrations.corrections.bundles import render as render_correction
from registrations.dossiers.gathering import gather as gather_dossier
from registrations.dossiers.rendering import render as render_dossier
from registrations.gaps.papers import make_days, make_refusal, make_reminders
from registrations.models import Report, ReportKind
from registrations.reports.gathering import gather as gather_presence
from registrations.reports.rendering import Document, about_works
from registrations.reports.rendering import render as render_presence
from registrations.rules.windows import Window

CHAIN_PAPER = "registrations:chain-paper-new"


@dataclass(frozen=True, slots=True)
class KindOfReport:
    """`make` runs inside the company's scope, with the moment of making; `ask_again` is a URL name."""

    title: Promise
    file_name: str
    ask_again: str
    make: Callable[[Report, datetime], Document]


def _presence(report: Report, now: datetime) -> Document:
    gathered = gather_presence(
        report.company, about_works(report), report.first_day, report.last_day, now=now
    )
    return render_presence(report, gathered, now=now)


def _outages(report: Report, now: datetime) -> Document:
    gathered = gather_dossier(report.company, Window(report.first_day, report.last_day), now=now)
    return render_dossier(report, gathered, now=now)


def _correction(report: Report, now: datetime) -> Document:
    return render_correction(report, gather_correction(report, now=now), now=now)


KINDS: dict[str, KindOfReport] = {
    ReportKind.PRESENCE: KindOfReport(
        _("Presence report"), "presence-report", "registrations:report-new", _presence
    ),
    ReportKind.OUTAGES: KindOfReport(
        _("Outage dossier"), "outage-dossier", "registrations:dossier-new", _outages
    ),
    ReportKind.CHAIN_DAYS: KindOfReport(_("Chain day by day"), "chain-days", CHAIN_PAPER, make_days),
    ReportKind.REMINDERS: KindOfReport(
        _("Attestation of reminders"), "reminders", CHAIN_PAPER, make_reminders
    ),
    ReportKind.REFUSAL: KindOfReport(_("Refusal file"), "refusal-file", CHAIN_PAPER, make_refusal),
    ReportKind.CORRECTION: KindOfReport(
        _("Request for a correction"), "correction-request", "registrations:correction-list", _correction
    ),
}
