"""What the rules on gaps look at, read for one company: its chains, and what was registered on them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, UUIDField, Value

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day, day_bounds
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from declarations.models import Declaration, RegistrationPoint, Subcontract
from declarations.querysets import declarations_visible_to
from registrations.models import ExpectedDays, NssoPresence, Terminal
from registrations.querysets import listed_elsewhere, parts_visible_to, remarks_visible_to
from registrations.rules.gaps import Chain, Entry, Gap, Look, MeansFacts, Place, gaps_of
from registrations.rules.silence import WEEKS
from registrations.rules.windows import Window

# The remark by which the NSSO says that a firm is not in the declaration's chain.
NOT_ON_DECLARATION = "enterpriseNotOnDeclaration"
BEFORE = max(WEEKS)


class Made(NamedTuple):
    """Registrations of a firm on a day, by code and tablet; registered elsewhere there is neither."""

    declaration: UUID
    employer: UUID
    day: date
    code_of: UUID | None
    tablet: UUID | None
    number: int
    first: datetime


@dataclass(frozen=True)
class Watched:
    """The declarations a company looks at, as the rules see them, with what names them."""

    company: Company
    looks: dict[UUID, Look]
    works: dict[UUID, Declaration]
    firms: dict[UUID, Company]
    names: dict[UUID, str]

    def gaps(self) -> list[Gap]:
        """Of all declarations, those of one declaration together."""
        return [gap for look in self.looks.values() for gap in gaps_of(look)]

    def numbered(self) -> dict[UUID, str]:
        """Each firm's name with its number, for readers outside the portal."""
        return {key: f"{self.names[key]} ({firm.number})" for key, firm in self.firms.items()}


def watch(
    company: Company,
    window: Window,
    *,
    now: datetime,
    declaration: Declaration | None = None,
    subject: UUID | None = None,
) -> Watched:
    """Read it all, of one declaration or of every one with a day in the window; nine queries.

    `subject` is a firm that is named in any case. Call inside the company's scope. `now` is aware.
    """
    today = brussels_day(now)
    reach = Window(min(window.first, today) - BEFORE, max(window.last, today))
    made = _made(company, reach, declaration)
    works = _works(company, window, made, declaration)
    places = _places(works)
    tablets = _tablets(works, made)
    codes = _codes(works)
    expected = _expected(company, works)
    remarked = _remarked(company, window)
    looks = {}
    for key, row in works.items():
        of_works = made[key]
        chain = _chain(row, places[key], expected)
        looks[key] = Look(
            chain=chain,
            viewer=company.pk,
            window=window,
            now=now,
            entries=tuple(
                Entry(one.employer, one.day, one.number, one.first, one.code_of) for one in of_works
            ),
            remarked=frozenset(remarked[key]),
            means=_means(chain, of_works, codes[key], tablets, today=today),
        )
    firms = _firms({company.pk, subject or company.pk}, looks.values())
    names = names_of_companies(company, set(firms.values()))
    return Watched(company, looks, works, firms, {key: names[firm] for key, firm in firms.items()})


def _made(company: Company, reach: Window, declaration: Declaration | None) -> dict[UUID, list[Made]]:
    """By declaration, what others registered; made here and made elsewhere share no registration."""
    start, end = day_bounds(reach.first)[0], day_bounds(reach.last)[1]
    _own, *others = parts_visible_to(company)
    during = Q(happened_at__gte=start, happened_at__lt=end)
    listed = NssoPresence.objects.filter(
        registration__isnull=True,
        missed_since__isnull=True,
        declaration__isnull=False,
        registered_at__gte=start,
        registered_at__lt=end,
    )
    elsewhere = listed_elsewhere(company, listed).exclude(employer=company)
    if declaration:
        during &= Q(declaration=declaration)
        elsewhere = elsewhere.filter(declaration=declaration)
    nobody = Value(None, output_field=UUIDField())
    first, *rest = [
        *(_counted(part.filter(during), F("point__company"), F("terminal"), "happened") for part in others),
        _counted(elsewhere, nobody, nobody, "registered"),
    ]
    found: dict[UUID, list[Made]] = defaultdict(list)
    for row in first.union(*rest, all=True):
        one = Made(*row)
        found[one.declaration].append(one)
    return found


def _counted(rows: QuerySet[Any], code_of: Any, tablet: Any, moment: str) -> QuerySet[Any, Any]:
    day = F("happened_day") if moment == "happened" else F("day")
    grouped: QuerySet[Any, Any] = rows.order_by().values(
        works=F("declaration"), firm=F("employer"), made_on=day, code_of=code_of, tablet=tablet
    )
    counted: QuerySet[Any, Any] = grouped.annotate(number=Count("pk"), first=Min(f"{moment}_at"))
    return counted.values_list("works", "firm", "made_on", "code_of", "tablet", "number", "first")


