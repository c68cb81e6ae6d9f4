"""What a presence report is made of: the same rows as an export, by the same rule of who sees them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models.functions import Coalesce

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person
from ciao_portal.tenancy import unscoped
from declarations.models import Declaration, Workplace
from registrations.exports.rows import ELSEWHERE, Row, Selection, rows_for
from registrations.models import Remark
from registrations.naming import PeopleNames, masked_number
from registrations.querysets import registrations_visible_to
from registrations.reports.presence import MARGIN, Fact, WorkerLines, lines_of
from registrations.rules.presence import Event, Kind


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker with one employer as the report names them."""

    name: str
    employer: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything the document says about presences."""

    workers: list[WorkerLines[Worker]]
    employers: list[str]
    # The registrations on the lines, in order of time. A night on the last day ends on the day after it.
    rows: list[Row]

    @property
    def line_count(self) -> int:
        return sum(len(one.lines) for one in self.workers)

    @property
    def minutes(self) -> int:
        """The sum over all lines."""
        return sum(one.minutes for one in self.workers)

    @property
    def open_lines(self) -> int:
        return sum(one.open_lines for one in self.workers)


def gather(
    company: Company, declaration: Declaration, first_day: date, last_day: date, *, now: datetime
) -> Gathered:
    """The lines of every worker the company may see on the declaration, own people first, by name."""
    around = Selection(first_day - MARGIN, last_day + MARGIN, declaration=declaration.pk)
    rows = list(rows_for(company, around))
    places = names_of_places({row.workplace for row in rows if row.workplace})
    remarks = _open_remarks(declaration, around)
    facts = (
        ((UUID(row.person), UUID(row.employer)), _fact(row, places, remarks.get(row.id, frozenset())))
        for row in rows
    )
    found = lines_of(facts, first_day=first_day, last_day=last_day, at=now)
    workers = _workers(company, {one.worker for one in found}, now=now)
    named = [WorkerLines(workers[one.worker], one.lines) for one in found]
    named.sort(
        key=lambda one: (not one.worker.is_own, one.worker.employer.casefold(), one.worker.name.casefold())
    )
    told = {event for one in found for line in one.lines for event in line.events}
    employers = list(dict.fromkeys(one.worker.employer for one in named))
    return Gathered(named, employers, [row for row in rows if row.id in told])


def expected_lines(company: Company, declaration: Declaration, first_day: date, last_day: date) -> int:
    """About how many lines it will be: workers and days with a registration."""
    rows = registrations_visible_to(company).filter(
        declaration=declaration, happened_day__gte=first_day, happened_day__lte=last_day
    )
    return rows.order_by().values("person", "employer", "happened_day").distinct().count()


def _fact(row: Row, places: dict[str, str], remarks: frozenset[str]) -> Fact:
    return Fact(
        event=Event(row.id, Kind(row.kind), row.happened_at),
        workplace=places.get(row.workplace, "") if row.workplace else "",
        has_nsso_number=row.nsso_id is not None,
        is_elsewhere=row.means == ELSEWHERE,
        flags=frozenset(json.loads(row.flags)),
        remarks=remarks,
    )


def names_of_places(ids: set[str]) -> dict[str, str]:
    """Names by id, of workplaces that rows the company may see were registered at."""
    with unscoped(reason="the workplaces of registrations the company may see"):
        return {str(place.pk): place.name for place in Workplace.objects.filter(pk__in=ids)}


def _open_remarks(declaration: Declaration, days: Selection) -> dict[UUID, frozenset[str]]:
    """Codes by registration, or by presence where it was registered elsewhere."""
    standing = Remark.objects.filter(
        declaration=declaration,
        gone_at__isnull=True,
        happened_day__gte=days.first_day,
        happened_day__lte=days.last_day,
    )
    codes: dict[UUID, set[str]] = {}
    key = Coalesce("presence__registration", "presence")
    for row, code in standing.annotate(row=key).values_list("row", "code"):
        codes.setdefault(row, set()).add(code)
    return {key: frozenset(found) for key, found in codes.items()}


def _workers(
    company: Company, keys: set[tuple[UUID, UUID]], *, now: datetime
) -> dict[tuple[UUID, UUID], Worker]:
    people = {one.pk: one for one in Person.objects.filter(pk__in={person for person, _employer in keys})}
    firms = {one.pk: one for one in Company.objects.filter(pk__in={employer for _person, employer in keys})}
    names = PeopleNames.of(people.values(), company=company, day=brussels_day(now))
    firm_names = names_of_companies(company, set(firms.values()))
    return dict(_named(company, keys, people, names, {key: firm_names[firm] for key, firm in firms.items()}))


def _named(
    company: Company,
    keys: set[tuple[UUID, UUID]],
    people: dict[UUID, Person],
    names: PeopleNames,
    firms: dict[UUID, str],
) -> Iterator[tuple[tuple[UUID, UUID], Worker]]:
    """Names are those of the company's own people: for another employer everybody is a masked number."""
    for person, employer in keys:
        is_own = employer == company.pk
        name = names[people[person]] if is_own else masked_number(people[person])
        yield (person, employer), Worker(name, firms[employer], is_own)
