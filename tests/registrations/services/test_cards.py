"""Personal cards: made, replaced, revoked, and their chips."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from registrations.models import Badge
from registrations.services.cards import (
    IssuedCard,
    any_card_with_chip,
    card_with_secret,
    issue_cards,
    pair_with_card,
    revoke_card,
    set_chip,
)
from registrations.services.pairing import device_with_secret
from tests.cast import NOW, SSINS, Cast, person
from tests.races import just_before

pytestmark = pytest.mark.django_db


def issue(cast: Cast, *ssins: str, company: str = "main") -> list[IssuedCard]:
    owner = getattr(cast, company)
    with company_scope(owner):
        people = [person(ssin) for ssin in ssins]
        return issue_cards(company=owner, people=people, actor=Actor(owner), now=NOW)


def chip(cast: Cast, card: IssuedCard, number: str, *, now: datetime = NOW) -> None:
    with company_scope(cast.main):
        set_chip(badge=card.badge, chip=number, actor=Actor(cast.main), now=now)


def test_a_card_identifies_its_person_and_only_its_hash_is_kept(cast: Cast) -> None:
    (card,) = issue(cast, SSINS[0])

    found = card_with_secret(card.secret)

    assert found is not None
    assert found.person == person()
    assert card.secret not in found.secret_hash
    assert card_with_secret("nonsense") is None
    assert card_with_secret("") is None


def test_numbers_count_within_the_company(cast: Cast) -> None:
    issue(cast, SSINS[0], SSINS[1])
    issue(cast, SSINS[2])
    issue(cast, SSINS[0], company="sub")

    with company_scope(cast.main):
        assert sorted(Badge.objects.values_list("number", flat=True)) == [1, 2, 3]
    with company_scope(cast.sub):
        assert list(Badge.objects.values_list("number", flat=True)) == [1]


def test_a_new_card_ends_the_former_of_that_company_only(cast: Cast) -> None:
    (former,) = issue(cast, SSINS[0])
    (elsewhere,) = issue(cast, SSINS[0], company="sub")

    (new,) = issue(cast, SSINS[0])

    assert card_with_secret(former.secret) is None
    assert card_with_secret(new.secret) == new.badge
    assert card_with_secret(elsewhere.secret) == elsewhere.badge
    actions = list(AuditEvent.objects.filter(action__startswith="card.").values_list("action", "payload"))
    assert ("card.revoked", {"number": 1}) in actions


def test_a_lost_card_takes_its_phones_along(cast: Cast) -> None:
    (card,) = issue(cast, SSINS[0])
    phone = pair_with_card(secret=card.secret, label="Android", now=NOW)
    assert device_with_secret(phone) is not None

    revoke_card(badge=card.badge, actor=Actor(cast.main), now=NOW)

    assert card_with_secret(card.secret) is None
    assert device_with_secret(phone) is None
    with pytest.raises(DomainError) as error:
        pair_with_card(secret=card.secret, label="", now=NOW)
    assert error.value.code == "card.unknown"


def test_a_chip_stands_for_the_card_however_the_reader_writes_it(cast: Cast) -> None:
    (card,) = issue(cast, SSINS[0])
    chip(cast, card, "04:a2:24:1b")

    assert any_card_with_chip("04A2241B", at=NOW) == card.badge
    assert any_card_with_chip("04A2241C", at=NOW) is None


def test_a_chip_belongs_to_one_card(cast: Cast) -> None:
    first, second = issue(cast, SSINS[0], SSINS[1])
    chip(cast, first, "04A2241B")
    with pytest.raises(DomainError) as error:
        chip(cast, second, "04 a2 24 1b")
    assert error.value.code == "chip.taken"

    revoke_card(badge=first.badge, actor=Actor(cast.main), now=NOW)
    chip(cast, second, "04A2241B")

    assert any_card_with_chip("04A2241B", at=NOW) == second.badge


def test_of_two_cards_that_get_one_chip_at_once_one_has_it(cast: Cast) -> None:
    first, second = issue(cast, SSINS[0], SSINS[1])
    at_once = just_before(f'UPDATE "{Badge._meta.db_table}"', lambda: chip(cast, first, "04A2241B"))
    with at_once, pytest.raises(DomainError) as error:
        chip(cast, second, "04A2241B")

    assert error.value.code == "chip.taken"


def test_a_chip_given_on_stood_for_the_former_card_until_then(cast: Cast) -> None:
    first, second = issue(cast, SSINS[0], SSINS[1])
    chip(cast, first, "04A2241B")
    revoke_card(badge=first.badge, actor=Actor(cast.main), now=NOW + timedelta(hours=2))
    chip(cast, second, "04A2241B", now=NOW + timedelta(hours=4))
    # Read once more at the office: nothing changes.
    chip(cast, second, "04A2241B", now=NOW + timedelta(hours=6))

    for hours, card in ((-1, first), (1, first), (3, first), (5, second), (7, second)):
        assert any_card_with_chip("04A2241B", at=NOW + timedelta(hours=hours)) == card.badge


def test_a_revoked_card_takes_no_chip(cast: Cast) -> None:
    (card,) = issue(cast, SSINS[0])
    revoke_card(badge=card.badge, actor=Actor(cast.main), now=NOW)
    with pytest.raises(DomainError) as error:
        chip(cast, card, "04A2241B")
    assert error.value.code == "card.revoked"


def test_a_chip_of_before_the_new_key_is_found_and_brought_along(cast: Cast, settings: Settings) -> None:
    newest, oldest = settings.FIELD_KEYS.split(",")
    (card,) = issue(cast, SSINS[0])
    settings.FIELD_KEYS = oldest
    chip(cast, card, "04A2241B")
    settings.FIELD_KEYS = f"{newest},{oldest}"

    assert any_card_with_chip("04A2241B", at=NOW) == card.badge

    settings.FIELD_KEYS = newest
    assert any_card_with_chip("04A2241B", at=NOW) == card.badge
