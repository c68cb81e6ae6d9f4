"""When the end of a certificate is told: Brussels days, each threshold once."""

from datetime import UTC, datetime, timedelta

import pytest

from ciao_portal.days import BRUSSELS
from ciao_portal.nsso.expiry import days_left, has_ended, threshold_of, threshold_to_tell

# 22:30 in Brussels, in summer.
ENDS_AT = datetime(2027, 6, 30, 20, 30, tzinfo=UTC)


def brussels(month: int, day: int, hour: int = 7, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("now", "left", "threshold"),
    [
        (brussels(4, 30), 61, None),
        (brussels(4, 30, 23, 59), 61, None),
        (brussels(5, 1, 0, 0), 60, 60),
        (brussels(5, 30), 31, 60),
        (brussels(5, 31), 30, 30),
        (brussels(6, 15), 15, 30),
        (brussels(6, 16), 14, 14),
        (brussels(6, 22), 8, 14),
        (brussels(6, 23), 7, 7),
        (brussels(6, 28), 2, 7),
        (brussels(6, 29), 1, 1),
        # 00:30 in Brussels is still the day before in UTC.
        (brussels(6, 29, 0, 30), 1, 1),
        (brussels(6, 30), 0, 1),
        (brussels(6, 30, 22, 30), 0, 1),
        (brussels(6, 30, 22, 31), 0, 0),
        (brussels(7, 1), -1, 0),
        (brussels(12, 1), -154, 0),
    ],
)
def test_thresholds_are_counted_in_brussels_days(now: datetime, left: int, threshold: int | None) -> None:
    assert days_left(ENDS_AT, now=now) == left
    assert threshold_of(ENDS_AT, now=now) == threshold


def test_the_last_moment_still_counts() -> None:
    assert not has_ended(ENDS_AT, now=ENDS_AT)
    assert has_ended(ENDS_AT, now=ENDS_AT + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("now", "told", "tell"),
    [
        (brussels(4, 30), None, None),
        (brussels(5, 1), None, 60),
        (brussels(5, 2), 60, None),
        (brussels(5, 31), 60, 30),
        # Nothing ran for five weeks: the nearest threshold says it all.
        (brussels(6, 17), 60, 14),
        (brussels(6, 29), 7, 1),
        (brussels(6, 30), 1, None),
        (brussels(7, 1), 1, 0),
        (brussels(7, 1), None, 0),
        (brussels(7, 2), 0, None),
    ],
)
def test_each_threshold_is_told_once(now: datetime, told: int | None, tell: int | None) -> None:
    assert threshold_to_tell(ENDS_AT, told=told, now=now) == tell
