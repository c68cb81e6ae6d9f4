"""People on site hour by hour, reckoned back from who is there now.

Each registration is counted once, by what it changed: the flag it was given says when it changed nothing.
So a whole day needs no more than a count for each hour, kind and flag.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from registrations.rules.presence import Flag, Kind


@dataclass(frozen=True, slots=True)
class Tally:
    """So many registrations of one kind, with the same flags, in one hour (0 to 23 on a Brussels clock)."""

    hour: int
    kind: Kind
    flags: frozenset[str]
    count: int


def change_of(kind: Kind, flags: Collection[str]) -> int:
    """By how many people a registration changed the number on site: one more, one less, or none.

    A break counts as on site. What arrived out of order is left out: it never changed who stood where.
    """
    if Flag.OUT_OF_ORDER in flags:
        return 0
    if kind is Kind.IN:
        return 0 if Flag.IN_WHILE_PRESENT in flags else 1
    if kind is Kind.OUT:
        return 0 if Flag.OUT_WITHOUT_IN in flags else -1
    return 1 if Flag.BREAK_WITHOUT_IN in flags else 0


def people_by_hour(tallies: Iterable[Tally], *, now_present: int, this_hour: int) -> list[int]:
    """How many were on site at the end of each hour from 0 to `this_hour`; in the last one: now.

    Never below zero: somebody who never checked out drops away without a registration.
    """
    changes = [0] * 24
    for tally in tallies:
        changes[tally.hour] += tally.count * change_of(tally.kind, tally.flags)
    people = [now_present]
    for hour in range(this_hour, 0, -1):
        people.append(people[-1] - changes[hour])
    return [max(0, number) for number in reversed(people)]
