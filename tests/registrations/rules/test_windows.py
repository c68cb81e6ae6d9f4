from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ciao_portal.days import LONGEST_WINDOW, days_inclusive
from registrations.rules.windows import Window, last_month, longest_until, split, this_month


def test_quick_choices_around_the_turn_of_the_year() -> None:
    today = date(2027, 1, 3)
    assert this_month(today) == Window(date(2027, 1, 1), today)
    assert last_month(today) == Window(date(2026, 12, 1), date(2026, 12, 31))
    assert longest_until(today) == Window(date(2026, 9, 26), today)
    assert days_inclusive(date(2026, 9, 26), today) == LONGEST_WINDOW


def test_a_hundred_days_stay_whole_and_the_next_day_makes_two() -> None:
    first = date(2026, 8, 1)
    whole = Window(first, first + timedelta(days=99))
    assert list(split(whole)) == [whole]
    assert list(split(Window(first, first + timedelta(days=100)))) == [
        Window(first, first + timedelta(days=49)),
        Window(first + timedelta(days=50), first + timedelta(days=100)),
    ]


def test_nothing_to_split_when_the_days_are_turned_round() -> None:
    assert list(split(Window(date(2026, 8, 2), date(2026, 8, 1)))) == []


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 3000))
def test_parts_cover_the_wish_without_gap_or_overlap(first: date, count: int) -> None:
    wish = Window(first, first + timedelta(days=count - 1))
    parts = list(split(wish))
    days = [days_inclusive(part.first, part.last) for part in parts]
    assert sum(days) == count
    assert max(days) <= LONGEST_WINDOW
    assert len(parts) == -(-count // LONGEST_WINDOW)
    edge = wish.first
    for part in parts:
        assert part.first == edge
        edge = part.last + timedelta(days=1)
    assert edge == wish.last + timedelta(days=1)
