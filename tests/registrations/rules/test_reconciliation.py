"""Why something stands on one side only."""

import pytest

from registrations.rules.reconciliation import (
    ONLY_THERE,
    SETTLED,
    OnlyHere,
    OnlyThere,
    Reason,
    why_only_here,
    why_only_there,
)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("waiting", Reason.ON_ITS_WAY),
        ("sending", Reason.ON_ITS_WAY),
        ("uncertain", Reason.ANSWER_LOST),
        ("misconfigured", Reason.NO_ACCESS),
        ("refused", Reason.REFUSED),
        ("held", Reason.HELD),
        ("number_pending", Reason.NUMBER_PENDING),
        ("not_due", Reason.HOURS_ONLY),
    ],
)
def test_the_journey_says_why_the_nsso_does_not_list_it(state: str, reason: Reason) -> None:
    assert why_only_here(OnlyHere(state, is_read_by_own=True, is_read_by_other=True)) is reason


@pytest.mark.parametrize(
    ("by_own", "by_other", "reason"),
    [
        (False, False, Reason.NOT_READ_YET),
        (False, True, Reason.NOT_SEEN),
        (True, False, Reason.NOT_LISTED),
        (True, True, Reason.NOT_LISTED),
    ],
)
def test_what_was_accepted_is_judged_by_who_read_since(by_own: bool, by_other: bool, reason: Reason) -> None:
    assert why_only_here(OnlyHere("accepted", by_own, by_other)) is reason


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (OnlyThere(), Reason.ELSEWHERE),
        (OnlyThere(is_employer_known=False), Reason.UNKNOWN_EMPLOYER),
        (OnlyThere(is_declaration_known=False, is_employer_known=False), Reason.UNKNOWN_DECLARATION),
        (OnlyThere(is_ours_but_for_reference=True, is_declaration_known=False), Reason.OTHER_REFERENCE),
        (OnlyThere(is_twin=True, is_ours_but_for_reference=True), Reason.TWIN),
    ],
)
def test_the_nearest_explanation_of_what_only_the_nsso_has(found: OnlyThere, reason: Reason) -> None:
    assert why_only_there(found) is reason
    assert reason in ONLY_THERE


def test_only_what_is_as_it_should_be_counts_as_settled() -> None:
    assert {Reason.ELSEWHERE, Reason.TWIN, Reason.HOURS_ONLY} == SETTLED
