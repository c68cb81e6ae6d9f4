"""What the office is told of each remark."""

import pytest

from ciao_portal.nsso.contract import RemarkCode
from registrations.models import Remark
from registrations.remarks import MEANINGS, Request, meaning_of


def test_every_known_remark_has_its_words() -> None:
    assert set(MEANINGS) == {code.value for code in RemarkCode}


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
