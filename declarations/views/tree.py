"""The chain as a nested list, for templates."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ciao_portal.models import Company
from declarations.models import Subcontract
from declarations.tables import period_words


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the chain as a line: how deep it stands, and how many lists open and close around it.

    Templates have no recursion, so the tree comes as a flat walk with its own brackets.
    """

    place: Subcontract
    name: str
    period: str
    is_over: bool
    opens: bool
    # As many entries as lists end after this line.
    closings: range


def tree_of(subcontracts: list[Subcontract], names: dict[Company, str], today: date) -> list[Node]:
    """The places in reading order. A place whose upper one is not seen stands at the top."""
    seen = {place.pk for place in subcontracts}
    children: dict[UUID | None, list[Subcontract]] = defaultdict(list)
    for place in subcontracts:
        children[place.parent_id if place.parent_id in seen else None].append(place)
    walk = list(_walk(children, None, 0))
    nodes = []
    for index, (place, depth) in enumerate(walk):
        following = walk[index + 1][1] if index + 1 < len(walk) else 0
        nodes.append(
            Node(
                place=place,
                name=names.get(place.company, str(place.company)),
                period=period_words(place.starts_on, place.ends_on),
                is_over=place.ends_on is not None and place.ends_on < today,
                opens=following > depth,
                closings=range(max(depth - following, 0)),
            )
        )
    return nodes


def _walk(
    children: dict[UUID | None, list[Subcontract]], above: UUID | None, depth: int
) -> Iterator[tuple[Subcontract, int]]:
    for place in children[above]:
        yield place, depth
        yield from _walk(children, place.pk, depth + 1)
