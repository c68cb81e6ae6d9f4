"""Where a chain is broken, kind by kind."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from declarations.rules.chain import Period
from registrations.rules.gap_days import DayState, rows_of
from registrations.rules.gaps import (
    Chain,
    Entry,
    Expectation,
    Gap,
    GapKind,
    Lack,
    Look,
    MeansFacts,
    Place,
    Why,
    gaps_of,
)
from registrations.rules.windows import Window

MAIN, SUB, SUBSUB, OTHER, STRANGER, WORKS = (UUID(int=number) for number in range(1, 7))
# Monday 23 November 2026, 08:00 in Brussels; the window is the week until then.
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
WEEK = Window(date(2026, 11, 17), TODAY)
START = date(2026, 1, 1)
USED = MeansFacts(used_lately=True)
# Main > Sub > Subsub, and Other beside Sub.
PLACES = (
    Place(UUID(int=11), SUB, None, START),
    Place(UUID(int=12), SUBSUB, UUID(int=11), START),
    Place(UUID(int=13), OTHER, None, START),
)


def chain(*places: Place, end: date | None = None) -> Chain:
    return Chain(WORKS, MAIN, START, end, places or PLACES)


def entry(company: UUID, day: date = TODAY, *, clock: int = 6, code_of: UUID | None = None) -> Entry:
    """Two registrations of a day, the first at this hour of a winter clock in Brussels."""
    first = datetime(day.year, day.month, day.day, clock - 1, tzinfo=UTC)
    return Entry(company, day, 2, first, code_of)


def weeks_before(company: UUID, *weeks: int, day: date = TODAY, clock: int = 6) -> list[Entry]:
    return [entry(company, day - timedelta(weeks=number), clock=clock) for number in weeks]


def look(entries: Iterable[Entry] = (), *, of: Chain | None = None, viewer: UUID = MAIN) -> Look:
    """Nobody lacks means unless a test says so."""
    made = of or chain()
    means = {place.company: USED for place in made.places}
    return Look(made, viewer, WEEK, NOW, tuple(entries), means=means)


def kinds(seen: Look) -> list[tuple[GapKind, UUID]]:
    return [(gap.kind, gap.company) for gap in gaps_of(seen)]


def test_a_whole_chain_has_no_gap() -> None:
    assert gaps_of(look([entry(SUB), entry(SUBSUB), entry(MAIN), entry(OTHER)])) == []


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param(weeks_before(SUB, 1, 2, 3), [TODAY], id="three of four weeks"),
        pytest.param(weeks_before(SUB, 1, 4), [], id="two of four weeks"),
        pytest.param(weeks_before(SUB, 1, 2, 3, clock=7), [TODAY], id="usually an hour ago"),
        pytest.param(weeks_before(SUB, 1, 2, 3, clock=8), [], id="usually now, with half an hour of grace"),
        pytest.param([*weeks_before(SUB, 1, 2, 3), entry(SUB)], [], id="registered"),
        pytest.param(
            weeks_before(SUB, 1, 2, 3, day=date(2026, 11, 17), clock=22),
            [date(2026, 11, 17)],
            id="a day that is over counts whatever the hour",
        ),
    ],
)
def test_silent_by_the_habit_of_four_weeks(entries: list[Entry], expected: list[date]) -> None:
    found = [gap for gap in gaps_of(look(entries)) if gap.kind is GapKind.SILENT]
    assert [day for gap in found for day in gap.days] == expected
    for gap in found:
        assert (gap.company, gap.why.expectations, gap.why.weeks) == (
            SUB,
            frozenset({Expectation.PATTERN}),
            3,
        )


def told(*weekdays: int, place: Place = PLACES[0]) -> Chain:
    return chain(replace(place, weekdays=frozenset(weekdays)))


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        pytest.param(told(3, 5), [date(2026, 11, 18), date(2026, 11, 20)], id="Wednesday and Friday"),
        pytest.param(told(1), [], id="Monday is today, and no hour was told"),
        pytest.param(
            told(2, 5, place=replace(PLACES[0], end=date(2026, 11, 19))),
            [date(2026, 11, 17)],
            id="only while the subcontract runs",
        ),
        pytest.param(replace(told(3, 5), has_number=False), [], id="not before the numbers are known"),
        pytest.param(replace(told(3, 5), end=date(2026, 11, 18)), [date(2026, 11, 18)], id="works ended"),
    ],
)
def test_silent_by_the_days_that_were_told(of: Chain, expected: list[date]) -> None:
    found = [gap for gap in gaps_of(look(of=of)) if gap.kind is GapKind.SILENT]
    assert [day for gap in found for day in gap.days] == expected
    assert {one for gap in found for one in gap.why.expectations} <= {Expectation.DECLARED}


def test_the_habit_counts_before_the_days_that_were_told() -> None:
    wednesday = date(2026, 11, 18)
    (gap,) = gaps_of(look(weeks_before(SUB, 1, 2, 4, day=wednesday), of=told(3)))
    assert (gap.days, gap.why.expectations) == ((wednesday,), frozenset({Expectation.PATTERN}))


def test_a_firm_nobody_declared() -> None:
    (gap,) = gaps_of(look([entry(STRANGER), entry(STRANGER, date(2026, 11, 20))]))
    why = Why(registrations=4)
    assert gap == Gap(GapKind.NOT_IN_CHAIN, WORKS, STRANGER, (date(2026, 11, 20), TODAY), why)
    assert gap.addressee == STRANGER


def test_what_lies_before_the_window_is_no_gap_of_it() -> None:
    assert gaps_of(look([entry(STRANGER, date(2026, 11, 16))])) == []


def test_a_firm_nobody_declared_with_the_code_of_a_subcontractor() -> None:
    (gap,) = gaps_of(look([entry(STRANGER, code_of=SUB)]))
    assert (gap.kind, gap.company, gap.why.through) == (GapKind.SECOND_LEVEL, STRANGER, SUB)
    assert gap.addressee == SUB


@pytest.mark.parametrize(("company", "kind"), [(SUB, GapKind.NOT_IN_CHAIN), (SUBSUB, GapKind.SECOND_LEVEL)])
def test_a_firm_of_ours_that_the_nsso_does_not_know_of(company: UUID, kind: GapKind) -> None:
    seen = replace(look([entry(company)]), remarked=frozenset({(company, TODAY)}))
    (gap,) = gaps_of(seen)
    assert (gap.kind, gap.company, gap.why.by_nsso) == (kind, company, True)


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        pytest.param(replace(PLACES[0], end=date(2026, 11, 20)), date(2026, 11, 20), False, id="last day"),
        pytest.param(replace(PLACES[0], end=date(2026, 11, 20)), date(2026, 11, 21), True, id="day after"),
        pytest.param(replace(PLACES[0], start=date(2026, 11, 20)), date(2026, 11, 19), True, id="day before"),
        pytest.param(replace(PLACES[0], start=date(2026, 11, 20)), date(2026, 11, 20), False, id="first day"),
    ],
)
def test_outside_its_period(place: Place, day: date, *, expected: bool) -> None:
    found = [gap for gap in gaps_of(look([entry(SUB, day)], of=chain(place))) if gap.days]
    assert [gap.kind for gap in found] == ([GapKind.OUTSIDE_PERIOD] if expected else [])
    for gap in found:
        assert gap.why.periods == (Period(place.start, place.end or date.max),)


def test_after_the_works_ended_everybody_is_outside() -> None:
    of = chain(end=date(2026, 11, 20))
    assert kinds(look([entry(SUB, date(2026, 11, 21))], of=of)) == [(GapKind.OUTSIDE_PERIOD, SUB)]


@pytest.mark.parametrize(
    ("company", "code_of", "expected"),
    [
        pytest.param(SUBSUB, OTHER, [(GapKind.WRONG_PARENT, SUBSUB)], id="the code of another branch"),
        pytest.param(SUBSUB, SUB, [], id="the code of the one above"),
        pytest.param(SUBSUB, SUBSUB, [], id="its own code"),
        pytest.param(SUBSUB, None, [], id="a general code"),
        pytest.param(SUB, SUBSUB, [], id="the code of one below"),
        pytest.param(MAIN, SUB, [], id="the declarer stands above everybody"),
        pytest.param(OTHER, SUB, [(GapKind.WRONG_PARENT, OTHER)], id="sideways"),
    ],
)
def test_under_the_wrong_parent(
    company: UUID, code_of: UUID | None, expected: list[tuple[GapKind, UUID]]
) -> None:
    assert kinds(look([entry(company, code_of=code_of)])) == expected


def test_nobody_is_told_of_a_firm_beside_it() -> None:
    entries = [entry(SUBSUB, code_of=OTHER)]
    assert kinds(look(entries, viewer=SUB)) == []
    assert kinds(look(entries)) == [(GapKind.WRONG_PARENT, SUBSUB)]


def test_a_clause_is_missing_while_the_subcontract_runs() -> None:
    (gap,) = gaps_of(look(of=chain(replace(PLACES[0], has_clause=False))))
    assert (gap.kind, gap.company, gap.days, gap.why.since) == (GapKind.CLAUSE_MISSING, SUB, (), START)
    over = replace(PLACES[0], has_clause=False, end=date(2026, 11, 22))
    assert gaps_of(look(of=chain(over))) == []


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        pytest.param(USED, [], id="in use"),
        pytest.param(MeansFacts(is_agreed=True), [], id="agreed"),
        pytest.param(MeansFacts(), [(GapKind.MEANS_MISSING, None)], id="neither agreed nor used"),
        pytest.param(
            MeansFacts(has_code=False, used_lately=True),
            [(GapKind.MEANS_UNUSABLE, Lack.NO_CODE)],
            id="no code",
        ),
        pytest.param(
            MeansFacts(used_lately=True, tablet_gone_on=TODAY),
            [(GapKind.MEANS_UNUSABLE, Lack.TABLET_REVOKED)],
            id="its tablet is revoked",
        ),
    ],
)
def test_means(means: MeansFacts, expected: list[tuple[GapKind, Lack | None]]) -> None:
    seen = replace(look(of=chain(PLACES[0])), means={SUB: means})
    assert [(gap.kind, gap.why.lack) for gap in gaps_of(seen)] == expected


def test_the_middle_of_a_chain_sees_what_is_below_it_only() -> None:
    places = tuple(replace(place, has_clause=False) for place in PLACES)
    assert kinds(look(of=chain(*places), viewer=SUB)) == [(GapKind.CLAUSE_MISSING, SUBSUB)]
    assert kinds(look(of=chain(*places), viewer=SUBSUB)) == []
    assert {company for _kind, company in kinds(look(of=chain(*places)))} == {SUB, SUBSUB, OTHER}


def test_what_weighs_most_comes_first() -> None:
    entries = [entry(STRANGER), *weeks_before(SUB, 1, 2, 3), entry(STRANGER, code_of=SUB)]
    found = [kind for kind, _company in kinds(look(entries))]
    assert found == [GapKind.NOT_IN_CHAIN, GapKind.SECOND_LEVEL, GapKind.SILENT]


def test_the_days_as_a_table() -> None:
    ended = replace(PLACES[2], end=date(2026, 11, 18))
    entries = [
        entry(SUB, date(2026, 11, 17)),
        entry(OTHER, date(2026, 11, 19)),
        entry(STRANGER, date(2026, 11, 18)),
        *weeks_before(SUBSUB, 1, 2, 3, day=date(2026, 11, 19)),
    ]
    rows = rows_of(look(entries, of=chain(*PLACES[:2], ended)))
    drawn = {row.company: "".join(_SIGNS[one.state] for one in row.days) for row in rows}
    assert [(row.company, row.depth) for row in rows] == [(SUB, 0), (SUBSUB, 1), (OTHER, 0), (STRANGER, None)]
    assert drawn == {SUB: "R......", SUBSUB: "..S....", OTHER: "..O    ", STRANGER: " O     "}
    totals = [(row.registrations, row.silent_days, row.outside_days) for row in rows]
    assert totals == [(2, 0, 0), (0, 1, 0), (2, 0, 1), (2, 0, 1)]


def test_the_table_of_the_middle_begins_below_it() -> None:
    assert [(row.company, row.depth) for row in rows_of(look(viewer=SUB))] == [(SUBSUB, 0)]


def test_days_to_come_are_empty() -> None:
    seen = replace(look(), window=Window(TODAY, TODAY + timedelta(days=1)))
    assert [one.state for one in rows_of(seen)[0].days] == [
        DayState.NOT_EXPECTED,
        DayState.NOTHING,
    ]


_SIGNS = {
    DayState.REGISTERED: "R",
    DayState.SILENT: "S",
    DayState.OUTSIDE: "O",
    DayState.NOT_EXPECTED: ".",
    DayState.NOTHING: " ",
}


def test_what_an_earlier_subcontract_of_the_same_firm_lacked_is_over() -> None:
    earlier = replace(PLACES[0], end=date(2026, 6, 30), has_clause=False, weekdays=frozenset(range(1, 8)))
    later = Place(UUID(int=14), SUB, None, date(2026, 7, 1))
    assert gaps_of(look(of=chain(earlier, later))) == []
