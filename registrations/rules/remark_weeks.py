"""Remarks by week and kind, from counts by day: is it getting better?

A remark counts in the week of its registration (Monday to Sunday in Brussels), whenever the NSSO made it: so
a bad week stays one, and the last two weeks may still fill.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 12
# So many kinds have a row of their own; the others share one.
MOST_KINDS = 5
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """One code by week, the oldest first; without code: all that have no row of their own."""

    code: str
    weeks: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.weeks)


@dataclass(frozen=True, slots=True)
class Trend:
    """The Mondays of the weeks, the oldest first; all remarks; the kinds, the most frequent first."""

    mondays: tuple[date, ...]
    everything: Kind
    kinds: tuple[Kind, ...]


def first_day(today: date) -> date:
    """The Monday on which the oldest week begins; `today` is the Brussels day."""
    return _monday(today) - (WEEKS - 1) * WEEK


def trend_of(counted: Iterable[tuple[date, str, int]], *, today: date) -> Trend:
    """From (day of the registration, code, number); days outside the weeks are left out."""
    start = first_day(today)
    by_code: dict[str, Counter[int]] = {}
    for day, code, number in counted:
        week = (day - start).days // 7
        if 0 <= week < WEEKS:
            by_code.setdefault(code, Counter())[week] += number
    kinds = sorted(
        (Kind(code, _row(weeks)) for code, weeks in by_code.items()),
        key=lambda kind: (-kind.total, kind.code),
    )
    # A single further kind needs no row for the others.
    own = kinds if len(kinds) == MOST_KINDS + 1 else kinds[:MOST_KINDS]
    others = kinds[len(own) :]
    rest = [_sum("", others)] if others else []
    return Trend(tuple(start + number * WEEK for number in range(WEEKS)), _sum("", kinds), (*own, *rest))


def _sum(code: str, kinds: list[Kind]) -> Kind:
    return Kind(code, tuple(sum(kind.weeks[week] for kind in kinds) for week in range(WEEKS)))


def _row(weeks: Counter[int]) -> tuple[int, ...]:
    return tuple(weeks[week] for week in range(WEEKS))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