def _works(
    company: Company, window: Window, made: Iterable[UUID], declaration: Declaration | None
) -> dict[UUID, Declaration]:
    """Those that run within the window, and those somebody registers on all the same."""
    running = Q(starts_on__lte=window.last) & (Q(ends_on__isnull=True) | Q(ends_on__gte=window.first))
    rows = declarations_visible_to(company)
    rows = rows.filter(pk=declaration.pk) if declaration else rows.filter(running | Q(pk__in=list(made)))
    return {row.pk: row for row in rows.select_related("company").order_by("title", "pk")}


def _places(works: Mapping[UUID, Declaration]) -> dict[UUID, list[Subcontract]]:
    with unscoped(reason="the chains of declarations the company sees; the rules show what is below it"):
        rows = Subcontract.objects.filter(declaration__in=list(works)).order_by("created_at", "id")
        return _by(rows, lambda row: row.declaration_id)


def _codes(works: Mapping[UUID, Declaration]) -> dict[UUID, set[UUID | None]]:
    """By declaration, for whom there are codes; None for everybody."""
    with unscoped(reason="for which companies of a chain there are codes, which every one of them has"):
        points = RegistrationPoint.objects.filter(declaration__in=list(works))
        rows = points.order_by().values_list("declaration", "company").distinct()
        found: dict[UUID, set[UUID | None]] = defaultdict(set)
        for key, company in rows:
            found[key].add(company)
    return found


def _expected(company: Company, works: Mapping[UUID, Declaration]) -> dict[UUID, frozenset[int]]:
    rows = ExpectedDays.objects.filter(company=company, subcontract__declaration__in=list(works))
    return {row.subcontract_id: row.numbers for row in rows}


def _remarked(company: Company, window: Window) -> dict[UUID, set[tuple[UUID, date]]]:
    rows = remarks_visible_to(company).filter(
        code=NOT_ON_DECLARATION,
        gone_at__isnull=True,
        happened_day__gte=window.first,
        happened_day__lte=window.last,
    )
    found: dict[UUID, set[tuple[UUID, date]]] = defaultdict(set)
    for key, employer, day in rows.order_by().values_list("declaration", "employer", "happened_day"):
        found[key].add((employer, day))
    return found


def _chain(row: Declaration, places: list[Subcontract], expected: Mapping[UUID, frozenset[int]]) -> Chain:
    return Chain(
        declaration=row.pk,
        declarer=row.company_id,
        start=row.starts_on,
        end=row.ends_on,
        places=tuple(
            Place(
                id=place.pk,
                company=place.company_id,
                parent=place.parent_id,
                start=place.starts_on,
                end=place.ends_on,
                has_clause=place.has_clause,
                weekdays=expected.get(place.pk, frozenset()),
            )
            for place in places
        ),
        has_number=bool(row.declared_number or row.technical_reference),
    )


def _means(
    chain: Chain, made: list[Made], codes: set[UUID | None], tablets: Iterable[Terminal], *, today: date
) -> dict[UUID, MeansFacts]:
    """Only what the company may see: its own tablets, and by which means visible registrations were made."""
    lately = _by((one for one in made if today - BEFORE <= one.day <= today), lambda one: one.employer)
    revoked = {one.pk: brussels_day(one.revoked_at) for one in tablets if one.revoked_at}
    standing = {
        one.point.company_id
        for one in tablets
        if not one.revoked_at and one.point.declaration_id == chain.declaration
    }
    found = {}
    for company in chain.members:
        used = {one.tablet for one in lately[company]}
        gone = [revoked[one] for one in used if one in revoked]
        is_gone = bool(gone) and len(gone) == len(used) and not standing & {None, company}
        found[company] = MeansFacts(
            has_code=not codes.isdisjoint({None, company}),
            used_lately=bool(used),
            tablet_gone_on=max(gone) if is_gone else None,
        )
    return found


def _tablets(works: Mapping[UUID, Declaration], made: Mapping[UUID, list[Made]]) -> list[Terminal]:
    """The company's own: on these works, and those that registrations were made on."""
    used = {one.tablet for rows in made.values() for one in rows if one.tablet}
    here = Q(point__declaration__in=list(works)) | Q(pk__in=used)
    return list(Terminal.objects.filter(here).select_related("point"))


def _firms(keys: set[UUID], looks: Iterable[Look]) -> dict[UUID, Company]:
    """Those and everybody in the looks, by their keys."""
    met = set(keys)
    for look in looks:
        met |= look.chain.members | {look.chain.declarer} | {entry.company for entry in look.entries}
    return {row.pk: row for row in Company.objects.filter(pk__in=met)}


def _by(rows: Iterable[Any], key: Callable[[Any], UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
