"""Where a registration was made: asked only with an agreement, once, and never in the way."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent
from registrations.models import Device, Means, RegistrationPlace
from registrations.rules.agreements import Answer, Subject
from registrations.rules.location import Position
from registrations.services.places import keep_place
from registrations.services.registering import register
from tests.cast import SSINS, Cast
from tests.registrations.phone.afterwards import agree, paired, press, words
from tests.works import Works, all_registrations, declare, tap, tap_at

pytestmark = pytest.mark.django_db

HERE = {"latitude": "51.0543421", "longitude": "3.7174243", "accuracy": "12.4"}


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


@pytest.fixture
def own(cast: Cast) -> tuple[Browser, Device]:
    """A paired phone whose owner agreed to be asked for the place."""
    phone, device = paired(cast.main)
    agree(device, cast.main, Subject.PLACE, Answer.ACCEPTED, now=timezone.now())
    return phone, device


def test_with_an_agreement_the_page_asks_and_keeps_it_rounded(
    works: Works, own: tuple[Browser, Device]
) -> None:
    phone, _device = own
    confirmation = press(phone, works.point())
    shown = phone.get(confirmation)

    assert f'data-place="{confirmation}place/"' in shown.content.decode()
    assert "js/place" in shown.content.decode()
    assert "geolocation=(self)" in shown["Permissions-Policy"]
    assert "Your employer compares it with the workplace." in words(shown)
    answer = phone.post(f"{confirmation}place/", HERE)

    assert answer.json() == {"text": "Your place was kept."}
    place = RegistrationPlace.objects.get()
    assert (place.latitude, place.longitude, place.accuracy_m) == (Decimal("51.0543"), Decimal("3.7174"), 12)
    assert "data-place" not in phone.get(confirmation).content.decode()
    assert "51.05" not in str(list(AuditEvent.objects.values_list("payload", flat=True)))


@pytest.mark.parametrize("answer", [None, Answer.REFUSED])
def test_without_an_agreement_it_is_never_asked_nor_kept(
    cast: Cast, works: Works, answer: Answer | None
) -> None:
    phone, device = paired(cast.main)
    if answer is not None:
        agree(device, cast.main, Subject.PLACE, Answer.ACCEPTED, now=timezone.now())
        agree(device, cast.main, Subject.PLACE, answer, now=timezone.now())
    confirmation = press(phone, works.point())
    shown = phone.get(confirmation)

    assert "data-place" not in shown.content.decode()
    assert "place.js" not in shown.content.decode()
    assert phone.post(f"{confirmation}place/", HERE).status_code == 409
    assert not RegistrationPlace.objects.exists()


def test_an_agreement_with_one_employer_is_none_with_another(
    cast: Cast, works: Works, own: tuple[Browser, Device]
) -> None:
    phone, device = own
    other = declare(cast.sub, declared_number="9B0ABCDEFGHJX", technical_reference="1Y1003SQ5VSSY")
    registration = tap(other, device.person, now=timezone.now()).registration

    assert "data-place" not in phone.get(f"/r/{other.point().code}/{registration.pk}/").content.decode()


def test_no_other_page_may_ask_the_browser(works: Works, own: tuple[Browser, Device]) -> None:
    phone, _device = own
    for address in (f"/r/{works.point().code}/", "/me/"):
        assert "geolocation=()" in phone.get(address)["Permissions-Policy"]


def test_one_place_once_and_not_later(works: Works, own: tuple[Browser, Device]) -> None:
    phone, device = own
    confirmation = press(phone, works.point())
    assert phone.post(f"{confirmation}place/", HERE).status_code == 200
    assert phone.post(f"{confirmation}place/", HERE).json() == {"code": "place.already"}

    old = tap(works, device.person, now=timezone.now() - timedelta(minutes=11)).registration
    with pytest.raises(DomainError, match="not kept"):
        keep_place(registration=old, given=Position(Decimal(51), Decimal(4)), now=timezone.now())


def test_a_tap_that_was_kept_offline_is_about_another_place(
    works: Works, own: tuple[Browser, Device]
) -> None:
    phone, device = own
    now = timezone.now()
    late = replace(
        tap_at(works, device.person),
        means=Means.PAIRED,
        device=device,
        kept_offline=True,
        claimed_at=now - timedelta(hours=8),
        offset=timedelta(),
    )
    registration = register(late, now=now).registration
    confirmation = f"/r/{works.point().code}/{registration.pk}/"

    assert "data-place" not in phone.get(confirmation).content.decode()
    assert phone.post(f"{confirmation}place/", HERE).json() == {"code": "place.late"}


@pytest.mark.parametrize(
    "wrong",
    [
        {**HERE, "latitude": "0", "longitude": "0"},
        {**HERE, "latitude": "91"},
        {**HERE, "latitude": "NaN"},
        {**HERE, "longitude": "somewhere"},
        {"latitude": "51"},
    ],
)
def test_nonsense_is_no_place(works: Works, own: tuple[Browser, Device], wrong: dict[str, str]) -> None:
    phone, _device = own
    answer = phone.post(f"{press(phone, works.point())}place/", wrong)

    assert answer.json() == {"code": "place.unusable"}
    assert not RegistrationPlace.objects.exists()


@pytest.mark.parametrize("accuracy", ["inf", "-1", "1e30", "x", ""])
def test_an_odd_accuracy_is_left_out(works: Works, own: tuple[Browser, Device], accuracy: str) -> None:
    phone, _device = own
    phone.post(f"{press(phone, works.point())}place/", {**HERE, "accuracy": accuracy})

    assert RegistrationPlace.objects.get().accuracy_m is None


def test_only_the_phone_that_registered_tells_the_place(
    cast: Cast, works: Works, own: tuple[Browser, Device]
) -> None:
    phone, device = own
    stranger, _other = paired(cast.main, SSINS[1])
    confirmation = press(phone, works.point())

    assert stranger.post(f"{confirmation}place/", HERE).status_code == 404
    assert Browser().post(f"{confirmation}place/", HERE).status_code == 404
    # Registered by a typed number: no phone of anybody's.
    typed = tap(works, device.person, now=timezone.now() + timedelta(minutes=2)).registration
    assert phone.post(f"/r/{works.point().code}/{typed.pk}/place/", HERE).status_code == 403
    assert not RegistrationPlace.objects.exists()


ADDRESS = {"street": "Kouter", "house_number": "7", "post_code": "9000", "municipality": "Gent"}


def test_an_address_can_be_typed_where_the_place_is_vague(works: Works) -> None:
    phone = Browser(headers={"accept-language": "en"})
    confirmation = press(phone, works.point(None), ssin=SSINS[0])

    assert 'name="street"' in phone.get(confirmation).content.decode()
    wrong = phone.post(f"{confirmation}place/", {**ADDRESS, "post_code": ""})
    assert wrong.status_code == 422
    assert 'value="Kouter"' in wrong.content.decode()
    assert phone.post(f"{confirmation}place/", ADDRESS).status_code == 303
    assert RegistrationPlace.objects.get().street == "Kouter"
    assert 'name="street"' not in phone.get(confirmation).content.decode()


def test_a_known_workplace_asks_for_no_address(cast: Cast, works: Works) -> None:
    phone, _device = paired(cast.main)

    assert 'name="street"' not in phone.get(press(phone, works.point())).content.decode()


def test_the_office_reads_how_near_it_was_and_the_worker_nothing(
    cast: Cast, works: Works, own: tuple[Browser, Device]
) -> None:
    phone, _device = own
    workplace = works.workplaces[0]
    workplace.latitude, workplace.longitude = Decimal("51.0543"), Decimal("3.7000")
    workplace.save()
    confirmation = press(phone, works.point())
    phone.post(f"{confirmation}place/", HERE)
    page = words(cast.browser(cast.auditor).get(f"/registrations/{all_registrations()[0].pk}/"))

    assert "Near the workplace (about 1200 m; at most 1500 m counts)" in page
    assert "51.0543, 3.7174" in page
    for address in (confirmation, "/me/"):
        assert "Near the workplace" not in words(phone.get(address))
