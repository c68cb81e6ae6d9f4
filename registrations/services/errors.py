"""Errors that workers report on their own phone, and the office's answers. No registration ever changes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day, day_label
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.people import lock_person
from ciao_portal.tenancy import unscoped
from registrations.models import Device, ErrorKind, ErrorReport, Registration
from registrations.models.errors import LONGEST_ANSWER, LONGEST_TEXT
from registrations.rules.deadlines import days_left, last_day


@dataclass(frozen=True, slots=True)
class ErrorFacts:
    """What is wrong. Without a registration one was forgotten on `day` (Brussels) with `company`."""

    kind: ErrorKind
    day: date
    company: Company
    registration: Registration | None = None
    text: str = ""


@transaction.atomic
def report_error(*, device: Device, facts: ErrorFacts, now: datetime) -> ErrorReport:
    """Keep a worker's word that something is wrong, for the employer to answer.

    Raises DomainError `report.late` beyond the 30 days in which the NSSO can be asked, `report.early` for a
    day to come, `report.which` for a kind that needs a registration, and `report.again` for the same word.
    """
    last, today = last_day(facts.day), brussels_day(now)
    if days_left(last, today) < 0:
        words = _("The 30 days to report this ended on %(day)s. Speak with your employer.")
        raise DomainError("report.late", words, params={"day": day_label(last)})
    if facts.day > today:
        raise DomainError("report.early", _("This day is still to come."))
    if facts.registration is None and facts.kind != ErrorKind.FORGOTTEN:
        raise DomainError("report.which", _("Choose from the list."))
    # Pressed twice, or on two phones: one after the other.
    lock_person(device.person_id)
    with unscoped(reason="a person's own reports to the employer at hand"):
        same = ErrorReport.objects.filter(
            person=device.person,
            company=facts.company,
            registration=facts.registration,
            day=facts.day,
            kind=facts.kind,
            answered_at__isnull=True,
        )
        if same.exists():
            raise DomainError("report.again", _("You reported this already. Your employer answers here."))
        report = ErrorReport.objects.create(
            person=device.person,
            company=facts.company,
            registration=facts.registration,
            device=device,
            day=facts.day,
            last_day=last,
            kind=facts.kind,
            text=facts.text.strip()[:LONGEST_TEXT],
            reported_at=now,
        )
    payload = {"kind": str(facts.kind)}
    audit.record("error.reported", report, actor=Actor(facts.company), now=now, payload=payload)
    return report


@transaction.atomic
def answer_error(*, report: ErrorReport, answer: str, actor: Actor, now: datetime) -> None:
    """Answer the worker, once; the worker reads it on the own phone.

    Raises DomainError `answer.empty`, or `answer.given` when a colleague was faster.
    """
    words = answer.strip()[:LONGEST_ANSWER]
    if not words:
        raise DomainError("answer.empty", _("Write what was done about it."), field="answer")
    open_one = ErrorReport.objects.filter(pk=report.pk, answered_at__isnull=True)
    if not open_one.update(answer=words, answered_at=now, answered_by=actor.user):
        raise DomainError("answer.given", _("A colleague has answered this meanwhile."), field="answer")
    audit.record("error.answered", report, actor=actor, now=now)
