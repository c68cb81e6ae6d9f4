"""How works, a workplace or a firm stand now: who is on site, what was registered today, which remarks stand.

Everything through what the company may see; people of other firms are called by their masked number.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from ciao_portal.days import brussels_day, day_bounds
from ciao_portal.models import Company
from registrations import cells
from registrations.models import NssoPresence, PresenceState, Registration, Remark
from registrations.naming import Naming, naming
from registrations.querysets import open_remarks, present_elsewhere, present_now, registrations_visible_to
from registrations.remarks import Meaning, meaning_of
from registrations.rules.deadlines import days_left
from registrations.rules.presence import Kind

SHOWN_PEOPLE = 200
SHOWN_REMARKS = 8


@dataclass(frozen=True, slots=True)
class OnSite:
    """Somebody who is there: since when in words, and the last registration; none when made elsewhere."""

    worker: str
    since: str
    is_on_break: bool
    registration: UUID | None


@dataclass(frozen=True, slots=True)
class Group:
    """People of one firm at one workplace, who came first on top.

    Those who registered elsewhere are a group of their own: the NSSO shows no workplace.
    """

    workplace: str
    company: str
    people: list[OnSite]


@dataclass(frozen=True, slots=True)
class CompanyToday:
    """How many of a firm are on site, and how many registrations it made today."""

    company: UUID
    name: str
    on_site: int
    registered: int


@dataclass(frozen=True, slots=True)
class OpenRemark:
    """A remark that stands; `days` until its last day, 0 = today."""

    remark: Remark
    meaning: Meaning
    days: int
    worker: str
    company: str


@dataclass(frozen=True, slots=True)
class StandingNow:
    """`on_site` counts everybody; the groups hold the first of them only when they are many."""

    groups: list[Group]
    on_site: int
    companies: list[CompanyToday]
    registered: int
    remarks: list[OpenRemark]
    has_more_remarks: bool
    as_of: str

    @property
    def has_more_people(self) -> bool:
        return self.on_site > sum(len(group.people) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: conditions for presence states, registrations and remarks, by the same name.

    `elsewhere` are those for presences registered elsewhere; None where none can be told to belong to it.
    """

    states: dict[str, Any]
    elsewhere: dict[str, Any] | None
    registrations: dict[str, Any]
    remarks: dict[str, Any]


def of_declaration(key: UUID) -> Subject:
    same = {"declaration": key}
    return Subject(same, same, same, same)


def of_companies_on(key: UUID, companies: Collection[UUID]) -> Subject:
    """These firms on one declaration."""
    same = {"declaration": key, "employer__in": companies}
    return Subject(same, same, same, same)


def of_workplace(key: UUID) -> Subject:
    same = {"workplace": key}
    return Subject(same, None, same, {"presence__registration__workplace": key})


def of_company(key: UUID) -> Subject:
    same = {"employer": key}
    return Subject(same, same, same, same)


def standing_now(company: Company, subject: Subject, *, now: datetime) -> StandingNow:
    """How the subject stands at the moment `now` (aware). Call inside the company's scope; six queries."""
    today = brussels_day(now)
    states = present_now(company, now=now).filter(**subject.states)
    people = list(
        states.select_related("person", "employer", "workplace").order_by(
            "workplace__name", "employer", "since", "id"
        )[: SHOWN_PEOPLE + 1]
    )
    others, count_elsewhere = _elsewhere(company, subject, now=now)
    made = _made_today(registrations_visible_to(company).filter(**subject.registrations), today)
    remarks = list(
        open_remarks(company)
        .filter(**subject.remarks)
        .select_related("presence__person", "employer")
        .order_by("last_day", "id")[: SHOWN_REMARKS + 1]
    )
    present: list[PresenceState | NssoPresence] = [*people, *others]
    firms = {*(one.employer for one in present), *(remark.employer for remark in remarks), *made}
    called = [*(one.person for one in present), *(remark.presence.person for remark in remarks)]
    names = naming(company, called, firms, now=now)
    on_site = len(people) if len(people) <= SHOWN_PEOPLE else states.count()
    return StandingNow(
        groups=[*_groups(people[:SHOWN_PEOPLE], names), *_groups_elsewhere(others, names)],
        on_site=on_site + count_elsewhere,
        companies=_companies([one.employer for one in present], made, names),
        registered=sum(made.values()),
        remarks=[_open_remark(remark, names) for remark in remarks[:SHOWN_REMARKS]],
        has_more_remarks=len(remarks) > SHOWN_REMARKS,
        as_of=cells.near_moment(now, today=today),
    )


def _made_today(registrations: QuerySet[Registration], today: date) -> dict[Company, int]:
    """How many registrations each firm made today, read along the index by time."""
    start, end = day_bounds(today)
    names = [field.attname for field in Company._meta.concrete_fields]
    made = registrations.filter(happened_at__gte=start, happened_at__lt=end).order_by()
    # With the firms' own columns, which spares a query.
    rows = made.values_list(*(f"employer__{name}" for name in names)).annotate(Count("pk"))
    return {Company(**dict(zip(names, firm, strict=True))): count for *firm, count in rows}


def _groups(states: Sequence[PresenceState], names: Naming) -> list[Group]:
    found: dict[tuple[UUID, UUID], Group] = {}
    for state in states:
        group = found.setdefault(
            (state.workplace_id, state.employer_id),
            Group(state.workplace.name, names.companies[state.employer], []),
        )
        group.people.append(
            OnSite(
                names.people[state.person],
                cells.near_moment(state.since or state.last_at, today=names.today),
                state.last_kind == Kind.BREAK_START,
                state.last_registration_id,
            )
        )
    return list(found.values())


def _elsewhere(company: Company, subject: Subject, *, now: datetime) -> tuple[list[NssoPresence], int]:
    """The first of those who registered elsewhere, and how many there are."""
    if subject.elsewhere is None:
        return [], 0
    rows = present_elsewhere(company, now=now).filter(**subject.elsewhere)
    found = list(
        rows.select_related("person", "employer").order_by("employer", "registered_at", "id")[
            : SHOWN_PEOPLE + 1
        ]
    )
    return found[:SHOWN_PEOPLE], len(found) if len(found) <= SHOWN_PEOPLE else rows.count()


def _groups_elsewhere(presences: Iterable[NssoPresence], names: Naming) -> list[Group]:
    found: dict[UUID, Group] = {}
    for presence in presences:
        words = gettext("Registered elsewhere")
        group = found.setdefault(presence.employer_id, Group(words, names.companies[presence.employer], []))
        since = cells.near_moment(presence.registered_at, today=names.today)
        group.people.append(
            OnSite(names.people[presence.person], since, is_on_break=False, registration=None)
        )
    return list(found.values())


def _companies(employers: Iterable[Company], made: dict[Company, int], names: Naming) -> list[CompanyToday]:
    """`employers`: of each person on site."""
    on_site: dict[Company, int] = dict.fromkeys(made, 0)
    for employer in employers:
        on_site[employer] = on_site.get(employer, 0) + 1
    rows = [
        CompanyToday(firm.pk, names.companies[firm], count, made.get(firm, 0))
        for firm, count in on_site.items()
    ]
    return sorted(rows, key=lambda row: (-row.on_site, -row.registered, row.name))


def _open_remark(remark: Remark, names: Naming) -> OpenRemark:
    return OpenRemark(
        remark,
        meaning_of(remark),
        days_left(remark.last_day, names.today),
        names.people[remark.presence.person],
        names.companies[remark.employer],
    )
