"""The chain as a nested list, for templates."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from ciao_portal.models import Company
from declarations.models import Subcontract
from declarations.place_states import PlaceState
from declarations.tables import period_words

# A chain up to this size stands open; in a larger one each branch is opened by hand.
ALL_OPEN = 40


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the chain as a line: how it stands, and how many lists open and close around it.

    Templates have no recursion, so the tree comes as a flat walk with its own brackets.
    """

    place: Subcontract
    name: str
    period: str
    state: PlaceState
    # False for one that is shown only because somebody below it was looked for.
    is_match: bool
    # How many stand below it, at whatever depth; 0 opens no list.
    below: int
    is_open: bool
    # As many entries as lists end after this line.
    closings: range


def figures_of_now(viewer: Company, subcontracts: list[Subcontract]) -> set[UUID]:
    """The companies whose figures of now arrive once the page is drawn: the viewer, and all it sees below."""
    return {viewer.pk, *(place.company_id for place in subcontracts)}


def tree_of(
    subcontracts: list[Subcontract],
    names: dict[Company, str],
    states: dict[UUID, PlaceState],
    *,
    found: Collection[UUID] | None = None,
    at: UUID | None = None,
) -> list[Node]:
    """The places in reading order. A place whose upper one is not seen stands at the top.

    With `found`: these alone, with those above them. `at` is a place whose branch stands open.
    """
    wanted = _with_those_above(subcontracts, found) if found is not None else None
    shown = [place for place in subcontracts if wanted is None or place.pk in wanted]
    seen = {place.pk for place in shown}
    children: dict[UUID | None, list[Subcontract]] = defaultdict(list)
    for place in shown:
        children[place.parent_id if place.parent_id in seen else None].append(place)
    opened = _with_those_above(subcontracts, [at]) if at else set()
    is_all_open = found is not None or len(shown) <= ALL_OPEN
    walk = list(_walk(children, None, 0))
    nodes = []
    for index, (place, depth) in enumerate(walk):
        following = walk[index + 1][1] if index + 1 < len(walk) else 0
        nodes.append(
            Node(
                place=place,
                name=names.get(place.company, str(place.company)),
                period=period_words(place.starts_on, place.ends_on),
                state=states[place.pk],
                is_match=found is None or place.pk in found,
                below=_count_below(walk, index),
                is_open=is_all_open or place.pk in opened,
                closings=range(max(depth - following, 0)),
            )
        )
    return nodes


def _with_those_above(subcontracts: list[Subcontract], found: Collection[UUID]) -> set[UUID]:
    parents = {place.pk: place.parent_id for place in subcontracts}
    wanted: set[UUID] = set()
    for key in found:
        above: UUID | None = key
        while above in parents and above not in wanted:
            wanted.add(above)
            above = parents[above]
    return wanted


def _walk(
    children: dict[UUID | None, list[Subcontract]], above: UUID | None, depth: int
) -> Iterator[tuple[Subcontract, int]]:
    for place in children[above]:
        yield place, depth
        yield from _walk(children, place.pk, depth + 1)


def _count_below(walk: list[tuple[Subcontract, int]], index: int) -> int:
    """How many of the walk that follow stand deeper, up to the first that does not."""
    depth = walk[index][1]
    end = next((at for at in range(index + 1, len(walk)) if walk[at][1] <= depth), len(walk))
    return end - index - 1
