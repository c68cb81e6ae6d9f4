"""After a takeover: who still scans the old codes.

Names stay with the employer: workers of other companies appear by their masked number and their company.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day, moment_label
from ciao_portal.languages import worker_language
from ciao_portal.models import Company, Person
from declarations.messages import ShortMessage, takeover_message
from declarations.models import Declaration, RegistrationPoint, Workplace
from declarations.querysets import places_of, points_visible_to
from declarations.rules.takeover import RADAR, is_watched
from registrations.former_uses import FormerUse, former_uses
from registrations.models import Terminal
from registrations.naming import PeopleNames
from registrations.querysets import flagged, registrations_visible_to
from registrations.rules.flags import Doubt


@dataclass(frozen=True, slots=True)
class Scanner:
    """Somebody who scanned the old code of a workplace; `tablet` names the tablet it was done on."""

    worker: str
    company: str
    workplace: str
    tablet: str
    count: int
    last_at: str
    message: ShortMessage | None


@dataclass(frozen=True, slots=True)
class OldPoster:
    """What a workplace still shows: how often its old code was scanned, and the last time."""

    workplace: str
    count: int
    last_at: str


@dataclass(frozen=True, slots=True)
class Radar:
    """What the old codes still do. `made_before` counts what stands on the old one after the minute."""

    starts_at: str
    ends_at: str
    is_planned: bool
    is_over: bool
    scanners: list[Scanner]
    posters: list[OldPoster]
    former: list[FormerUse]
    made_before: int

    @property
    def count(self) -> int:
        return sum(scanner.count for scanner in self.scanners)


def radar_of(company: Company, declaration: Declaration, *, now: datetime) -> Radar | None:
    """What `company` may see of it; None when the declaration takes over nothing. Four to eight queries."""
    at = declaration.takes_over_at
    if at is None:
        return None
    scans = _scans(company, declaration, at) if declaration.takes_over_id else []
    names = _Names.of(company, declaration, scans, today=brussels_day(now))
    return Radar(
        starts_at=moment_label(at),
        ends_at=moment_label(at + RADAR),
        is_planned=now < at,
        is_over=now >= at and not is_watched(at, now),
        scanners=[names.scanner(scan) for scan in scans],
        posters=_posters(declaration, scans),
        former=former_uses(company, declaration, at, now=now) if declaration.former_company_id else [],
        made_before=_made_before(company, declaration, at),
    )


def _scans(company: Company, declaration: Declaration, at: datetime) -> list[dict[str, Any]]:
    """By person, employer, workplace and tablet: `count` and `last`; the most recent first."""
    rows = registrations_visible_to(company).filter(
        # A stop that belongs to the old one was made by its code, too.
        declaration__in=[declaration.pk, declaration.takes_over_id],
        happened_at__gte=at,
        happened_at__lt=at + RADAR,
    )
    grouped: QuerySet[Any, Any] = flagged(rows, Doubt.OLD_CODE).order_by()
    grouped = grouped.values("person", "employer", "workplace", "terminal")
    return list(grouped.annotate(count=Count("pk"), last=Max("happened_at")).order_by("-last"))


def _made_before(company: Company, declaration: Declaration, at: datetime) -> int:
    """What stands on the old declaration after the minute, without having been led past the new one."""
    if declaration.takes_over_id is None:
        return 0
    rows = registrations_visible_to(company).filter(
        declaration=declaration.takes_over_id, happened_at__gte=at
    )
    return rows.count() - flagged(rows, Doubt.OLD_CODE).count()


@dataclass(frozen=True, slots=True)
class _Names:
    """How the company calls everybody of the scans, and the new point each of them should use."""

    company: Company
    people: dict[UUID, Person]
    names: PeopleNames
    firms: dict[UUID, tuple[Company, str]]
    workplaces: dict[UUID, str]
    tablets: dict[UUID, str]
    points: dict[tuple[UUID | None, UUID | None], RegistrationPoint]

    @classmethod
    def of(
        cls, company: Company, declaration: Declaration, scans: list[dict[str, Any]], *, today: date
    ) -> "_Names":
        people = Person.objects.in_bulk({scan["person"] for scan in scans})
        firms = set(Company.objects.filter(pk__in={scan["employer"] for scan in scans}))
        tablets = Terminal.objects.filter(company=company, pk__in={scan["terminal"] for scan in scans})
        points = points_visible_to(company).filter(declaration=declaration) if scans else ()
        return cls(
            company,
            people,
            PeopleNames.of(people.values(), company=company, day=today),
            {firm.pk: (firm, name) for firm, name in names_of_companies(company, firms).items()},
            {place.workplace_id: place.workplace.name for place in places_of(declaration)} if scans else {},
            {tablet.pk: tablet.name for tablet in tablets},
            {(point.workplace_id, point.company_id): point for point in points},
        )

    def scanner(self, scan: dict[str, Any]) -> Scanner:
        person, (firm, firm_name) = self.people[scan["person"]], self.firms[scan["employer"]]
        point = self.points.get((scan["workplace"], firm.pk)) or self.points.get((scan["workplace"], None))
        is_own = self.names.has(person)
        # The language of somebody else's worker is not ours to know.
        language = worker_language(person.language if is_own else "", self.company.language)
        return Scanner(
            worker=self.names[person],
            company="" if is_own else firm_name,
            workplace=self.workplaces.get(scan["workplace"], ""),
            tablet=self.tablets.get(scan["terminal"], _("tablet")) if scan["terminal"] else "",
            count=scan["count"],
            last_at=moment_label(scan["last"]),
            message=takeover_message(point, company=str(self.company), language=language) if point else None,
        )


def _posters(declaration: Declaration, scans: Iterable[dict[str, Any]]) -> list[OldPoster]:
    """Every workplace that was taken over, also those whose old code rests."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for scan in scans:
        found.setdefault(scan["workplace"], []).append(scan)
    return [_poster(place.workplace, found.get(place.workplace_id, [])) for place in places_of(declaration)]


def _poster(workplace: Workplace, scans: list[dict[str, Any]]) -> OldPoster:
    last = max((scan["last"] for scan in scans), default=None)
    count = sum(scan["count"] for scan in scans)
    return OldPoster(workplace.name, count, moment_label(last) if last else "")
