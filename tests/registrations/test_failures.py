"""Every way a call to the NSSO can fail is explained, and explained apart."""

import pytest

from ciao_portal.nsso.errors import NssoCode
from registrations.failures import FAILURES, NOT_TAKEN_IN, failure_of


def test_every_code_has_its_words() -> None:
    assert set(FAILURES) == {*NssoCode, NOT_TAKEN_IN}


def test_no_two_failures_look_the_same() -> None:
    assert len({str(one.title) for one in FAILURES.values()}) == len(FAILURES)
    assert len({str(one.meaning) for one in FAILURES.values()}) == len(FAILURES)


@pytest.mark.parametrize("code", FAILURES)
def test_titles_follow_a_colon_and_sentences_are_whole(code: str) -> None:
    failure = FAILURES[code]
    assert str(failure.title)[0].islower() or str(failure.title).startswith("NSSO")
    for sentence in (str(failure.meaning), str(failure.advice)):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@pytest.mark.parametrize("code", FAILURES)
def test_what_somebody_must_solve_does_not_begin_with_nothing(code: str) -> None:
    failure = FAILURES[code]
    if failure.is_ours_to_solve:
        assert not str(failure.advice).startswith("Nothing")


def test_what_is_no_failure_has_none() -> None:
    assert failure_of(NssoCode.TIMEOUT.value) is FAILURES[NssoCode.TIMEOUT]
    assert [failure_of(word) for word in ("created", "found", "", "internalError")] == [None] * 4
