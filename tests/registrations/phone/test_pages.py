"""The cleaner's pages as a browser without script sees them."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from ciao_portal.audit import Actor
from ciao_portal.tenancy import company_scope
from declarations.models import RegistrationPoint
from registrations.models import Means, Statement
from registrations.rules.presence import Kind
from registrations.services.pairing import offer_pairing, pair_phone, revoke_device
from tests.cast import SSINS, Cast, make_worker, person
from tests.works import REFERENCE, Works, all_registrations, declare, subcontract_to, tap

pytestmark = pytest.mark.django_db

TYPED = "85.07.30-033.28"


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


@pytest.fixture
def phone() -> Browser:
    return Browser(headers={"accept-language": "en"})


def post(phone: Browser, point: RegistrationPoint, action: str = "IN", **fields: str) -> Any:
    """Press a button of the point's page as a plain form does."""
    form = {"action": action, "client_key": str(uuid4()), "key_origin": "page", **fields}
    return phone.post(f"/r/{point.code}/", form)


def pair(phone: Browser, cast: Cast, ssin: str = SSINS[0]) -> None:
    """Pair this phone to a worker of the main contractor."""
    now = timezone.now()
    worker = make_worker(cast.main, ssin, "Ada", now=now)
    with company_scope(cast.main):
        secret = offer_pairing(company=cast.main, person=worker.person, actor=Actor(cast.main), now=now)
    assert phone.post(f"/p/{secret}/").status_code == 303


def test_the_page_offers_four_buttons_in_the_form_of_the_number(phone: Browser, works: Works) -> None:
    page = phone.get(f"/r/{works.point().code}/").content.decode()

    form = re.search(r'<form method="post"[^>]*id="tap".*?</form>', page, re.DOTALL)
    assert form
    assert 'name="ssin"' in form[0]
    assert re.findall(r'data-action="(\w+)"', form[0]) == ["IN", "BREAK_START", "BREAK_END", "OUT"]
    assert 'name="client_key"' in form[0]
    assert "Gebouw 1" in page


def test_return_in_the_number_field_registers_nothing(phone: Browser, works: Works) -> None:
    page = phone.get(f"/r/{works.point().code}/").content.decode()
    first = re.search(r"<button[^>]*>", page)
    assert first
    assert 'name="action" value=""' in first[0]

    response = post(phone, works.point(), "", ssin=TYPED)

    assert response.status_code == 422
    assert all_registrations() == []


def test_four_taps_within_seconds_are_four_registrations(phone: Browser, works: Works) -> None:
    point = works.point()
    actions = ["IN", "BREAK_START", "BREAK_END", "OUT"]

    confirmations = [
        post(phone, point, "IN", ssin=TYPED),
        *(post(phone, point, kind) for kind in actions[1:]),
    ]

    assert [response.status_code for response in confirmations] == [303] * 4
    stored = all_registrations()
    assert [row.kind for row in stored] == actions
    assert [row.means for row in stored] == [Means.TYPED, Means.TICKET, Means.TICKET, Means.TICKET]
    assert all("identityTyped" in row.flags for row in stored)


def test_the_confirmation_tells_the_time_and_only_that(phone: Browser, works: Works) -> None:
    response = post(phone, works.point(), ssin=TYPED)
    page = phone.get(response["Location"]).content.decode()
    stored = all_registrations()[0]

    local = timezone.localtime(stored.happened_at)
    assert f'data-registration="{stored.pk}"' in page
    assert f'data-confirmed-at="{local.isoformat(timespec="seconds")}"' in page
    assert 'data-state="confirmed"' in page
    assert f">{local:%H:%M}</time>" in page
    assert "On its way to the NSSO" in page
    assert SSINS[0] not in page
    assert "85.07.30" not in page


