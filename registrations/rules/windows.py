"""Periods the office asks for, and how a long one is cut so that each part may be exported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ciao_portal.days import LONGEST_WINDOW, days_inclusive


@dataclass(frozen=True, slots=True)
class Window:
    """Brussels days, both included."""

    first: date
    last: date


def this_month(today: date) -> Window:
    """The month so far, today included."""
    return Window(today.replace(day=1), today)


def last_month(today: date) -> Window:
    """The whole month before."""
    last = today.replace(day=1) - timedelta(days=1)
    return Window(last.replace(day=1), last)


def longest_until(today: date) -> Window:
    """As many days as fit, today the last."""
    return Window(today - timedelta(days=LONGEST_WINDOW - 1), today)


def split(wish: Window, *, longest: int = LONGEST_WINDOW) -> Iterator[Window]:
    """The fewest windows of at most `longest` days that together are the wish, about equally long.

    None for a wish whose last day is before its first.
    """
    count = max(days_inclusive(wish.first, wish.last), 0)
    parts = -(-count // longest)
    edges = [wish.first + timedelta(days=count * part // parts) for part in range(parts)]
    for first, after in zip(edges, [*edges[1:], None], strict=True) if edges else ():
        yield Window(first, after - timedelta(days=1) if after else wish.last)
