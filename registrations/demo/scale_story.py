"""Who of a large tenant registered what on a day. Pure, and the same for the same worker and day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from ciao_portal.days import day_bounds
from registrations.rules.presence import Kind

SEED = "ciao-scale-1"
DAYS = 100
# A Saturday or Sunday counts as this part of a working day.
WEEKEND_SHARE = 0.25
MOST_PRESENT = 0.92
# Of the shifts: a check-out forgotten, somebody who taps IN twice.
FORGOTTEN = 0.007
TWICE = 0.003

Time = Literal["morning", "evening", "night"]
# First and last start in minutes after midnight, and how long the shift takes.
STARTS = {"morning": (290, 510), "evening": (1000, 1140), "night": (1290, 1380)}
LASTS = {"morning": (170, 300), "evening": (120, 230), "night": (230, 350)}
# Six of ten clean in the morning, three in the evening, one at night.
TIMES: tuple[Time, ...] = (*("morning", "evening", "morning") * 3, "night")

Tap = tuple[datetime, Kind]


@dataclass(frozen=True, slots=True)
class Pace:
    """How busy people are: the chance of a shift on a working day, and of a second half of it (a break in
    between, or another shift later that day)."""

    shift: float
    second_half: float


def pace_for(taps_per_worker: float, days: list[date]) -> Pace:
    """The pace that gives each worker about so many registrations in these days."""
    weight = sum(WEEKEND_SHARE if _is_weekend(day) else 1.0 for day in days)
    per_day = taps_per_worker / weight
    shift = min(MOST_PRESENT, per_day / 2)
    return Pace(shift, min(1.0, max(0.0, (per_day / shift - 2) / 2)))


def taps(worker: int, day: date, pace: Pace) -> Iterator[Tap]:
    """What the worker with this number registers in the shifts that start on this Brussels day, in order.

    A night's shift ends on the next day. Moments are aware UTC.
    """
    dice = random.Random(f"{SEED} {worker} {day}")  # noqa: S311 - a story, not a secret
    if dice.random() > pace.shift * (WEEKEND_SHARE if _is_weekend(day) else 1.0):
        return
    time_of_day = TIMES[worker % len(TIMES)]
    begin = day_bounds(day)[0] + _minutes(dice, *STARTS[time_of_day])
    end = begin + _minutes(dice, *LASTS[time_of_day])
    yield begin, Kind.IN
    if dice.random() < TWICE:
        yield begin + _minutes(dice, 2, 9), Kind.IN
    has_more = dice.random() < pace.second_half
    in_between = has_more and (time_of_day != "morning" or dice.random() < 0.6)
    if in_between:
        pause = begin + _minutes(dice, 60, 90)
        yield pause, Kind.BREAK_START
        yield pause + _minutes(dice, 12, 28), Kind.BREAK_END
    if dice.random() >= FORGOTTEN:
        yield end, Kind.OUT
    if has_more and not in_between:
        again = begin + timedelta(hours=8) + _minutes(dice, 0, 90)
        yield again, Kind.IN
        yield again + _minutes(dice, 90, 150), Kind.OUT


def _minutes(dice: random.Random, least: float, most: float) -> timedelta:
    return timedelta(microseconds=int(dice.uniform(least, most) * 60_000_000))


def _is_weekend(day: date) -> bool:
    return day.weekday() >= 5