def test_the_number_of_the_nsso_appears(phone: Browser, works: Works) -> None:
    response = post(phone, works.point(), ssin=TYPED)
    submission = all_registrations()[0].submission
    submission.state, submission.nsso_id = "accepted", 17611
    submission.save()

    page = phone.get(response["Location"]).content.decode()
    state = phone.get(f"{response['Location']}state").json()

    assert "The NSSO has it, no. 17611" in page
    assert "http-equiv" not in page
    assert state == {"done": True, "signal": "done", "text": "The NSSO has it, no. 17611"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("85.07.30-033.29", "97"),
        ("8507300332", "11 digits"),
        ("", "Type your national number first."),
    ],
)
def test_a_malformed_number_is_told_and_kept(phone: Browser, works: Works, typed: str, words: str) -> None:
    response = post(phone, works.point(), ssin=typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'value="{typed}"' in page
    assert response["Cache-Control"] == "no-store"
    assert all_registrations() == []


def test_unknown_and_known_numbers_see_the_same(works: Works, cast: Cast) -> None:
    make_worker(cast.main, SSINS[0])
    pages = []
    for ssin in SSINS[:2]:
        phone = Browser(headers={"accept-language": "en"})
        post(phone, works.point(), ssin=ssin)
        page = phone.get(f"/r/{works.point().code}/").content.decode()
        pages.append(re.sub(r'name="client_key" value="[^"]+"', "", page))

    assert pages[0] == pages[1]


def test_no_number_in_cookies(phone: Browser, works: Works) -> None:
    response = post(phone, works.point(), ssin=TYPED)

    ticket = response.cookies["ticket"]
    assert SSINS[0] not in ticket.value
    assert ticket["httponly"]
    assert ticket["samesite"] == "Lax"
    assert ticket["path"] == f"/r/{works.point().code}/"


def test_a_ticket_of_another_point_is_worth_nothing(phone: Browser, works: Works) -> None:
    ticket = post(phone, works.point(0), ssin=TYPED).cookies["ticket"].value
    other = Browser(headers={"accept-language": "en"})
    other.cookies["ticket"] = ticket

    assert post(other, works.point(1), "OUT").status_code == 422


def test_a_lent_phone_registers_whoever_types(phone: Browser, works: Works) -> None:
    post(phone, works.point(), ssin=SSINS[0])
    post(phone, works.point(), ssin=SSINS[1])

    assert [row.person_id for row in all_registrations()] == [person(SSINS[0]).pk, person(SSINS[1]).pk]


def test_a_paired_phone_greets_and_expects(phone: Browser, works: Works, cast: Cast) -> None:
    pair(phone, cast)
    point = works.point()

    before = phone.get(f"/r/{point.code}/").content.decode()
    post(phone, point, "IN")
    after = phone.get(f"/r/{point.code}/").content.decode()

    assert "Hello Ada" in before
    assert re.findall(r'data-action="(\w+)"', before)[0] == "IN"
    assert re.findall(r'data-action="(\w+)"', after)[0] == "OUT"
    assert "Start registered" in after
    assert all_registrations()[0].means == Means.PAIRED
    assert "identityTyped" not in all_registrations()[0].flags


def test_a_revoked_phone_has_no_authority(phone: Browser, works: Works, cast: Cast) -> None:
    pair(phone, cast)
    device = person().devices.get()
    revoke_device(device=device, actor=Actor(cast.main), now=timezone.now())

    assert post(phone, works.point()).status_code == 422
    assert phone.get("/me/").status_code == 403


def test_pairing_needs_a_post_and_happens_once(phone: Browser, cast: Cast) -> None:
    now = timezone.now()
    worker = make_worker(cast.main, SSINS[0], now=now)
    with company_scope(cast.main):
        secret = offer_pairing(company=cast.main, person=worker.person, actor=Actor(cast.main), now=now)

    shown = phone.get(f"/p/{secret}/")
    assert shown.status_code == 200
    assert shown["Referrer-Policy"] == "strict-origin"
    assert not person().devices.exists()
    assert phone.post(f"/p/{secret}/").status_code == 303
    assert Browser().post(f"/p/{secret}/").status_code == 410
    assert person().devices.count() == 1


def test_an_old_link_pairs_nothing(cast: Cast) -> None:
    now = timezone.now()
    worker = make_worker(cast.main, SSINS[0], now=now)
    with company_scope(cast.main):
        secret = offer_pairing(
            company=cast.main, person=worker.person, actor=Actor(cast.main), now=now - timedelta(days=4)
        )

    assert Browser().post(f"/p/{secret}/").status_code == 410


def test_one_of_several_companies_is_assumed_then_asked(phone: Browser, works: Works, cast: Cast) -> None:
    subcontract_to(works, cast.sub)

    response = post(phone, works.point(), ssin=TYPED)
    page = phone.get(response["Location"]).content.decode()
    stored = all_registrations()[0]

    assert stored.employer == cast.main
    assert "employerAssumed" in stored.flags
    assert "For which company do you work here?" in page
    phone.post(f"{response['Location']}answer/", {"employer": str(cast.sub.pk)})
    assert Statement.objects.get(registration=stored).employer == cast.sub
    assert all_registrations()[0].employer == cast.main
    assert "For which company" not in phone.get(response["Location"]).content.decode()


def test_a_chosen_company_is_taken(phone: Browser, works: Works, cast: Cast) -> None:
    subcontract_to(works, cast.sub)

    post(phone, works.point(), ssin=TYPED, employer=str(cast.sub.pk))

    assert all_registrations()[0].employer == cast.sub
    assert "employerAssumed" not in all_registrations()[0].flags


def test_a_company_outside_the_point_is_not_taken(phone: Browser, works: Works, cast: Cast) -> None:
    subcontract_to(works, cast.sub)

    post(phone, works.point(), ssin=TYPED, employer=str(cast.stranger.pk))

    assert all_registrations()[0].employer == cast.main


def test_a_companys_own_code_registers_for_it(phone: Browser, works: Works, cast: Cast) -> None:
    subcontract_to(works, cast.sub)

    post(phone, works.point(0, cast.sub), ssin=TYPED)

    assert all_registrations()[0].employer == cast.sub


def test_a_paired_worker_of_the_sub_is_registered_for_the_sub(
    phone: Browser, works: Works, cast: Cast
) -> None:
    subcontract_to(works, cast.sub)
    worker = make_worker(cast.sub, SSINS[0], now=timezone.now())
    with company_scope(cast.sub):
        secret = offer_pairing(
            company=cast.sub, person=worker.person, actor=Actor(cast.sub), now=timezone.now()
        )
    phone.cookies["phone"] = pair_phone(secret=secret, label="", now=timezone.now())

    post(phone, works.point())

    assert all_registrations()[0].employer == cast.sub


def test_without_a_workplace_the_first_is_assumed_and_asked(phone: Browser, works: Works) -> None:
    response = post(phone, works.point(None), ssin=TYPED)

    stored = all_registrations()[0]
    assert stored.workplace == works.workplaces[0]
    assert "workplaceAssumed" in stored.flags
    assert "Where are you now?" in phone.get(response["Location"]).content.decode()


def test_a_forgotten_check_out_is_asked_on_a_paired_phone_only(
    phone: Browser, works: Works, cast: Cast
) -> None:
    pair(phone, cast)
    yesterday = timezone.now() - timedelta(hours=20)
    tap(works, person(), Kind.IN, now=yesterday)

    response = post(phone, works.point(), "IN")
    page = phone.get(response["Location"]).content.decode()

    assert "When did you stop?" in page
    stopped = timezone.localtime(yesterday + timedelta(hours=2))
    answer = phone.post(f"{response['Location']}answer/", {"stopped": f"{stopped:%H:%M}"})
    assert answer.status_code == 303
    statement = Statement.objects.get()
    assert statement.stopped_at == stopped.replace(second=0, microsecond=0)
    assert len(all_registrations()) == 2


def test_a_typed_number_learns_nothing_of_the_past(phone: Browser, works: Works) -> None:
    tap(works, person(), Kind.IN, now=timezone.now() - timedelta(hours=20))

    response = post(phone, works.point(), "IN", ssin=TYPED)

    assert "When did you stop" not in phone.get(response["Location"]).content.decode()


def test_a_stranger_cannot_answer_for_somebody(phone: Browser, works: Works, cast: Cast) -> None:
    subcontract_to(works, cast.sub)
    response = post(phone, works.point(), ssin=TYPED)

    answered = Browser().post(f"{response['Location']}answer/", {"employer": str(cast.sub.pk)})

    assert answered.status_code == 404
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}],
)
def test_another_website_registers_nothing(works: Works, headers: dict[str, str]) -> None:
    response = post(Browser(headers=headers), works.point(), ssin=TYPED)

    assert response.status_code == 403
    assert all_registrations() == []


