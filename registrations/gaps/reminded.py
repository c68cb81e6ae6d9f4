"""The reminders a company sent, as its pages and papers tell them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day, day_bounds, day_label, moment_label
from ciao_portal.models import Company
from declarations.models import Declaration
from registrations import cells
from registrations.gaps.gathering import Watched
from registrations.gaps.wording import BADGES
from registrations.models import ChainReminder
from registrations.rules.gaps import GapKind
from registrations.rules.windows import Window
from registrations.wording import Badge

SHOWN = 8
TAKEN = Badge(_("Taken by the mail server"), "ok", "check")
NOT_TAKEN = Badge(_("Not taken by the mail server"), "late", "error")
UNDER_WAY = Badge(_("Being sent"), "wait", "clock")


@dataclass(frozen=True, slots=True)
class Shown:
    """One reminder in a short list."""

    url: str
    moment: str
    what: str
    badge: SafeString


@dataclass(frozen=True, slots=True)
class Told:
    """One reminder on paper, with everything that proves it."""

    moment: str
    to: str
    about: str
    outcome: str
    subject: str
    sender: str
    sha256: str
    message_id: str
    language: str
    text: str


def reminders_to_show(
    watched: Watched, *, declaration: Declaration | None, subject: UUID | None
) -> list[Shown]:
    """The latest ones about a declaration, or to a firm."""
    rows = ChainReminder.objects.filter(company=watched.company).select_related("subject", "letter")
    rows = rows.filter(declaration=declaration) if declaration else rows.filter(subject=subject)
    return [
        Shown(
            url=reverse("registrations:reminder", args=[row.pk]),
            moment=cells.moment(row.created_at),
            what=f"{watched.names.get(row.subject_id, str(row.subject))}: {kinds_words(row)}",
            badge=cells.badge(outcome_of(row)),
        )
        for row in rows[:SHOWN]
    ]


def reminders_told(
    company: Company, declaration: Declaration, subject: Company, period: Window
) -> list[Told]:
    """Those of a period of Brussels days in order of time, in the active language."""
    return [_told(row) for row in _of_period(company, declaration, subject, period)]


def sent_days(company: Company, declaration: Declaration, subject: Company, period: Window) -> list[str]:
    """The days on which one was taken by the mail server."""
    rows = _of_period(company, declaration, subject, period).filter(letter__is_taken=True)
    return list(dict.fromkeys(cells.full_day(brussels_day(row.created_at)) for row in rows))


def kinds_words(row: ChainReminder) -> str:
    """What it was about: `Expected but silent, Clause missing`."""
    return ", ".join(str(BADGES[kind].words) for kind in GapKind if kind.value in row.kinds)


def about_words(row: ChainReminder) -> str:
    """The same with the days."""
    return "; ".join(f"{BADGES[GapKind(gap['kind'])].words} {_days(gap['days'])}".strip() for gap in row.gaps)


def _days(days: Iterable[str]) -> str:
    words = ", ".join(day_label(date.fromisoformat(day)) for day in days)
    return f"({words})" if words else ""


def _of_period(
    company: Company, declaration: Declaration, subject: Company, period: Window
) -> QuerySet[ChainReminder]:
    rows = ChainReminder.objects.filter(
        company=company,
        declaration=declaration,
        subject=subject,
        created_at__gte=day_bounds(period.first)[0],
        created_at__lt=day_bounds(period.last)[1],
    )
    return rows.select_related("sent_by", "letter").order_by("created_at", "id")


def _told(row: ChainReminder) -> Told:
    letter = row.letter
    return Told(
        moment=moment_label(letter.at if letter else row.created_at),
        to=letter.address if letter else "",
        about=about_words(row),
        outcome=str(outcome_of(row).words),
        subject=letter.subject if letter else "",
        sender=str(row.sent_by or ""),
        sha256=sha256(letter.text.encode()).hexdigest() if letter else "",
        message_id=letter.message_id if letter else "",
        language=letter.language if letter else "",
        text=letter.text if letter else "",
    )


def outcome_of(row: ChainReminder) -> Badge:
    """What became of the letter, as far as the portal can know."""
    if row.letter is None:
        return UNDER_WAY
    return TAKEN if row.letter.is_taken else NOT_TAKEN
