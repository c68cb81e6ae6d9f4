"""How long one access rests after a failure: longer with every failure in a row, never for good."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 60.0
# Somebody must put something right; meanwhile nobody is served by hurry.
MISCONFIGURED_PAUSE = timedelta(minutes=5)
# While the NSSO is in trouble a few rows try the ground, so that an outage of days fills neither the table of
# attempts nor the list of uncertain ones.
PROBE_ROWS = 5


@dataclass
class _Rest:
    failures: int
    until: datetime


class Pauses:
    """Failures in a row by access, as this sender saw them. Kept in memory: a new sender simply tries."""

    def __init__(self) -> None:
        self._rests: dict[UUID, _Rest] = {}

    def resting(self, now: datetime) -> set[UUID]:
        """Accesses that must not be used yet."""
        return {access for access, rest in self._rests.items() if rest.until > now}

    def until(self, access: UUID, now: datetime) -> datetime | None:
        """The end of this access's rest; None when it may be used."""
        rest = self._rests.get(access)
        return rest.until if rest is not None and rest.until > now else None

    def rows_allowed(self, access: UUID, most: int) -> int:
        """How many rows may be tried at once with this access."""
        return min(most, PROBE_ROWS) if access in self._rests else most

    def failed(self, access: UUID, *, now: datetime, retry_after: float | None = None) -> datetime:
        """Count a failure; answers when to try again.

        A wait the NSSO asked for (seconds) is kept as asked; else each failure in a row doubles the last one.
        """
        failures = self._rests[access].failures + 1 if access in self._rests else 1
        if retry_after is None:
            wait_s = min(FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE_S)
        else:
            wait_s = max(retry_after, FIRST_PAUSE_S)
        # Senders that failed together must not come back together.
        wait_s *= random.uniform(1.0, 1.25)  # noqa: S311 - spreads load, no secret
        return self._rest(access, failures, now + timedelta(seconds=wait_s))

    def misconfigured(self, access: UUID, *, now: datetime) -> datetime:
        """Rest for minutes; answers until when."""
        return self._rest(access, 1, now + MISCONFIGURED_PAUSE)

    def succeeded(self, access: UUID) -> None:
        self._rests.pop(access, None)

    def _rest(self, access: UUID, failures: int, until: datetime) -> datetime:
        self._rests[access] = _Rest(failures, until)
        return until
