from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.clock import CLOCK_DOUBT, SENT_LATE, Timing, kept_offline, online

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
