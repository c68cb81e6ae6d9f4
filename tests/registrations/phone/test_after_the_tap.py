"""The questions of the confirmation, and ending what still runs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone

from registrations.models import Means, Statement
from registrations.models.registrations import StatementKind
from registrations.rules.presence import Kind
from tests.cast import SSINS, Cast
from tests.queries import at_most_queries
from tests.races import LOCK_OF_A_PERSON, just_before
from tests.registrations.phone.afterwards import paired, press, words
from tests.works import Works, all_registrations, declare, subcontract_to, tap

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def test_a_forgotten_stop_is_asked_with_the_day_in_words(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    came = timezone.now() - timedelta(hours=26)
    tap(works, device.person, Kind.IN, now=came)

    page = words(phone.get(press(phone, works.point())))

    local = timezone.localtime(came)
    is_yesterday = (timezone.localtime().date() - local.date()).days == 1
    expected = f"You came at {local:%H:%M} yesterday." if is_yesterday else f"at {local:%H:%M}. When did"
    assert expected in page
    assert "When did you stop?" in page


def test_a_stop_of_before_is_offered_and_typing_stays_possible(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    before = timezone.now() - timedelta(days=8)
    tap(works, device.person, Kind.IN, now=before)
    tap(works, device.person, Kind.OUT, now=before + timedelta(hours=3))
    tap(works, device.person, Kind.IN, now=timezone.now() - timedelta(hours=26))

    confirmation = press(phone, works.point())
    html = phone.get(confirmation).content.decode()

    usual = f"{timezone.localtime(before + timedelta(hours=3)):%H:%M}"
    assert f'name="stopped" value="{usual}"' in html
    assert '<input type="time" id="stopped"' in html
    refused = phone.post(f"{confirmation}answer/", {"stopped": "half past"})
    assert refused.status_code == 422
    assert "Type a time such as 17:30." in words(refused)


def test_without_an_earlier_stop_none_is_made_up(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    tap(works, device.person, Kind.IN, now=timezone.now() - timedelta(hours=26))

    assert 'name="stopped" value="' not in phone.get(press(phone, works.point())).content.decode()


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        ("this", [("OUT", StatementKind.MISTAKE)]),
        ("before", [("IN", StatementKind.MISTAKE), ("OUT", StatementKind.MEANT)]),
        ("neither", [("OUT", StatementKind.MEANT)]),
    ],
)
def test_a_quick_opposite_is_stored_then_asked(
    cast: Cast, works: Works, answer: str, kinds: list[tuple[str, str]]
) -> None:
    phone, _device = paired(cast.main)
    press(phone, works.point(), "IN")
    confirmation = press(phone, works.point(), "OUT")
    page = words(phone.get(confirmation))

    assert "Was that a mistake?" in page
    assert phone.post(f"{confirmation}answer/", {"slip": answer}).status_code == 303

    said = [(one.registration.kind, one.kind) for one in Statement.objects.select_related("registration")]
    assert sorted(said) == sorted(kinds)
    assert [row.kind for row in all_registrations()] == ["IN", "OUT"]
    assert "Was that a mistake?" not in words(phone.get(confirmation))
    # Said once: a form sent twice adds nothing.
    phone.post(f"{confirmation}answer/", {"slip": answer})
    assert Statement.objects.count() == len(kinds)


def test_of_two_answers_at_once_the_first_one_stands(cast: Cast, works: Works) -> None:
    phone, _device = paired(cast.main)
    press(phone, works.point(), "IN")
    confirmation = press(phone, works.point(), "OUT")
    with just_before(LOCK_OF_A_PERSON, lambda: phone.post(f"{confirmation}answer/", {"slip": "this"})):
        phone.post(f"{confirmation}answer/", {"slip": "neither"})

    assert [one.kind for one in Statement.objects.all()] == [StatementKind.MISTAKE]


def test_a_later_opposite_is_no_question(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    tap(works, device.person, Kind.IN, now=timezone.now() - timedelta(minutes=3))

    assert "Was that a mistake?" not in words(phone.get(press(phone, works.point(), "OUT")))


def test_a_typed_number_is_not_asked_about_a_tap_before(works: Works) -> None:
    phone = Browser(headers={"accept-language": "en"})
    press(phone, works.point(), "IN", ssin=SSINS[0])
    confirmation = press(phone, works.point(), "OUT")

    assert "Was that a mistake?" not in words(phone.get(confirmation))
    phone.post(f"{confirmation}answer/", {"slip": "this"})
    assert not Statement.objects.exists()


def test_a_mistake_stands_on_the_registration_and_is_found_in_the_list(cast: Cast, works: Works) -> None:
    phone, _device = paired(cast.main)
    press(phone, works.point(), "IN")
    confirmation = press(phone, works.point(), "OUT")
    phone.post(f"{confirmation}answer/", {"slip": "this"})
    out = all_registrations()[1]
    office = cast.browser(cast.office)

    assert "That was a mistake" in words(office.get(f"/registrations/{out.pk}/"))
    listed = office.get("/registrations/?said=mistake").content.decode()
    assert listed.count("data-id=") == 1
    assert str(out.pk) in listed


def test_what_runs_elsewhere_is_ended_from_any_point(cast: Cast, works: Works) -> None:
    """At the other works, for the other employer, at the other point: where it runs."""
    phone, device = paired(cast.main)
    other = declare(cast.sub, declared_number="9B0ABCDEFGHJX", technical_reference="1Y1003SQ5VSSY")
    running = tap(other, device.person, Kind.IN, now=timezone.now() - timedelta(hours=2)).registration
    here = works.point()

    page = phone.get(f"/r/{here.code}/").content.decode()
    assert "You have not stopped yet at Gebouw 1." in page
    assert f'action="/me/{running.pk}/end/"' in page

    key = str(uuid4())
    for _twice in range(2):
        response = phone.post(f"/me/{running.pk}/end/", {"client_key": key, "code": here.code})
        assert response.status_code == 303

    ended = all_registrations()[-1]
    assert len(all_registrations()) == 2
    assert (ended.kind, ended.means, ended.device) == ("OUT", Means.PAIRED, device)
    assert (ended.declaration, ended.employer, ended.point) == (
        other.declaration,
        cast.sub,
        other.point(),
    )
    assert "endedElsewhere" in ended.flags
    # Back to where one is, not to where one was.
    assert response["Location"] == f"/r/{here.code}/{ended.pk}/"
    assert "You have not stopped yet" not in words(phone.get(f"/r/{here.code}/"))


def test_another_company_at_the_same_works_counts_as_elsewhere(cast: Cast, works: Works) -> None:
    subcontract_to(works, cast.sub)
    phone, device = paired(cast.sub)
    tap(works, device.person, Kind.IN, now=timezone.now() - timedelta(hours=2), employer=cast.main)

    assert "You have not stopped yet" in words(phone.get(f"/r/{works.point(0, cast.sub).code}/"))


def test_everything_that_runs_stands_on_the_own_page(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    other = declare(cast.sub, declared_number="9B0ABCDEFGHJX", technical_reference="1Y1003SQ5VSSY")
    now = timezone.now()
    tap(works, device.person, Kind.IN, now=now - timedelta(hours=3))
    tap(other, device.person, Kind.IN, now=now - timedelta(hours=2))

    assert words(phone.get("/me/")).count("You have not stopped yet") == 2


def test_nobody_ends_what_is_not_theirs(cast: Cast, works: Works) -> None:
    phone, _device = paired(cast.main)
    _other, colleague = paired(cast.main, SSINS[1])
    running = tap(works, colleague.person, Kind.IN, now=timezone.now()).registration

    assert phone.post(f"/me/{running.pk}/end/").status_code == 403
    assert Browser().post(f"/me/{running.pk}/end/").status_code == 403
    assert len(all_registrations()) == 1


def test_an_ordinary_tap_costs_no_more(cast: Cast, works: Works) -> None:
    phone, _device = paired(cast.main)
    point = works.point()
    with at_most_queries(6):
        phone.get(f"/r/{point.code}/")
    confirmation = press(phone, point)
    with at_most_queries(8):
        phone.get(confirmation)
