"""What a code on the wall stands for: where, under which declaration, with which companies."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, QuerySet, UUIDField

from ciao_portal.companies import names_of_companies
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_declaration_number
from ciao_portal.models import Company
from ciao_portal.prepared import Given, Prepared
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView, Declaration, RegistrationPoint, Workplace
from declarations.rules.codes import parse_point_code

_DAY = Given("day", DateField())
_IN_CHAIN_TODAY = Q(valid_to__isnull=True) | Q(valid_to__gte=_DAY), Q(valid_from__lte=_DAY)


def _points(*conditions: Q) -> "QuerySet[RegistrationPoint]":
    """Points with all their page needs: whether others work there today, and since when the code leads on."""
    return (
        RegistrationPoint.objects.select_related("declaration__company", "workplace", "company")
        .filter(*conditions)
        .annotate(
            has_chain=Exists(
                ChainView.objects.filter(
                    *_IN_CHAIN_TODAY,
                    declaration=OuterRef("declaration"),
                    viewer=OuterRef("declaration__company"),
                ).exclude(member=F("viewer"))
            ),
            taken_over_at=F("declaration__taken_over_by__takes_over_at"),
        )
        .order_by()
    )


POINT = Prepared(lambda: _points(Q(code=Given("code", CharField()))))


def _same(column: str) -> Q:
    """The condition that old and new point stand for the same, or both for none."""
    old = f"declaration__takes_over__points__{column}"
    return Q(**{column: F(old)}) | Q(**{f"{column}__isnull": True, f"{old}__isnull": True})


_SUCCESSOR = Prepared(
    lambda: _points(
        Q(declaration__takes_over__points=Given("point", UUIDField())), _same("workplace"), _same("company")
    )
)
_CHAIN = Prepared(
    lambda: (
        Company.objects.filter(
            pk__in=ChainView.objects.filter(
                *_IN_CHAIN_TODAY,
                declaration=Given("declaration", UUIDField()),
                viewer=Given("declarer", UUIDField()),
            ).values("member")
        )
        .exclude(pk=Given("declarer", UUIDField()))
        .order_by("pk")
    )
)


@dataclass(frozen=True)
class Site:
    """A registration point with what its page needs, as of a Brussels day."""

    point: RegistrationPoint
    workplaces: tuple[Workplace, ...]
    day: date
    # Reached by a code whose contract was taken over before.
    is_by_old_code: bool = False
    # Who employs the presence that is being continued here, when that is known beforehand.
    running_for: Company | None = None

    @property
    def first_company(self) -> Company:
        """The point's own company, else the declarer: who is assumed when nobody chooses."""
        return self.point.company or self.declaration.company

    @property
    def has_several_companies(self) -> bool:
        return self.point.company is None and bool(cast(Any, self.point).has_chain)

    @cached_property
    def companies(self) -> tuple[Company, ...]:
        """Whom one can work for here, the first company in front; read only when it is asked for."""
        if not self.has_several_companies:
            return (self.first_company,)
        with unscoped(reason="the companies of a point whose code is known"):
            others = _CHAIN.all(
                declaration=self.declaration.pk, declarer=self.declaration.company_id, day=self.day
            )
        return (self.first_company, *others)

    @cached_property
    def names(self) -> dict[UUID, str]:
        """How the declarer calls each company, by id; only a page needs it, a tap does not."""
        with unscoped(reason="the names the declarer gave the companies of its own point"):
            names = names_of_companies(self.declaration.company, set(self.companies))
        return {company.pk: name for company, name in names.items()}

    @property
    def declaration(self) -> Declaration:
        return self.point.declaration

    @property
    def taken_over_at(self) -> datetime | None:
        """Since when the code leads on to the declaration that took this one over."""
        return cast(datetime | None, cast(Any, self.point).taken_over_at)

    @property
    def ended_on(self) -> date | None:
        """The last day of a contract that is over."""
        last = self.declaration.ends_on
        return last if last is not None and last < self.day else None

    def former_company(self, at: datetime) -> UUID | None:
        """The contractor that had these works before that moment."""
        since = self.declaration.takes_over_at
        return self.declaration.former_company_id if since is not None and since <= at else None

    @property
    def title(self) -> str:
        """The workplace when the code names one, else the works."""
        return self.workplaces[0].name if len(self.workplaces) == 1 else self.declaration.title

    @property
    def first_name(self) -> str:
        """How the company is called that is assumed when nobody chooses."""
        return self.names[self.first_company.pk]

    @property
    def other_names(self) -> list[tuple[UUID, str]]:
        """The other companies, by name."""
        others = [(company.pk, self.names[company.pk]) for company in self.companies[1:]]
        return sorted(others, key=lambda pair: pair[1].casefold())

    def workplace(self, wanted: str) -> tuple[Workplace, bool]:
        """The wanted workplace of this point, and whether it had to be assumed."""
        for workplace in self.workplaces:
            if str(workplace.pk) == wanted:
                return workplace, False
        return self.workplaces[0], len(self.workplaces) > 1

    def company(self, wanted: str) -> Company | None:
        """The wanted company if it is one of this point's."""
        return next((company for company in self.companies if str(company.pk) == wanted), None)


def find_site(code: str, *, day: date) -> Site | None:
    """The site of a code as typed or scanned; None when no such code exists.

    Raises DomainError `code.…` when it is no code at all.
    """
    with unscoped(reason="the code on the wall is public; it opens only its own point"):
        point = POINT.first(code=parse_point_code(code), day=day)
        return site_of(point, day=day) if point else None


def successor_of(site: Site, *, day: date) -> Site | None:
    """Where the code leads on to; None when the new contract has no such point."""
    if site.taken_over_at is None:
        return None
    with unscoped(reason="the point that took over the one whose code is known, of the same company"):
        point = _SUCCESSOR.first(point=site.point.pk, day=day)
        return replace(site_of(point, day=day), is_by_old_code=True) if point else None


def points_of_declaration(number: str) -> list[RegistrationPoint]:
    """Points for a typed declaration number (declared number or technical reference), one a declaration.

    Raises DomainError `declaration.…` when the number is malformed.
    """
    parsed = parse_declaration_number(number)
    with unscoped(reason="a declaration number is printed on the wall; only the public code is answered"):
        points = RegistrationPoint.objects.select_related("declaration__company").filter(
            Q(declaration__declared_number=parsed) | Q(declaration__technical_reference=parsed),
            workplace__isnull=True,
            company__isnull=True,
        )
        return list(points)


def code_in_words(text: str) -> DomainError | None:
    """Why this is no code, in words; None when it is one."""
    try:
        parse_point_code(text)
    except DomainError as error:
        return error
    return None


def site_of(point: RegistrationPoint, *, day: date) -> Site:
    """The site of a row of `POINT` that was found for that day; inside `unscoped(reason=…)`."""
    declaration = point.declaration
    if point.workplace:
        workplaces: tuple[Workplace, ...] = (point.workplace,)
    else:
        places = declaration.places.select_related("workplace").order_by("position")
        workplaces = tuple(place.workplace for place in places)
    return Site(point, workplaces, day)
