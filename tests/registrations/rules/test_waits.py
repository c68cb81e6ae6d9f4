"""Who waited for the NSSO, and the sums of it."""

from datetime import UTC, datetime, timedelta

import pytest

from registrations.rules.waits import WAITED, Tally, Wait, tally_of, waits_by_hour

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
NOW = NOON + timedelta(hours=6)
MINUTE = timedelta(minutes=1)


def wait(minutes: float | None, *, since: datetime = NOON, got_through: bool = True) -> Wait:
    answered = None if minutes is None else since + minutes * MINUTE
    return Wait(since, answered, got_through=got_through and answered is not None)


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (wait(5), False),
        (wait(5.01), True),
        (wait(None), True),
        (wait(None, since=NOW - WAITED), False),
        (wait(90, got_through=False), True),
        # Before, after, and across the edges of the period (11:00 to 12:00 UTC).
        (wait(30, since=NOON - 31 * MINUTE), False),
        (wait(30, since=NOON - 30 * MINUTE), False),
        (wait(31, since=NOON - 30 * MINUTE), True),
        (wait(None, since=NOON - timedelta(days=3)), True),
        (wait(30, since=NOON + 59 * MINUTE), True),
        (wait(30, since=NOON + 60 * MINUTE), False),
    ],
)
def test_what_counts_as_waiting(one: Wait, counts: bool) -> None:
    assert one.counts(NOON, NOON + timedelta(hours=1), now=NOW) is counts


def test_the_hours_add_up_to_the_whole() -> None:
    waits = [
        wait(10),
        wait(200, since=NOON + 59 * MINUTE),
        wait(20, since=NOON + 61 * MINUTE, got_through=False),
        wait(None, since=NOON + timedelta(hours=3)),
    ]
    whole = tally_of(waits, now=NOW)
    assert whole == Tally(
        count=4,
        got_through=2,
        refused=1,
        still_waiting=1,
        longest=200 * MINUTE,
        last_through_at=NOON + 259 * MINUTE,
    )
    hours = waits_by_hour(waits, now=NOW)
    assert [hour.start for hour in hours] == [NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=3)]
    assert sum(hour.tally.count for hour in hours) == whole.count
    assert max(hour.tally.longest for hour in hours) == whole.longest
    assert sum(hour.tally.still_waiting for hour in hours) == whole.still_waiting
