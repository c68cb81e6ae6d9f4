"""The life of a report: asked for, made in the background, kept encrypted, forgotten.

`made_at` tells since when the present state lasts: the start while it is being made, the end once it is done.
Each try writes to a file name of its own, kept with the report before anything is made: two tries never share
a file, and a try that was overtaken throws its own away.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from ciao_portal import audit, files
from ciao_portal.audit import Actor
from ciao_portal.days import days_inclusive
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, User
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView, Declaration
from registrations.dossiers.journeys import expected_registrations
from registrations.exports.services import check_days
from registrations.models import Report, ReportKind, ReportState
from registrations.reports.gathering import expected_lines
from registrations.reports.rendering import Document
from registrations.rules.windows import Window

TASK = "registrations.tasks.make_report"
# Beyond the time after which the worker is stopped, a report that is being made is being made by nobody.
MAKING_LIMIT = timedelta(seconds=settings.Q_CLUSTER["timeout"] + 10)
# So long may the queue leave a report lying before the page offers to ask again.
WAITING_LIMIT = timedelta(minutes=5)
# A hundred days of 60 workers: what the PDF engine lays out within a minute and 800 MB (see decision 13).
MOST_LINES = 4500
# What a dossier reads into memory at once, with every attempt as an attached file.
MOST_REGISTRATIONS = 50_000
# Companies times days of a chain's table: a hundred days of 150 companies.
MOST_CELLS = 15_000


@transaction.atomic
def request_report(
    *,
    company: Company,
    user: User,
    declaration: Declaration,
    first_day: date,
    last_day: date,
    language: str,
    now: datetime,
) -> Report:
    """Ask for a report on a declaration the company may see (the caller looked it up that way).

    Raises DomainError `window.order`, `window.long` or `report.long`.
    """
    check_days(first_day, last_day)
    expected = expected_lines(company, declaration, first_day, last_day)
    if expected > MOST_LINES:
        raise DomainError(
            "report.long",
            _(
                "This report would have about %(expected)s lines; at most %(most)s fit. "
                "Choose a shorter period, or export the registrations as CSV."
            ),
            field="first_day",
            params={"expected": expected, "most": MOST_LINES},
        )
    report = Report(kind=ReportKind.PRESENCE, declaration=declaration)
    return ask_for(report, company, user, Window(first_day, last_day), language, now=now)


@transaction.atomic
def request_dossier(
    *, company: Company, user: User, first_day: date, last_day: date, language: str, now: datetime
) -> Report:
    """Ask for the outage dossier of a period, about all the company may see.

    Raises DomainError `window.order`, `window.long` or `dossier.long`.
    """
    check_days(first_day, last_day)
    period = Window(first_day, last_day)
    expected = expected_registrations(company, period)
    if expected > MOST_REGISTRATIONS:
        raise DomainError(
            "dossier.long",
            _(
                "There are %(expected)s registrations in this period; a dossier holds at most %(most)s. "
                "Choose a shorter period, or fetch the attempts as CSV."
            ),
            field="first_day",
            params={"expected": expected, "most": MOST_REGISTRATIONS},
        )
    return ask_for(Report(kind=ReportKind.OUTAGES), company, user, period, language, now=now)


@transaction.atomic
def request_chain_paper(
    *,
    company: Company,
    user: User,
    kind: str,
    declaration: Declaration,
    subject: Company | None,
    first_day: date,
    last_day: date,
    language: str,
    now: datetime,
) -> Report:
    """Ask for a document about a chain the company sees; `subject` is the subcontractor it is about, if one.

    Raises DomainError `window.order`, `window.long` or `chain.long`.
    """
    check_days(first_day, last_day)
    period = Window(first_day, last_day)
    members = ChainView.objects.filter(declaration=declaration, viewer=company).values("member").distinct()
    cells = members.count() * days_inclusive(first_day, last_day)
    if kind == ReportKind.CHAIN_DAYS and cells > MOST_CELLS:
        raise DomainError(
            "chain.long",
            _(
                "This table would have about %(expected)s cells; at most %(most)s fit. "
                "Choose a shorter period."
            ),
            field="first_day",
            params={"expected": cells, "most": MOST_CELLS},
        )
    report = Report(kind=kind, declaration=declaration, subject=subject)
    return ask_for(report, company, user, period, language, now=now)


def ask_for(
    report: Report, company: Company, user: User, period: Window, language: str, *, now: datetime
) -> Report:
    """Keep what was asked for, say who asked, and queue it. Call inside `atomic`."""
    report.company, report.requested_by, report.requested_at = company, user, now
    report.first_day, report.last_day = period.first, period.last
    report.language = language
    report.expires_at = now + timedelta(days=settings.RETENTION_DAYS["reports"])
    report.save(force_insert=True)
    payload: dict[str, object] = {
        "kind": report.kind,
        "firstDay": period.first.isoformat(),
        "lastDay": period.last.isoformat(),
    }
    if report.declaration_id:
        payload["declaration"] = str(report.declaration_id)
    if report.subject_id:
        payload["subject"] = str(report.subject_id)
    if report.correction_id:
        payload |= {"correction": str(report.correction_id), "fullNumbers": report.has_full_numbers}
    audit.record("report.requested", report, actor=Actor(company, user), now=now, payload=payload)
    _queue(report)
    return report


@transaction.atomic
def retry_report(report: Report, *, now: datetime) -> None:
    """Queue it once more. Raises DomainError `report.underWay` when it is ready or being made."""
    if not is_stuck(report, now=now):
        raise DomainError("report.underWay", _("This report is ready, or being made already."))
    _row(report.pk).filter(state=ReportState.FAILED).update(state=ReportState.WAITING, made_at=None)
    _queue(report)


def is_stuck(report: Report, *, now: datetime) -> bool:
    """True when nobody makes it any more: it failed, its maker was killed, or the queue lost it."""
    if report.state == ReportState.WAITING:
        return report.requested_at <= now - WAITING_LIMIT
    if report.state == ReportState.MAKING:
        return report.made_at is None or report.made_at <= now - MAKING_LIMIT
    return report.state == ReportState.FAILED


def claim(report_id: UUID, *, now: datetime) -> Report | None:
    """Take a waiting report, or one whose maker was killed; None when there is nothing to do."""
    rows = _row(report_id)
    abandoned = Q(state=ReportState.MAKING, made_at__lte=now - MAKING_LIMIT)
    free = rows.filter(Q(state=ReportState.WAITING) | abandoned)
    left_behind = free.values_list("file_name", flat=True).first()
    name = files.new_name()
    if not free.update(state=ReportState.MAKING, made_at=now, file_name=name):
        return None
    if left_behind:
        files.delete(left_behind)
    found = rows.select_related(
        "company",
        "requested_by",
        "declaration__company",
        "declaration__client",
        "correction__owner",
        "correction__employer",
        "subject",
    )
    return found.filter(file_name=name).first()


def finish(report: Report, document: Document, *, now: datetime) -> bool:
    """Keep the PDF and show it as ready; False when another try overtook this one."""
    files.keep(report.file_name, document.content)
    done = _ours(report).update(
        state=ReportState.READY,
        made_at=now,
        size=len(document.content),
        sha256=sha256(document.content).hexdigest(),
        line_count=document.line_count,
    )
    if not done:
        files.delete(report.file_name)
    return bool(done)


def give_up(report: Report, *, now: datetime) -> None:
    """Show that it could not be made."""
    _ours(report).update(state=ReportState.FAILED, made_at=now)
    # Its name stays with the report: what cannot be deleted now goes with the next try, or with the report.
    with suppress(OSError):
        files.delete(report.file_name)


@transaction.atomic
def open_report(report: Report, *, actor: Actor, now: datetime) -> bytes:
    """The PDF; who opened it is recorded. Raises FileNotFoundError when it is not there (any more)."""
    if report.state != ReportState.READY or report.expires_at <= now:
        raise FileNotFoundError(str(report.pk))
    content = files.read(report.file_name)
    payload = {"fullNumbers": True} if report.has_full_numbers else {}
    audit.record("report.opened", report, actor=actor, now=now, payload=payload)
    return content


def forget(report: Report) -> None:
    """Delete the file, then the row: killed in between, the next purge does the rest."""
    if report.file_name:
        files.delete(report.file_name)
    report.delete()


def _queue(report: Report) -> None:
    # Once the row is there for the worker to find; ids only, nothing else travels through the queue.
    transaction.on_commit(lambda: async_task(TASK, str(report.pk)))


def _ours(report: Report) -> "QuerySet[Report]":
    """The report as long as this try is the one that makes it."""
    return _row(report.pk).filter(state=ReportState.MAKING, file_name=report.file_name)


def _row(report_id: UUID) -> "QuerySet[Report]":
    with unscoped(reason="one report, by an id the worker was handed or the company's own list gave"):
        return Report.objects.filter(pk=report_id)
