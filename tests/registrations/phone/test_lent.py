"""One phone for several people: allowed, and flagged."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registrations.models import Means
from registrations.phone import lent
from tests.cast import SSINS, Cast, person
from tests.registrations.phone.means import new_phone, pair, post
from tests.works import Works, all_registrations, declare

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def shared(works: Works) -> list[bool]:
    return ["sharedPhone" in row.flags for row in all_registrations()]


def test_the_second_person_of_a_day_is_flagged(works: Works) -> None:
    phone = new_phone()
    for ssin in (SSINS[0], SSINS[0], SSINS[1]):
        # The same person's second tap within a minute is the first one again.
        assert post(phone, works.point(), ssin=ssin).status_code == 303
    assert shared(works) == [False, True]


def test_two_phones_are_two(works: Works) -> None:
    post(new_phone(), works.point(), ssin=SSINS[0])
    post(new_phone(), works.point(), ssin=SSINS[1])
    assert shared(works) == [False, False]


def test_somebody_else_s_number_on_a_paired_phone_is_flagged(works: Works, cast: Cast) -> None:
    phone = new_phone()
    pair(phone, cast.main, SSINS[0])
    post(phone, works.point(), ssin=SSINS[1])
    assert shared(works) == [True]


def test_one_s_own_number_on_one_s_own_phone_is_nothing_special(works: Works, cast: Cast) -> None:
    phone = new_phone()
    pair(phone, cast.main, SSINS[0])
    post(phone, works.point(), ssin=SSINS[0])
    assert shared(works) == [False]
    assert all_registrations()[0].means == Means.PAIRED


def test_the_cookie_tells_nothing_and_forgets_overnight(works: Works) -> None:
    phone = new_phone()
    post(phone, works.point(), ssin=SSINS[0])
    value = phone.cookies[lent.COOKIE].value
    assert SSINS[0] not in value
    assert str(person().pk) not in value
    request = type("Request", (), {"COOKIES": {lent.COOKIE: value}})()
    tomorrow = timezone.now() + timedelta(days=1)
    assert lent._marks(request, now=timezone.now())
    assert lent._marks(request, now=tomorrow) == []
    assert lent.phone_name(request, now=tomorrow)
