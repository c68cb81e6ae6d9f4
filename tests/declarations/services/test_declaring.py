"""Clients, workplaces, declarations: what is kept, and each refusal by its code."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from declarations.models import ChainView, Declaration, RegistrationPoint
from declarations.models.declarations import DeclarationState, Regime
from declarations.services.clients import create_client
from declarations.services.declaring import add_workplace, change_declaration, declare_work
from tests.cast import NOW, SUB_NUMBER, Cast
from tests.declarations.works import (
    FACTS,
    FIRST,
    LAST,
    NUMBER,
    REFERENCE,
    make_client,
    make_subcontract,
    make_workplace,
    make_works,
)


@pytest.fixture(autouse=True)
def declarers_scope(cast: Cast) -> Iterator[None]:
    with company_scope(cast.main):
        yield


def declared(cast: Cast, **changes: Any) -> Declaration:
    client = changes.pop("client", None) or make_client(cast.main)
    workplaces = changes.pop("workplaces", None)
    if workplaces is None:
        workplaces = [make_workplace(client)]
    return declare_work(
        company=cast.main,
        client=client,
        workplaces=workplaces,
        actor=Actor(cast.main, cast.office),
        now=NOW,
        **FACTS | changes,
    )


def refused(code: str, field: str | None) -> Any:
    """The block is refused with this code at this field."""

    class Refused:
        def __enter__(self) -> None:
            self.raises = pytest.raises(DomainError)
            self.info = self.raises.__enter__()

        def __exit__(self, *exception: Any) -> bool:
            handled = self.raises.__exit__(*exception)
            assert (self.info.value.code, self.info.value.field) == (code, field)
            assert str(self.info.value)
            return bool(handled)

    return Refused()


def test_a_declaration_has_points_for_itself_and_each_workplace(cast: Cast) -> None:
    declaration = make_works(cast.main, workplaces=3)
    points = list(RegistrationPoint.objects.filter(declaration=declaration))
    workplaces = {place.workplace_id for place in declaration.places.all()}
    assert {point.workplace_id for point in points} == {None, *workplaces}
    assert len(points) == len({point.code for point in points}) == 4
    assert all(point.company_id is None for point in points)


def test_the_declarer_sees_itself_for_the_declared_days(cast: Cast) -> None:
    declaration = declared(cast)
    (row,) = ChainView.objects.filter(declaration=declaration)
    assert (row.viewer, row.member, row.valid_from, row.valid_to) == (cast.main, cast.main, FIRST, LAST)


def test_numbers_are_taken_as_typed_and_stored_normalised(cast: Cast) -> None:
    declaration = declared(cast, declared_number="9b0 oo3sq-5vssz", technical_reference=" 1y1 003sq 5vssz ")
    assert declaration.declared_number == "9B0003SQ5VSSZ"
    assert declaration.technical_reference == "1Y1003SQ5VSSZ"


def test_workplaces_keep_the_order_in_which_they_were_entered(cast: Cast) -> None:
    client = make_client(cast.main)
    places = [make_workplace(client, name) for name in ("Zuid", "Aan het water", "Midden")]
    declaration = declared(cast, client=client, workplaces=places)
    names = [place.workplace.name for place in declaration.places.select_related("workplace")]
    assert names == ["Zuid", "Aan het water", "Midden"]


def test_every_deed_is_recorded(cast: Cast) -> None:
    declaration = declared(cast)
    deeds = AuditEvent.objects.filter(user=cast.office, subject_id=str(declaration.pk))
    assert set(deeds.values_list("action", flat=True)) == {"declaration.declared", "point.created"}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": "  "}, "declaration.title", "title"),
        ({"activity": "juggling"}, "declaration.activity", "activity"),
        ({"regime": "none"}, "declaration.regime", "regime"),
        ({"amount": Decimal("-0.01")}, "declaration.amount", "amount"),
        ({"ends_on": FIRST - timedelta(days=1)}, "declaration.period", "ends_on"),
        ({"workplaces": []}, "declaration.noWorkplace", "workplaces"),
        ({"declared_number": "9B0"}, "declaration.shape", "declared_number"),
        ({"declared_number": f"{NUMBER}12"}, "declaration.contract", "declared_number"),
        ({"technical_reference": "1Y1"}, "reference.shape", "technical_reference"),
    ],
)
def test_what_is_refused(cast: Cast, changes: dict[str, Any], code: str, field: str) -> None:
    with refused(code, field):
        declared(cast, **changes)
    assert not Declaration.objects.exists()


def test_a_number_stands_on_one_declaration_of_the_tenant_only(cast: Cast) -> None:
    declared(cast, declared_number=NUMBER)
    with refused("declaration.numberTaken", "declared_number"):
        declared(cast, declared_number="9b0 003sq 5vssz")


def test_two_tenants_may_know_the_same_number(cast: Cast) -> None:
    declared(cast, declared_number=NUMBER)
    make_works(cast.stranger, declared_number=NUMBER)


def test_two_declarations_may_wait_for_their_numbers(cast: Cast) -> None:
    assert declared(cast).state_on(FIRST) is DeclarationState.DRAFT
    declared(cast)


def test_another_companys_client_is_refused(cast: Cast) -> None:
    with company_scope(cast.stranger):
        theirs = make_client(cast.stranger)
    with refused("client.foreign", "client"):
        declared(cast, client=theirs, workplaces=[])


def test_another_companys_workplace_is_refused(cast: Cast) -> None:
    with company_scope(cast.stranger):
        theirs = make_workplace(make_client(cast.stranger))
    with refused("workplace.foreign", "workplace"):
        declared(cast, workplaces=[theirs])


def test_a_workplace_of_another_client_is_refused(cast: Cast) -> None:
    elsewhere = make_workplace(make_client(cast.main, "Somebody else"))
    with refused("workplace.otherClient", "workplace"):
        declared(cast, workplaces=[elsewhere])


def test_a_workplace_stands_once_on_a_declaration(cast: Cast) -> None:
    client = make_client(cast.main)
    place = make_workplace(client)
    with refused("declaration.workplaceTwice", "workplace"):
        declared(cast, client=client, workplaces=[place, place])


def test_a_clients_number_is_checked(cast: Cast) -> None:
    number = "0206.731.646"
    with refused("enterprise.check", "client_number"):
        create_client(company=cast.main, name="Stad", enterprise_number=number, actor=Actor(), now=NOW)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        (
            {"street": "", "house_number": "", "post_code": "", "municipality": ""},
            "workplace.address",
            "street",
        ),
        ({"house_number": ""}, "workplace.addressIncomplete", "house_number"),
        ({"latitude": Decimal("50.85")}, "workplace.longitude", "longitude"),
        ({"latitude": Decimal(91), "longitude": Decimal(4)}, "workplace.latitude", "latitude"),
    ],
)
def test_a_workplace_must_be_found(cast: Cast, values: dict[str, Any], code: str, field: str) -> None:
    with refused(code, field):
        make_workplace(make_client(cast.main), **values)


def test_a_park_needs_no_house_number(cast: Cast) -> None:
    park = make_workplace(
        make_client(cast.main),
        "Park",
        **dict.fromkeys(("street", "house_number", "post_code", "municipality"), ""),
        latitude=Decimal("51.05"),
        longitude=Decimal("3.72"),
    )
    assert park.address == "51.05, 3.72"


def test_numbers_may_come_later(cast: Cast) -> None:
    declaration = declared(cast)
    change_declaration(
        declaration=declaration, actor=Actor(cast.main), now=NOW, declared_number="9b0 003sq 5vssz"
    )
    declaration.refresh_from_db()
    assert declaration.declared_number == NUMBER
    event = AuditEvent.objects.get(action="declaration.changed")
    assert event.payload == {
        "changed": ["declared_number"],
        "values": {"declared_number": ["", NUMBER]},
    }


def test_the_same_reference_stands_on_one_declaration_of_the_company(cast: Cast) -> None:
    declared(cast, technical_reference=REFERENCE)
    with refused("declaration.referenceTaken", "technical_reference"):
        declared(cast, technical_reference="1y1 003sq 5vssz")
    make_works(cast.stranger, technical_reference=REFERENCE)
    assert Declaration.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"starts_on": date(26, 1, 1)}, "starts_on"), ({"ends_on": date(2260, 1, 1)}, "ends_on")],
)
def test_a_year_that_cannot_be_meant_is_refused(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with refused("declaration.farDay", field):
        declared(cast, **changes)


def test_works_from_before_the_duty_are_taken(cast: Cast) -> None:
    assert declared(cast, starts_on=date(2019, 5, 1)).starts_on == date(2019, 5, 1)


def test_another_duty_counts_from_now_on(cast: Cast) -> None:
    declaration = declared(cast, regime=Regime.HOURS_ONLY)
    change_declaration(declaration=declaration, actor=Actor(cast.main), now=NOW, regime=Regime.CIAO)
    declaration.refresh_from_db()
    assert declaration.regime == Regime.CIAO
    with refused("declaration.regime", "regime"):
        change_declaration(declaration=declaration, actor=Actor(cast.main), now=NOW, regime="none")


def test_hours_only_needs_no_number(cast: Cast) -> None:
    assert declared(cast, regime=Regime.HOURS_ONLY).state_on(FIRST) is DeclarationState.ACTIVE


def test_an_unchanged_declaration_leaves_no_trace(cast: Cast) -> None:
    declaration = declared(cast)
    change_declaration(declaration=declaration, actor=Actor(cast.main), now=NOW, title=declaration.title)
    assert not AuditEvent.objects.filter(action="declaration.changed").exists()


def test_a_new_period_moves_what_the_declarer_sees(cast: Cast) -> None:
    declaration = declared(cast)
    change_declaration(declaration=declaration, actor=Actor(cast.main), now=NOW, ends_on=date(2026, 12, 31))
    assert ChainView.objects.get(declaration=declaration).valid_to == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"starts_on": date(2026, 3, 1)}, "starts_on"), ({"ends_on": date(2026, 5, 31)}, "ends_on")],
)
def test_a_subcontract_may_not_stick_out_of_a_new_period(
    cast: Cast, changes: dict[str, Any], field: str
) -> None:
    declaration = declared(cast)
    make_subcontract(declaration, SUB_NUMBER, "Zuiver", starts_on=date(2026, 2, 1), ends_on=date(2026, 6, 30))
    with refused("declaration.chainOutside", field):
        change_declaration(declaration=declaration, actor=Actor(cast.main), now=NOW, **changes)
    declaration.refresh_from_db()
    assert (declaration.starts_on, declaration.ends_on) == (FIRST, LAST)


def test_a_later_workplace_gets_points_for_everybody_in_the_chain(cast: Cast) -> None:
    declaration = declared(cast)
    make_subcontract(declaration, SUB_NUMBER, "Zuiver")
    workplace = make_workplace(declaration.client, "Later")
    add_workplace(declaration=declaration, workplace=workplace, actor=Actor(cast.main), now=NOW)
    points = RegistrationPoint.objects.filter(declaration=declaration, workplace=workplace)
    assert {point.company_id for point in points} == {None, cast.sub.pk}
    with refused("declaration.workplaceTwice", "workplace"):
        add_workplace(declaration=declaration, workplace=workplace, actor=Actor(cast.main), now=NOW)
