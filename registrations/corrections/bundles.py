"""What people take to the NSSO: the request, the facts of each registration with our proof, the evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from ciao_portal import files
from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day, day_label, moment_label
from ciao_portal.identifiers import format_ssin
from ciao_portal.models import Company, User
from ciao_portal.web.pdf import ARCHIVE, STATIC_SCHEME, Attached, pdf_from
from registrations.corrections.acts import Act
from registrations.corrections.querysets import evidence_of
from registrations.corrections.wording import used_words, value_words
from registrations.dossiers.rendering import NOTHING, Table
from registrations.journey import attempt_words
from registrations.models import Attempt, Correction, CorrectionEvidence, Report, ReportKind, Statement
from registrations.naming import PeopleNames, masked_number
from registrations.reports.rendering import Document, Facts, facts_of_making
from registrations.reports.services import ask_for
from registrations.rules.windows import Window
from registrations.services.corrections import acts_of
from registrations.views.shown import statement_rows
from registrations.wording import kind_badge


@transaction.atomic
def request_bundle(
    *, correction: Correction, user: User, company: Company, has_full_numbers: bool, now: datetime
) -> Report:
    """Have the document made, in the language of the request; it expires like every report.

    `has_full_numbers`: with the national numbers of the company's own people (the caller checked that the
    person may see them); recorded now and at each opening.
    """
    days = [act.day for act in acts_of(correction)]
    report = Report(kind=ReportKind.CORRECTION, correction=correction, has_full_numbers=has_full_numbers)
    return ask_for(report, company, user, Window(min(days), max(days)), correction.language, now=now)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything the document says; read inside the company's scope."""

    correction: Correction
    acts: Sequence[Act]
    people: PeopleNames
    firms: dict[Company, str]
    attempts: Sequence[Attempt]
    evidence: Sequence[CorrectionEvidence]
    statements: Sequence[Statement]


def gather(report: Report, *, now: datetime) -> Gathered:
    """The facts of the request as they are now. Raises ValueError for a report about something else."""
    correction = report.correction
    if correction is None:
        raise ValueError(f"Report {report.pk} is about no correction")
    acts = acts_of(correction)
    ours = [act.registration.pk for act in acts if act.registration]
    attempts = Attempt.objects.filter(submission__registration__in=ours).select_related("submission")
    said = Statement.objects.filter(registration__in=ours).select_related(
        "registration", "employer", "workplace"
    )
    people = PeopleNames.of((act.person for act in acts), company=report.company, day=brussels_day(now))
    firms = names_of_companies(report.company, {act.employer for act in acts} | {correction.owner})
    evidence = list(evidence_of(correction, viewer=report.company))
    return Gathered(correction, acts, people, firms, list(attempts), evidence, list(said))


def render(report: Report, gathered: Gathered, *, now: datetime) -> Document:
    """The document as PDF/A-3b with the evidence inside, in the language of the request.

    Raises PdfError, and FileNotFoundError when a kept file is missing.
    """
    with translation.override(report.language):
        html = render_to_string("reports/correction.html", document_context(report, gathered, now=now))
        attached = [
            Attached(_file_name(number, one), str(one.get_kind_display()), files.read(one.paper.file_name))
            for number, one in enumerate(gathered.evidence, start=1)
        ]
    return Document(pdf_from(html, variant=ARCHIVE, attached=attached), len(gathered.acts))


def _file_name(number: int, evidence: CorrectionEvidence) -> str:
    """As the list in the document calls it."""
    return f"{number}-{evidence.paper.title}"


def document_context(report: Report, gathered: Gathered, *, now: datetime) -> dict[str, Any]:
    """What `reports/correction.html` shows, in the active language."""
    tables = (
        _registrations(gathered, has_full_numbers=report.has_full_numbers),
        _attempts(gathered),
        _statements(gathered, report.company),
        _papers(gathered),
    )
    return {
        "stylesheet": f"{STATIC_SCHEME}css/report.css",
        "report": report,
        "correction": gathered.correction,
        "facts": _facts(report, gathered, now=now),
        "tables": [table for table in tables if table.rows],
        "has_masked": any(not _is_full(act, gathered, report.has_full_numbers) for act in gathered.acts),
    }


