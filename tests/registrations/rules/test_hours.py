"""People on site by hour, from counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.hours import Tally, change_of, people_by_hour
from registrations.rules.presence import Flag, Kind


def tally(hour: int, kind: Kind, count: int, *flags: str) -> Tally:
    return Tally(hour, kind, frozenset(flags), count)


def test_a_day_read_back_from_now() -> None:
    day = [tally(6, Kind.IN, 5), tally(8, Kind.OUT, 2), tally(9, Kind.IN, 1), tally(9, Kind.BREAK_START, 3)]
    assert people_by_hour(day, now_present=4, this_hour=10) == [0, 0, 0, 0, 0, 0, 5, 5, 3, 4, 4]


def test_who_came_yesterday_evening_is_there_at_midnight() -> None:
    assert people_by_hour([tally(2, Kind.OUT, 1)], now_present=0, this_hour=3) == [1, 1, 0, 0]


def test_just_after_midnight_there_is_one_bar() -> None:
    assert people_by_hour([tally(0, Kind.IN, 2)], now_present=2, this_hour=0) == [2]


def test_a_forgotten_check_out_never_gives_fewer_than_nobody() -> None:
    assert people_by_hour([tally(1, Kind.IN, 3)], now_present=1, this_hour=2) == [0, 1, 1]


@pytest.mark.parametrize(
    ("kind", "flags", "change"),
    [
        (Kind.IN, (), 1),
        (Kind.IN, (Flag.IN_WHILE_PRESENT,), 0),
        (Kind.IN, (Flag.CHECK_OUT_MISSING,), 1),
        (Kind.OUT, (), -1),
        (Kind.OUT, (Flag.OUT_WITHOUT_IN,), 0),
        (Kind.OUT, (Flag.OUT_DURING_BREAK,), -1),
        (Kind.OUT, (Flag.OUT_OF_ORDER,), 0),
        (Kind.BREAK_START, (), 0),
        (Kind.BREAK_START, (Flag.BREAK_WITHOUT_IN,), 1),
        (Kind.BREAK_END, (), 0),
        (Kind.BREAK_END, (Flag.BREAK_END_WITHOUT_BREAK,), 0),
    ],
)
def test_what_a_registration_changes(kind: Kind, flags: tuple[str, ...], change: int) -> None:
    assert change_of(kind, flags) == change


@given(
    st.lists(st.builds(tally, st.integers(0, 23), st.sampled_from(list(Kind)), st.integers(1, 9))),
    st.integers(0, 500),
    st.integers(0, 23),
)
def test_one_number_for_each_hour_and_the_last_is_now(tallies: list[Tally], present: int, hour: int) -> None:
    people = people_by_hour(tallies, now_present=present, this_hour=hour)
    assert len(people) == hour + 1
    assert people[-1] == present
    assert min(people) >= 0
