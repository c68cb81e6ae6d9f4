"""Remarks of the last weeks: the figures by week and kind, and the pictures of them.

A remark counts in the week of its registration (`registrations.rules.remark_weeks`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ciao_portal.models import Company
from ciao_portal.prepared import Given, Prepared
from ciao_portal.tenancy import unscoped
from registrations import cells
from registrations.models import Remark
from registrations.querysets import remark_parts
from registrations.remarks import known_meaning
from registrations.rules.remark_weeks import Kind, first_day, trend_of

# The picture of a row is 120 by 24 units: ten for each week, a bar of eight in the middle.
STEP, BAR, HEIGHT = 10, 8, 24
CELL = '<td role="cell" class="cell-number" data-label="{}">{}</td>'


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of remark: the bars as SVG paths (weeks gone by, and this one), and its figures.

    `url` leads to all of them, gone ones too; empty for a row of several kinds.
    """

    words: str
    url: str
    gone: str
    current: str
    total: int
    # Of the table behind the picture: one for each week.
    cells: SafeString


@dataclass(frozen=True, slots=True)
class WeekTable:
    """All remarks and the most frequent kinds; `weeks` are the Mondays in words, the oldest first."""

    weeks: Sequence[str]
    everything: KindRow
    kinds: Sequence[KindRow]


def remark_trend(company: Company, *, today: date) -> WeekTable:
    """One query; `today` is the Brussels day."""
    with unscoped(reason="counts what the company may see"):
        counted = _COUNTED.all(viewer=company.pk, since=first_day(today))
    trend = trend_of(counted, today=today)
    weeks = [cells.day(monday) for monday in trend.mondays]
    most = max([max(kind.weeks) for kind in trend.kinds], default=0)
    return WeekTable(
        weeks,
        _row(trend.everything, gettext("All remarks"), weeks, max(trend.everything.weeks)),
        [_row(kind, _words(kind), weeks, most) for kind in trend.kinds],
    )


def _by_day() -> Any:
    rows = Remark.objects.filter(happened_day__gte=Given("since", DateField()))
    counted = [
        part.order_by().values_list("happened_day", "code").annotate(number=Count("*"))
        for part in remark_parts(rows)
    ]
    first, *others = counted
    return first.union(*others, all=True)


_COUNTED = Prepared(_by_day)


def _words(kind: Kind) -> str:
    if not kind.code:
        return gettext("Other remarks")
    known = known_meaning(kind.code)
    return str(known.words) if known else kind.code


def _row(kind: Kind, words: str, weeks: Sequence[str], most: int) -> KindRow:
    *gone, current = enumerate(kind.weeks)
    # The list offers the codes it has words for.
    url = (
        f"{reverse('registrations:remark-list')}?code={kind.code}&standing=all" if words != kind.code else ""
    )
    row = format_html_join("", CELL, zip(weeks, kind.weeks, strict=True))
    return KindRow(
        words, url if kind.code else "", _bars(gone, most), _bars([current], most), kind.total, row
    )


def _bars(weeks: Sequence[tuple[int, int]], most: int) -> str:
    """One path for all of them; a week without remarks has no bar, any other one that can be seen."""
    heights = [(week, max(1.5, number * (HEIGHT - 2) / most)) for week, number in weeks if number]
    return "".join(
        f"M{week * STEP + 1} {HEIGHT}v-{height:.1f}h{BAR}v{height:.1f}z" for week, height in heights
    )
