"""Reminding a subcontractor of what is missing in a chain, with proof of what was sent.

The reminder is kept first, then sent, then joined to its proof: one that was interrupted still stands there,
as being sent.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day, day_bounds
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin
from ciao_portal.letters import send_with_proof
from ciao_portal.models import Company
from declarations.models import Declaration
from registrations.gaps.letters import TEMPLATE, Draft, Letter
from registrations.models import ChainReminder
from registrations.rules.gaps import Gap

# Eleven digits with what people put between them.
LIKE_A_NATIONAL_NUMBER = re.compile(r"\d(?:[ .\-/]{0,2}\d){10}")


class Told(TypedDict):
    """A gap as the reminder keeps it."""

    kind: str
    days: list[str]


def remind(
    *, draft: Draft, gaps: Iterable[Gap], letter: Letter, is_again: bool, actor: Actor, now: datetime
) -> ChainReminder:
    """Keep the reminder, send its letter and note what became of it; call outside a transaction.

    Raises DomainError `reminder.address` (none is known), `reminder.gaps` (about nothing), `reminder.number`
    (a national number stands in it) or `reminder.today` (one about the same went out today, and `is_again` is
    false). A mail server that does not take it is an outcome, no error.
    """
    told = [Told(kind=gap.kind.value, days=[day.isoformat() for day in gap.days]) for gap in gaps]
    if not letter.to:
        raise DomainError("reminder.address", _("Give the company an e-mail address first."))
    if not told:
        raise DomainError("reminder.gaps", _("Choose at least one gap to write about."), field="gaps")
    if names_a_number(letter.words.text, now=now):
        raise DomainError(
            "reminder.number",
            _("A national number may not stand in an e-mail. Take it out of your note."),
            field="note",
        )
    reminder = _keep(draft, told, is_again=is_again, actor=actor, now=now)
    reminder.letter = send_with_proof(
        TEMPLATE,
        to=letter.to,
        company=draft.watched.company,
        language=letter.language,
        context=letter.context,
        recipient=draft.subject,
        actor=actor,
        now=now,
    )
    reminder.save(update_fields=["letter"])
    return reminder


@transaction.atomic
def _keep(draft: Draft, told: list[Told], *, is_again: bool, actor: Actor, now: datetime) -> ChainReminder:
    # Two people at once: the second one sees the reminder of the first.
    company = Company.objects.select_for_update().get(pk=draft.watched.company.pk)
    kinds = {gap["kind"] for gap in told}
    if not is_again and kinds & kinds_reminded_today(company, draft.works, draft.subject, now=now):
        raise DomainError(
            "reminder.today",
            _("You reminded this company of the same today. Tick the box to send one more."),
            field="is_again",
        )
    reminder = ChainReminder.objects.create(
        company=company,
        declaration=draft.works,
        subject=draft.subject,
        gaps=told,
        sent_by=actor.user,
        created_at=now,
    )
    payload = {
        "declaration": str(draft.works.pk),
        "subject": str(draft.subject.pk),
        "kinds": sorted(kinds),
    }
    audit.record("chain.reminded", reminder, actor=actor, now=now, payload=payload)
    return reminder


def kinds_reminded_today(
    company: Company, declaration: Declaration, subject: Company, *, now: datetime
) -> set[str]:
    """Of which kinds of gaps this company was reminded on the Brussels day.

    A letter that the mail server did not take does not count.
    """
    start, end = day_bounds(brussels_day(now))
    rows = ChainReminder.objects.filter(
        company=company,
        declaration=declaration,
        subject=subject,
        created_at__gte=start,
        created_at__lt=end,
    ).exclude(letter__is_taken=False)
    return {kind for row in rows for kind in row.kinds}


def names_a_number(text: str, *, now: datetime) -> bool:
    """Whether somebody's national number stands in the text."""
    for found in LIKE_A_NATIONAL_NUMBER.findall(text):
        try:
            parse_ssin(found, today=brussels_day(now) + timedelta(days=1))
        except DomainError:
            continue
        return True
    return False
