"""Where the chain of a declaration is broken: what was declared, held against what was registered.

Everything is as one company sees it (`viewer`): gaps are those of firms below it, and for the declarer also
those of firms that stand in no chain. What each kind means, and what it cannot see, is in decision 37.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from ciao_portal.days import brussels_day, each_day
from declarations.rules.chain import Link, Period, closure
from registrations.rules.silence import WEEKS, habit_of, is_late
from registrations.rules.windows import Window


class GapKind(StrEnum):
    """In the order in which they are shown: what weighs most first."""

    NOT_IN_CHAIN = "not_in_chain"
    SECOND_LEVEL = "second_level"
    WRONG_PARENT = "wrong_parent"
    OUTSIDE_PERIOD = "outside_period"
    SILENT = "silent"
    CLAUSE_MISSING = "clause_missing"
    MEANS_MISSING = "means_missing"
    MEANS_UNUSABLE = "means_unusable"


class Expectation(StrEnum):
    """Why somebody was expected: the habit of four weeks, else the days one was told."""

    PATTERN = "pattern"
    DECLARED = "declared"


class Lack(StrEnum):
    """Why the means cannot be used here."""

    NO_CODE = "no_code"
    TABLET_REVOKED = "tablet_revoked"


@dataclass(frozen=True, slots=True)
class Place:
    """A company's place in the chain; without parent directly below the declarer. Days inclusive.

    `weekdays` are those one expects it on, 1 for Monday; none when nobody said.
    """

    id: UUID
    company: UUID
    parent: UUID | None
    start: date
    end: date | None = None
    has_clause: bool = True
    weekdays: frozenset[int] = frozenset()

    def runs_on(self, day: date) -> bool:
        """By its own days, before the places above are looked at."""
        return self.start <= day <= (self.end or date.max)


@dataclass(frozen=True)
class Chain:
    """A declaration with everybody below the declarer. Without a number nobody is expected on it yet."""

    declaration: UUID
    declarer: UUID
    start: date
    end: date | None
    places: tuple[Place, ...] = ()
    has_number: bool = True

    @cached_property
    def seen(self) -> Mapping[tuple[UUID, UUID], tuple[Period, ...]]:
        """Who stands below whom (or is the same), and on which days."""
        root = Link(self.declaration, self.declarer, None, self.start, self.end)
        links = [
            Link(one.id, one.company, one.parent or self.declaration, one.start, one.end)
            for one in self.places
        ]
        return closure([root, *links])

    @cached_property
    def members(self) -> frozenset[UUID]:
        """Everybody with a place at any time, the declarer not."""
        return frozenset(place.company for place in self.places)

    @cached_property
    def second_level(self) -> frozenset[UUID]:
        """Those who never stand directly below the declarer."""
        return self.members - {place.company for place in self.places if place.parent is None}

    def stands_below(self, upper: UUID, lower: UUID, day: date) -> bool:
        """Whether `upper` is `lower` or stands above it on this day."""
        return any(period.start <= day <= period.end for period in self.seen.get((upper, lower), ()))

    def is_in_force(self, company: UUID, day: date) -> bool:
        return self.stands_below(self.declarer, company, day)


@dataclass(frozen=True, slots=True)
class Entry:
    """Registrations of a company on one Brussels day, made here or elsewhere; `first` is aware.

    `code_of` is the company whose code was used: none for general codes and for registrations made elsewhere.
    """

    company: UUID
    day: date
    count: int
    first: datetime
    code_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class MeansFacts:
    """With what a company can register on the declaration, as far as the viewer can know.

    `used_lately`: somebody of it registered here in the last four weeks, by whatever means. `tablet_gone_on`:
    all of that was on tablets that are revoked by now, the last on this day.
    """

    has_code: bool = True
    is_agreed: bool = False
    used_lately: bool = False
    tablet_gone_on: date | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """What explains a gap; each kind fills what it has.

    `through`: the company whose code was used, so the one it seems to work for.
    """

    expectations: frozenset[Expectation] = frozenset()
    weeks: int = 0
    usually_by: datetime | None = None
    registrations: int = 0
    through: UUID | None = None
    by_nsso: bool = False
    periods: tuple[Period, ...] = ()
    lack: Lack | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of gap of one company on one declaration. Without days it stands as of today."""

    kind: GapKind
    declaration: UUID
    company: UUID
    days: tuple[date, ...] = ()
    why: Why = field(default_factory=Why)

    @property
    def rank(self) -> int:
        """0 for what weighs most."""
        return tuple(GapKind).index(self.kind)

    @property
    def addressee(self) -> UUID:
        """Whom one writes to: for a second level nobody declared, the company above it."""
        if self.kind is GapKind.SECOND_LEVEL and self.why.through:
            return self.why.through
        return self.company


