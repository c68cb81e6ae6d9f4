"""What the office is told of each remark."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from ciao_portal.nsso.contract import RemarkCode
from registrations.causes.topics import TOPICS
from registrations.causes.wording import CAUSES, WAYS, WHO, cause_words
from registrations.models import Remark
from registrations.remarks import MEANINGS, Request, meaning_of
from registrations.rules.causes import Cause, Way, Who, Why


def test_every_known_remark_has_its_words() -> None:
    assert set(MEANINGS) == {code.value for code in RemarkCode}


def test_every_known_remark_has_its_topic_and_every_finding_its_words() -> None:
    assert set(TOPICS) == {code.value for code in RemarkCode}
    assert set(CAUSES) == set(Why)
    assert set(WHO) == set(Who)
    assert set(WAYS) == set(Way)


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
@pytest.mark.parametrize("why", list(Why))
def test_the_words_of_a_cause_take_what_was_found(why: Why, language: str) -> None:
    with translation.override(language):
        moment = datetime(2026, 10, 1, 15, tzinfo=UTC)
        words = cause_words(Cause(why, date(2026, 10, 1), moment, "0206731645"))
    assert words
    assert "%" not in words


@pytest.mark.parametrize(
    ("code", "request_to_the_nsso"),
    [
        ("declarationMissing", Request.YES),
        ("dimonaNotFound", Request.NO),
        ("declarationNotActive", Request.PERHAPS),
        ("neverSeen", Request.UNKNOWN),
    ],
)
def test_request_to_the_nsso_by_remark(code: str, request_to_the_nsso: Request) -> None:
    assert meaning_of(Remark(code=code)).request is request_to_the_nsso
