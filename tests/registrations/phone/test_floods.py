"""A flood of typed numbers, the whole way: stored, confirmed as received, held, released by the office."""

import pytest
from pytest_django import Settings

from registrations.models import Submission
from registrations.models.nsso import SubmissionState
from tests.cast import SSINS, Cast
from tests.registrations.phone.means import new_phone, pair, post
from tests.registrations.views.pages import text
from tests.works import Works, all_registrations, declare

pytestmark = pytest.mark.django_db

RECEIVED = "Received. Your employer looks at it first."


@pytest.fixture
def works(cast: Cast, settings: Settings) -> Works:
    settings.TYPED_IDENTITIES_PER_HOUR = 2
    return declare(cast.main)


def states() -> list[str]:
    return [row.submission.state for row in all_registrations()]


def test_from_the_phone_to_the_release(works: Works, cast: Cast) -> None:
    phones = [new_phone() for _ in range(4)]
    answers = [post(phone, works.point(), ssin=ssin) for phone, ssin in zip(phones, SSINS[:4], strict=True)]

    assert [answer.status_code for answer in answers] == [303] * 4
    assert states() == ["waiting", "waiting", "held", "held"]
    confirmed = phones[3].get(answers[3]["Location"]).content.decode()
    assert RECEIVED in confirmed
    assert 'data-state="confirmed"' in confirmed
    assert RECEIVED not in phones[0].get(answers[0]["Location"]).content.decode()

    browser = cast.browser(cast.office)
    held = browser.get("/registrations/?nsso=held").content.decode()
    assert held.count("data-tick ") == 2
    rows = [str(row.pk) for row in all_registrations()[2:]]
    released = browser.post("/registrations/release/", {"row": rows}, follow=True)
    assert "2 registrations are on their way to the NSSO." in text(released)
    assert states() == ["waiting"] * 4
    assert "On its way to the NSSO" in phones[3].get(answers[3]["Location"]).content.decode()


def test_a_ticket_is_no_way_around(works: Works) -> None:
    phones = [new_phone() for _ in range(3)]
    for phone, ssin in zip(phones, SSINS[:3], strict=True):
        post(phone, works.point(), ssin=ssin)

    post(phones[2], works.point(), "OUT")
    post(phones[0], works.point(), "OUT")

    assert states() == ["waiting", "waiting", "held", "held", "waiting"]
    Submission.objects.filter(state=SubmissionState.HELD).update(state=SubmissionState.WAITING)
    post(phones[2], works.point(), "BREAK_START")
    assert states()[-1] == "waiting"


def test_paired_phones_are_not_held_up(works: Works, cast: Cast) -> None:
    for ssin in SSINS[:3]:
        post(new_phone(), works.point(), ssin=ssin)
    phone = new_phone()
    pair(phone, cast.main, SSINS[4])

    post(phone, works.point())

    assert states() == ["waiting", "waiting", "held", "waiting"]
