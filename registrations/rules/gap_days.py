"""The days of a chain as a table: who registered, who was expected and silent, day by day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from ciao_portal.days import each_day
from registrations.rules.gaps import Look, expected_on


class DayState(StrEnum):
    """How a firm stands on one day."""

    REGISTERED = "registered"
    SILENT = "silent"
    OUTSIDE = "outside"
    NOT_EXPECTED = "not_expected"
    # It has no place in the chain on that day, or the day is still to come.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Day:
    """One cell; `count` are registrations, those made elsewhere included."""

    day: date
    state: DayState
    count: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A firm's days; `depth` 0 stands directly below the viewer, None in no place of the chain."""

    company: UUID
    depth: int | None
    days: tuple[Day, ...]

    @property
    def registrations(self) -> int:
        return sum(one.count for one in self.days)

    @property
    def silent_days(self) -> int:
        return sum(one.state is DayState.SILENT for one in self.days)

    @property
    def outside_days(self) -> int:
        return sum(one.state is DayState.OUTSIDE for one in self.days)


def rows_of(look: Look) -> list[Row]:
    """One row for each firm below the viewer in the order of the tree, then those without a place."""
    below = list(_walk(look))
    strangers = dict.fromkeys(
        entry.company
        for entry in look.of_window
        if entry.company not in (look.viewer, look.chain.declarer) and entry.company not in look.below
    )
    found = [*below, *((firm, None) for firm in strangers)]
    return [Row(firm, depth, tuple(_days(look, firm))) for firm, depth in found]


def _days(look: Look, company: UUID) -> Iterable[Day]:
    for day in each_day(look.window.first, look.window.last):
        count = look.counts.get((company, day), 0)
        stands = look.chain.stands_below(look.viewer, company, day)
        if count:
            yield Day(day, DayState.REGISTERED if stands else DayState.OUTSIDE, count)
        elif not stands or day > look.today:
            yield Day(day, DayState.NOTHING)
        else:
            silent = expected_on(look, company, day)
            yield Day(day, DayState.SILENT if silent else DayState.NOT_EXPECTED)


def _walk(look: Look) -> Iterable[tuple[UUID, int]]:
    """The firms below the viewer with their depth, each once, a parent before those below it."""
    places = look.chain.places
    firms = {place.id: place.company for place in places}
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    for place in places:
        children[place.parent].append(place.id)
    own: list[UUID | None] = [place.id for place in places if place.company == look.viewer]
    tops = [None] if look.viewer == look.chain.declarer else own
    waiting = [(key, 0) for top in tops for key in children[top]][::-1]
    met: set[UUID] = set()
    while waiting:
        key, depth = waiting.pop()
        if firms[key] not in met:
            met.add(firms[key])
            yield firms[key], depth
        waiting += [(child, depth + 1) for child in reversed(children[key])]