@pytest.mark.parametrize("headers", [{}, {"origin": "null"}, {"origin": "http://testserver"}])
def test_old_and_odd_browsers_register(works: Works, headers: dict[str, str]) -> None:
    assert post(Browser(headers=headers), works.point(), ssin=TYPED).status_code == 303


def test_codes_are_forgiven_case_and_spaces(phone: Browser, works: Works) -> None:
    code = works.point().code
    sloppy = f"{code[:5].lower()} {code[5:].lower()}"

    assert phone.get(f"/r/{sloppy}/")["Location"] == f"/r/{code}/"
    assert phone.post("/r/", {"code": sloppy})["Location"] == f"/r/{code}/"


@pytest.mark.parametrize("number", ["9B0ABCDEFGHJK", "9b0 abcd efghjk", REFERENCE])
def test_a_typed_declaration_number_leads_to_its_page(phone: Browser, works: Works, number: str) -> None:
    assert phone.post("/r/", {"code": number})["Location"] == f"/r/{works.point(None).code}/"


@pytest.mark.parametrize("code", ["0000000000", "AAAAAAAAAA", "kapot"])
def test_an_unknown_code_explains_and_offers_to_type(phone: Browser, db: None, code: str) -> None:
    response = phone.get(f"/r/{code}/")

    page = response.content.decode()
    assert response.status_code == 404
    assert 'role="alert"' in page
    assert f'name="code" value="{code}"' in page


def test_my_registrations_are_my_own(phone: Browser, works: Works, cast: Cast) -> None:
    pair(phone, cast)
    now = timezone.now()
    tap(works, person(SSINS[0]), Kind.IN, now=now)
    tap(works, person(SSINS[1]), Kind.OUT, now=now)

    # What stands in the template is for taps that wait on the phone.
    page = phone.get("/me/").content.decode().partition("<template")[0]

    assert page.count('<time dir="ltr">') == 1
    assert "Gebouw 1" in page


def test_a_stranger_has_no_registrations(phone: Browser, db: None) -> None:
    assert phone.get("/me/").status_code == 403


def test_few_queries(
    phone: Browser, works: Works, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    pair(phone, cast)
    with django_assert_max_num_queries(6):
        phone.get(f"/r/{works.point().code}/")
    # On SQLite; on PostgreSQL what is stored travels in one.
    with django_assert_max_num_queries(11):
        post(phone, works.point())


def test_an_unknown_confirmation_is_not_found(phone: Browser, works: Works) -> None:
    assert phone.get(f"/r/{works.point().code}/{uuid4()}/").status_code == 404
