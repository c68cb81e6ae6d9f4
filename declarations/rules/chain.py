"""The chain of a declaration as a tree: who stands under whom, when, and who may see whom.

A link is one place of one company. The same company may stand on two branches, so places refer to
places. The one link without a parent is the declarer with the declaration's own period. Periods are
inclusive days; an end of None means: as long as the place above, and open at the top.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Inclusive days; an ``end`` of date.max stands for open, which ``until`` gives as None."""

    start: date
    end: date

    @property
    def until(self) -> date | None:
        """The last day, None when open."""
        return None if self.end == date.max else self.end

    def shared(self, other: "Period") -> "Period | None":
        """The days in both, None when there are none."""
        both = Period(max(self.start, other.start), min(self.end, other.end))
        return both if both.start <= both.end else None


@dataclass(frozen=True, slots=True)
class Link:
    """A company's place; ``parent`` is the id of the place above, None for the declarer."""

    id: UUID
    company: UUID
    parent: UUID | None
    start: date
    end: date | None = None

    @property
    def period(self) -> Period:
        """Its own days, before the places above are looked at."""
        return Period(self.start, self.end or date.max)


def ancestors(links: Iterable[Link], link_id: UUID) -> list[Link]:
    """The places above, nearest first, the declarer last. Raises ``chain.cycle``, ``chain.parentUnknown``."""
    return _above(_by_id(links), link_id)


def descendants(links: Iterable[Link], link_id: UUID) -> list[Link]:
    """The places below, every parent before its children; without end on no tree, a cycle included."""
    children = defaultdict(list)
    for link in links:
        children[link.parent].append(link)
    found: list[Link] = []
    seen = {link_id}
    waiting = [link_id]
    while waiting:
        for child in children[waiting.pop()]:
            if child.id not in seen:
                seen.add(child.id)
                found.append(child)
                waiting.append(child.id)
    return found


def check(links: Iterable[Link]) -> None:
    """Refuse a chain that is not one tree of nested periods.

    Raises DomainError: ``chain.period`` (ends before it starts), ``chain.roots``,
    ``chain.parentUnknown``, ``chain.cycle``, ``chain.twiceOnBranch``, ``chain.periodOutsideParent``.
    """
    by_id = _by_id(links)
    _check_roots(by_id)
    for link in by_id.values():
        if link.period.end < link.period.start:
            raise DomainError("chain.period", _("The last day is before the first day."), field="end")
        above = _checked_branch(by_id, link)
        if above:
            _check_inside(link, above[0])


def closure(links: Iterable[Link]) -> dict[tuple[UUID, UUID], tuple[Period, ...]]:
    """Who sees whom and for which days: (viewer, member) to merged periods.

    Every company sees itself and everybody below it, never up or sideways; so the declarer sees all.
    The days are those on which every link from the member up to the declarer runs: ending a contract
    early closes the view of everything under it. A company on two branches has the days of both.
    Raises like ``check`` for what is not a tree; periods need not be nested.
    """
    by_id = _by_id(links)
    _check_roots(by_id)
    seen: dict[tuple[UUID, UUID], list[Period]] = defaultdict(list)
    for link in by_id.values():
        above = _checked_branch(by_id, link)
        period = _days_in_force([link, *above])
        if period:
            for viewer in (link, *above):
                seen[viewer.company, link.company].append(period)
    return {pair: merged(periods) for pair, periods in seen.items()}


def refusals(links: Iterable[Link], link_id: UUID) -> dict[UUID, DomainError | None]:
    """What speaks against putting a place, with all below it, under each place; None where nothing does.

    The codes are those of ``check``: ``chain.cycle``, ``chain.twiceOnBranch``, ``chain.periodOutsideParent``.
    """
    by_id = _by_id(links)
    moved = [by_id[link_id], *descendants(by_id.values(), link_id)]
    keys, companies = {link.id for link in moved}, {link.company for link in moved}
    return {
        place.id: _cycle() if place.id in keys else _refusal(by_id, by_id[link_id], place, companies)
        for place in by_id.values()
    }


def cut_off(links: Iterable[Link], link_id: UUID, last: date) -> list[Link]:
    """The places below that run beyond ``last`` today, and would not once the place ends that day."""
    by_id = _by_id(links)
    found = []
    for link in descendants(by_id.values(), link_id):
        period = _days_in_force([link, *_above(by_id, link.id)])
        if period and period.end > last:
            found.append(link)
    return found


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days in as few periods as possible, in order; adjacent ones are joined."""
    result: list[Period] = []
    for period in sorted(periods):
        last = result[-1] if result else None
        if last and (last.end == date.max or period.start <= last.end + timedelta(days=1)):
            result[-1] = Period(last.start, max(last.end, period.end))
        else:
            result.append(period)
    return tuple(result)


def _refusal(by_id: dict[UUID, Link], link: Link, parent: Link, companies: set[UUID]) -> DomainError | None:
    if companies & {upper.company for upper in (parent, *_above(by_id, parent.id))}:
        words = _("The company, or one that stands below it, stands higher up on that branch already.")
        return DomainError("chain.twiceOnBranch", words, field="company")
    try:
        _check_inside(link, parent)
    except DomainError as error:
        return error
    return None


def _days_in_force(branch: list[Link]) -> Period | None:
    shared: Period | None = branch[0].period
    for link in branch[1:]:
        shared = shared and shared.shared(link.period)
    return shared


def _check_inside(link: Link, parent: Link) -> None:
    """The period against the one above; no end of its own means the end above."""
    if link.start < parent.period.start or link.start > parent.period.end:
        field = "start"
    elif link.end is not None and link.end > parent.period.end:
        field = "end"
    else:
        return
    raise DomainError(
        "chain.periodOutsideParent",
        _("The period must lie within the period of the company above it in the chain."),
        field=field,
    )


def _by_id(links: Iterable[Link]) -> dict[UUID, Link]:
    return {link.id: link for link in links}


def _check_roots(by_id: dict[UUID, Link]) -> None:
    roots = sum(link.parent is None for link in by_id.values())
    if roots > 1:
        raise DomainError(
            "chain.roots",
            _(
                "Only the declaring company stands at the top of the chain. "
                "Choose the company above this one."
            ),
            field="parent",
        )
    if by_id and not roots:
        raise _cycle()


def _checked_branch(by_id: dict[UUID, Link], link: Link) -> list[Link]:
    above = _above(by_id, link.id)
    if any(upper.company == link.company for upper in above):
        raise DomainError(
            "chain.twiceOnBranch",
            _("This company already stands higher up on the same branch of the chain."),
            field="company",
        )
    return above


def _above(by_id: dict[UUID, Link], link_id: UUID) -> list[Link]:
    above: list[Link] = []
    passed = {link_id}
    parent = by_id[link_id].parent
    while parent is not None:
        if parent in passed:
            raise _cycle()
        if parent not in by_id:
            raise parent_unknown()
        passed.add(parent)
        above.append(by_id[parent])
        parent = by_id[parent].parent
    return above


def parent_unknown() -> DomainError:
    """The refusal of a place above that stands in another chain."""
    return DomainError(
        "chain.parentUnknown",
        _("The company above this one does not belong to this declaration."),
        field="parent",
    )


def _cycle() -> DomainError:
    return DomainError(
        "chain.cycle",
        _("A company cannot stand under itself: the chain would run in a circle."),
        field="parent",
    )
