"""One's own choice about letters, and the calendar behind a secret address."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from icalendar import Calendar

from ciao_portal.days import brussels_day
from ciao_portal.models import AuditEvent, Membership
from ciao_portal.tenancy import company_scope
from registrations.models import DeadlineCalendar, ErrorKind
from registrations.rules.deadlines import last_day
from registrations.services.errors import ErrorFacts, report_error
from tests.cast import SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.phone.afterwards import paired, words
from tests.registrations.views.scene import accepted, remark_on
from tests.works import declare, tap

pytestmark = pytest.mark.django_db
PAGE = "/settings/me/deadlines/"


def address_of(browser: Browser) -> str:
    page = browser.post(f"{PAGE}calendar/").content.decode()
    found = re.search(r"/calendar/[^/]+/deadlines\.ics", page)
    assert found
    return found[0]


def standing(cast: Cast) -> None:
    """Two remarks of one day and a worker's report of the day before."""
    now = timezone.now()
    works = declare(cast.main, now=now)
    worker = make_worker(cast.main, SSINS[1], now=now)
    for number, code in enumerate(("dimonaNotFound", "missingOut")):
        at = now - timedelta(days=3, minutes=5 * number)
        row = tap(works, worker.person, now=at).registration
        remark_on(accepted(row, nsso_id=number + 1), code, seen_at=now, happened_day=brussels_day(now))
    _phone, device = paired(cast.main)
    facts = ErrorFacts(ErrorKind.FORGOTTEN, brussels_day(now) - timedelta(days=1), cast.main)
    report_error(device=device, facts=facts, now=now)


def test_the_letter_is_switched_off_and_on(cast: Cast) -> None:
    browser = cast.browser(cast.office)
    assert PAGE in browser.get("/settings/me/").content.decode()
    assert "Send me no letter" in words(browser.get(PAGE))
    browser.post(f"{PAGE}letter/", {"wants": "0"})
    assert not Membership.objects.get(user=cast.office).wants_digest
    assert Membership.objects.get(user=cast.owner).wants_digest
    assert "Send me the letter" in words(browser.get(PAGE))
    browser.post(f"{PAGE}letter/", {"wants": "1"})
    browser.post(f"{PAGE}letter/", {"wants": "1"})
    assert Membership.objects.get(user=cast.office).wants_digest
    assert AuditEvent.objects.filter(action="member.digest_chosen").count() == 2


def test_an_auditor_gets_no_letter_but_may_have_a_calendar(cast: Cast) -> None:
    page = words(cast.browser(cast.auditor).get(PAGE))
    assert "Letter in the morning" not in page
    assert "Last days in my calendar" in page


def test_the_calendar_counts_by_last_day_and_names_nobody(cast: Cast) -> None:
    standing(cast)
    response = Browser().get(address_of(cast.browser(cast.office)))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    today = brussels_day(timezone.now())
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [(event.decoded("dtstart"), event["summary"]) for event in events] == [
        (last_day(today) - timedelta(days=1), "CIaO: Last day for 1 matter"),
        (last_day(today), "CIaO: Last day for 2 matters"),
    ]
    assert events[0]["description"] == "1 x I forgot to register"
    assert sorted(events[1]["description"].split("\n")) == [
        "1 x Check-out missing",
        "1 x No Dimona declaration for this day",
    ]
    text = response.content.decode()
    assert "Ada" not in text
    assert not any(ssin in text for ssin in SSINS)


def test_a_new_address_ends_the_old_one_and_revoking_ends_all(cast: Cast) -> None:
    browser = cast.browser(cast.office)
    old, new = address_of(browser), address_of(browser)
    assert Browser().get(old).status_code == 404
    assert Browser().get(new).status_code == 200
    secret = new.split("/")[2]
    assert secret not in browser.get(PAGE).content.decode()
    with company_scope(cast.main):
        assert not DeadlineCalendar.objects.filter(secret_hash__contains=secret).exists()
    browser.post(f"{PAGE}calendar/revoke/")
    assert Browser().get(new).status_code == 404
    # What another phone's calendar would be called.
    assert Browser().get(new.replace("deadlines", "registrations")).status_code == 404


def test_whoever_leaves_the_company_leaves_the_calendar(cast: Cast) -> None:
    address = address_of(cast.browser(cast.office))
    Membership.objects.filter(user=cast.office).update(ended_at=timezone.now())
    assert Browser().get(address).status_code == 404


def test_a_calendar_shows_its_own_company_whoever_reads_it(cast: Cast) -> None:
    standing(cast)
    address = address_of(cast.browser(cast.stranger_office))
    shown = cast.browser(cast.office).get(address)
    assert b"VEVENT" not in shown.content
    assert b"Vreemd" in shown.content


def test_few_queries(cast: Cast) -> None:
    standing(cast)
    address = address_of(cast.browser(cast.office))
    with at_most_queries(4):
        Browser().get(address)
