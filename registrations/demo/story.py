"""Who registers what on a day of the demo. Pure: the same for the same day, whoever asks and when.

Most shifts go as they should. Every day somebody forgets to check out, and each weekday brings a mishap of
its own: a check-in forgotten, a second one, two posters in a second, two places at once, a finger that slips.
"""

import random
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from ciao_portal.days import BRUSSELS, each_day
from registrations.demo.cast import MAIN, SUB, Firm, Worker
from registrations.demo.jobs import JOBS, Job
from registrations.demo.works import LEUVEN, SCHOOL, Place, Works
from registrations.rules.presence import Kind

SEED = "ciao-demo-2"
# As many days as one export may hold.
HISTORY_DAYS = 100
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)


@dataclass(frozen=True, slots=True)
class Step:
    """One registration to come; `at` is aware UTC, to the second."""

    worker: Worker
    firm: Firm
    works: Works
    place: Place
    kind: Kind
    at: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """What one worker registers for one job, in order of time."""

    job: Job
    steps: tuple[Step, ...]


def steps_until(now: datetime, *, since: date, founded_on: date) -> list[Step]:
    """All steps of the shifts that begin on this Brussels day or later, until `now`, in order of time."""
    first = max(since, founded_on - timedelta(days=HISTORY_DAYS - 1))
    days = each_day(first, now.astimezone(BRUSSELS).date())
    steps = (step for day in days for step in day_steps(day, founded_on=founded_on))
    return sorted((step for step in steps if step.at <= now), key=lambda step: step.at)


def day_steps(day: date, *, founded_on: date) -> Iterator[Step]:
    """The steps of all shifts that begin on this day; a night's shift ends on the next one."""
    shifts = [_shift(job, day) for job in JOBS if _takes_place(job, day, founded_on)]
    tomorrow = {_station(job) for job in JOBS if _takes_place(job, day + timedelta(days=1), founded_on)}
    for shift in _with_mishaps(shifts, day, tomorrow):
        yield from shift.steps


def _takes_place(job: Job, day: date, founded_on: date) -> bool:
    if str(day.isoweekday()) not in job.weekdays or day.toordinal() % job.turns != job.turn:
        return False
    age = (day - founded_on).days
    if (job.first is not None and age < job.first) or (job.last is not None and age > job.last):
        return False
    return _dice(job, day, "comes").random() < job.chance


def _shift(job: Job, day: date) -> Shift:
    dice = _dice(job, day, "shift")
    hour, minute = map(int, job.starts.split(":"))
    usual = datetime.combine(day, time(hour, minute), tzinfo=BRUSSELS)
    begin = usual.astimezone(UTC) + _seconds(dice, -7, 5)
    # Added to the clock on the wall: the night of the long day is an hour longer.
    end = (usual + timedelta(hours=job.hours)).astimezone(UTC) + _seconds(dice, -4, 9)
    steps = [_step(job, Kind.IN, begin)]
    if dice.random() < job.break_chance:
        pause = begin + (end - begin) * dice.uniform(0.4, 0.55)
        pause = pause.replace(microsecond=0)
        steps.append(_step(job, Kind.BREAK_START, pause))
        steps.append(_step(job, Kind.BREAK_END, pause + _seconds(dice, 11, 24)))
    return Shift(job, (*steps, _step(job, Kind.OUT, end)))


def _step(job: Job, kind: Kind, at: datetime) -> Step:
    return Step(job.worker, job.employer, job.works, job.place, kind, at)


def _station(job: Job) -> tuple[Worker, Firm, Works]:
    """What one standing is kept for: a new check-in hides that the last check-out was forgotten."""
    return job.worker, job.employer, job.works


def _with_mishaps(
    shifts: Sequence[Shift], day: date, tomorrow: Set[tuple[Worker, Firm, Works]]
) -> list[Shift]:
    loose = [shift for shift in shifts if shift.job.is_loose and shift.job.employer in (MAIN, SUB)]
    loose.sort(key=lambda shift: _dice(shift.job, day, "mishap").random())
    changed: dict[Job, Shift] = {}
    # An early shift of somebody who stays away the next day: it is seen in the office for a whole day.
    lasting = sorted(loose, key=lambda shift: (_station(shift.job) in tomorrow, shift.job.starts > "12:00"))
    for firm in (MAIN, SUB) if day.toordinal() % 2 else (MAIN,):
        forgetful = next((shift for shift in lasting if shift.job.employer == firm), None)
        if forgetful:
            loose.remove(forgetful)
            changed[forgetful.job] = replace(forgetful, steps=forgetful.steps[:-1])
    mishap = _MISHAPS.get(day.weekday())
    for shift in loose if mishap else ():
        if mishap and (instead := mishap(shift)):
            changed[shift.job] = instead
            break
    return [changed.get(shift.job, shift) for shift in shifts]


def _without_in(shift: Shift) -> Shift | None:
    return replace(shift, steps=shift.steps[-1:])


def _in_twice(shift: Shift) -> Shift | None:
    first = shift.steps[0]
    again = replace(first, at=first.at + timedelta(minutes=3, seconds=12))
    return replace(shift, steps=(first, again, *shift.steps[1:]))


def _two_posters(shift: Shift) -> Shift | None:
    """Two posters in one second: for the NSSO the second one says nothing new."""
    first, others = shift.steps[0], [place for place in shift.job.works.places if place != shift.job.place]
    return (
        replace(shift, steps=(first, replace(first, place=others[0]), *shift.steps[1:])) if others else None
    )


def _two_places(shift: Shift) -> Shift | None:
    """At the school in between, without a check-out where the shift began."""
    begin, end = shift.steps[0], shift.steps[-1]
    works_there = (
        any(firm == shift.job.employer for firm, _above in SCHOOL.chain) or shift.job.employer == MAIN
    )
    if shift.job.works == SCHOOL or not works_there or end.at - begin.at < timedelta(hours=2):
        return None
    school = replace(begin, works=SCHOOL, place=LEUVEN)
    third = (end.at - begin.at) / 3
    away = replace(school, at=(begin.at + third).replace(microsecond=0))
    back = replace(school, kind=Kind.OUT, at=(begin.at + 2 * third).replace(microsecond=0))
    return replace(shift, steps=(begin, away, back, end))


def _slip_of_the_finger(shift: Shift) -> Shift | None:
    """A break that was none: taken back within a minute."""
    if len(shift.steps) != 2:
        return None
    begin, end = shift.steps
    at = (begin.at + (end.at - begin.at) / 3).replace(microsecond=0)
    slip = replace(begin, kind=Kind.BREAK_START, at=at)
    back = replace(begin, kind=Kind.BREAK_END, at=at + timedelta(seconds=40))
    return replace(shift, steps=(begin, slip, back, end))


_MISHAPS = {
    MONDAY: _without_in,
    TUESDAY: _in_twice,
    WEDNESDAY: _two_posters,
    THURSDAY: _two_places,
    FRIDAY: _slip_of_the_finger,
}


def _seconds(dice: random.Random, least: float, most: float) -> timedelta:
    """So many minutes, to the second."""
    return timedelta(seconds=round(dice.uniform(least * 60, most * 60)))


def _dice(job: Job, day: date, what: str) -> random.Random:
    """Chance that falls the same way for the same job and day."""
    seed = f"{SEED} {what} {job.worker.ssin} {job.starts} {job.works.title} {job.weekdays} {day}"
    return random.Random(seed)  # noqa: S311 - a story, not a secret
