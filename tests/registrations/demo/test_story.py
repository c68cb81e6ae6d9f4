"""The demo's story as such: what it promises for any day, without a database."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from ciao_portal.days import BRUSSELS, brussels_day, day_bounds, each_day
from ciao_portal.identifiers import (
    is_bis,
    parse_declaration_number,
    parse_enterprise_number,
    parse_ssin,
    parse_technical_reference,
)
from ciao_portal.nsso.contract import Enterprise, PresenceType, RemarkCode
from ciao_portal.nsso.simulator.reference import Reference, parse_sections
from ciao_portal.nsso.simulator.remarks import Known, remarks_for
from declarations.models.declarations import Regime
from registrations.demo import reference, story
from registrations.demo.cast import (
    CEM,
    FIRMS,
    HUGO,
    KOBE,
    MAIN,
    SILVIU,
    SMALL_FIRMS,
    STRANGER,
    SUB,
    SUBSUB,
    WORKERS,
    Firm,
    Worker,
)
from registrations.demo.jobs import JOBS
from registrations.demo.story import Step
from registrations.demo.works import ATELIER, TOWER, TOWER_BEFORE, WORKS, Works
from registrations.models.workers import WorkerStatus
from registrations.rules.presence import LONGEST_PRESENCE, Kind, is_present, nsso_type

FOUNDED = date(2026, 3, 20)
NOON = datetime(2026, 3, 20, 12, tzinfo=BRUSSELS).astimezone(UTC)
# The short day and the long day are among them.
DAYS = (*each_day(date(2026, 3, 27), date(2026, 4, 2)), *each_day(date(2026, 10, 22), date(2026, 10, 28)))

# As many of a worker's acts before and after one can matter to its remarks, and more.
NEIGHBOURS = 20


def steps(day: date) -> list[Step]:
    return list(story.day_steps(day, founded_on=FOUNDED))


def present_through(day: date, firm: Firm) -> Iterator[int]:
    """How many of the firm's people are on site every 20 minutes of the day, folded from the steps so far."""
    at, end = day_bounds(day)
    told = story.steps_until(end, since=day - timedelta(days=2), founded_on=FOUNDED)
    last: dict[tuple[object, ...], Step] = {}
    coming = iter(step for step in told if step.firm == firm)
    step = next(coming, None)
    while at < end:
        while step is not None and step.at <= at:
            last[step.worker, step.works] = step
            step = next(coming, None)
        yield sum(is_present(one.kind, one.at, at) for one in last.values())
        at += timedelta(minutes=20)


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("firm", [MAIN, SUB], ids=lambda firm: firm.name)
def test_somebody_is_on_site_at_any_hour_of_any_day(day: date, firm: Firm) -> None:
    assert min(present_through(day, firm)) > 0


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_day_brings_something_that_stays_to_be_corrected(day: date) -> None:
    workers = {step.worker for step in steps(day)}
    assert workers & {CEM, KOBE}, "the main contractor's deadlines"
    assert workers & {HUGO, SILVIU}, "the subcontractor's deadlines"
    assert workers & set(reference.STUDENTS), "what is solved two days later"


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_day_somebody_forgets_to_check_out(day: date) -> None:
    last = {(step.worker, step.works): step for step in steps(day) if step.firm == MAIN}
    forgotten = [step for step in last.values() if step.kind is not Kind.OUT]
    assert len(forgotten) == 1


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_at_any_hour_a_check_out_of_the_last_days_is_missing(day: date) -> None:
    begin, end = day_bounds(day)
    told = story.steps_until(end, since=day - timedelta(days=3), founded_on=FOUNDED)
    for hour in range(int((end - begin) / timedelta(hours=1))):
        at = begin + timedelta(hours=hour)
        last = {(step.worker, step.works): step for step in told if step.firm == MAIN and step.at <= at}
        assert [
            step for step in last.values() if step.kind is not Kind.OUT and step.at <= at - LONGEST_PRESENCE
        ]


def test_each_working_day_brings_its_mishap() -> None:
    week = list(each_day(date(2026, 4, 6), date(2026, 4, 9)))
    monday, tuesday, wednesday, thursday = map(steps, week)
    by_worker: dict[tuple[object, ...], list[Step]] = defaultdict(list)
    for step in (*monday, *tuesday, *wednesday, *thursday):
        by_worker[brussels_day(step.at), step.worker, step.works].append(step)
    assert any(some[0].kind is Kind.OUT and len(some) == 1 for some in by_worker.values())
    assert any([one.kind for one in some[:2]] == [Kind.IN, Kind.IN] for some in by_worker.values())
    moments = [(step.worker, step.at, step.kind) for step in wednesday]
    assert len(moments) == len(set(moments)) + 1
    away: dict[Worker, set[Works]] = defaultdict(set)
    for step in thursday:
        away[step.worker].add(step.works)
    assert any(len(works) == 2 for works in away.values())


