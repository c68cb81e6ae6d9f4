"""What the filters of the lists offer: only what the company may see.

Read from declarations and their chains and from the presence states (one row per person, employer and
declaration), never from the whole history. Each part is read when it is first asked for.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

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
        return _sorted({firm.pk: name for firm, name in self._names.items()})

    @cached_property
    def declarations(self) -> Choices:
        return _sorted({works: title for works, title, *_rest in self._chains})

    @cached_property
    def workplaces(self) -> Choices:
        return _sorted(dict(self._rows(_WORKPLACES)))

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
        unknown = wanted - self._names.keys()
        found = names_of_companies(self.company, unknown) if unknown else {}
        return {firm: self._names.get(firm) or found[firm] for firm in wanted}

    @cached_property
    def _chains(self) -> list[tuple[UUID, str, UUID, UUID, date, date | None]]:
        """(declaration, title, its declarer, member, its days) for all the company sees, itself included."""
        return self._rows(_CHAINS)

    @cached_property
    def _names(self) -> dict[Company, str]:
        """The company itself, the firms below it, and those somebody named on one of its declarations."""
        return {firm: firm.card_name or str(firm) for firm in self._rows(_FIRMS)}

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
_WORKPLACES = Prepared(lambda: workplaces_visible_to(VIEWER).order_by().values_list("pk", "name"))


def _firms() -> QuerySet[Company]:
    members = ChainView.objects.filter(viewer=VIEWER).values("member")
    own = Declaration.objects.filter(company=VIEWER)
    named = PresenceState.objects.filter(declaration__in=own.values("pk")).values("employer")
    cards = CompanyCard.objects.filter(company=VIEWER, subject=OuterRef("pk"))
    firms = Company.objects.filter(Q(pk=VIEWER) | Q(pk__in=members) | Q(pk__in=named)).order_by()
    # What gives a firm its name, and no more.
    shown = firms.only("name", "enterprise_number", "foreign_vat_number")
    return shown.annotate(card_name=Subquery(cards.values("name")[:1]))


_FIRMS = Prepared(_firms)


def offered_to(company: Company) -> Offered:
    """Employers, declarations and workplaces a company can choose from."""
    return Offered(company)


def _sorted(words: dict[UUID, str]) -> Choices:
    choices = [(str(key), words[key]) for key in words]
    return sorted(choices, key=lambda choice: (choice[1].casefold(), choice[0]))