@dataclass(frozen=True)
class Look:
    """One declaration as one company looks at it: the days from `window`, the rest around them.

    `entries` reach four weeks before the window. `remarked` are firms and days on which the NSSO says that
    the firm is not in the declaration's chain.
    """

    chain: Chain
    viewer: UUID
    window: Window
    now: datetime
    entries: tuple[Entry, ...] = ()
    remarked: frozenset[tuple[UUID, date]] = frozenset()
    means: Mapping[UUID, MeansFacts] = field(default_factory=dict)

    @cached_property
    def today(self) -> date:
        return brussels_day(self.now)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Of the window, until today."""
        return tuple(each_day(self.window.first, min(self.window.last, self.today)))

    @cached_property
    def below(self) -> tuple[UUID, ...]:
        """The firms below the viewer, in the order of their places."""
        seen = (place.company for place in self.chain.places)
        return tuple(
            firm
            for firm in dict.fromkeys(seen)
            if firm != self.viewer and (self.viewer, firm) in self.chain.seen
        )

    @cached_property
    def of_window(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if self.window.first <= entry.day <= self.window.last)

    @cached_property
    def counts(self) -> Mapping[tuple[UUID, date], int]:
        """Registrations by firm and day."""
        found: dict[tuple[UUID, date], int] = defaultdict(int)
        for entry in self.entries:
            found[entry.company, entry.day] += entry.count
        return found

    @cached_property
    def firsts(self) -> Mapping[tuple[UUID, date], datetime]:
        """The first registration by firm and day."""
        found: dict[tuple[UUID, date], datetime] = {}
        for entry in self.entries:
            key = entry.company, entry.day
            found[key] = min(found.get(key, entry.first), entry.first)
        return found

    @cached_property
    def weekdays(self) -> Mapping[tuple[UUID, int], tuple[Place, ...]]:
        """The places on which a firm is expected on a day of the week."""
        found: dict[tuple[UUID, int], list[Place]] = defaultdict(list)
        for place in self.chain.places:
            for number in place.weekdays:
                found[place.company, number].append(place)
        return {key: tuple(places) for key, places in found.items()}


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody should have been there; the habit is told where there is one."""

    by: Expectation
    weeks: int = 0
    usually_by: datetime | None = None


def gaps_of(look: Look) -> list[Gap]:
    """All gaps of the declaration that the viewer sees, what weighs most first, then by firm."""
    found = [*_strangers(look), *_wrong_parents(look), *_silent(look), *_of_contracts(look)]
    return sorted(found, key=lambda gap: (gap.rank, gap.company))


def expected_on(look: Look, company: UUID, day: date) -> Expected | None:
    """Whether somebody of the firm should have registered on this day by now.

    By the habit of the same day of the week (three of the last four weeks), else by the days that were told.
    Days that were told have no hour: today counts once it is over.
    """
    if not look.chain.has_number or not look.chain.is_in_force(company, day) or day > look.today:
        return None
    habit = habit_of([look.firsts.get((company, day - before)) for before in WEEKS])
    if habit:
        if day == look.today and not is_late(habit, now=look.now):
            return None
        return Expected(Expectation.PATTERN, habit.weeks, habit.usually_by)
    told = any(place.runs_on(day) for place in look.weekdays.get((company, day.isoweekday()), ()))
    return Expected(Expectation.DECLARED) if told and day < look.today else None


def _silent(look: Look) -> Iterator[Gap]:
    for company in look.below:
        days: dict[date, Expected] = {}
        for day in look.days:
            if not look.counts.get((company, day)) and look.chain.stands_below(look.viewer, company, day):
                expected = expected_on(look, company, day)
                if expected:
                    days[day] = expected
        if days:
            habits = [one for one in days.values() if one.by is Expectation.PATTERN]
            why = Why(
                expectations=frozenset(one.by for one in days.values()),
                weeks=habits[-1].weeks if habits else 0,
                usually_by=habits[-1].usually_by if habits else None,
            )
            yield Gap(GapKind.SILENT, look.chain.declaration, company, tuple(days), why)


