"""Codes of contracts that were taken over or ended: where a tap by them belongs, and what the page says."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django.utils.formats import date_format

from ciao_portal.tenancy import unscoped
from declarations.models import RegistrationPoint
from registrations.models import Means, PresenceState, Registration
from registrations.models.nsso import SubmissionState
from registrations.models.registrations import StatementKind
from registrations.rules.presence import Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import TapAtPoint, register
from tests.at_once import both_at_once
from tests.cast import SSINS, Cast, make_worker, person
from tests.registrations.phone.means import card_of, new_phone
from tests.registrations.phone.test_offline import answers, item, kit, sealed
from tests.registrations.phone.test_pages import TYPED, pair, post
from tests.tablets import browser_of, card_for, paired
from tests.works import Works, all_registrations, declare, had_by, renew, subcontract_to, tap

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def works(cast: Cast) -> Works:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    return works


@pytest.fixture
def phone() -> Browser:
    return new_phone()


def pressed(phone: Browser, point: RegistrationPoint, action: str = "IN", **fields: str) -> Registration:
    """The registration that a press of the button left."""
    response = post(phone, point, action, **fields)
    assert response.status_code == 303
    with unscoped(reason="a test looks at what was stored"):
        rows = Registration.objects.select_related("declaration", "point", "employer", "submission")
        return rows.get(pk=response["Location"].rstrip("/").rpartition("/")[2])


def test_a_start_by_the_old_code_is_stored_on_the_new_declaration(
    works: Works, phone: Browser, now: datetime
) -> None:
    new = renew(works, at=now - HOUR)
    stored = pressed(phone, works.point(), ssin=TYPED)

    assert (stored.declaration, stored.point, stored.workplace) == (
        new.declaration,
        new.point(),
        new.workplaces[0],
    )
    assert "oldCode" in stored.flags
    assert "declarationEnded" not in stored.flags


def test_before_the_minute_the_old_code_is_what_it_was(works: Works, phone: Browser, now: datetime) -> None:
    renew(works, at=now + HOUR)
    stored = pressed(phone, works.point(), ssin=TYPED)
    assert stored.declaration == works.declaration
    assert "oldCode" not in stored.flags


def test_the_new_code_is_not_flagged(works: Works, phone: Browser, now: datetime) -> None:
    stored = pressed(phone, renew(works, at=now - HOUR).point(), ssin=TYPED)
    assert "oldCode" not in stored.flags


def test_a_stop_goes_on_where_the_presence_runs(
    works: Works, cast: Cast, phone: Browser, now: datetime
) -> None:
    make_worker(cast.sub, SSINS[0])
    started = tap(works, person(), now=now - 3 * HOUR, employer=cast.sub).registration
    new = renew(works, at=now - HOUR)
    stored = pressed(phone, works.point(), "OUT", ssin=TYPED)

    # With its employer, though the chain of the old one has ended.
    assert (stored.declaration, stored.employer) == (works.declaration, cast.sub)
    assert not {"outWithoutIn", "employerAssumed"} & set(stored.flags)
    assert "oldCode" in stored.flags
    state = PresenceState.objects.get(person=started.person)
    assert (state.declaration, state.since) == (works.declaration, None)
    # The next shift begins on the new one, and ends there.
    for action in ("IN", "OUT"):
        assert pressed(phone, works.point(), action, ssin=TYPED).declaration == new.declaration


def test_a_break_over_the_minute_and_a_start_that_forgot_the_stop(
    works: Works, phone: Browser, now: datetime
) -> None:
    tap(works, person(), now=now - 3 * HOUR)
    new = renew(works, at=now - HOUR)
    declarations = [
        pressed(phone, works.point(), action, ssin=TYPED).declaration
        for action in ("BREAK_START", "BREAK_END", "IN")
    ]
    assert declarations == [works.declaration, works.declaration, new.declaration]


def test_a_presence_of_another_company_is_not_stopped(
    works: Works, cast: Cast, phone: Browser, now: datetime
) -> None:
    tap(works, person(), now=now - 3 * HOUR, employer=cast.sub)
    new = renew(works, at=now - HOUR)
    stored = pressed(phone, works.point(), "OUT", ssin=TYPED, employer=str(cast.main.pk))
    assert (stored.declaration, stored.employer) == (new.declaration, cast.main)


def test_one_tap_stays_one_registration(works: Works, phone: Browser, now: datetime) -> None:
    """A stop is sent twice by the script, and pressed again by a second finger."""
    tap(works, person(), now=now - 3 * HOUR)
    renew(works, at=now - HOUR)
    key = str(uuid4())
    first = pressed(phone, works.point(), "OUT", ssin=TYPED, client_key=key, key_origin="tap")
    again = pressed(phone, works.point(), "OUT", ssin=TYPED, client_key=key, key_origin="tap")
    finger = pressed(phone, works.point(), "OUT", ssin=TYPED)
    assert first == again == finger


def test_a_tap_sent_again_over_the_minute_stays_one_registration(
    works: Works, phone: Browser, now: datetime
) -> None:
    key = uuid4()
    first = register(
        TapAtPoint(
            person=person(),
            kind=Kind.IN,
            point=works.point(),
            employer=works.declaration.company,
            workplace=works.workplaces[0],
            means=Means.TYPED,
            client_key=key,
            key_origin=KeyOrigin.TAP,
        ),
        now=now - 5 * MINUTE,
    ).registration
    renew(works, at=now - MINUTE)
    again = pressed(phone, works.point(), ssin=TYPED, client_key=str(key), key_origin="tap")
    assert again == first


def test_kept_taps_belong_where_they_were_made(works: Works, phone: Browser, now: datetime) -> None:
    """Without signal over the minute: the night shift stays on the old one, the next one is on the new."""
    new = renew(works, at=now - 5 * HOUR)
    kept = [
        sealed(item(works, ago=ago, kind=kind))
        for ago, kind in ((8 * HOUR, "IN"), (4 * HOUR, "OUT"), (2 * HOUR, "IN"), (HOUR, "OUT"))
    ]
    assert {answer["state"] for answer in answers(phone, *kept)} == {"stored"}
    # Once more, because the answer got lost.
    assert {answer["state"] for answer in answers(phone, *kept)} == {"stored"}

    rows = all_registrations()
    assert [row.declaration_id for row in rows] == [works.declaration.pk] * 2 + [new.declaration.pk] * 2
    assert ["oldCode" in row.flags for row in rows] == [False, True, True, True]
    assert not any("outWithoutIn" in row.flags for row in rows)


def test_a_code_leads_on_over_two_takeovers(works: Works, phone: Browser, now: datetime) -> None:
    second = renew(works, at=now - 3 * HOUR)
    third = renew(second, at=now - HOUR, number="9B0TAKEN0VER3")
    assert pressed(phone, works.point(), ssin=TYPED).declaration == third.declaration
    # Claimed between the two.
    answers(phone, sealed(item(works, ago=2 * HOUR)))
    assert all_registrations()[-1].declaration_id == second.declaration.pk


def test_codes_of_a_company_that_was_left_out_tell_and_register(
    works: Works, cast: Cast, phone: Browser, now: datetime
) -> None:
    renew(works, at=now - 48 * HOUR, with_chain=False)
    point = works.point(company=cast.sub)
    page = phone.get(f"/r/{point.code}/").content.decode()
    ended_on = works.declaration.ends_on
    assert ended_on is not None
    assert f"This contract ended on {date_format(ended_on, 'SHORT_DATE_FORMAT')}" in page

    stored = pressed(phone, point, ssin=TYPED)
    assert (stored.declaration, stored.employer) == (works.declaration, cast.sub)
    assert "declarationEnded" in stored.flags
    assert stored.submission.state == SubmissionState.WAITING


def test_an_ended_contract_says_so_in_the_cleaner_s_language(cast: Cast, now: datetime) -> None:
    """As between rivals: nothing tells of the contractor that came after."""
    ended = declare(cast.stranger, ends_on=(now - 48 * HOUR).date())
    had_by(declare(cast.main), cast.stranger)
    page = Browser(headers={"accept-language": "pl"}).get(f"/r/{ended.point().code}/").content.decode()
    assert "Ta umowa" in page
    assert cast.main.name not in page


def test_the_page_shows_where_the_code_leads(works: Works, cast: Cast, phone: Browser, now: datetime) -> None:
    new = renew(works, at=now - HOUR, with_chain=False)
    page = phone.get(f"/r/{works.point(None).code}/").content.decode()
    assert new.declaration.title in page
    assert "This contract ended" not in page
    # The chain of the old one is not offered any more, with signal or without.
    assert cast.sub.name not in page
    assert kit(phone, works)["site"]["employers"] == []


def test_a_paired_phone_is_shown_its_running_presence(
    works: Works, cast: Cast, phone: Browser, now: datetime
) -> None:
    pair(phone, cast)
    tap(works, person(), now=now - 3 * HOUR)
    renew(works, at=now - HOUR)
    page = phone.get(f"/r/{works.point().code}/").content.decode()
    assert page.index('data-action="OUT"') < page.index('data-action="IN"')
    assert "You have not stopped yet" not in page


def test_a_typed_number_goes_on_where_the_code_leads(works: Works, phone: Browser, now: datetime) -> None:
    new = renew(works, at=now - HOUR)
    first = post(phone, works.point(None), ssin=TYPED)
    # What had to be assumed is asked on the confirmation, of whoever typed the number.
    page = phone.get(first["Location"]).content.decode()
    assert "For which company do you work here?" in page
    stored = pressed(phone, works.point(None), "OUT")
    assert (stored.means, stored.declaration) == (Means.TICKET, new.declaration)


def test_a_tablet_leads_on(works: Works, cast: Cast, now: datetime) -> None:
    new = renew(works, at=now - HOUR)
    ada = make_worker(cast.main, SSINS[0], now=now)
    _badge, secret = card_for(ada, now=now)
    _terminal, cookie = paired(cast.main, works.point(), now=now)
    tablet = browser_of(cookie)
    page = tablet.post("/kiosk/who/", {"ssin": secret}).content.decode()
    ticket = page.split('name="ticket" value="')[1].split('"')[0]
    assert tablet.post("/kiosk/tap/", {"ticket": ticket, "action": "IN"}).status_code == 303
    [stored] = all_registrations()
    assert stored.declaration_id == new.declaration.pk
    assert "oldCode" in stored.flags


@pytest.mark.django_db(transaction=True)
def test_fifty_copies_of_a_stop_meet_at_one_place(cast: Cast) -> None:
    now = timezone.now()
    works = declare(cast.main)
    tap(works, person(), now=now - 3 * HOUR)
    renew(works, at=now - HOUR)
    point, key = works.point(), str(uuid4())

    def press() -> None:
        post(new_phone(), point, "OUT", ssin=TYPED, client_key=key, key_origin="tap")

    assert both_at_once(*[press] * 5) == []
    assert [row.kind for row in all_registrations()] == ["IN", "OUT"]


@pytest.fixture
def won(works: Works, cast: Cast) -> Works:
    """Works that the subcontractor had before as main contractor."""
    had_by(works, cast.sub)
    return works


def test_a_phone_of_a_worker_who_changed_registers_for_the_new_employer(
    won: Works, cast: Cast, phone: Browser
) -> None:
    make_worker(cast.sub, SSINS[0])
    pair(phone, cast)
    stored = pressed(phone, won.point())
    assert stored.employer == cast.main
    assert not {"employerAssumed", "formerEmployer"} & set(stored.flags)


def test_whoever_still_works_for_the_former_one_registers_for_it(
    won: Works, cast: Cast, phone: Browser, now: datetime
) -> None:
    ada = make_worker(cast.sub, SSINS[0], now=now)
    card = card_of(cast.sub)
    phone.post(f"/c/{card.secret}/", {"use": "once"})
    stored = pressed(phone, won.point())
    assert (stored.person, stored.employer) == (ada.person, cast.sub)
    assert "formerEmployer" not in stored.flags


def test_a_card_of_whoever_changed_is_not_offered_the_former_one(
    won: Works, cast: Cast, phone: Browser, now: datetime
) -> None:
    make_worker(cast.main, SSINS[0], now=now)
    address = f"/r/{won.point().code}/"
    assert cast.sub.name in phone.get(address).content.decode()
    phone.post(f"/c/{card_of(cast.main).secret}/", {"use": "once"})
    assert cast.sub.name not in phone.get(address).content.decode()


def test_the_former_number_is_stored_as_it_was_used_and_asked_about(
    won: Works, cast: Cast, phone: Browser
) -> None:
    make_worker(cast.main, SSINS[0])
    response = post(phone, won.point(), ssin=TYPED, employer=str(cast.sub.pk))
    [stored] = all_registrations()
    assert stored.employer_id == cast.sub.pk
    assert "formerEmployer" in stored.flags
    # Sent as it is: nothing is held back.
    assert stored.submission.state == SubmissionState.WAITING

    page = phone.get(response["Location"]).content.decode()
    assert "For which company do you work here?" in page
    phone.post(f"{response['Location']}answer/", {"employer": str(cast.main.pk)})
    with unscoped(reason="a test looks at what was answered"):
        answer = stored.statements.get()
    assert (answer.kind, answer.employer_id) == (StatementKind.EMPLOYER_WAS, cast.main.pk)
    stored.refresh_from_db()
    assert stored.employer_id == cast.sub.pk


def test_before_the_minute_the_former_one_is_right(won: Works, cast: Cast, phone: Browser) -> None:
    make_worker(cast.main, SSINS[0])
    later = timezone.now() + 48 * HOUR
    won.declaration.takes_over_at = later
    won.declaration.save(update_fields=["takes_over_at"])
    stored = pressed(phone, won.point(), ssin=TYPED, employer=str(cast.sub.pk))
    assert "formerEmployer" not in stored.flags
