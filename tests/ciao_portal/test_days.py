from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciao_portal import days
from ciao_portal.errors import DomainError

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 21), 24), (date(2028, 2, 29), 24)],
)
def test_a_day_has_its_true_length(day: date, hours: int) -> None:
    start, end = days.day_bounds(day)
    assert end - start == timedelta(hours=hours)
    assert days.brussels_day(start) == day
    assert days.brussels_day(end) == day + timedelta(days=1)


@given(MOMENTS)
def test_every_moment_lies_in_its_own_day(moment: datetime) -> None:
    start, end = days.day_bounds(days.brussels_day(moment))
    assert start <= moment < end


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 21, 5, 2, tzinfo=UTC), "06:02"),
        (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), "01:59"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30 +02:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30 +01:00"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "03:00"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03:00"),
    ],
)
def test_clock_time(moment: datetime, shown: str) -> None:
    assert days.clock_time(moment) == shown


@given(MOMENTS, MOMENTS)
def test_what_is_printed_tells_two_minutes_apart(one: datetime, other: datetime) -> None:
    same_minute = one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
    assert (days.moment_label(one) == days.moment_label(other)) == same_minute


def test_labels() -> None:
    moment = datetime(2026, 12, 31, 23, 30, 15, tzinfo=UTC)
    assert days.moment_label(moment) == "01/01/2027 00:30"
    assert days.iso_moment(moment) == "2027-01-01T00:30:15+01:00"


def test_a_naive_moment_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        days.brussels_day(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_window_of_100_days_fits_and_101_do_not() -> None:
    first = date(2026, 1, 1)
    days.check_window(first, first + timedelta(days=99))
    with pytest.raises(DomainError) as caught:
        days.check_window(first, first + timedelta(days=100))
    assert caught.value.code == "window.long"
    assert "101" in str(caught.value)
    with pytest.raises(DomainError) as caught:
        days.check_window(first, first - timedelta(days=1))
    assert caught.value.code == "window.order"


def test_each_day_counts_both_ends() -> None:
    leap = list(days.each_day(date(2028, 2, 28), date(2028, 3, 1)))
    assert leap == [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
    assert days.days_inclusive(leap[0], leap[-1]) == 3
    assert list(days.each_day(leap[1], leap[0])) == []


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 1, 31), None), True),
        ((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), None), False),
        ((None, None), (date(2026, 2, 1), date(2026, 2, 1)), True),
        ((None, date(2026, 1, 1)), (date(2026, 2, 1), date(2026, 3, 1)), False),
    ],
)
def test_periods_overlap(
    one: tuple[date | None, date | None], other: tuple[date | None, date | None], *, overlap: bool
) -> None:
    assert days.periods_overlap(*one, *other) is overlap
    assert days.periods_overlap(*other, *one) is overlap


@pytest.mark.parametrize(
    ("clock", "moments"),
    [
        ("2026-07-01T06:02", ["2026-07-01T04:02"]),
        ("2026-11-23T06:02", ["2026-11-23T05:02"]),
        # The night of 25 October has 02:00 to 03:00 twice, that of 29 March has none.
        ("2026-10-25T02:30", ["2026-10-25T00:30", "2026-10-25T01:30"]),
        ("2026-10-25T03:00", ["2026-10-25T02:00"]),
        ("2026-03-29T02:30", []),
        ("2026-03-29T03:00", ["2026-03-29T01:00"]),
    ],
)
def test_what_a_clock_time_may_mean(clock: str, moments: list[str]) -> None:
    found = days.moments_of_clock(datetime.fromisoformat(clock))
    assert [moment.isoformat()[:16] for moment in found] == moments
