"""\"Was this you?\" on the paired phone of somebody whose number was typed elsewhere."""

import pytest

from registrations.models import Statement
from tests.cast import SSINS, Cast
from tests.registrations.phone.means import new_phone, pair, post
from tests.registrations.views.pages import rows, text
from tests.works import Works, all_registrations, declare

pytestmark = pytest.mark.django_db

QUESTION = "Was this you?"


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def test_a_number_typed_elsewhere_is_asked_about_once(works: Works, cast: Cast) -> None:
    own, other = new_phone(), new_phone()
    post(other, works.point(), "OUT", ssin=SSINS[0])
    pair(own, cast.main)
    page = f"/r/{works.point().code}/"
    assert QUESTION not in own.get(page).content.decode()  # of before the phone was paired

    post(other, works.point(1), "IN", ssin=SSINS[0])
    about = all_registrations()[-1]

    assert QUESTION in own.get(page).content.decode()
    assert QUESTION in own.get("/me/").content.decode()
    assert QUESTION not in other.get(page).content.decode()
    answered = own.post(f"/me/was-it-you/{about.pk}/", {"answer": "no"})
    assert (answered.status_code, answered["Location"]) == (303, page)
    own.post(f"/me/was-it-you/{about.pk}/", {"answer": "yes"})
    assert [(row.registration, row.kind) for row in Statement.objects.all()] == [(about, "not_me")]
    assert QUESTION not in own.get(page).content.decode()


def test_only_the_person_answers(works: Works, cast: Cast) -> None:
    stranger = new_phone()
    pair(stranger, cast.main, SSINS[1])
    post(new_phone(), works.point(), ssin=SSINS[0])
    about = all_registrations()[0]

    stranger.post(f"/me/was-it-you/{about.pk}/", {"answer": "no"})
    assert new_phone().post(f"/me/was-it-you/{about.pk}/", {"answer": "no"}).status_code == 403
    assert not Statement.objects.exists()


def test_a_no_stands_on_the_office_s_list(works: Works, cast: Cast) -> None:
    own = new_phone()
    pair(own, cast.main)
    post(new_phone(), works.point(), ssin=SSINS[0])
    post(new_phone(), works.point(), ssin=SSINS[1])
    about = all_registrations()[0]
    own.post(f"/me/was-it-you/{about.pk}/", {"answer": "no"})

    browser = cast.browser(cast.office)
    found = browser.get("/registrations/?said=not_me")
    assert [row["data-id"] for row in rows(found, "registrations")] == [str(about.pk)]
    assert "worker says: not me" in text(found)
    assert "It was not me" in text(browser.get(f"/registrations/{about.pk}/"))
    assert text(browser.get("/registrations/")).count("worker says: not me") == 1
