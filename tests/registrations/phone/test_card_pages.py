"""`/c/…/`: a personal card scanned with a phone."""

import pytest
from django.utils import timezone

from ciao_portal.audit import Actor
from registrations.models import Device, Means
from registrations.services.cards import revoke_card
from tests.cast import SSINS, Cast, person
from tests.registrations.phone.means import card_of, new_phone, pair, post
from tests.works import Works, all_registrations, declare, subcontract_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def test_looking_does_nothing(cast: Cast) -> None:
    card = card_of(cast.main)
    phone = new_phone()

    shown = phone.get(f"/c/{card.secret}/")

    page = shown.content.decode()
    assert shown.status_code == 200
    assert shown["Referrer-Policy"] == "strict-origin"
    assert "Only this time" in page
    assert "This is my phone" in page
    assert SSINS[0] not in page
    assert not Device.objects.exists()
    assert "card" not in shown.cookies


def test_only_this_time_is_one_tap_at_the_point_the_phone_just_showed(works: Works, cast: Cast) -> None:
    card = card_of(cast.main)
    phone = new_phone()
    point = works.point()
    phone.get(f"/r/{point.code}/")

    on = phone.post(f"/c/{card.secret}/", {"use": "once"})
    page = phone.get(on["Location"]).content.decode()
    tapped = post(phone, point)

    assert on["Location"] == f"/r/{point.code}/"
    assert "Card no. 1" in page
    assert 'name="ssin"' in page  # somebody else may still type
    stored = all_registrations()[0]
    assert (stored.person, stored.means, stored.badge_id) == (person(), Means.CARD, card.badge.pk)
    assert "identityTyped" not in stored.flags
    assert tapped.status_code == 303
    assert post(phone, point, "OUT").status_code == 422
    assert len(all_registrations()) == 1


def test_without_a_point_the_code_is_asked(cast: Cast) -> None:
    card = card_of(cast.main)

    assert new_phone().post(f"/c/{card.secret}/", {"use": "once"})["Location"] == "/r/"


def test_my_phone_pairs(works: Works, cast: Cast) -> None:
    card = card_of(cast.main)
    phone = new_phone()

    phone.post(f"/c/{card.secret}/", {"use": "phone"})
    post(phone, works.point())

    assert all_registrations()[0].means == Means.PAIRED
    assert Device.objects.get().badge == card.badge
    # Again, on the same phone: nothing new.
    phone.post(f"/c/{card.secret}/", {"use": "phone"})
    assert Device.objects.count() == 1
    assert "This phone is yours already." in phone.get(f"/c/{card.secret}/").content.decode()


def test_a_card_on_somebody_else_s_phone_wins_once_and_is_flagged(works: Works, cast: Cast) -> None:
    phone = new_phone()
    pair(phone, cast.main, SSINS[1])
    card = card_of(cast.main)

    assert "belongs to somebody else" in phone.get(f"/c/{card.secret}/").content.decode()
    phone.post(f"/c/{card.secret}/", {"use": "once"})
    post(phone, works.point())
    post(phone, works.point())

    first, second = all_registrations()
    assert (first.person, first.means, first.device) == (person(SSINS[0]), Means.CARD, None)
    assert (second.person, second.means) == (person(SSINS[1]), Means.PAIRED)
    assert "sharedPhone" in first.flags


def test_what_a_tap_by_card_leaves_open_is_asked_and_nothing_more(works: Works, cast: Cast) -> None:
    subcontract_to(works, cast.sub)
    card = card_of(cast.main)
    phone = new_phone()
    phone.post(f"/c/{card.secret}/", {"use": "once"})

    confirmation = post(phone, works.point())["Location"]
    page = phone.get(confirmation).content.decode()
    answered = phone.post(f"{confirmation}answer/", {"employer": str(cast.sub.pk)})

    assert "For which company do you work here?" in page
    assert answered.status_code == 303
    assert phone.get("/me/").status_code == 403
    assert new_phone().post(f"{confirmation}answer/", {"employer": str(cast.sub.pk)}).status_code == 404


def test_revocation_works_at_once(works: Works, cast: Cast) -> None:
    card = card_of(cast.main)
    phone = new_phone()
    phone.post(f"/c/{card.secret}/", {"use": "once"})
    revoke_card(badge=card.badge, actor=Actor(cast.main), now=timezone.now())

    assert post(phone, works.point()).status_code == 422
    gone = phone.get(f"/c/{card.secret}/")
    assert gone.status_code == 410
    assert "You can always register with your number." in gone.content.decode()
    assert phone.post(f"/c/{card.secret}/", {"use": "phone"}).status_code == 410
    assert not Device.objects.exists()


def test_an_unknown_card_looks_like_a_revoked_one(cast: Cast) -> None:
    assert new_phone().get("/c/nonsense/").status_code == 410


def test_a_number_typed_wins_over_the_card(works: Works, cast: Cast) -> None:
    card = card_of(cast.main)
    phone = new_phone()
    phone.post(f"/c/{card.secret}/", {"use": "once"})

    post(phone, works.point(), ssin=SSINS[2])

    assert all_registrations()[0].person == person(SSINS[2])
