"""Reminding another company of remarks on its registrations, with proof of what was sent.

The reminder is kept first, then sent, then joined to its proof: one that was interrupted still stands there,
as being sent.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day, day_bounds
from ciao_portal.errors import DomainError
from ciao_portal.letters import send_with_proof
from ciao_portal.models import Company
from registrations.models import Remark, RemarkReminder
from registrations.shown_letters import ShownLetter, check


def employer_to_remind(remarks: Sequence[Remark], *, company: Company) -> Company:
    """The one other company these remarks are about, with `employer` fetched.

    Raises DomainError `reminder.none`, `reminder.companies` or `reminder.own`.
    """
    if not remarks:
        raise DomainError("reminder.none", _("Tick the open remarks you want to write about."))
    employers = {row.employer for row in remarks}
    if len(employers) > 1:
        words = _("A letter goes to one company. Tick the remarks of one company at a time.")
        raise DomainError("reminder.companies", words)
    employer = employers.pop()
    if employer == company:
        words = _("These remarks are about your own registrations. Only another company can be reminded.")
        raise DomainError("reminder.own", words)
    return employer


def remind_of_remarks(
    *,
    company: Company,
    remarks: Sequence[Remark],
    letter: ShownLetter,
    is_again: bool,
    actor: Actor,
    now: datetime,
) -> RemarkReminder:
    """Keep the reminder, send its letter and note what became of it.

    Remarks the company may see, open, with `employer` fetched. Call it outside a transaction, inside the
    company's scope.

    Raises DomainError `reminder.today` (one about one of these went out on this Brussels day, and `is_again`
    is false), and the codes of `employer_to_remind` and `registrations.shown_letters.check`.
    A mail server that does not take it is an outcome, no error.
    """
    subject = employer_to_remind(remarks, company=company)
    check(letter, now=now)
    reminder = _keep(company, subject, remarks, is_again=is_again, actor=actor, now=now)
    reminder.letter = send_with_proof(
        letter.template,
        to=letter.to,
        company=company,
        language=letter.language,
        context=letter.context,
        recipient=subject,
        actor=actor,
        now=now,
    )
    reminder.save(update_fields=["letter"])
    return reminder


@transaction.atomic
def _keep(
    company: Company,
    subject: Company,
    remarks: Sequence[Remark],
    *,
    is_again: bool,
    actor: Actor,
    now: datetime,
) -> RemarkReminder:
    # Two people at once: the second one sees the reminder of the first.
    Company.objects.select_for_update().get(pk=company.pk)
    if not is_again and was_reminded_today([row.pk for row in remarks], now=now):
        raise DomainError(
            "reminder.today",
            _("You reminded this company of one of these today. Tick the box to send one more."),
            field="is_again",
        )
    reminder = RemarkReminder.objects.create(
        company=company, subject=subject, sent_by=actor.user, created_at=now
    )
    reminder.remarks.set(remarks)
    payload = {"subject": str(subject.pk), "remarks": len(remarks)}
    audit.record("remark.reminded", reminder, actor=actor, now=now, payload=payload)
    return reminder


def was_reminded_today(remarks: Iterable[UUID], *, now: datetime) -> bool:
    """Whether the company whose scope this is wrote about one of these (keys) on the Brussels day.

    A letter that the mail server did not take does not count.
    """
    start, end = day_bounds(brussels_day(now))
    rows = RemarkReminder.objects.filter(remarks__in=list(remarks), created_at__gte=start, created_at__lt=end)
    return rows.exclude(letter__is_taken=False).exists()
