"""How often foretold remarks came true: precision and recall, by code."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HitRate:
    """`foretold` registrations with this code, `came` from the NSSO, `hit`: both."""

    code: str
    foretold: int
    came: int
    hit: int

    @property
    def precision(self) -> int | None:
        """Of what was foretold, how much came: whole percent, None when nothing was foretold."""
        return round(100 * self.hit / self.foretold) if self.foretold else None

    @property
    def recall(self) -> int | None:
        """Of what came, how much was foretold: whole percent, None when nothing came."""
        return round(100 * self.hit / self.came) if self.came else None


def hit_rates(
    foretold: Iterable[tuple[str, int]], came: Iterable[tuple[str, int]], hit: Iterable[tuple[str, int]]
) -> list[HitRate]:
    """From counts by code; the codes with most remarks first."""
    numbers = [dict(part) for part in (foretold, came, hit)]
    codes = set().union(*numbers)
    rates = [HitRate(code, *(part.get(code, 0) for part in numbers)) for code in codes]
    return sorted(rates, key=lambda rate: (-rate.came, -rate.foretold, rate.code))
