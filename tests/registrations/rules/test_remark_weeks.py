"""Remarks by week and kind."""

from datetime import date, timedelta

import pytest

from registrations.rules.remark_weeks import MOST_KINDS, WEEKS, first_day, trend_of

# A Monday.
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (TODAY, date(2026, 9, 7)),
        # Sunday belongs to the week that began six days before.
        (TODAY + timedelta(days=6), date(2026, 9, 7)),
        (TODAY - timedelta(days=1), date(2026, 8, 31)),
        # Over the change of year.
        (date(2027, 1, 3), date(2026, 10, 12)),
    ],
)
def test_the_weeks_begin_on_monday(today: date, first: date) -> None:
    assert first_day(today) == first


def test_days_fall_into_their_weeks() -> None:
    first = first_day(TODAY)
    trend = trend_of(
        [
            (first, "a", 1),
            (first + timedelta(days=6), "a", 2),
            (first + timedelta(days=7), "a", 4),
            (TODAY, "b", 8),
            (first - timedelta(days=1), "a", 100),
            (TODAY + timedelta(days=7), "a", 100),
        ],
        today=TODAY,
    )
    assert trend.everything.weeks == (3, 4, *[0] * 9, 8)
    assert [(kind.code, kind.total) for kind in trend.kinds] == [("b", 8), ("a", 7)]
    assert trend.mondays[0] == first
    assert trend.mondays[-1] == TODAY


def test_rare_kinds_share_a_row() -> None:
    counted = [(TODAY, f"code{number}", 10 - number) for number in range(8)]
    trend = trend_of(counted, today=TODAY)
    assert [kind.code for kind in trend.kinds] == ["code0", "code1", "code2", "code3", "code4", ""]
    assert trend.kinds[-1].total == 5 + 4 + 3
    assert sum(kind.total for kind in trend.kinds) == trend.everything.total


def test_one_kind_too_many_keeps_its_name() -> None:
    counted = [(TODAY, f"code{number}", 1) for number in range(MOST_KINDS + 1)]
    assert "" not in [kind.code for kind in trend_of(counted, today=TODAY).kinds]


def test_without_remarks_every_week_is_empty() -> None:
    trend = trend_of([], today=TODAY)
    assert trend.everything.weeks == (0,) * WEEKS
    assert trend.kinds == ()
