"""The chain in the database: who sees whom, for which days, and what is refused."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, CompanyCard
from ciao_portal.tenancy import company_scope
from declarations.models import ChainView, Declaration, RegistrationPoint, Subcontract
from declarations.services.chain import add_subcontract, end_subcontract, move_subcontract
from tests.cast import MAIN_NUMBER, NOW, STRANGER_NUMBER, SUB_NUMBER, SUBSUB_NUMBER, Cast
from tests.declarations.works import FIRST, LAST, make_chain, make_subcontract, make_works

Seen = set[tuple[Company, Company, date, date | None]]


@pytest.fixture
def works(cast: Cast) -> Iterator[Declaration]:
    with company_scope(cast.main):
        yield make_works(cast.main)


def seen(declaration: Declaration) -> Seen:
    rows = ChainView.objects.filter(declaration=declaration).select_related("viewer", "member")
    return {(row.viewer, row.member, row.valid_from, row.valid_to) for row in rows}


def code_of(**values: Any) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as info:
        add_subcontract(actor=Actor(), now=NOW, **values)
    return info.value.code, info.value.field


def test_three_levels_see_themselves_and_downwards_only(cast: Cast, works: Declaration) -> None:
    make_chain(cast, works)
    pairs = {(viewer, member) for viewer, member, _start, _end in seen(works)}
    assert pairs == {
        (cast.main, cast.main),
        (cast.main, cast.sub),
        (cast.main, cast.subsub),
        (cast.sub, cast.sub),
        (cast.sub, cast.subsub),
        (cast.subsub, cast.subsub),
    }


def test_ending_a_link_ends_everything_below_it(cast: Cast, works: Declaration) -> None:
    sub, subsub = make_chain(cast, works)
    last = date(2026, 6, 30)
    end_subcontract(subcontract=sub, ends_on=last, actor=Actor(cast.main), now=NOW)
    assert seen(works) == {
        (cast.main, cast.main, FIRST, LAST),
        (cast.main, cast.sub, FIRST, last),
        (cast.main, cast.subsub, FIRST, last),
        (cast.sub, cast.sub, FIRST, last),
        (cast.sub, cast.subsub, FIRST, last),
        (cast.subsub, cast.subsub, FIRST, last),
    }
    subsub.refresh_from_db()
    assert subsub.ends_on is None  # it still says: as long as the one above


def test_ending_a_link_shortens_longer_ones_below(cast: Cast, works: Declaration) -> None:
    sub = make_subcontract(works, SUB_NUMBER, "Zuiver")
    below = make_subcontract(works, SUBSUB_NUMBER, "Klein", parent=sub, ends_on=LAST)
    end_subcontract(subcontract=sub, ends_on=date(2026, 6, 30), actor=Actor(cast.main), now=NOW)
    below.refresh_from_db()
    assert below.ends_on == date(2026, 6, 30)


def test_a_second_contract_later_leaves_a_hole_between(cast: Cast, works: Declaration) -> None:
    make_subcontract(works, SUB_NUMBER, "Zuiver", ends_on=date(2026, 3, 31))
    make_subcontract(works, SUB_NUMBER, "Zuiver", starts_on=date(2026, 9, 1))
    periods = {
        (start, end)
        for viewer, member, start, end in seen(works)
        if (viewer, member) == (cast.main, cast.sub)
    }
    assert periods == {(FIRST, date(2026, 3, 31)), (date(2026, 9, 1), LAST)}


def test_every_chain_company_gets_points_of_its_own_once(cast: Cast, works: Declaration) -> None:
    make_chain(cast, works)
    make_subcontract(works, STRANGER_NUMBER, "Vreemd", ends_on=date(2026, 3, 31))
    make_subcontract(works, STRANGER_NUMBER, "Vreemd", starts_on=date(2026, 9, 1))
    points = RegistrationPoint.objects.filter(declaration=works)
    for company in (None, cast.sub, cast.subsub, cast.stranger):
        workplaces = [point.workplace for point in points.filter(company=company)]
        assert len(workplaces) == 3
        assert None in workplaces


def test_the_declarers_card_keeps_name_and_contact(cast: Cast, works: Declaration) -> None:
    make_subcontract(works, SUB_NUMBER, "Zuiver bv", contact_email="office@sub.example", ends_on=FIRST)
    make_subcontract(works, SUB_NUMBER, "Zuiver nv", contact_phone="09 123", starts_on=date(2026, 5, 1))
    card = CompanyCard.objects.get(subject=cast.sub)
    assert (card.name, card.contact_email, card.contact_phone) == (
        "Zuiver nv",
        "office@sub.example",
        "09 123",
    )
    cast.sub.refresh_from_db()
    assert cast.sub.name == "Zuiver Sub"  # what the firm calls itself is its own


def test_a_foreign_company_stands_by_its_vat_number(cast: Cast, works: Declaration) -> None:
    place = add_subcontract(
        declaration=works, foreign_vat_number="nl 004495445 b01", name="Schoon", actor=Actor(), now=NOW
    )
    assert place.company.foreign_vat_number == "NL004495445B01"


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"enterprise_number": "0206731646"}, ("enterprise.check", "number")),
        ({"enterprise_number": "12"}, ("enterprise.length", "number")),
        ({"enterprise_number": ""}, ("subcontract.number", "number")),
        ({"foreign_vat_number": "NL004495445B01"}, ("subcontract.number", "number")),
        ({"name": " "}, ("subcontract.name", "name")),
        ({"amount": Decimal(-1)}, ("subcontract.amount", "amount")),
        ({"starts_on": date(2025, 12, 31)}, ("chain.periodOutsideParent", "starts_on")),
        ({"ends_on": date(2028, 1, 1)}, ("chain.periodOutsideParent", "ends_on")),
        ({"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 30)}, ("chain.period", "ends_on")),
        ({"enterprise_number": MAIN_NUMBER}, ("chain.twiceOnBranch", "number")),
    ],
)
def test_what_is_refused(works: Declaration, values: dict[str, Any], refusal: tuple[str, str]) -> None:
    whole = {"declaration": works, "enterprise_number": SUB_NUMBER, "name": "Zuiver"}
    assert code_of(**whole | values) == refusal
    assert not Subcontract.objects.exists()


def test_a_company_stands_once_on_a_branch(cast: Cast, works: Declaration) -> None:
    _sub, subsub = make_chain(cast, works)
    refusal = code_of(declaration=works, enterprise_number=SUB_NUMBER, name="Zuiver", parent=subsub)
    assert refusal == ("chain.twiceOnBranch", "number")


def test_a_period_stays_within_the_one_above(cast: Cast, works: Declaration) -> None:
    sub = make_subcontract(works, SUB_NUMBER, "Zuiver", ends_on=date(2026, 6, 30))
    refusal = code_of(
        declaration=works,
        enterprise_number=SUBSUB_NUMBER,
        name="Klein",
        parent=sub,
        starts_on=date(2026, 7, 1),
    )
    assert refusal == ("chain.periodOutsideParent", "starts_on")


def test_a_place_of_another_declaration_is_no_parent(cast: Cast, works: Declaration) -> None:
    other = make_works(cast.main, declared_number="", technical_reference="")
    elsewhere = make_subcontract(other, SUB_NUMBER, "Zuiver")
    refusal = code_of(declaration=works, enterprise_number=SUBSUB_NUMBER, name="Klein", parent=elsewhere)
    assert refusal == ("chain.parentUnknown", "parent")


def test_a_circle_is_refused(cast: Cast, works: Declaration) -> None:
    sub, subsub = make_chain(cast, works)
    before = seen(works)
    with pytest.raises(DomainError) as info:
        move_subcontract(subcontract=sub, parent=subsub, actor=Actor(cast.main), now=NOW)
    assert (info.value.code, info.value.field) == ("chain.cycle", "parent")
    sub.refresh_from_db()
    assert sub.parent is None
    assert seen(works) == before


def test_a_moved_place_takes_those_below_along(cast: Cast, works: Declaration) -> None:
    _sub, subsub = make_chain(cast, works)
    stranger = make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    move_subcontract(subcontract=subsub, parent=stranger, actor=Actor(cast.main), now=NOW)
    pairs = {(viewer, member) for viewer, member, _start, _end in seen(works)}
    assert (cast.stranger, cast.subsub) in pairs
    assert (cast.sub, cast.subsub) not in pairs


def test_a_branch_that_ended_does_not_block_another(cast: Cast, works: Declaration) -> None:
    sub = make_subcontract(works, SUB_NUMBER, "Zuiver")
    make_subcontract(works, SUBSUB_NUMBER, "Klein", parent=sub, starts_on=date(2026, 10, 1))
    end_subcontract(subcontract=sub, ends_on=date(2026, 6, 30), actor=Actor(cast.main), now=NOW)
    make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    assert cast.subsub not in {member for _viewer, member, _start, _end in seen(works)}


def test_an_end_before_the_start_is_refused(cast: Cast, works: Declaration) -> None:
    sub, _subsub = make_chain(cast, works)
    with pytest.raises(DomainError) as info:
        end_subcontract(subcontract=sub, ends_on=date(2025, 12, 31), actor=Actor(cast.main), now=NOW)
    assert (info.value.code, info.value.field) == ("chain.period", "ends_on")
