"""What the filters of the lists offer: only what the company may see.

Read from declarations and their chains and from the presence states (one row per person, employer and
declaration), never from the whole history. Each part is read when it is first asked for.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value

from ciao_portal.companies import names_of_companies
from ciao_portal.models import Company, CompanyCard
from ciao_portal.prepared import VIEWER, Prepared
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView, Declaration
from declarations.querysets import workplaces_visible_to
from declarations.rules.chain import Period
from registrations.models import PresenceState

Choices = list[tuple[str, str]]


class Offered:
    """Choices for a company's filters, each sorted by its words; used inside the company's scope."""

    def __init__(self, company: Company) -> None:
        self.company = company

    @property
    def employers(self) -> Choices:
        return _sorted(self._names)

    @cached_property
    def declarations(self) -> Choices:
        return _sorted({works: title for works, title, *_rest in self._chains})

    @cached_property
    def workplaces(self) -> Choices:
        return _sorted({row.pk: row.name for row in self._named if row.is_workplace})

    @cached_property
    def members_below(self) -> dict[UUID, set[UUID]]:
        """By declaration of somebody else, the firms the company sees below itself."""
        members: dict[UUID, set[UUID]] = {}
        for works, _title, owner, firm, *_days in self._chains:
            if self.company.pk not in (owner, firm):
                members.setdefault(works, set()).add(firm)
        return members

    @cached_property
    def places(self) -> dict[UUID, dict[UUID, list[Period]]]:
        """By declaration and firm, the days on which the company sees it there."""
        places: dict[UUID, dict[UUID, list[Period]]] = {}
        for works, _title, _owner, firm, first, last in self._chains:
            days = Period(first, last or date.max)
            places.setdefault(works, {}).setdefault(firm, []).append(days)
        return places

    def names_of(self, companies: Iterable[Company]) -> dict[Company, str]:
        """How the company calls these firms; asks no more for those that are offered."""
        wanted = set(companies)
        unknown = {firm for firm in wanted if firm.pk not in self._names}
        found = names_of_companies(self.company, unknown) if unknown else {}
        return {firm: self._names.get(firm.pk) or found[firm] for firm in wanted}

    @cached_property
    def _chains(self) -> list[tuple[UUID, str, UUID, UUID, date, date | None]]:
        """(declaration, title, its declarer, member, its days) for all the company sees, itself included."""
        return self._rows(_CHAINS)

    @cached_property
    def _names(self) -> dict[UUID, str]:
        """The company itself, the firms below it, and those somebody named on one of its declarations."""
        return {row.pk: row.card_name or str(row.as_company()) for row in self._named if not row.is_workplace}

    @cached_property
    def _named(self) -> list["_Named"]:
        return [_Named._make(row) for row in self._rows(_FIRMS_AND_WORKPLACES)]

    def _rows(self, query: Prepared[Any]) -> list[Any]:
        with unscoped(reason="each query takes the company that looks and gives what it may see"):
            return query.all(viewer=self.company.pk)


_CHAINS = Prepared(
    lambda: (
        ChainView.objects.filter(viewer=VIEWER)
        .values_list(
            *("declaration", "declaration__title", "declaration__company", "member"),
            *("valid_from", "valid_to"),
        )
        .distinct()
    )
)


class _Named(NamedTuple):
    """A firm or a workplace with what gives it its name, and no more."""

    pk: UUID
    name: str
    is_workplace: bool
    enterprise_number: str | None
    foreign_vat_number: str | None
    card_name: str | None

    def as_company(self) -> Company:
        return Company(
            name=self.name,
            enterprise_number=self.enterprise_number,
            foreign_vat_number=self.foreign_vat_number,
        )


def _firms_and_workplaces() -> QuerySet[Any, Any]:
    """Both at once: a page of remarks has no query to spare."""
    members = ChainView.objects.filter(viewer=VIEWER).values("member")
    own = Declaration.objects.filter(company=VIEWER)
    named = PresenceState.objects.filter(declaration__in=own.values("pk")).values("employer")
    cards = CompanyCard.objects.filter(company=VIEWER, subject=OuterRef("pk"))
    firms = Company.objects.filter(Q(pk=VIEWER) | Q(pk__in=members) | Q(pk__in=named)).order_by()
    nothing = Value(None, output_field=CharField())
    columns = ("pk", "shown_name", "is_workplace", "firm_number", "vat_number", "card_name")
    named_firms = firms.annotate(
        shown_name=F("name"),
        is_workplace=Value(value=False),
        firm_number=F("enterprise_number"),
        vat_number=F("foreign_vat_number"),
        card_name=Subquery(cards.values("name")[:1]),
    )
    workplaces = (
        workplaces_visible_to(VIEWER)
        .order_by()
        .annotate(
            shown_name=F("name"),
            is_workplace=Value(value=True),
            firm_number=nothing,
            vat_number=nothing,
            card_name=nothing,
        )
    )
    return named_firms.values_list(*columns).union(workplaces.values_list(*columns), all=True)


_FIRMS_AND_WORKPLACES = Prepared(_firms_and_workplaces)


def offered_to(company: Company) -> Offered:
    """Employers, declarations and workplaces a company can choose from."""
    return Offered(company)


def _sorted(words: dict[UUID, str]) -> Choices:
    choices = [(str(key), words[key]) for key in words]
    return sorted(choices, key=lambda choice: (choice[1].casefold(), choice[0]))
