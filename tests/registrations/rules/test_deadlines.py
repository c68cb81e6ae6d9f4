from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciao_portal.days import brussels_day, day_bounds
from registrations.rules.deadlines import Urgency, days_left, is_born_late, last_day, urgency, warning_due


@pytest.mark.parametrize(
    ("happened", "last"),
    [
        (date(2026, 10, 22), date(2026, 11, 21)),
        (date(2026, 3, 1), date(2026, 3, 31)),  # over the spring change of clocks
        (date(2026, 10, 1), date(2026, 10, 31)),  # over the autumn change
        (date(2027, 1, 30), date(2027, 3, 1)),
        (date(2028, 1, 30), date(2028, 2, 29)),  # leap year
        (date(2026, 12, 31), date(2027, 1, 30)),
    ],
)
def test_last_day(happened: date, last: date) -> None:
    assert last_day(happened) == last


# Every change of clocks in Brussels from 2024 to 2030: the days in spring and in autumn.
SPRING = [
    date(year, 3, day) for year, day in zip(range(2024, 2031), (31, 30, 29, 28, 26, 25, 31), strict=True)
]
AUTUMN = [
    date(year, 10, day) for year, day in zip(range(2024, 2031), (27, 26, 25, 31, 29, 28, 27), strict=True)
]


@pytest.mark.parametrize("change", SPRING)
def test_a_day_of_23_hours_counts_as_a_day(change: date) -> None:
    start, end = day_bounds(change)
    assert end - start == timedelta(hours=23)
    # The last instant of the day before, the first and the last of the day itself.
    moments = (start - timedelta(microseconds=1), start, end - timedelta(microseconds=1))
    before, first, last = (last_day(brussels_day(moment)) for moment in moments)
    assert first == last == before + timedelta(days=1) == change + timedelta(days=30)


@pytest.mark.parametrize("change", AUTUMN)
def test_a_day_of_25_hours_counts_as_a_day(change: date) -> None:
    start, end = day_bounds(change)
    assert end - start == timedelta(hours=25)
    # Half past two comes twice: both belong to the day.
    twice = [start + timedelta(hours=hours) for hours in (2.5, 3.5)]
    assert {last_day(brussels_day(moment)) for moment in twice} == {change + timedelta(days=30)}
    assert last_day(brussels_day(end - timedelta(microseconds=1))) == change + timedelta(days=30)
    assert last_day(brussels_day(end)) == change + timedelta(days=31)


@pytest.mark.parametrize("change", SPRING + AUTUMN)
def test_the_last_day_lasts_until_midnight_in_brussels(change: date) -> None:
    """The thirty days that end on a change of clocks, and those that begin 30 days before one."""
    last = last_day(change - timedelta(days=30))
    assert last == change
    _start, end = day_bounds(last)
    assert days_left(last, brussels_day(end - timedelta(microseconds=1))) == 0
    assert days_left(last, brussels_day(end)) == -1


@pytest.mark.parametrize(
    ("happened", "last"),
    [
        (date(2024, 2, 28), date(2024, 3, 29)),
        (date(2024, 2, 29), date(2024, 3, 30)),
        (date(2024, 1, 30), date(2024, 2, 29)),
        (date(2024, 1, 31), date(2024, 3, 1)),
        (date(2025, 1, 30), date(2025, 3, 1)),
        (date(2025, 2, 28), date(2025, 3, 30)),
        (date(2028, 2, 29), date(2028, 3, 30)),
        (date(2028, 1, 31), date(2028, 3, 1)),
        (date(2026, 2, 28), date(2026, 3, 30)),
    ],
)
def test_leap_days(happened: date, last: date) -> None:
    assert last_day(happened) == last
    assert days_left(last, happened) == 30


def test_the_day_is_the_one_in_brussels() -> None:
    just_after_midnight = datetime(2026, 10, 21, 22, 30, tzinfo=UTC)
    assert last_day(brussels_day(just_after_midnight)) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (-1, Urgency.OVERDUE),
        (0, Urgency.TODAY),
        (1, Urgency.SOON),
        (7, Urgency.SOON),
        (8, Urgency.LATER),
        (30, Urgency.LATER),
    ],
)
def test_urgency(left: int, expected: Urgency) -> None:
    last = date(2026, 11, 21)
    today = last - timedelta(days=left)
    assert days_left(last, today) == left
    assert urgency(last, today) is expected


@given(st.dates(date(2024, 9, 1), date(2040, 1, 1)))
def test_every_warning_comes_once_when_looked_at_daily(happened: date) -> None:
    last = last_day(happened)
    warnings: list[tuple[int, int]] = []
    warned_on = None
    for day in range(40):
        today = happened + timedelta(days=day)
        warning = warning_due(last, today, warned_on=warned_on)
        if warning is not None:
            warnings.append((day, warning))
            warned_on = today
    assert warnings == [(day, day) for day in (15, 23, 27, 29, 30)]


def test_a_missed_warning_is_made_up_for_once() -> None:
    happened = date(2026, 10, 1)
    last = last_day(happened)
    seen = happened + timedelta(days=28)
    assert warning_due(last, seen) == 27
    assert warning_due(last, seen, warned_on=seen) is None
    assert warning_due(last, last + timedelta(days=1)) is None
    assert warning_due(last, happened + timedelta(days=14)) is None


def test_born_late() -> None:
    last = date(2026, 11, 21)
    assert not is_born_late(last, last)
    assert is_born_late(last, last + timedelta(days=1))
