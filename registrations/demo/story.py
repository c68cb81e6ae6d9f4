"""Who registered what and when, as seen from a given moment. Pure, and the same for the same moment."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ciao_portal.days import BRUSSELS, brussels_day, day_bounds
from registrations.demo.cast import (
    ARNE,
    BEA,
    CEM,
    DIRK,
    EMMA,
    EUPEN,
    FARID,
    GENT,
    GINA,
    HUGO,
    INES,
    JAN,
    LEUVEN,
    NAMUR,
    OFFICES,
    SCHOOL,
    Place,
    Worker,
    Works,
)
from registrations.rules.deadlines import CORRECTION_DAYS
from registrations.rules.presence import Kind

SEED = "ciao-demo-1"
WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One registration to come; `at` is aware UTC, to the second."""

    kind: Kind
    at: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """What one worker registers at one place, in order of time."""

    worker: Worker
    works: Works
    place: Place
    steps: tuple[Step, ...]

    @property
    def begins(self) -> datetime:
        return self.steps[0].at


@dataclass(frozen=True, slots=True)
class Habit:
    """A worker's usual place, and on which of the last five working days (0 is the oldest)."""

    worker: Worker
    works: Works
    place: Place
    days: tuple[int, ...]
    has_break: bool = False


HABITS = (
    Habit(ARNE, OFFICES, GENT, (0, 1, 2, 3, 4), has_break=True),
    Habit(BEA, SCHOOL, LEUVEN, (0, 1, 2, 3, 4)),
    Habit(CEM, OFFICES, GENT, (3, 4)),
    Habit(DIRK, OFFICES, GENT, (0, 2, 4)),
    Habit(EMMA, OFFICES, EUPEN, (0, 1, 2, 3, 4)),
    Habit(FARID, OFFICES, NAMUR, (0, 1, 2, 3, 4), has_break=True),
    Habit(GINA, OFFICES, NAMUR, (0, 1, 2, 3)),
    Habit(HUGO, OFFICES, NAMUR, (2, 3)),
    # On the last of the days she registered by the NSSO's own page, see `reference`.
    Habit(INES, OFFICES, NAMUR, (0, 1, 2)),
    Habit(JAN, OFFICES, EUPEN, (1, 3)),
)


def history(now: datetime) -> list[Shift]:
    """The shifts of the last five working days before today."""
    days = last_working_days(brussels_day(now))
    return [_day_shift(habit, days[index]) for habit in HABITS for index in habit.days]


def forgotten(now: datetime) -> list[Shift]:
    """Yesterday somebody started early and never checked out: by now more than 16 hours ago."""
    yesterday = brussels_day(now) - timedelta(days=1)
    begin = _at(yesterday, 6, minutes=_dice(GINA, yesterday).uniform(0, 50))
    return [Shift(GINA, OFFICES, NAMUR, (Step(Kind.IN, begin),))]


def with_deadlines(now: datetime) -> list[Shift]:
    """Shifts with something to correct, whose last day for that is today or tomorrow."""
    today = brussels_day(now)
    return [
        _day_shift(Habit(worker, SCHOOL, LEUVEN, days=()), today - timedelta(days=age))
        for age in (CORRECTION_DAYS, CORRECTION_DAYS - 1)
        for worker in (CEM, FARID)
    ]


def today(now: datetime) -> list[Shift]:
    """Who is on site now, somebody on a break, and somebody who went home already; all of it today.

    Soon after midnight everything moves together, so that it still happened today.
    """
    begin_of_day, _end = day_bounds(brussels_day(now))
    available = now - begin_of_day

    def ago(minutes: float, share: float) -> datetime:
        """So many minutes ago, but no longer than this share of the day until now."""
        at = now - min(timedelta(minutes=minutes), available * share)
        return max(begin_of_day, at.replace(microsecond=0))

    return [
        Shift(ARNE, OFFICES, GENT, (Step(Kind.IN, ago(172, 0.9)), Step(Kind.BREAK_START, ago(9, 0.1)))),
        Shift(BEA, SCHOOL, LEUVEN, (Step(Kind.IN, ago(147, 0.8)),)),
        Shift(FARID, OFFICES, NAMUR, (Step(Kind.IN, ago(164, 0.85)),)),
        Shift(INES, OFFICES, NAMUR, (Step(Kind.IN, ago(48, 0.5)),)),
        Shift(EMMA, OFFICES, EUPEN, (Step(Kind.IN, ago(235, 0.95)), Step(Kind.OUT, ago(38, 0.3)))),
    ]


def ending(last_kind: Kind, last_at: datetime, *, before: datetime) -> Iterator[Step]:
    """How somebody who is still on site went home some hours later, but before the given moment."""
    latest = before - timedelta(minutes=1)
    out = max(last_at, min(last_at + timedelta(hours=3, minutes=35), latest))
    if last_kind is Kind.BREAK_START:
        yield Step(Kind.BREAK_END, min(last_at + timedelta(minutes=20), out))
    yield Step(Kind.OUT, out)


def last_working_days(day: date) -> Sequence[date]:
    """The five days from Monday to Friday before this day, oldest first."""
    days = (day - timedelta(days=back) for back in range(1, 8))
    return sorted(one for one in days if one.weekday() < 5)[-WORKING_DAYS:]


def _day_shift(habit: Habit, day: date) -> Shift:
    """An early start and some five hours, with a break in the middle."""
    dice = _dice(habit.worker, day)
    begin = _at(day, 6, minutes=dice.uniform(0, 130))
    end = begin + timedelta(seconds=round(dice.uniform(4.5 * 3600, 6 * 3600)))
    steps = [Step(Kind.IN, begin)]
    if habit.has_break:
        pause = begin + timedelta(seconds=round(dice.uniform(2 * 3600, 3 * 3600)))
        back = pause + timedelta(seconds=round(dice.uniform(14 * 60, 31 * 60)))
        steps += [Step(Kind.BREAK_START, pause), Step(Kind.BREAK_END, back)]
    return Shift(habit.worker, habit.works, habit.place, (*steps, Step(Kind.OUT, end)))


def _at(day: date, hour: int, *, minutes: float) -> datetime:
    """So many minutes after this hour of a Brussels day."""
    local = datetime.combine(day, time(hour), tzinfo=BRUSSELS)
    return local.astimezone(UTC) + timedelta(seconds=round(minutes * 60))


def _dice(worker: Worker, day: date) -> random.Random:
    """Chance that falls the same way for the same worker and day."""
    return random.Random(f"{SEED} {worker.ssin} {day}")  # noqa: S311 - a story, not a secret
