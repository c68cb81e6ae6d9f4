"""When a company in the chain is called silent."""

from datetime import UTC, datetime, timedelta

import pytest

from registrations.rules.silence import Silence, silence_of

# Monday 23 November 2026, 08:00 in Brussels.
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def start(weeks: int, clock: str) -> datetime:
    """The same day of the week so many weeks before, at a winter clock time in Brussels."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, 23, hour - 1, minute, tzinfo=UTC) - timedelta(weeks=weeks)


def test_three_of_four_weeks_are_a_habit() -> None:
    starts = [start(1, "06:00"), None, start(3, "06:40"), start(4, "05:55")]
    assert silence_of(starts, now=NOW) == Silence(3, start(3, "06:40"))


def test_two_weeks_are_none() -> None:
    assert silence_of([start(1, "06:00"), start(2, "06:00"), None, None], now=NOW) is None


@pytest.mark.parametrize(("clock", "silent"), [("07:30", True), ("07:31", False)])
def test_half_an_hour_after_the_latest_usual_start(clock: str, *, silent: bool) -> None:
    starts = [start(1, clock), start(2, "06:00"), start(3, "06:00"), None]
    assert (silence_of(starts, now=NOW) is not None) is silent


def test_the_clock_on_the_wall_counts_when_the_clocks_have_changed() -> None:
    # Mondays 26 October (winter), 19, 12, 5 October (summer), all at 06:00 in Brussels; asked on 2 November.
    starts = [
        datetime(2026, 10, 26, 5, 0, tzinfo=UTC),
        *(datetime(2026, 10, day, 4, 0, tzinfo=UTC) for day in (19, 12, 5)),
    ]
    assert silence_of(starts, now=datetime(2026, 11, 2, 5, 29, tzinfo=UTC)) is None
    found = silence_of(starts, now=datetime(2026, 11, 2, 5, 30, tzinfo=UTC))
    assert found is not None
    assert found.weeks == 4
