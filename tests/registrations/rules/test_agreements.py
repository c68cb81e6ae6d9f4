"""Which answer counts, and what follows from it."""

import pytest

from registrations.rules.agreements import Answer, Subject, latest, may_ask_place, unanswered


def test_the_first_given_counts_because_the_latest_comes_first() -> None:
    assert latest([("place", "refused"), ("place", "accepted"), ("informed", "accepted")]) == {
        Subject.PLACE: Answer.REFUSED,
        Subject.INFORMED: Answer.ACCEPTED,
    }


@pytest.mark.parametrize(
    ("answers", "may"),
    [({}, False), ({Subject.PLACE: Answer.REFUSED}, False), ({Subject.PLACE: Answer.ACCEPTED}, True)],
)
def test_the_place_needs_an_agreement(answers: dict[Subject, Answer], may: bool) -> None:
    assert may_ask_place(answers) is may


def test_an_agreement_on_the_phone_is_none_on_the_place() -> None:
    assert not may_ask_place({Subject.OWN_PHONE: Answer.ACCEPTED, Subject.INFORMED: Answer.ACCEPTED})


def test_what_was_never_asked_comes_in_order() -> None:
    assert unanswered({}) == [Subject.INFORMED, Subject.OWN_PHONE, Subject.PLACE]
    assert unanswered({Subject.OWN_PHONE: Answer.REFUSED}) == [Subject.INFORMED, Subject.PLACE]
