"""A new declaration from the old one at a minute: what ends, what begins, what is refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, CompanyCard
from ciao_portal.tenancy import company_scope
from declarations.models import (
    ChainView,
    Declaration,
    RegistrationMeans,
    RegistrationPoint,
    Subcontract,
    TakeoverStep,
)
from declarations.services.agreed_means import agree_means, withdraw_means
from declarations.services.chain import end_subcontract
from declarations.services.declaring import change_declaration
from declarations.services.taking_over import mark_step, note_former_company, take_over
from tests.at_once import both_at_once
from tests.cast import NOW, STRANGER_NUMBER, SUB_NUMBER, Cast
from tests.declarations.works import FIRST, make_chain, make_subcontract, make_works

MIDNIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # 24 November, 00:00 in Brussels
LAST_OF_OLD, FIRST_OF_NEW = date(2026, 11, 23), date(2026, 11, 24)
NEW_NUMBER, NEW_REFERENCE = "9B0TAKEN0VER2", "1Y1TAKEN0VER2"


@pytest.fixture(autouse=True)
def declarers_scope(cast: Cast) -> Iterator[None]:
    with company_scope(cast.main):
        yield


def taken_over(cast: Cast, old: Declaration, **changes: Any) -> Declaration:
    facts: dict[str, Any] = {
        "at": MIDNIGHT,
        "title": "Daily cleaning, renewed",
        "amount": Decimal("51000"),
        "amount_per_year": True,
        "ends_on": None,
        "workplaces": [place.workplace for place in old.places.all()],
        "places": list(old.subcontracts.all()),
    }
    return take_over(old=old, actor=Actor(cast.main, cast.office), now=NOW, **facts | changes)


def test_the_new_one_begins_where_the_old_one_ends(cast: Cast) -> None:
    old = make_works(cast.main)
    new = taken_over(cast, old, declared_number="9b0 taken 0ver2", technical_reference=NEW_REFERENCE)
    old.refresh_from_db()

    assert (old.ends_on, new.starts_on, new.ends_on) == (LAST_OF_OLD, FIRST_OF_NEW, None)
    assert (new.takes_over, new.takes_over_at) == (old, MIDNIGHT)
    assert (new.client, new.activity, new.regime) == (old.client, old.activity, old.regime)
    assert (new.declared_number, new.technical_reference) == (NEW_NUMBER, NEW_REFERENCE)
    codes = RegistrationPoint.objects.filter(declaration=new).values_list("code", flat=True)
    assert len(codes) == 3
    assert not RegistrationPoint.objects.filter(declaration=old, code__in=codes).exists()
    event = AuditEvent.objects.get(action="declaration.taken_over")
    assert (event.subject_id, event.payload["by"]) == (str(old.pk), str(new.pk))


def test_the_chain_is_cut_at_the_minute(cast: Cast) -> None:
    old = make_works(cast.main)
    make_chain(cast, old)
    new = taken_over(cast, old, ends_on=date(2027, 6, 30))

    places = {place.company: place for place in Subcontract.objects.filter(declaration=new)}
    assert places[cast.subsub].parent == places[cast.sub]
    assert {place.starts_on for place in places.values()} == {FIRST_OF_NEW}
    assert places[cast.sub].amount == Decimal("9000")
    seen = {
        declaration: set(
            ChainView.objects.filter(declaration=declaration, viewer=cast.sub).values_list(
                "member", "valid_from", "valid_to"
            )
        )
        for declaration in (old, new)
    }
    # Who sees whom is the same on both, each in its own days.
    assert seen[old] == {(firm.pk, FIRST, LAST_OF_OLD) for firm in (cast.sub, cast.subsub)}
    assert seen[new] == {(firm.pk, FIRST_OF_NEW, date(2027, 6, 30)) for firm in (cast.sub, cast.subsub)}
    assert RegistrationPoint.objects.filter(declaration=new, company=cast.subsub).count() == 3


def test_what_was_agreed_with_the_chain_holds_on(cast: Cast) -> None:
    old = make_works(cast.main)
    sub, _subsub = make_chain(cast, old)
    Subcontract.objects.filter(pk=sub.pk).update(has_clause=True, clause_since=FIRST)
    for means in (RegistrationMeans.CARD, RegistrationMeans.TABLET):
        agreed = agree_means(
            subcontract=sub, means=means, system="", agreed_on=FIRST, actor=Actor(cast.main), now=NOW
        )
    withdraw_means(agreed=agreed, actor=Actor(cast.main), now=NOW)
    new = taken_over(cast, old)

    place = Subcontract.objects.get(declaration=new, company=cast.sub)
    assert (place.has_clause, place.clause_since) == (True, FIRST)
    assert [(one.means, one.agreed_on) for one in place.agreed_means.all()] == [("card", FIRST)]


def test_what_is_left_out_of_the_chain_ends_with_the_old_one(cast: Cast) -> None:
    old = make_works(cast.main)
    sub, _subsub = make_chain(cast, old)
    new = taken_over(cast, old, places=[sub])

    assert [place.company for place in Subcontract.objects.filter(declaration=new)] == [cast.sub]
    assert not ChainView.objects.filter(declaration=new, member=cast.subsub).exists()


def test_what_had_ended_before_is_not_taken_over_and_not_made_longer(cast: Cast) -> None:
    old = make_works(cast.main, ends_on=date(2026, 10, 31))
    sub = make_subcontract(old, SUB_NUMBER, "Zuiver")
    end_subcontract(subcontract=sub, ends_on=date(2026, 6, 30), actor=Actor(cast.main), now=NOW)
    new = taken_over(cast, old)
    old.refresh_from_db()
    sub.refresh_from_db()

    assert (old.ends_on, sub.ends_on) == (date(2026, 10, 31), date(2026, 6, 30))
    assert not Subcontract.objects.filter(declaration=new).exists()


def test_a_place_agreed_for_later_begins_on_the_new_one(cast: Cast) -> None:
    old = make_works(cast.main)
    later = make_subcontract(old, SUB_NUMBER, "Zuiver", starts_on=date(2027, 3, 1))
    new = taken_over(cast, old)

    assert Subcontract.objects.get(declaration=new).starts_on == date(2027, 3, 1)
    # It has no days on the old one, and does not stand in the way of its new name.
    assert not ChainView.objects.filter(declaration=old, member=later.company).exists()
    change_declaration(declaration=old, title="Before 2027", actor=Actor(cast.main), now=NOW)


def test_some_workplaces_may_stay_behind(cast: Cast) -> None:
    old = make_works(cast.main)
    first = old.places.get(position=1).workplace
    new = taken_over(cast, old, workplaces=[first])
    assert [place.workplace for place in new.places.all()] == [first]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("takeover.early", {"at": datetime(2025, 12, 31, 23, 0, tzinfo=UTC)}),
        ("takeover.period", {"ends_on": LAST_OF_OLD}),
        ("declaration.noWorkplace", {"workplaces": []}),
        ("declaration.title", {"title": " "}),
        ("declaration.numberTaken", {"declared_number": "9B0003SQ5VSSZ"}),
    ],
)
def test_what_is_refused(cast: Cast, code: str, changes: dict[str, Any]) -> None:
    old = make_works(cast.main)
    with pytest.raises(DomainError) as refused:
        taken_over(cast, old, **changes)
    assert refused.value.code == code
    assert Declaration.objects.count() == 1


def test_a_place_below_one_that_is_left_out_is_refused(cast: Cast) -> None:
    old = make_works(cast.main)
    _sub, subsub = make_chain(cast, old)
    with pytest.raises(DomainError) as refused:
        taken_over(cast, old, places=[subsub])
    assert (refused.value.code, refused.value.field) == ("takeover.parentLeft", "places")


def test_what_belongs_to_other_works_is_refused(cast: Cast) -> None:
    old = make_works(cast.main)
    other = make_works(cast.main, declared_number="", technical_reference="")
    place = make_subcontract(other, SUB_NUMBER, "Zuiver")
    for code, changes in (
        ("takeover.workplace", {"workplaces": [one.workplace for one in other.places.all()]}),
        ("takeover.place", {"places": [place]}),
    ):
        with pytest.raises(DomainError) as refused:
            taken_over(cast, old, **changes)
        assert refused.value.code == code


def test_the_same_minute_may_be_inside_a_day_and_in_the_past(cast: Cast) -> None:
    old = make_works(cast.main)
    new = taken_over(cast, old, at=NOW - timedelta(days=2))
    old.refresh_from_db()
    assert old.ends_on == new.starts_on == date(2026, 11, 21)


@pytest.mark.django_db(transaction=True)
def test_two_people_take_over_at_once(cast: Cast) -> None:
    with company_scope(cast.main):
        old = make_works(cast.main)

    def attempt() -> None:
        with company_scope(cast.main):
            taken_over(cast, old)

    assert both_at_once(attempt, attempt) == ["takeover.twice"]
    assert Declaration.objects.filter(takes_over=old).count() == 1


def test_the_contractor_before_is_kept_with_the_minute(cast: Cast) -> None:
    works = make_works(cast.main)
    kept = note_former_company(
        declaration=works,
        enterprise_number="0409.536.968",
        name="Vreemde Schoonmaak",
        actor=Actor(cast.main, cast.office),
        now=NOW,
    )
    assert (kept.former_company, kept.takes_over_at) == (
        cast.stranger,
        datetime(2025, 12, 31, 23, 0, tzinfo=UTC),
    )
    assert CompanyCard.objects.get(company=cast.main, subject=cast.stranger).name == "Vreemde Schoonmaak"


@pytest.mark.parametrize(
    ("number", "code"), [("0206731645", "former.own"), ("0206731646", "enterprise.check")]
)
def test_no_other_contractor(cast: Cast, number: str, code: str) -> None:
    works = make_works(cast.main)
    with pytest.raises(DomainError) as refused:
        note_former_company(declaration=works, enterprise_number=number, actor=Actor(cast.main), now=NOW)
    assert (refused.value.code, refused.value.field) == (code, "former_number")


def test_a_renewed_contract_has_no_other_contractor(cast: Cast) -> None:
    new = taken_over(cast, make_works(cast.main))
    with pytest.raises(DomainError) as refused:
        note_former_company(
            declaration=new, enterprise_number=STRANGER_NUMBER, actor=Actor(cast.main), now=NOW
        )
    assert refused.value.code == "former.renewed"


def test_steps_are_noted_once_and_taken_back(cast: Cast) -> None:
    new = taken_over(cast, make_works(cast.main))
    place = new.places.get(position=1).workplace
    actor = Actor(cast.main, cast.office)
    for _again in range(2):
        mark_step(declaration=new, workplace=place, is_done=True, actor=actor, now=NOW)
    mark_step(declaration=new, workplace=None, is_done=True, actor=actor, now=NOW)
    assert [step.done_by for step in TakeoverStep.objects.filter(declaration=new)] == [cast.office] * 2
    mark_step(declaration=new, workplace=place, is_done=False, actor=actor, now=NOW)
    assert [step.workplace for step in TakeoverStep.objects.filter(declaration=new)] == [None]
    assert AuditEvent.objects.filter(action="takeover.step_done").count() == 2


def test_no_step_at_a_workplace_of_other_works(cast: Cast) -> None:
    new = taken_over(cast, make_works(cast.main))
    other = make_works(cast.main, declared_number="", technical_reference="")
    place = other.places.get(position=1).workplace
    with pytest.raises(DomainError) as refused:
        mark_step(declaration=new, workplace=place, is_done=True, actor=Actor(cast.main), now=NOW)
    assert refused.value.code == "takeover.workplace"
