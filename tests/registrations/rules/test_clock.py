from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.clock import (
    CLOCK_DOUBT,
    SENT_LATE,
    Measured,
    Timing,
    kept_offline,
    measured,
    online,
)

RECEIVED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NONE = timedelta()
AWARE = st.datetimes(timezones=st.just(UTC))


def test_online_the_server_counts() -> None:
    assert online(RECEIVED) == Timing(RECEIVED)


@pytest.mark.parametrize(
    ("claimed", "offset", "happened", "doubt"),
    [
        (RECEIVED - 90 * MINUTE, NONE, RECEIVED - 90 * MINUTE, False),
        (RECEIVED - 90 * MINUTE, 3 * MINUTE, RECEIVED - 87 * MINUTE, False),
        (RECEIVED - 90 * MINUTE, -3 * MINUTE, RECEIVED - 93 * MINUTE, False),
        (RECEIVED - 90 * MINUTE, 10 * MINUTE, RECEIVED - 80 * MINUTE, False),
        (RECEIVED - 90 * MINUTE, 11 * MINUTE, RECEIVED - 79 * MINUTE, True),
        (RECEIVED - 90 * MINUTE, -11 * MINUTE, RECEIVED - 101 * MINUTE, True),
        (RECEIVED - 90 * MINUTE, None, RECEIVED - 90 * MINUTE, True),
        (RECEIVED + 5 * MINUTE, NONE, RECEIVED, False),
        (RECEIVED + 11 * MINUTE, NONE, RECEIVED, True),
        (RECEIVED - 31 * DAY, NONE, RECEIVED - 31 * DAY, False),
        (RECEIVED - 32 * DAY, NONE, RECEIVED - 32 * DAY, True),
        (datetime.max.replace(tzinfo=UTC), DAY, RECEIVED, True),
        (datetime.min.replace(tzinfo=UTC), -DAY, RECEIVED, True),
        (None, NONE, RECEIVED, True),
    ],
)
def test_kept_offline(
    claimed: datetime | None, offset: timedelta | None, happened: datetime, *, doubt: bool
) -> None:
    expected = {SENT_LATE, CLOCK_DOUBT} if doubt else {SENT_LATE}
    assert kept_offline(RECEIVED, claimed, offset) == Timing(happened, frozenset(expected))


def test_a_jump_is_a_doubt() -> None:
    assert CLOCK_DOUBT in kept_offline(RECEIVED, RECEIVED, NONE, jumped=True).flags


@given(AWARE, st.none() | AWARE, st.none() | st.timedeltas())
def test_any_claim_is_taken_and_never_lies_in_the_future(
    received: datetime, claimed: datetime | None, offset: timedelta | None
) -> None:
    timing = kept_offline(received, claimed, offset)
    assert timing.happened_at <= received
    assert SENT_LATE in timing.flags


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("at_tap", "at_sending", "jumped", "expected"),
    [
        (NONE, NONE, False, Measured(NONE, jumped=False)),
        (MINUTE, 2 * MINUTE, False, Measured(MINUTE, jumped=False)),
        (MINUTE, 3 * MINUTE, False, Measured(MINUTE, jumped=False)),
        (MINUTE, 3 * MINUTE + timedelta(milliseconds=1), False, Measured(MINUTE, jumped=True)),
        (timedelta(days=1), timedelta(days=1), False, Measured(timedelta(days=1), jumped=False)),
        (MINUTE, MINUTE, True, Measured(MINUTE, jumped=True)),
        (MINUTE, None, False, Measured(MINUTE, jumped=False)),
        (None, MINUTE, False, Measured(MINUTE, jumped=True)),
        (None, None, False, Measured(None, jumped=False)),
    ],
)
def test_the_measurement_before_the_tap_counts_and_another_one_doubts_it(
    at_tap: timedelta | None, at_sending: timedelta | None, jumped: bool, expected: Measured
) -> None:
    assert measured(at_tap, at_sending, jumped=jumped) == expected
