"""An outage begins late, ends calm, and does not come and go in between."""

from datetime import UTC, datetime, timedelta

import pytest

from registrations.rules.outages import Step, step

NOW = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("waits", "is_open", "expected"),
    [
        (None, False, Step.NONE),
        (0, False, Step.NONE),
        (300, False, Step.NONE),
        (301, False, Step.BEGIN),
        (86_400, False, Step.BEGIN),
        (86_400, True, Step.NONE),
        (301, True, Step.NONE),
        # Between the two moments it stays as it is.
        (121, True, Step.NONE),
        (121, False, Step.NONE),
        (120, True, Step.END),
        (0, True, Step.END),
        (None, True, Step.END),
    ],
)
def test_steps(waits: int | None, is_open: bool, expected: Step) -> None:
    oldest = None if waits is None else NOW - timedelta(seconds=waits)
    assert step(oldest, is_open=is_open, now=NOW) is expected
