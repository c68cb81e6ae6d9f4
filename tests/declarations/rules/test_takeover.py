"""To which of two declarations a tap by an old code belongs, and which days each contract has."""

from datetime import UTC, date, datetime, timedelta

import pytest

from declarations.rules.chain import Period
from declarations.rules.takeover import (
    OldCodeTap,
    days_of_new,
    first_day_of_new,
    is_watched,
    last_day_of_old,
    stays_on_old,
)

MIDNIGHT = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)  # 1 December, 00:00 in Brussels
AFTERNOON = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)  # 30 November, 14:00 in Brussels
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("after", "begins", "runs", "stored", "stays"),
    [
        # Before the minute everything belongs to the old one.
        (-SECOND, True, False, False, True),
        (-SECOND, False, True, False, True),
        # From the minute on a start begins on the new one, whatever was forgotten on the old one.
        (timedelta(), True, False, False, False),
        (timedelta(), True, True, False, False),
        # A stop, a break and its end go on where the presence runs.
        (timedelta(hours=2), False, True, False, True),
        (timedelta(hours=2), False, False, False, False),
        # The same tap once more, sent over the minute, is not stored twice.
        (SECOND, True, False, True, True),
        (SECOND, False, False, True, True),
    ],
)
def test_where_a_tap_belongs(after: timedelta, begins: bool, runs: bool, stored: bool, stays: bool) -> None:
    tap = OldCodeTap(MIDNIGHT + after, begins=begins, runs_on_old=runs, is_stored_on_old=stored)
    assert stays_on_old(tap, MIDNIGHT) is stays


def test_days_of_both_contracts() -> None:
    assert (last_day_of_old(MIDNIGHT), first_day_of_new(MIDNIGHT)) == (date(2026, 11, 30), date(2026, 12, 1))
    # Inside a day it belongs to both.
    assert last_day_of_old(AFTERNOON) == first_day_of_new(AFTERNOON) == date(2026, 11, 30)


def test_the_radar_looks_for_fourteen_days() -> None:
    end = MIDNIGHT + timedelta(days=14)
    looks = [is_watched(MIDNIGHT, at) for at in (MIDNIGHT - SECOND, MIDNIGHT, end - SECOND, end)]
    assert looks == [False, True, True, False]


@pytest.mark.parametrize(
    ("start", "end", "new_end", "days"),
    [
        (date(2026, 1, 1), date.max, None, (date(2026, 12, 1), None)),
        (date(2026, 1, 1), date(2027, 3, 1), date(2027, 1, 31), (date(2026, 12, 1), date(2027, 1, 31))),
        # Agreed for later: it begins as agreed.
        (date(2027, 1, 1), date(2027, 3, 1), None, (date(2027, 1, 1), date(2027, 3, 1))),
        # Over already, and agreed for after the end of the new contract.
        (date(2026, 1, 1), date(2026, 11, 30), None, None),
        (date(2027, 2, 1), date.max, date(2027, 1, 31), None),
    ],
)
def test_what_a_place_of_the_chain_has_on_the_new_contract(
    start: date, end: date, new_end: date | None, days: tuple[date, date | None] | None
) -> None:
    shared = Period(start, end).shared(days_of_new(MIDNIGHT, new_end))
    assert (shared and (shared.start, shared.until)) == days
