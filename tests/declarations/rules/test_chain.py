import time
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciao_portal.errors import DomainError
from declarations.rules.chain import (
    Link,
    Period,
    ancestors,
    check,
    closure,
    cut_off,
    descendants,
    merged,
    refusals,
)

JAN, FEB, MAR, DEC = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 12, 31)
OPEN = date.max


def number(value: int) -> UUID:
    return UUID(int=value)


def link(
    place: int, parent: int | None, start: date = JAN, end: date | None = None, *, company: int | None = None
) -> Link:
    """A place; the company has the same number as its place unless told otherwise."""
    above = None if parent is None else number(parent)
    return Link(number(place), number(company or place), above, start, end)


def refusal(*links: Link) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as caught:
        check(links)
    assert str(caught.value)
    return caught.value.code, caught.value.field


DECLARER = link(1, None, JAN, DEC)


def test_down_the_chain_only() -> None:
    chain = [DECLARER, link(2, 1), link(3, 2), link(4, 1)]
    check(chain)
    assert {(viewer.int, member.int) for viewer, member in closure(chain)} == {
        *((1, member) for member in (1, 2, 3, 4)),
        (2, 2),
        (2, 3),
        (3, 3),
        (4, 4),
    }
    assert [above.id.int for above in ancestors(chain, number(3))] == [2, 1]
    assert {below.id.int for below in descendants(chain, number(1))} == {2, 3, 4}
    assert descendants(chain, number(4)) == []


def test_no_end_means_the_end_above() -> None:
    views = closure([DECLARER, link(2, 1, FEB), link(3, 2, MAR)])
    assert views[number(1), number(3)] == (Period(MAR, DEC),)
    open_chain = closure([link(1, None), link(2, 1, FEB)])
    assert open_chain[number(1), number(2)] == (Period(FEB, OPEN),)
    assert open_chain[number(1), number(2)][0].until is None


def test_ending_a_contract_early_closes_what_stands_under_it() -> None:
    shortened = [DECLARER, link(2, 1, JAN, FEB), link(3, 2, JAN, DEC), link(4, 2, MAR, DEC)]
    views = closure(shortened)
    assert views[number(1), number(3)] == views[number(2), number(3)] == (Period(JAN, FEB),)
    assert (number(1), number(4)) not in views
    assert refusal(*shortened) == ("chain.periodOutsideParent", "end")


def test_a_company_on_two_branches_is_seen_on_the_days_of_both() -> None:
    chain = [
        DECLARER,
        link(2, 1),
        link(3, 1),
        link(4, 2, JAN, FEB, company=9),
        link(5, 3, MAR, DEC, company=9),
    ]
    check(chain)
    views = closure(chain)
    assert views[number(1), number(9)] == (Period(JAN, FEB), Period(MAR, DEC))
    assert views[number(2), number(9)] == (Period(JAN, FEB),)
    assert views[number(3), number(9)] == (Period(MAR, DEC),)


@pytest.mark.parametrize(
    ("links", "code", "field"),
    [
        ([DECLARER, link(2, None)], "chain.roots", "parent"),
        ([link(1, 2), link(2, 1)], "chain.cycle", "parent"),
        ([DECLARER, link(2, 3), link(3, 2)], "chain.cycle", "parent"),
        ([DECLARER, link(2, 2)], "chain.cycle", "parent"),
        ([DECLARER, link(2, 77)], "chain.parentUnknown", "parent"),
        ([DECLARER, link(2, 1, company=1)], "chain.twiceOnBranch", "company"),
        ([DECLARER, link(2, 1), link(3, 2), link(4, 3, company=2)], "chain.twiceOnBranch", "company"),
        ([DECLARER, link(2, 1, FEB, JAN)], "chain.period", "end"),
        ([DECLARER, link(2, 1, JAN - timedelta(days=1))], "chain.periodOutsideParent", "start"),
        ([DECLARER, link(2, 1, DEC + timedelta(days=1))], "chain.periodOutsideParent", "start"),
        ([DECLARER, link(2, 1, JAN, DEC + timedelta(days=1))], "chain.periodOutsideParent", "end"),
    ],
)
def test_refused_chains(links: list[Link], code: str, field: str) -> None:
    assert refusal(*links) == (code, field)


def test_the_edges_of_the_parents_period_are_inside() -> None:
    check([DECLARER, link(2, 1, JAN, DEC), link(3, 1, DEC, DEC)])
    check([])


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40), st.randoms())
def test_closure_is_every_place_with_all_above_it(choices: list[int], shuffle: object) -> None:
    chain = [
        DECLARER,
        *(link(place, 1 + choice % (place - 1)) for place, choice in enumerate(choices, start=2)),
    ]
    pairs = set(closure(chain))
    expected = {(one.company, one.company) for one in chain}
    expected |= {(above.company, one.company) for one in chain for above in ancestors(chain, one.id)}
    assert pairs == expected
    below = {(top.company, one.company) for top in chain for one in [top, *descendants(chain, top.id)]}
    assert pairs == below


@given(st.lists(st.tuples(st.dates(JAN, DEC), st.integers(0, 60)), max_size=12))
def test_merging_keeps_the_days_and_leaves_gaps_between(spans: list[tuple[date, int]]) -> None:
    periods = [Period(start, start + timedelta(days=length)) for start, length in spans]
    result = merged(periods)

    def days_of(some: tuple[Period, ...] | list[Period]) -> set[int]:
        return {day for one in some for day in range(one.start.toordinal(), one.end.toordinal() + 1)}

    assert days_of(result) == days_of(periods)
    assert all(one.end + timedelta(days=1) < other.start for one, other in pairwise(result))


def test_500_links_are_quick() -> None:
    chain = [DECLARER, *(link(place, place // 3 + 1 if place > 2 else 1) for place in range(2, 501))]
    began = time.process_time()
    check(chain)
    closure(chain)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("parent", "code"),
    [
        (1, None),
        (2, "chain.cycle"),
        (3, "chain.cycle"),
        (4, None),
        (5, "chain.periodOutsideParent"),
        (6, "chain.twiceOnBranch"),
        (7, "chain.twiceOnBranch"),
    ],
)
def test_what_speaks_against_a_move(parent: int, code: str | None) -> None:
    links = [
        DECLARER,
        link(2, 1, FEB),
        link(3, 2, FEB),
        link(4, 1),
        link(5, 1, MAR),
        link(6, 1, company=3),  # the firm that stands below the moved one
        link(7, 6),
    ]
    found = refusals(links, number(2))[number(parent)]
    assert (found and found.code) == code
    moved = [replace(one, parent=number(parent)) if one.id == number(2) else one for one in links]
    assert (code is None) == (not _fails(moved))


def _fails(links: list[Link]) -> bool:
    try:
        check(links)
    except DomainError:
        return True
    return False


def test_who_is_cut_off_by_an_end() -> None:
    links = [
        DECLARER,
        link(2, 1),
        link(3, 2, JAN, FEB),  # over by then
        link(4, 2),
        link(5, 4, MAR),  # never starts
        link(6, 1),
    ]
    assert {one.id.int for one in cut_off(links, number(2), FEB)} == {4, 5}
    assert cut_off(links, number(2), DEC) == []
