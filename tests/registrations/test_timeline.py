"""The picture of somebody's days, as figures."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ciao_portal.days import BRUSSELS, brussels_day, day_bounds, each_day
from registrations.rules.intervals import pair
from registrations.rules.presence import Event, Kind
from registrations.timeline import Lone, Shift, Timeline, hours_on, timeline_of

DAY = date(2026, 11, 23)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def at(day: date, clock: str, *, fold: int = 0) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BRUSSELS, fold=fold).astimezone(UTC)


def history(*taps: tuple[Kind, datetime]) -> list[Event]:
    return [Event(UUID(int=number), kind, moment) for number, (kind, moment) in enumerate(taps)]


def picture(days: list[date], *histories: list[Event], now: datetime = LATER) -> Timeline:
    """Each history is one declaration's."""
    shifts: list[Shift] = []
    lone: list[Lone] = []
    for events in histories:
        pairing = pair(events, now)
        shifts += [Shift(interval, "Kouter", "", UUID(int=0)) for interval in pairing.intervals]
        lone += [Lone(event, "") for event in pairing.loose]
    return timeline_of(days, shifts, lone, now=now)


def test_a_day_with_a_break_stands_where_its_hours_are() -> None:
    drawn = picture(
        [DAY],
        history(
            (Kind.IN, at(DAY, "8:00")),
            (Kind.BREAK_START, at(DAY, "12:00")),
            (Kind.BREAK_END, at(DAY, "12:30")),
            (Kind.OUT, at(DAY, "16:00")),
        ),
    )
    assert (drawn.axis.first, drawn.axis.last, drawn.axis.step) == (6, 20, 2)
    (bar,) = drawn.rows[0].bars
    # 8:00 is two of fourteen hours.
    assert bar.work.start == pytest.approx(100 * 2 / 14)
    assert bar.work.end == pytest.approx(100 * 10 / 14)
    (pause,) = bar.breaks
    assert pause.end - pause.start == pytest.approx(100 * 0.5 / 14)
    assert bar.unknown is None
    assert bar.work.x == "14.286%"
    assert [hour.word for hour in drawn.axis.hours] == ["06", "08", "10", "12", "14", "16", "18", "20"]


def test_a_night_shift_belongs_to_the_day_it_started() -> None:
    next_day = DAY + timedelta(days=1)
    drawn = picture([next_day, DAY], history((Kind.IN, at(DAY, "22:00")), (Kind.OUT, at(next_day, "6:00"))))
    of_next, of_day = drawn.rows
    assert of_next.bars == ()
    (bar,) = of_day.bars
    assert drawn.axis.last >= 30
    width = drawn.axis.last - drawn.axis.first
    assert bar.work.end - bar.work.start == pytest.approx(100 * 8 / width)
    assert [hour.word for hour in drawn.axis.hours if hour.is_midnight] == ["00"]


@pytest.mark.parametrize(
    ("day", "clock", "fold", "hours"),
    [
        (DAY, "0:00", 0, 0),
        (DAY, "6:30", 0, 6.5),
        # Spring: 01:59 is followed by 03:00, and the clock of the wall says so.
        (SPRING, "1:30", 0, 1.5),
        (SPRING, "3:00", 0, 3),
        (SPRING, "12:00", 0, 12),
        # Autumn: 02:30 comes twice, and the two stand beside each other.
        (AUTUMN, "2:00", 0, 2),
        (AUTUMN, "2:30", 0, 2.25),
        (AUTUMN, "2:00", 1, 2.5),
        (AUTUMN, "2:30", 1, 2.75),
        (AUTUMN, "3:00", 0, 3),
    ],
)
def test_where_a_moment_stands(day: date, clock: str, fold: int, hours: float) -> None:
    assert hours_on(day, at(day, clock, fold=fold)) == pytest.approx(hours)


