"""A worker's own days: paired times, totals, the state at the NSSO; to keep, to share, after leaving too."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from icalendar import Calendar

from ciao_portal.days import brussels_day
from ciao_portal.tenancy import company_scope
from registrations.models import CalendarAddress, Device, Employment
from registrations.phone.own_days import month_of, own_period
from registrations.rules.presence import Kind
from tests.cast import SSINS, Cast, make_worker, person
from tests.queries import at_most_queries
from tests.registrations.phone.afterwards import paired, words
from tests.works import Works, declare, tap

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def a_day(works: Works, device: Device, *, days_ago: int = 1) -> datetime:
    """Four hours with half an hour of rest, in the middle of a Brussels day; answers when it began."""
    noon = timezone.localtime().replace(hour=10, minute=2, second=11, microsecond=0)
    start = noon - timedelta(days=days_ago)
    for hours, kind in ((0.0, Kind.IN), (2.0, Kind.BREAK_START), (2.5, Kind.BREAK_END), (4.0, Kind.OUT)):
        tap(works, device.person, kind, now=start + timedelta(hours=hours))
    return start


def test_days_stand_with_times_breaks_and_totals(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    a_day(works, device)
    a_day(works, device, days_ago=2)

    page = words(phone.get("/me/"))

    assert page.count("10:02–12:02 · 12:32–14:02") == 2
    assert "Breaks 0:30" in page
    assert "Hours 7:00" in page
    assert "Gebouw 1 · Helder Main" in page
    assert "On its way to the NSSO" in page


def test_a_missing_stop_is_shown_and_not_counted(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    tap(works, device.person, now=timezone.now() - timedelta(hours=30))

    page = words(phone.get("/me/"))

    assert "Stop missing" in page
    assert "Hours 0:00" in page


def test_longer_histories_come_by_the_month(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    start = a_day(works, device, days_ago=45)

    assert "10:02–12:02" not in words(phone.get("/me/"))
    assert "10:02–12:02" in words(phone.get(f"/me/?month={start:%Y-%m}"))
    for nonsense in ("2026-13", "x", "1999-01", "9999-01"):
        assert phone.get(f"/me/?month={nonsense}").status_code == 200


def test_a_month_knows_its_neighbours() -> None:
    now = datetime.fromisoformat("2026-11-23T06:00:00+01:00")
    december = datetime.fromisoformat("2026-12-05T06:00:00+01:00")

    this = month_of("2026-11", now=now)
    assert (this.first, this.last, this.before, this.after) == (
        date(2026, 11, 1),
        date(2026, 11, 23),
        "2026-10",
        "",
    )
    assert month_of("2026-11", now=december).last == date(2026, 11, 30)
    assert month_of("2026-11", now=december).after == "2026-12"
    assert month_of("2024-09", now=now).before == ""
    assert month_of("", now=now).first == date(2026, 11, 10)


def test_the_total_is_the_sum_of_the_lines_in_every_form(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    a_day(works, device)
    a_day(works, device, days_ago=3)
    today = brussels_day(timezone.now())

    period = own_period(device.person, today - timedelta(days=13), today, now=timezone.now())
    rows = _table(phone.get(f"/me/file/registrations.csv?from={today - timedelta(days=13)}&to={today}"))
    assert period.hours == "7:00"
    assert len(rows) - 1 == len(period.registrations) == 8


def test_the_table_holds_no_other_person(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    make_worker(cast.main, SSINS[1], "Bea", now=timezone.now())
    start = a_day(works, device)
    tap(works, person(SSINS[1]), Kind.IN, now=start)

    response = phone.get(f"/me/file/registrations.csv?from={start.date()}&to={start.date()}")
    rows = _table(response)

    assert len(rows) == 5
    assert rows[0][:4] == ["Day", "Time", "Registration", "Workplace"]
    assert rows[1][1:5] == ["10:02", "Start registered", "Gebouw 1", "Helder Main"]
    name = response["Content-Disposition"]
    assert name == f'attachment; filename="registrations-{start.date()}-{start.date()}.csv"'
    assert SSINS[0] not in response.content.decode()


def test_the_own_file_is_a_pdf_in_the_phones_language(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main, language="fr")
    start = a_day(works, device)

    response = phone.get(f"/me/file/registrations.pdf?from={start.date()}&to={start.date()}")

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert "Ada" not in response["Content-Disposition"]
    assert SSINS[0].encode() not in response.content


@pytest.mark.parametrize("kind", ["pdf", "csv"])
def test_no_file_holds_more_than_100_days(cast: Cast, kind: str) -> None:
    phone, _device = paired(cast.main)

    long = phone.get(f"/me/file/registrations.{kind}?from=2026-01-01&to=2026-04-11")
    backwards = phone.get(f"/me/file/registrations.{kind}?from=2026-02-02&to=2026-02-01")

    assert (long.status_code, backwards.status_code) == (422, 422)
    assert "at most 100 calendar days" in words(long)
    assert 'value="2026-01-01"' in long.content.decode()


def test_the_calendar_tells_hours_and_nothing_of_anybody(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    start = a_day(works, device)
    tap(works, device.person, Kind.OUT, now=start - timedelta(hours=1))

    address = _calendar_address(phone)
    response = Browser().get(address)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [(event["summary"], event.decoded("dtstart"), event.decoded("dtend")) for event in events] == [
        ("Gebouw 1", start, start + timedelta(hours=2)),
        ("Gebouw 1", start + timedelta(hours=2.5), start + timedelta(hours=4)),
    ]
    text = response.content.decode()
    assert "Ada" not in text
    assert "Voorbeeld," not in text
    assert SSINS[0] not in text
    # The same stretch keeps its name, so that no calendar shows it twice.
    again = Calendar.from_ical(Browser().get(address).content).walk("VEVENT")
    assert [event["uid"] for event in again] == [event["uid"] for event in events]


def test_a_new_address_ends_the_old_one_and_revoking_ends_all(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    old = _calendar_address(phone)
    new = _calendar_address(phone)

    assert Browser().get(old).status_code == 404
    assert Browser().get(new).status_code == 200
    assert phone.post("/me/calendar/revoke/").status_code == 303
    assert Browser().get(new).status_code == 404
    assert CalendarAddress.objects.filter(person=device.person).count() == 2
    # Shown once only, and kept as a hash.
    assert new.split("/")[2] not in phone.get("/me/file/").content.decode()
    assert not CalendarAddress.objects.filter(secret_hash__contains=new.split("/")[2]).exists()


def test_whoever_left_keeps_the_own_days_and_files(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    start = a_day(works, device, days_ago=3)
    with company_scope(cast.main):
        Employment.objects.update(ends_on=start.date())

    assert "10:02–12:02" in words(phone.get("/me/"))
    window = f"from={start.date()}&to={start.date()}"
    assert len(_table(phone.get(f"/me/file/registrations.csv?{window}"))) == 5
    assert phone.get(f"/me/file/registrations.pdf?{window}").status_code == 200
    assert b"BEGIN:VEVENT" in Browser().get(_calendar_address(phone)).content


def test_few_queries_however_long_the_history(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    for days in range(1, 12):
        a_day(works, device, days_ago=days)

    with at_most_queries(7):
        phone.get("/me/")


def _calendar_address(phone: Browser) -> str:
    page = phone.post("/me/calendar/").content.decode()
    start = page.index("/calendar/", page.index("readonly"))
    return page[start : page.index('"', start)]


def _table(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
