"""Declared works for the tests: built through the services, always inside the declarer's scope."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope
from declarations.models import Client, Declaration, Subcontract, Workplace
from declarations.services.chain import add_subcontract
from declarations.services.clients import create_client, create_workplace
from declarations.services.declaring import declare_work
from tests.cast import NOW, SUB_NUMBER, SUBSUB_NUMBER, Cast

NUMBER = "9B0003SQ5VSSZ"
REFERENCE = "1Y1003SQ5VSSZ"
SERIALS = (f"{number:010}" for number in count(1))
FIRST = date(2026, 1, 1)
LAST = date(2027, 12, 31)

FACTS: dict[str, Any] = {
    "title": "Daily cleaning",
    "activity": "buildings",
    "amount": Decimal("48000.00"),
    "starts_on": FIRST,
    "ends_on": LAST,
}


def make_client(company: Company, name: str = "Stad Gent") -> Client:
    return create_client(company=company, name=name, actor=Actor(company), now=NOW)


def make_workplace(client: Client, name: str = "Parking Noord", **values: Any) -> Workplace:
    address = {"street": "Kouter", "house_number": "12", "post_code": "9000", "municipality": "Gent"}
    company = client.company
    return create_workplace(
        company=company, client=client, name=name, actor=Actor(company), now=NOW, **address | values
    )


def make_works(company: Company, *, workplaces: int = 2, **changes: Any) -> Declaration:
    """A declaration with numbers, a client of its own and workplaces named `Parking 1`, `Parking 2`…"""
    with company_scope(company):
        client = changes.pop("client", None) or make_client(company)
        places = [make_workplace(client, f"Parking {index}") for index in range(1, workplaces + 1)]
        number = changes.get("declared_number", NUMBER)
        # Each declaration has a reference of its own.
        numbers = {"declared_number": number, "technical_reference": f"1Y1{number[3:] or next(SERIALS)}"}
        return declare_work(
            company=company,
            client=client,
            workplaces=places,
            actor=Actor(company),
            now=NOW,
            **FACTS | numbers | changes,
        )


def make_subcontract(declaration: Declaration, number: str, name: str, **values: Any) -> Subcontract:
    with company_scope(declaration.company):
        return add_subcontract(
            declaration=declaration,
            enterprise_number=number,
            name=name,
            actor=Actor(declaration.company),
            now=NOW,
            **values,
        )


def make_chain(cast: Cast, declaration: Declaration) -> tuple[Subcontract, Subcontract]:
    """Zuiver Sub below the declarer, Klein Subsub below that."""
    sub = make_subcontract(declaration, SUB_NUMBER, "Zuiver", amount=Decimal("9000"))
    return sub, make_subcontract(declaration, SUBSUB_NUMBER, "Klein", parent=sub, amount=Decimal("1234"))