@pytest.mark.parametrize(("day", "worked"), [(SPRING, 4), (AUTUMN, 6), (DAY, 5)])
def test_the_length_of_a_night_counts_real_hours(day: date, worked: int) -> None:
    events = history((Kind.IN, at(day, "1:00")), (Kind.OUT, at(day, "6:00")))
    (interval,) = pair(events, LATER).intervals
    assert interval.worked == timedelta(hours=worked)
    (bar,) = picture([day], events).rows[0].bars
    assert bar.work.start < bar.work.end


def test_a_missing_check_out_ends_at_the_last_sign_of_life() -> None:
    drawn = picture([DAY], history((Kind.IN, at(DAY, "8:00")), (Kind.BREAK_START, at(DAY, "10:00"))))
    (bar,) = drawn.rows[0].bars
    assert bar.work.end == pytest.approx(100 * 4 / 14)
    assert bar.unknown is not None
    assert bar.unknown.start == bar.work.end
    assert bar.unknown.end > bar.unknown.start


def test_what_runs_reaches_the_present_moment() -> None:
    now = at(DAY, "11:00")
    drawn = picture([DAY], history((Kind.IN, at(DAY, "8:00"))), now=now)
    (bar,) = drawn.rows[0].bars
    assert bar.shift.interval.is_running
    assert bar.unknown is None
    assert drawn.rows[0].now == f"{bar.work.end:.3f}%"


def test_works_at_once_stand_in_lanes() -> None:
    one = history((Kind.IN, at(DAY, "8:00")), (Kind.OUT, at(DAY, "12:00")))
    other = history((Kind.IN, at(DAY, "11:00")), (Kind.OUT, at(DAY, "15:00")))
    (row,) = picture([DAY], one, other).rows
    assert [bar.lane for bar in row.bars] == [0, 1]
    assert row.lanes == 2


def test_a_stop_without_a_start_is_a_moment() -> None:
    (row,) = picture([DAY], history((Kind.OUT, at(DAY, "13:00")))).rows
    assert row.bars == ()
    assert [tick.x for tick in row.ticks] == ["50.000%"]


taps = st.lists(st.tuples(st.sampled_from(Kind), st.integers(0, 6 * 24 * 60)), max_size=20)


# A busy machine may take its time over a list; what is drawn is the question here.
@settings(max_examples=60)
@given(
    taps,
    taps,
    st.sampled_from([DAY, SPRING - timedelta(days=3), AUTUMN - timedelta(days=3)]),
    st.integers(0, 8 * 24 * 60),
)
def test_bars_never_overlap_nor_leave_the_axis(
    one: list[tuple[Kind, int]], other: list[tuple[Kind, int]], first: date, minutes: int
) -> None:
    opening = day_bounds(first)[0]
    histories = [
        history(*((kind, opening + timedelta(minutes=minute)) for kind, minute in taken))
        for taken in (one, other)
    ]
    now = opening + timedelta(minutes=minutes)
    days = list(each_day(first, first + timedelta(days=6)))
    drawn = picture(days, *histories, now=now)
    bars = [bar for row in drawn.rows for bar in row.bars]
    assert len(bars) == sum(len(pair(events, now).intervals) for events in histories)
    for row in drawn.rows:
        for lane in range(row.lanes):
            extents = [bar.extent for bar in row.bars if bar.lane == lane]
            assert all(left.end <= right.start for left, right in pairwise(extents))
        for bar in row.bars:
            assert 0 <= bar.work.start < bar.work.end <= 100
            assert bar.extent.end <= 100
            assert all(bar.work.start <= rest.start <= rest.end <= bar.work.end for rest in bar.breaks)
            assert brussels_day(bar.shift.interval.start) == row.day
        assert all(0 <= tick.at <= 100 for tick in row.ticks)


@given(st.integers(0, 3 * 24 * 60 * 60), st.integers(0, 3 * 24 * 60 * 60), st.sampled_from([SPRING, AUTUMN]))
def test_later_is_never_further_left(one: int, other: int, day: date) -> None:
    opening = day_bounds(day)[0]
    early, late = (opening + timedelta(seconds=seconds) for seconds in sorted((one, other)))
    assert hours_on(day, early) <= hours_on(day, late)
