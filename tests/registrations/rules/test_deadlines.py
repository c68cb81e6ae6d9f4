from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciao_portal.days import brussels_day
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
