"""What the simulator makes up: numbers, tokens, trace ids."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime

# A new store's numbers start at the seconds since the duty exists: a portal that outlives its simulator's
# store never meets an old number again, and a number mixed up with another one shows at once.
_NUMBERS_SINCE = datetime(2024, 9, 1, tzinfo=UTC)
_TOKEN_BITS = 256


class Chance:
    """With a seed the same calls give the same values; without, nobody can guess them."""

    def __init__(self, seed: int | None) -> None:
        self._is_seeded = seed is not None
        self._numbers = random.Random(seed) if self._is_seeded else random.SystemRandom()  # noqa: S311
        self._tokens = random.Random(f"tokens {seed}") if self._is_seeded else self._numbers  # noqa: S311
        self._first = self._numbers.randrange(10**6, 10**8)

    def trace_id(self) -> str:
        return str(uuid.UUID(int=self._numbers.getrandbits(128), version=4))

    def token(self) -> str:
        return f"{self._tokens.getrandbits(_TOKEN_BITS):064x}"

    def first_number(self) -> int:
        """The number of the first registration in an empty store."""
        if self._is_seeded:
            return self._first
        return int((datetime.now(UTC) - _NUMBERS_SINCE).total_seconds())
