"""Codes that the office reads out: what fits, what does not, and what is counted."""

from datetime import timedelta
from typing import Any

import pytest

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, Person
from ciao_portal.tenancy import company_scope, unscoped
from registrations.models import PairingCode, WrongTry
from registrations.rules.guessing import CEILINGS, CODE_LIFE, TRIES_PER_CODE, Counted
from registrations.services.pairing import device_with_secret
from registrations.services.pairing_codes import Tried, give_code, pair_with_code, revoke_code
from tests.cast import NOW, SSINS, Cast, make_worker, person

pytestmark = pytest.mark.django_db


def give(cast: Cast, ssin: str = SSINS[0], **at: Any) -> str:
    company = at.pop("company", cast.main)
    with company_scope(company):
        return give_code(company=company, person=person(ssin), actor=Actor(company), now=at.get("now", NOW))


def tried(code: str, ssin: str = SSINS[0], **counted: str) -> Tried:
    return Tried(ssin, code, {Counted(name): value for name, value in counted.items()})


def refused(code: str, ssin: str = SSINS[0], *, now: Any = NOW, **counted: str) -> DomainError:
    with pytest.raises(DomainError) as error:
        pair_with_code(tried(code, ssin, **counted), label="", now=now)
    return error.value


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def failures() -> list[int]:
    with unscoped(reason="a test counts everything"):
        return list(PairingCode.objects.order_by("created_at", "id").values_list("failures", flat=True))


def test_number_and_code_pair_one_phone_once(cast: Cast) -> None:
    make_worker(cast.main, SSINS[0])
    code = give(cast)

    secret = pair_with_code(tried(code, phone="a"), label="Android", now=NOW)

    device = device_with_secret(secret)
    assert device is not None
    assert (device.person, device.paired_by, device.label) == (person(), "code", "Android")
    assert WrongTry.objects.count() == 0
    assert refused(code).code == "pairing.codeWrong"


def test_every_refusal_is_the_same_word_for_word(cast: Cast) -> None:
    make_worker(cast.main, SSINS[0])
    code = give(cast)
    unknown = refused(code, SSINS[4])
    used = give(cast, SSINS[1])
    pair_with_code(tried(used, SSINS[1]), label="", now=NOW)
    old = give(cast, SSINS[2])
    answers = [
        unknown,
        refused(wrong(code)),
        refused(used, SSINS[1]),
        refused(old, SSINS[2], now=NOW + CODE_LIFE),
        refused(code, SSINS[2]),
    ]
    assert {(one.code, str(one), one.field) for one in answers} == {(unknown.code, str(unknown), "code")}
    assert not Person.objects.with_ssin(SSINS[4]).exists()


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(cast: Cast) -> None:
    code = give(cast)
    for _ in range(TRIES_PER_CODE):
        refused(wrong(code))

    locked = refused(code)

    assert failures() == [TRIES_PER_CODE]
    assert "ask your employer for a new code" in str(locked)
    # A new code works at once.
    assert pair_with_code(tried(give(cast, now=NOW + timedelta(minutes=1))), label="", now=NOW)


def test_the_fifth_try_may_still_be_right(cast: Cast) -> None:
    code = give(cast)
    for _ in range(TRIES_PER_CODE - 1):
        refused(wrong(code))

    assert pair_with_code(tried(code), label="", now=NOW)


def test_a_new_code_ends_the_former(cast: Cast) -> None:
    former, newer = give(cast), give(cast)

    if former != newer:
        refused(former)
    assert pair_with_code(tried(newer), label="", now=NOW)


def test_the_office_takes_a_code_back(cast: Cast) -> None:
    code = give(cast)
    with company_scope(cast.main):
        revoke_code(code=PairingCode.objects.get(), actor=Actor(cast.main), now=NOW)

    refused(code)


def test_codes_of_two_employers_stand_beside_each_other(cast: Cast) -> None:
    first, second = give(cast), give(cast, company=cast.sub)

    refused(wrong(first) if wrong(first) != second else wrong(second))
    assert failures() == [1, 1]
    assert pair_with_code(tried(second), label="", now=NOW)
    assert pair_with_code(tried(first), label="", now=NOW)
    event = AuditEvent.objects.filter(action="device.paired").latest("at", "id")
    assert event.payload == {"by": "code"}


@pytest.mark.parametrize("counted", list(Counted))
def test_wrong_tries_are_counted_under_what_is_known(cast: Cast, counted: Counted) -> None:
    for _ in range(CEILINGS[counted]):
        assert refused("000000", SSINS[4], **{counted.value: "here"}).code == "pairing.codeWrong"
    code = give(cast)

    above = refused(code, **{counted.value: "here"})

    assert above.code == f"pairing.tooOften.{counted.value}"
    assert "You can always register with your number." in str(above)
    assert failures() == [0]
    # Elsewhere and later it works: nobody else is locked out, and nothing is for ever.
    later = NOW + timedelta(hours=1)
    assert pair_with_code(tried(code, **{counted.value: "elsewhere"}), label="", now=NOW)
    assert pair_with_code(tried(give(cast, now=later), **{counted.value: "here"}), label="", now=later)


def test_two_hundred_behind_one_address_at_six(cast: Cast) -> None:
    """Every tenth mistypes once; everybody gets in."""
    code = give(cast)
    for number in range(200):
        counted = {"phone": f"phone {number}", "point": "here", "address": "192.0.2.1"}
        if number % 10 == 0:
            refused("000000", SSINS[4], **counted)
    assert pair_with_code(tried(code, phone="200", point="here", address="192.0.2.1"), label="", now=NOW)


def test_nothing_readable_is_kept(cast: Cast) -> None:
    code = give(cast)
    refused(wrong(code), phone="my-phone", point="CODE", address="192.0.2.1")

    kept = " ".join(WrongTry.objects.values_list("subject", flat=True))
    with company_scope(cast.main):
        kept += PairingCode.objects.get().code_hash
    assert not any(word in kept for word in (SSINS[0], "my-phone", "CODE", "192.0.2.1"))
    events = AuditEvent.objects.filter(action="pairing.code_given")
    assert [event.payload for event in events] == [{}]


def test_old_tries_are_thrown_away(cast: Cast) -> None:
    refused("000000", phone="a")
    refused("000000", phone="b", now=NOW + timedelta(hours=2))

    assert WrongTry.objects.count() == 1
