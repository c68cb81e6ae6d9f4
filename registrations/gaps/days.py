"""The days of a chain as a table in words and signs, the same on the screen and on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ciao_portal.days import each_day
from declarations.rules.chain import Period
from registrations import cells
from registrations.gaps.gathering import Watched
from registrations.gaps.wording import DAY_SIGNS, WEEKDAYS, DaySign
from registrations.rules.gap_days import Day, DayState, Row, rows_of
from registrations.rules.gaps import Look


@dataclass(frozen=True, slots=True)
class Head:
    """One day at the head of the table: `Mo`, `23`, and the whole day for whoever listens."""

    weekday: str
    number: str
    whole: str
    is_weekend: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and what it means for whoever points at it or listens."""

    text: str
    state: str
    signal: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A firm with its days. `steps` are its depth below the viewer; `note` says what is special about it."""

    company: str
    company_url: str
    steps: range
    note: str
    expected: str
    expect_url: str
    cells: tuple[Cell, ...]
    registrations: int
    silent_days: int
    outside_days: int


@dataclass(frozen=True, slots=True)
class DaysTable:
    """Heads, lines, what the signs mean, and the sums of all lines."""

    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    legend: tuple[DaySign, ...]
    registrations: int
    silent_days: int
    outside_days: int


def table_of(watched: Watched, look: Look) -> DaysTable:
    """In the active language."""
    rows = rows_of(look)
    lines = tuple(_line(watched, look, row) for row in rows)
    met = {one.state for row in rows for one in row.days}
    return DaysTable(
        heads=tuple(map(_head, each_day(look.window.first, look.window.last))),
        lines=lines,
        legend=tuple(
            DAY_SIGNS[state] for state in DayState if state in met and state is not DayState.NOTHING
        ),
        registrations=sum(line.registrations for line in lines),
        silent_days=sum(line.silent_days for line in lines),
        outside_days=sum(line.outside_days for line in lines),
    )


def weekdays_words(numbers: Iterable[int]) -> str:
    """`Monday, Wednesday`."""
    return ", ".join(str(WEEKDAYS[number]) for number in sorted(numbers))


def _line(watched: Watched, look: Look, row: Row) -> Line:
    places = [place for place in look.chain.places if place.company == row.company]
    numbers = {number for place in places for number in place.weekdays}
    running = next((place for place in places if place.runs_on(look.today)), None)
    is_below = row.depth is not None
    return Line(
        company=watched.names[row.company],
        company_url=reverse("declarations:company-detail", args=[row.company]) if is_below else "",
        steps=range(row.depth or 0),
        note=_note(look, row.company) if is_below else _("not in the chain"),
        expected=weekdays_words(numbers),
        expect_url=_expect_url(look, running.id) if running and is_below else "",
        cells=tuple(map(_cell, row.days)),
        registrations=row.registrations,
        silent_days=row.silent_days,
        outside_days=row.outside_days,
    )


def _note(look: Look, company: UUID) -> str:
    """The days of the subcontract, when they end within those shown or begin there."""
    periods: tuple[Period, ...] = look.chain.seen.get((look.viewer, company), ())
    window = look.window
    covers = any(one.start <= window.first and one.end >= window.last for one in periods)
    return "" if covers else "; ".join(cells.period(one.start, one.until) for one in periods)


def _expect_url(look: Look, place: UUID) -> str:
    return reverse("registrations:expected-days", args=[look.chain.declaration, place])


def _cell(one: Day) -> Cell:
    sign = DAY_SIGNS[one.state]
    text = f"{one.count}{sign.sign}" if one.count else sign.sign
    words = f"{cells.day(one.day)}: {sign.words}" if text else ""
    return Cell(text, one.state.value, sign.signal, words)


def _head(day: date) -> Head:
    return Head(
        weekday=date_format(day, "D")[:2],
        number=str(day.day),
        whole=cells.full_day(day),
        is_weekend=day.isoweekday() > 5,
    )