def test_the_story_is_the_same_for_the_same_day_whoever_asks() -> None:
    later = NOON + timedelta(days=9, hours=3)
    first = story.steps_until(NOON, since=date.min, founded_on=FOUNDED)
    second = story.steps_until(later, since=date.min, founded_on=FOUNDED)
    assert [step for step in second if step.at <= NOON] == first
    assert max(step.at for step in second) <= later


@pytest.mark.parametrize("loaded_on", [*each_day(date(2026, 11, 22), date(2026, 12, 5))], ids=str)
def test_every_kind_of_remark_is_earned_on_whatever_day_the_demo_is_loaded(loaded_on: date) -> None:
    founded = datetime.combine(loaded_on, time(12), tzinfo=BRUSSELS).astimezone(UTC)
    known = Reference(parse_sections(reference.known_data(founded=founded, now=founded)))
    earned = set()
    for acts in acts_until(founded, since=loaded_on - timedelta(days=30)).values():
        for place, one in enumerate(acts):
            near = acts[max(0, place - NEIGHBOURS) : place + NEIGHBOURS]
            earned.update(remarks_for(one, near, known, founded))
    assert earned == set(RemarkCode)


def acts_until(founded: datetime, *, since: date) -> dict[Worker, list[Known]]:
    """What each worker has registered since then, as the NSSO takes it."""
    told = story.steps_until(founded, since=since, founded_on=brussels_day(founded))
    acts: dict[Worker, list[Known]] = defaultdict(list)
    for number, step in enumerate(step for step in told if step.works.regime == Regime.CIAO):
        acts[step.worker].append(
            Known(
                id=number,
                ssin=step.worker.ssin,
                moment=step.at,
                type=PresenceType(nsso_type(step.kind)),
                employer=Enterprise(step.firm.number),
                reference=step.works.reference or None,
            )
        )
    return acts


def test_it_tells_a_hundred_days() -> None:
    told = story.steps_until(NOON, since=date.min, founded_on=FOUNDED)
    assert {brussels_day(step.at) for step in told} == set(each_day(FOUNDED - timedelta(days=99), FOUNDED))
    assert 6_500 < len(told) < 9_000


def test_the_taken_over_contract_is_followed_by_its_successor() -> None:
    before = story.steps_until(NOON, since=date.min, founded_on=FOUNDED)
    ended = FOUNDED + timedelta(days=TOWER_BEFORE.last or 0)
    old = [brussels_day(step.at) for step in before if step.works == TOWER_BEFORE]
    new = [brussels_day(step.at) for step in before if step.works == TOWER]
    assert any(day <= ended for day in old)
    assert any(day > ended for day in old), "somebody scans the old poster"
    assert min(new) > ended
    assert TOWER.places == TOWER_BEFORE.places
    assert any(step.works == ATELIER for step in before), "works without a number"


def test_numbers_are_well_formed() -> None:
    today = brussels_day(NOON)
    assert len(WORKERS) == 60
    assert len({one.ssin for one in WORKERS}) == 60
    assert [parse_ssin(one.ssin, today=today) for one in WORKERS] == [one.ssin for one in WORKERS]
    numbers = [firm.number for firm in (*FIRMS, *SMALL_FIRMS)]
    assert [parse_enterprise_number(number) for number in numbers] == numbers
    for works in WORKS:
        if works.declared_number:
            assert parse_declaration_number(works.declared_number) == works.declared_number
            assert parse_technical_reference(works.reference) == works.reference


def test_the_workers_are_of_every_kind() -> None:
    assert {worker.status for worker in WORKERS} == set(WorkerStatus)
    assert any(is_bis(worker.ssin) for worker in WORKERS)
    assert {worker.firm for worker in WORKERS} >= {MAIN, SUB, SUBSUB, STRANGER}
    employers = defaultdict(set)
    for job in JOBS:
        employers[job.worker].add(job.employer)
    assert max(map(len, employers.values())) == 2


def test_a_late_dimona_is_filed_two_days_later_and_soon_after_loading() -> None:
    filed = reference.filed_at(FOUNDED + timedelta(days=5), NOON)
    assert filed == datetime(2026, 3, 27, 10, tzinfo=BRUSSELS)
    assert reference.filed_at(FOUNDED - timedelta(days=4), NOON) == NOON + reference.FILED_AFTER_LOADING
    assert reference.filed_at(FOUNDED - timedelta(days=40), NOON) < NOON
