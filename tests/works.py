"""Declared works to register on, built through the services of the portal."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from ciao_portal.audit import Actor
from ciao_portal.models import Company, Person
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration, RegistrationPoint, Workplace
from declarations.models.declarations import Regime
from declarations.services.chain import add_subcontract
from declarations.services.clients import create_client, create_workplace
from declarations.services.declaring import declare_work
from declarations.services.taking_over import note_former_company, take_over
from registrations.models import Means, Registration
from registrations.rules.presence import Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import Receipt, TapAtPoint, register
from tests.cast import NOW

DECLARED_NUMBER = "9B0ABCDEFGHJK"
REFERENCE = "1Y1003SQ5VSSZ"


@dataclass(frozen=True)
class Works:
    """A declaration with its workplaces in order."""

    declaration: Declaration
    workplaces: tuple[Workplace, ...]

    def point(self, workplace: int | None = 0, company: Company | None = None) -> RegistrationPoint:
        """The point of the n-th workplace (None: of the whole declaration), of a chain company if named."""
        with unscoped(reason="a test looks up a code"):
            return RegistrationPoint.objects.select_related("declaration__company").get(
                declaration=self.declaration,
                workplace=None if workplace is None else self.workplaces[workplace],
                company=company,
            )


def declare(
    company: Company,
    *,
    workplaces: int = 2,
    declared_number: str = DECLARED_NUMBER,
    technical_reference: str | None = None,
    starts_on: date = date(2026, 1, 1),
    ends_on: date | None = None,
    regime: str = Regime.CIAO,
    now: datetime = NOW,
) -> Works:
    """Works of `company` for a client with as many workplaces; another number brings another reference."""
    if technical_reference is None:
        other = declared_number not in (DECLARED_NUMBER, "")
        technical_reference = f"1Y1{declared_number[3:]}" if other else REFERENCE
    actor = Actor(company)
    with company_scope(company):
        client = create_client(company=company, name="Stad Voorbeeld", actor=actor, now=now)
        places = tuple(
            create_workplace(
                company=company,
                client=client,
                name=f"Gebouw {number}",
                street="Voorbeeldstraat",
                house_number=str(number),
                post_code="9000",
                municipality="Gent",
                actor=actor,
                now=now,
            )
            for number in range(1, workplaces + 1)
        )
        declaration = declare_work(
            company=company,
            client=client,
            title="Schoonmaak Voorbeeld",
            activity="buildings",
            amount=Decimal("48000"),
            starts_on=starts_on,
            ends_on=ends_on,
            workplaces=places,
            declared_number=declared_number,
            technical_reference=technical_reference,
            regime=regime,
            actor=actor,
            now=now,
        )
    return Works(declaration, places)


def subcontract_to(works: Works, company: Company, *, now: datetime = NOW) -> None:
    """Put a company directly below the declarer, for the whole period."""
    declarer = works.declaration.company
    with company_scope(declarer):
        add_subcontract(
            declaration=works.declaration,
            enterprise_number=company.enterprise_number or "",
            name=company.name,
            starts_on=works.declaration.starts_on,
            actor=Actor(declarer),
            now=now,
        )


def tap(
    works: Works,
    person: Person,
    kind: Kind = Kind.IN,
    *,
    now: datetime = NOW,
    employer: Company | None = None,
    workplace: int = 0,
) -> Receipt:
    """Register through the one door, with a key of its own."""
    return register(tap_at(works, person, kind, employer=employer, workplace=workplace), now=now)


def tap_at(
    works: Works, person: Person, kind: Kind = Kind.IN, *, employer: Company | None = None, workplace: int = 0
) -> TapAtPoint:
    return TapAtPoint(
        person=person,
        kind=kind,
        point=works.point(workplace),
        employer=employer or works.declaration.company,
        workplace=works.workplaces[workplace],
        means=Means.TYPED,
        client_key=uuid4(),
        key_origin=KeyOrigin.TAP,
    )


def all_registrations() -> list[Registration]:
    """Every registration in the database, in order of receipt."""
    with unscoped(reason="a test counts everything"):
        return list(Registration.objects.order_by("received_at", "id").select_related("submission"))


def renew(
    works: Works, *, at: datetime, now: datetime = NOW, with_chain: bool = True, number: str = "9B0TAKEN0VER2"
) -> Works:
    """The same works under a new declaration from that minute on."""
    company = works.declaration.company
    with company_scope(company):
        new = take_over(
            old=works.declaration,
            at=at,
            title="Schoonmaak Voorbeeld, verlengd",
            amount=Decimal("51000"),
            amount_per_year=True,
            ends_on=None,
            workplaces=works.workplaces,
            places=works.declaration.subcontracts.all() if with_chain else (),
            declared_number=number,
            technical_reference="1Y1" + number[3:],
            actor=Actor(company),
            now=now,
        )
        works.declaration.refresh_from_db()
    return Works(new, works.workplaces)


def had_by(works: Works, former: Company, *, now: datetime = NOW) -> None:
    """Note that another contractor had the works before."""
    company = works.declaration.company
    with company_scope(company):
        note_former_company(
            declaration=works.declaration,
            enterprise_number=former.enterprise_number or "",
            actor=Actor(company),
            now=now,
        )
        works.declaration.refresh_from_db()
