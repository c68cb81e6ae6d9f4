"""Gaps as pages show them: each with its words, its links and what can be done about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from registrations import cells
from registrations.gaps.gathering import Watched
from registrations.gaps.wording import ADVICE, BADGES, days_words, why_words
from registrations.rules.gaps import Gap, GapKind, Lack
from registrations.rules.windows import Window

# What is mended in the chain; means are handed out as posters.
IN_CHAIN = (
    GapKind.NOT_IN_CHAIN,
    GapKind.SECOND_LEVEL,
    GapKind.WRONG_PARENT,
    GapKind.OUTSIDE_PERIOD,
    GapKind.CLAUSE_MISSING,
)


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap; `id` is stable while the gap lasts. An empty address: no link."""

    id: str
    kind: str
    badge: SafeString
    company: str
    company_url: str
    works: str
    works_url: str
    days: str
    days_url: str
    why: str
    advice: Any
    mend_url: str
    mend_words: str
    remind_url: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many gaps there are of one kind, and where exactly those are listed."""

    badge: SafeString
    number: int
    url: str


def rows_of(watched: Watched, gaps: Iterable[Gap], window: Window) -> list[GapRow]:
    """In their order; the days of a link are those of the window."""
    return [_row(watched, gap, window) for gap in gaps]


def counts_of(gaps: Iterable[Gap], window: Window, **filters: Any) -> list[KindCount]:
    """By kind, what weighs most first; `filters` narrow the list the figures lead to."""
    numbers = Counter(gap.kind for gap in gaps)
    return [
        KindCount(cells.badge(BADGES[kind]), numbers[kind], list_url(window, kind=kind.value, **filters))
        for kind in GapKind
        if numbers[kind]
    ]


def list_url(window: Window, **filters: Any) -> str:
    """The list of gaps, narrowed."""
    days = {"first_day": window.first.isoformat(), "last_day": window.last.isoformat()}
    return f"{reverse('chain-gaps')}?{urlencode({**filters, **days})}"


def gap_key(gap: Gap) -> str:
    """Tells gaps apart, in addresses and forms."""
    return ":".join(map(str, filter(None, (gap.kind.value, gap.declaration, gap.company, gap.why.through))))


def _row(watched: Watched, gap: Gap, window: Window) -> GapRow:
    works, is_own = watched.works[gap.declaration], _is_own(watched, gap)
    chain_url = reverse("declarations:chain", args=[works.pk])
    poster_url = f"{reverse('declarations:poster', args=[works.pk])}?company={gap.company}"
    in_chain = gap.kind in IN_CHAIN and is_own
    has_posters = gap.kind is GapKind.MEANS_MISSING or gap.why.lack is Lack.TABLET_REVOKED
    return GapRow(
        id=gap_key(gap),
        kind=gap.kind.value,
        badge=cells.badge(BADGES[gap.kind]),
        company=watched.names[gap.company],
        company_url=_company_url(watched, gap),
        works=works.title,
        works_url=reverse("declarations:detail", args=[works.pk]),
        days=days_words(gap.days),
        days_url=_days_url(watched, gap),
        why=why_words(gap, watched.names),
        advice=ADVICE[gap.kind],
        mend_url=chain_url if in_chain else poster_url if has_posters else "",
        mend_words=_("Open the chain") if in_chain else _("Posters (PDF)"),
        remind_url=_remind_url(watched, gap, window),
    )


def _is_own(watched: Watched, gap: Gap) -> bool:
    return watched.works[gap.declaration].company_id == watched.company.pk


def _company_url(watched: Watched, gap: Gap) -> str:
    """Only firms of the chain have a page; others may be known from nowhere else."""
    members = watched.looks[gap.declaration].chain.members
    return reverse("declarations:company-detail", args=[gap.company]) if gap.company in members else ""


def _days_url(watched: Watched, gap: Gap) -> str:
    """The registrations a gap is about, when there are any; the list may not know a firm from elsewhere."""
    if not gap.why.registrations:
        return ""
    query = {
        "declaration": str(gap.declaration),
        "from_day": gap.days[0].isoformat(),
        "to_day": gap.days[-1].isoformat(),
    }
    if gap.company in watched.looks[gap.declaration].chain.members:
        query["employer"] = str(gap.company)
    return f"{reverse('registrations:registration-list')}?{urlencode(query)}"


def _remind_url(watched: Watched, gap: Gap, window: Window) -> str:
    """Whoever stands below in the chain can be written to."""
    if not can_be_reminded(watched, gap.declaration, gap.addressee):
        return ""
    query = {"gap": gap_key(gap), "first_day": window.first.isoformat(), "last_day": window.last.isoformat()}
    address = reverse("registrations:reminder-new", args=[gap.declaration, gap.addressee])
    return f"{address}?{urlencode(query)}"


def can_be_reminded(watched: Watched, declaration: UUID, company: UUID) -> bool:
    return declaration in watched.looks and company in watched.looks[declaration].below
