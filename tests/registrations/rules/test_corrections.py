"""Which of the two errors fits, the right value, who asks, and what remains possible."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from ciao_portal.errors import DomainError
from registrations.rules.corrections import (
    Error,
    Facts,
    Parties,
    Possible,
    Proposal,
    Reason,
    check_value,
    deadline,
    is_solved,
    may_claim,
    needs_agreement,
    one_proposal,
    propose,
    still_possible,
)

ENTERPRISE, DECLARATION = (Error.ENTERPRISE,), (Error.DECLARATION,)
EITHER = (Error.ENTERPRISE, Error.DECLARATION)
USED, RIGHT, OTHER = "0206731645", "0202239951", "0409536968"
OLD, NEW, THIRD = "9B0ABCDEFGHJK", "9B0ABCDEFGHJM", "9B0ABCDEFGHJN"


def facts(possible: tuple[Error, ...], **known: object) -> Facts:
    return Facts(possible, USED, **known)  # type: ignore[arg-type]  # each test names what is known


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (facts(ENTERPRISE), (Error.ENTERPRISE, "", Reason.UNDECIDED)),
        (facts(ENTERPRISE, own_enterprise=RIGHT), (Error.ENTERPRISE, RIGHT, Reason.OWN_EMPLOYMENT)),
        # What was sent is no correction of itself.
        (facts(ENTERPRISE, own_enterprise=USED), (Error.ENTERPRISE, "", Reason.UNDECIDED)),
        (
            facts(ENTERPRISE, own_enterprise=RIGHT, stated_enterprise=OTHER),
            (Error.ENTERPRISE, OTHER, Reason.STATED_EMPLOYER),
        ),
        (
            facts(ENTERPRISE, own_enterprise=USED, agency_enterprise=OTHER),
            (Error.ENTERPRISE, OTHER, Reason.AGENCY),
        ),
        (
            facts(ENTERPRISE, chain_enterprises=(USED, RIGHT)),
            (Error.ENTERPRISE, RIGHT, Reason.ONLY_IN_CHAIN),
        ),
        (facts(ENTERPRISE, chain_enterprises=(OTHER, RIGHT)), (Error.ENTERPRISE, "", Reason.UNDECIDED)),
        (facts(DECLARATION), (Error.DECLARATION, "", Reason.UNDECIDED)),
        (facts(DECLARATION, number_now=OLD), (Error.DECLARATION, OLD, Reason.NUMBER_NOW)),
        (facts(DECLARATION, successors=(NEW,)), (Error.DECLARATION, NEW, Reason.SUCCESSOR)),
        (facts(DECLARATION, successors=(NEW, THIRD)), (Error.DECLARATION, "", Reason.UNDECIDED)),
        (
            facts(DECLARATION, number_now=OLD, stated_declarations=(THIRD,)),
            (Error.DECLARATION, THIRD, Reason.STATED_WORKPLACE),
        ),
        # An enterprise that is surely right goes before another declaration, mere likelihood behind it.
        (
            facts(EITHER, own_enterprise=RIGHT, successors=(NEW,)),
            (Error.ENTERPRISE, RIGHT, Reason.OWN_EMPLOYMENT),
        ),
        (
            facts(EITHER, chain_enterprises=(RIGHT,), successors=(NEW,)),
            (Error.DECLARATION, NEW, Reason.SUCCESSOR),
        ),
        (facts(EITHER, chain_enterprises=(RIGHT,)), (Error.ENTERPRISE, RIGHT, Reason.ONLY_IN_CHAIN)),
        (facts(EITHER), (Error.ENTERPRISE, "", Reason.UNDECIDED)),
        (facts(EITHER[::-1]), (Error.DECLARATION, "", Reason.UNDECIDED)),
    ],
)
def test_what_is_proposed_and_why(known: Facts, expected: tuple[Error, str, Reason]) -> None:
    assert propose(known) == Proposal(*expected)


def test_one_request_has_one_error_and_one_value() -> None:
    first = Proposal(Error.ENTERPRISE, RIGHT, Reason.OWN_EMPLOYMENT)
    assert one_proposal([first, first]) == first
    elsewhere = Proposal(Error.ENTERPRISE, RIGHT, Reason.STATED_EMPLOYER)
    assert one_proposal([first, elsewhere]) == Proposal(Error.ENTERPRISE, RIGHT, Reason.UNDECIDED)
    for other in (
        Proposal(Error.ENTERPRISE, OTHER, Reason.OWN_EMPLOYMENT),
        Proposal(Error.DECLARATION, RIGHT, Reason.OWN_EMPLOYMENT),
    ):
        with pytest.raises(DomainError) as refused:
            one_proposal([first, other])
        assert refused.value.code == "correction.mixed"


@pytest.mark.parametrize(
    ("error", "typed", "stored"),
    [
        (Error.ENTERPRISE, "0202.239.951", RIGHT),
        (Error.ENTERPRISE, "BE 0202 239 951", RIGHT),
        (Error.DECLARATION, "9b0 abcde fghjk", OLD),
    ],
)
def test_the_right_value_is_stored_in_one_form(error: Error, typed: str, stored: str) -> None:
    assert check_value(error, typed) == stored


@pytest.mark.parametrize(
    ("error", "typed"), [(Error.ENTERPRISE, "0202.239.952"), (Error.DECLARATION, "0202.239.951")]
)
def test_a_number_that_cannot_be_is_refused_at_its_field(error: Error, typed: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_value(error, typed)
    assert refused.value.field == "right_value"


def test_the_earliest_registration_sets_the_last_day() -> None:
    # The clock goes back on 25 October 2026: days are counted, not hours.
    assert deadline([date(2026, 10, 20), date(2026, 10, 1)]) == date(2026, 10, 31)
    assert deadline([date(2028, 2, 1)]) == date(2028, 3, 2)


def test_who_may_take_a_request_over() -> None:
    employer, partner, stranger = uuid4(), uuid4(), uuid4()
    at_partner = Parties(employer, partner, partner)
    # The employer must ask, so it may always take the request from the other one, unless it agreed.
    assert may_claim(at_partner, employer)
    assert not may_claim(Parties(employer, partner, partner, has_agreed=True), employer)
    assert may_claim(Parties(employer, partner, partner, offered_to=employer, has_agreed=True), employer)
    at_employer = Parties(employer, partner, employer)
    assert not may_claim(at_employer, partner)
    assert may_claim(Parties(employer, partner, employer, offered_to=partner), partner)
    assert not may_claim(at_employer, employer)
    assert not may_claim(at_partner, stranger)
    assert at_partner.other(employer) == partner
    assert at_partner.other(partner) == employer


@pytest.mark.parametrize(
    ("is_partner", "has_agreed", "exists", "needed"),
    [
        (False, False, True, False),
        (True, False, True, True),
        (True, True, True, False),
        (True, False, False, False),
    ],
)
def test_when_the_employer_must_agree(is_partner: bool, has_agreed: bool, exists: bool, needed: bool) -> None:
    employer, partner = uuid4(), uuid4()
    owner = partner if is_partner else employer
    parties = Parties(employer, partner, owner, has_agreed=has_agreed)
    assert needs_agreement(parties, employer_exists=exists) is needed


def test_what_remains_possible() -> None:
    last = date(2026, 12, 23)
    assert still_possible(last, last - timedelta(days=1)) == (Possible.ASK,)
    assert still_possible(last, last) == (Possible.ASK_TODAY,)
    after = still_possible(last, last + timedelta(days=1))
    assert Possible.KEEP_FILE in after
    assert Possible.ASK not in after


@pytest.mark.parametrize(
    ("spells", "solved"),
    [
        ([], False),
        ([(False, False)], False),
        ([(True, False)], True),
        ([(True, False), (False, False)], False),
        # The NSSO lists the presence no longer: nobody solved anything.
        ([(True, True)], False),
        ([(True, False), (True, True)], True),
    ],
)
def test_when_a_registration_counts_as_corrected(spells: list[tuple[bool, bool]], solved: bool) -> None:
    assert is_solved(spells) is solved