def _facts(report: Report, gathered: Gathered, *, now: datetime) -> tuple[Facts, Facts]:
    correction, company = gathered.correction, report.company
    employer = correction.employer
    contact = ", ".join(filter(None, (company.contact_email, company.contact_phone)))
    about = [
        (_("Addressed to"), _("National Social Security Office (NSSO)")),
        (_("Sender"), f"{company} ({company.number})"),
        (_("Contact"), contact or NOTHING),
        (_("Registered for"), f"{gathered.firms.get(employer, employer)} ({employer.number})"),
        (_("Error"), str(correction.get_error_display())),
        (
            _("Number that was sent"),
            used_words(correction.error, [line.used for line in correction.lines.all()]),
        ),
        (_("Right number"), value_words(correction.error, correction.right_value) or NOTHING),
        (_("Last day"), day_label(correction.last_day)),
    ]
    return about, [*facts_of_making(report, now=now), *_sent(correction)]


def _sent(correction: Correction) -> Facts:
    if correction.sent_on is None:
        return []
    parts = (day_label(correction.sent_on), correction.sent_by, correction.sent_reference)
    return [(_("Sent"), " · ".join(filter(None, parts)))]


def _registrations(gathered: Gathered, *, has_full_numbers: bool) -> Table:
    heads = [
        _("Number at the NSSO"),
        _("Worker"),
        _("National number"),
        _("What"),
        _("Registered"),
        _("Received here"),
        _("Workplace"),
    ]
    rows = [_registration(act, gathered, has_full_numbers) for act in gathered.acts]
    return Table("corrected", _("The registrations"), heads, rows, is_long=False)


def _registration(act: Act, gathered: Gathered, has_full_numbers: bool) -> list[str]:
    ssin = act.person.ssin
    number = (
        format_ssin(ssin) if ssin and _is_full(act, gathered, has_full_numbers) else masked_number(act.person)
    )
    return [
        str(act.nsso_id or NOTHING),
        gathered.people[act.person] if gathered.people.has(act.person) else NOTHING,
        number,
        str(kind_badge(act.kind).words),
        moment_label(act.at),
        moment_label(act.registration.received_at) if act.registration else _("registered elsewhere"),
        act.workplace.name if act.workplace else NOTHING,
    ]


def _is_full(act: Act, gathered: Gathered, has_full_numbers: bool) -> bool:
    """Only of the company's own people, and only when asked for."""
    return has_full_numbers and gathered.people.has(act.person)


def _attempts(gathered: Gathered) -> Table:
    heads = [
        _("Number at the NSSO"),
        _("Time"),
        _("What was tried, and the answer"),
        _("HTTP"),
        _("Trace ids: ours, the NSSO's"),
    ]
    title = _("How they reached the NSSO")
    return Table("tries", title, heads, list(_tries(gathered.attempts)), is_long=False)


def _tries(attempts: Iterable[Attempt]) -> Iterable[list[str]]:
    for one in attempts:
        yield [
            str(one.submission.nsso_id or NOTHING),
            moment_label(one.started_at),
            attempt_words(one.operation, one.outcome),
            str(one.http_status or NOTHING),
            f"{one.trace_id or NOTHING}\n{one.related_trace_id or NOTHING}",
        ]


def _papers(gathered: Gathered) -> Table:
    heads = [_("File in this document"), _("What it is"), _("Added"), _("Checksum (SHA-256)")]
    rows = [
        [
            _file_name(number, one),
            str(one.get_kind_display()),
            moment_label(one.paper.added_at),
            f"{one.paper.sha256[:32]}\n{one.paper.sha256[32:]}",
        ]
        for number, one in enumerate(gathered.evidence, start=1)
    ]
    return Table("papers", _("Supporting documents"), heads, rows, is_long=False)


def _statements(gathered: Gathered, company: Company) -> Table:
    number = {act.registration.pk: act.nsso_id for act in gathered.acts if act.registration}
    heads = [_("Number at the NSSO"), _("Statement of the worker"), _("Said")]
    rows = [
        [
            str(number.get(row.registration) or NOTHING),
            ": ".join(filter(None, (str(row.kind), row.words))),
            row.said,
        ]
        for row in statement_rows(gathered.statements, company=company)
    ]
    return Table("said", _("What the workers stated afterwards"), heads, rows, is_long=False)
