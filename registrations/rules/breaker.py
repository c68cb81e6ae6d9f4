"""When the NSSO is left alone, for how long, and how carefully it is tried again.

One access rests after each of its failures. The service as a whole rests when several accesses fail for
reasons of the service with no success between them; then one small probe at a time finds out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

FIRST_PAUSE_S = 0.5
# Whoever registers just after the end of an outage waits for the end of this rest.
LONGEST_PAUSE_S = 20.0
# Somebody must put something right; meanwhile nobody is served by hurry.
MISCONFIGURED_PAUSE = timedelta(minutes=5)
# A rest is lengthened by up to this part of itself, so that senders that failed together do not come back
# together; by no more than so many seconds when the NSSO said how long.
SPREAD = 0.25
LONGEST_SPREAD_S = 15.0
# The NSSO tells one access how long to wait, not all of them: the service is probed at least so often.
LONGEST_SERVICE_PAUSE_S = 300.0
# So many accesses in trouble are no coincidence; fewer when fewer are in use.
SEVERAL = 3
# While it is not known whether it works again, a few rows try the ground, so that an outage of days fills
# neither the table of attempts nor the list of uncertain ones.
PROBE_ROWS = 5


@dataclass(frozen=True)
class Trouble:
    """Failures in a row and the rest they led to; the default is a line without trouble."""

    failures: int = 0
    rest_until: datetime | None = None
    failing_since: datetime | None = None


class Passage(Enum):
    """What may pass."""

    FREE = "free"
    RESTING = "resting"
    PROBE = "probe"


def passage(trouble: Trouble, *, now: datetime) -> Passage:
    if trouble.failures == 0:
        return Passage.FREE
    if trouble.rest_until is not None and trouble.rest_until > now:
        return Passage.RESTING
    return Passage.PROBE


def after_failure(
    known: Trouble,
    *,
    now: datetime,
    spread: float,
    retry_after_s: float | None = None,
    is_probe: bool = False,
) -> Trouble:
    """The trouble with one more failure.

    A wait the NSSO asked for (seconds) is kept as asked; else each failure in a row doubles the last rest.
    `spread` is a random number from 0 to 1. A failure within a rest is one of a call that was under way when
    the rest began: it lengthens the rest only as far as the NSSO asks, unless it was the probe.
    """
    began_before = not is_probe and passage(known, now=now) is Passage.RESTING
    failures = known.failures if began_before else known.failures + 1
    rest_until = now + timedelta(seconds=_pause_s(failures, retry_after_s, spread))
    if began_before and known.rest_until is not None:
        rest_until = known.rest_until if retry_after_s is None else max(known.rest_until, rest_until)
    return Trouble(failures, rest_until, known.failing_since or now)


def after_misconfigured(known: Trouble, *, now: datetime) -> Trouble:
    """The trouble when a token, a right or a setting is wrong: a rest of minutes, always the same."""
    return Trouble(known.failures + 1, now + MISCONFIGURED_PAUSE, known.failing_since or now)


def is_service_down(*, failing: int, in_use: int) -> bool:
    """Whether so many failing accesses, of those in use, speak of the service and not of themselves."""
    return failing >= max(1, min(SEVERAL, in_use))


def service_wait_s(retry_after_s: float | None) -> float | None:
    """What the wait that one access was told means for all of them."""
    return None if retry_after_s is None else min(retry_after_s, LONGEST_SERVICE_PAUSE_S)


def rows_allowed(trouble: Trouble, most: int) -> int:
    """How many rows may go at once: all that fit while it works, few after a failure."""
    return min(most, PROBE_ROWS) if trouble.failures else most


def _pause_s(failures: int, retry_after_s: float | None, spread: float) -> float:
    if retry_after_s is not None:
        wait_s = max(retry_after_s, FIRST_PAUSE_S)
        return wait_s + spread * min(SPREAD * wait_s, LONGEST_SPREAD_S)
    wait_s = min(FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE_S)
    return wait_s * (1 + spread * SPREAD)