def _strangers(look: Look) -> Iterator[Gap]:
    """Registrations of firms without a place on that day, and of those the NSSO does not know of."""
    found: dict[tuple[GapKind, UUID, UUID | None], list[Entry]] = defaultdict(list)
    for entry in look.of_window:
        kind = _stranger(look, entry)
        if kind:
            through = _worked_for(look, entry) if kind is GapKind.SECOND_LEVEL else None
            found[kind, entry.company, through].append(entry)
    for (kind, company, through), entries in found.items():
        days = _days(entries)
        why = Why(
            registrations=sum(entry.count for entry in entries),
            through=through,
            by_nsso=any((company, day) in look.remarked for day in days),
            periods=look.chain.seen.get((look.chain.declarer, company), ()),
        )
        yield Gap(kind, look.chain.declaration, company, days, why)


def _stranger(look: Look, entry: Entry) -> GapKind | None:
    chain, company = look.chain, entry.company
    if company in (look.viewer, chain.declarer):
        return None
    if chain.is_in_force(company, entry.day):
        if (company, entry.day) not in look.remarked:
            return None
        # Our chain knows it, the declaration at the NSSO does not.
        return GapKind.SECOND_LEVEL if company in chain.second_level else GapKind.NOT_IN_CHAIN
    if company in chain.members:
        return GapKind.OUTSIDE_PERIOD
    return GapKind.SECOND_LEVEL if _worked_for(look, entry) else GapKind.NOT_IN_CHAIN


def _worked_for(look: Look, entry: Entry) -> UUID | None:
    """The subcontractor whose code was used; nobody when the firm stands in the chain itself."""
    if entry.company in look.chain.members or entry.code_of == look.chain.declarer:
        return None
    return entry.code_of if entry.code_of in look.chain.members else None


def _wrong_parents(look: Look) -> Iterator[Gap]:
    """Firms of the chain that registered with the code of a firm on another branch."""
    found: dict[tuple[UUID, UUID], list[Entry]] = defaultdict(list)
    for entry in look.of_window:
        code_of, company, day = entry.code_of, entry.company, entry.day
        if company == look.viewer or not look.chain.is_in_force(company, day):
            continue
        # Nobody is told of a firm beside or above it.
        if code_of is None or (look.viewer, code_of) not in look.chain.seen:
            continue
        related = look.chain.stands_below(code_of, company, day) or look.chain.stands_below(
            company, code_of, day
        )
        if not related:
            found[company, code_of].append(entry)
    for (company, code_of), entries in found.items():
        why = Why(registrations=sum(entry.count for entry in entries), through=code_of)
        yield Gap(GapKind.WRONG_PARENT, look.chain.declaration, company, _days(entries), why)


def _of_contracts(look: Look) -> Iterator[Gap]:
    """What the contract or the means lack, for whoever stands in the chain today."""
    works, today = look.chain.declaration, look.today
    for company in look.below:
        places = [place for place in look.chain.places if place.company == company and place.runs_on(today)]
        if not places or not look.chain.stands_below(look.viewer, company, today):
            continue
        clauseless = [place.start for place in places if not place.has_clause]
        if clauseless:
            yield Gap(GapKind.CLAUSE_MISSING, works, company, why=Why(since=min(clauseless)))
        yield from _of_means(look, company, min(place.start for place in places))


def _of_means(look: Look, company: UUID, since: date) -> Iterator[Gap]:
    means, works = look.means.get(company, MeansFacts()), look.chain.declaration
    if not means.has_code:
        yield Gap(GapKind.MEANS_UNUSABLE, works, company, why=Why(lack=Lack.NO_CODE, since=since))
    elif means.tablet_gone_on:
        why = Why(lack=Lack.TABLET_REVOKED, since=means.tablet_gone_on)
        yield Gap(GapKind.MEANS_UNUSABLE, works, company, why=why)
    if not means.is_agreed and not means.used_lately:
        yield Gap(GapKind.MEANS_MISSING, works, company, why=Why(since=since))


def _days(entries: Iterable[Entry]) -> tuple[date, ...]:
    return tuple(sorted({entry.day for entry in entries}))
