"""When the NSSO is left alone and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from registrations.rules.breaker import (
    LONGEST_PAUSE_S,
    MISCONFIGURED_PAUSE,
    PROBE_ROWS,
    Passage,
    Trouble,
    after_failure,
    after_misconfigured,
    is_service_down,
    passage,
    rows_allowed,
    service_wait_s,
)

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


RESTING = Trouble(3, later(2), later(-9))
RESTED = Trouble(3, later(-1), later(-9))


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble(), Passage.FREE),
        (RESTING, Passage.RESTING),
        (RESTED, Passage.PROBE),
        (Trouble(1, NOW, NOW), Passage.PROBE),
        (Trouble(1, None, NOW), Passage.PROBE),
    ],
)
def test_what_may_pass(trouble: Trouble, expected: Passage) -> None:
    assert passage(trouble, now=NOW) is expected


@pytest.mark.parametrize(
    ("known", "retry_after_s", "spread", "is_probe", "failures", "rest_s"),
    [
        # Each failure in a row doubles the rest, up to the ceiling; the spread only lengthens it.
        (Trouble(), None, 0.0, False, 1, 0.5),
        (Trouble(1, later(-1), later(-2)), None, 0.0, False, 2, 1.0),
        (RESTED, None, 0.0, False, 4, 4.0),
        (RESTED, None, 1.0, False, 4, 5.0),
        (Trouble(50, later(-1), later(-99)), None, 0.0, False, 51, LONGEST_PAUSE_S),
        (Trouble(50, later(-1), later(-99)), None, 1.0, False, 51, LONGEST_PAUSE_S * 1.25),
        # What the NSSO asks for is kept, and not shortened by any ceiling of ours.
        (Trouble(), 0.0, 0.0, False, 1, 0.5),
        (Trouble(), 7.0, 0.0, False, 1, 7.0),
        (Trouble(), 3600.0, 0.0, False, 1, 3600.0),
        (Trouble(), 3600.0, 1.0, False, 1, 3615.0),
        # Calls that were under way when the rest began do not lengthen it, unless the NSSO asks for more.
        (RESTING, None, 0.0, False, 3, 2.0),
        (RESTING, 1.0, 0.0, False, 3, 2.0),
        (RESTING, 30.0, 0.0, False, 3, 30.0),
        # A probe goes while the others rest.
        (RESTING, None, 0.0, True, 4, 4.0),
    ],
)
def test_how_long_a_failure_rests(
    known: Trouble,
    retry_after_s: float | None,
    spread: float,
    *,
    is_probe: bool,
    failures: int,
    rest_s: float,
) -> None:
    found = after_failure(known, now=NOW, spread=spread, retry_after_s=retry_after_s, is_probe=is_probe)
    assert found == Trouble(failures, later(rest_s), known.failing_since or NOW)


def test_wrong_settings_rest_for_minutes_however_often() -> None:
    first = after_misconfigured(Trouble(), now=NOW)
    assert first == Trouble(1, NOW + MISCONFIGURED_PAUSE, NOW)
    second = after_misconfigured(first, now=later(400))
    assert second == Trouble(2, later(400) + MISCONFIGURED_PAUSE, NOW)


@pytest.mark.parametrize(
    ("failing", "in_use", "expected"),
    [
        (0, 0, False),
        (0, 5, False),
        (1, 0, True),
        (1, 1, True),
        (1, 2, False),
        (2, 2, True),
        (2, 3, False),
        (3, 3, True),
        (2, 5000, False),
        (3, 5000, True),
    ],
)
def test_when_the_service_is_down(failing: int, in_use: int, expected: bool) -> None:
    assert is_service_down(failing=failing, in_use=in_use) is expected


@pytest.mark.parametrize(("told_s", "wait_s"), [(None, None), (7.0, 7.0), (86_400.0, 300.0)])
def test_what_one_access_was_told_holds_for_all_to_a_limit(
    told_s: float | None, wait_s: float | None
) -> None:
    assert service_wait_s(told_s) == wait_s


@pytest.mark.parametrize(
    ("trouble", "most", "expected"), [(Trouble(), 200, 200), (RESTED, 200, PROBE_ROWS), (RESTED, 2, 2)]
)
def test_how_many_rows_may_go(trouble: Trouble, most: int, expected: int) -> None:
    assert rows_allowed(trouble, most) == expected
