"""The page of one worker: days as a picture and a table, means, periods, agency, own statements."""

from datetime import date, datetime, timedelta

import pytest

from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope
from registrations.models import Employment
from registrations.rules.presence import Kind
from registrations.services.statements import state_stop
from tests.cast import NOW, SUB_NUMBER, Cast
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import text
from tests.registrations.views.scene import accepted, remark_on
from tests.works import Works, declare, tap

TEMPORARY = {
    "first_name": "Ada",
    "last_name": "Voorbeeld",
    "status": "temporary",
    "starts_on": "2025-11-23",
    "agency_number": "0202.239.951",
}


def a_day(morning: Morning, *, days_ago: int, works: Works | None = None) -> None:
    """06:02 to 14:02 with half an hour of rest."""
    start = NOW - timedelta(days=days_ago)
    for hours, kind in (
        (0.0, Kind.IN),
        (4.0, Kind.BREAK_START),
        (4.5, Kind.BREAK_END),
        (8.0, Kind.OUT),
    ):
        tap(works or morning.works, morning.ada.person, kind, now=start + timedelta(hours=hours))


def test_days_stand_in_the_picture_and_in_the_table(cast: Cast, morning: Morning) -> None:
    a_day(morning, days_ago=3)
    page = cast.browser(cast.auditor).get(f"/workers/{morning.ada.pk}/")
    words = text(page)
    html = page.content.decode()
    assert "06:02 to 14:02 at Gebouw 1" in words
    assert "Fri 20 Nov 06:02 14:02 10:02–10:32 7:30 Gebouw 1" in words
    assert "7:30 hours from registrations, not payroll." in words
    assert html.count('class="picture__break"') == 2  # one in the legend
    assert 'class="picture__work picture__work--running"' in html
    assert "style=" not in html


def test_a_missing_check_out_is_marked_and_not_counted(cast: Cast, morning: Morning) -> None:
    tap(morning.works, morning.ada.person, now=NOW - timedelta(days=2))
    words = text(cast.browser(cast.auditor).get(f"/workers/{morning.ada.pk}/"))
    assert "06:02 at Gebouw 1, check-out missing" in words
    assert "0:00 hours from registrations" in words
    assert "Presences without a check-out are not counted." in words


def test_a_week_is_chosen_and_weeks_are_walked(cast: Cast, morning: Morning) -> None:
    a_day(morning, days_ago=20)
    browser = cast.browser(cast.auditor)
    here = f"/workers/{morning.ada.pk}/"
    assert "10:02–10:32" not in text(browser.get(here))
    page = browser.get(f"{here}?week=2026-11-05")
    html = page.content.decode()
    assert "10:02–10:32" in text(page)
    assert "Mon 2 Nov 2026 to Sun 8 Nov 2026" in text(page)
    assert f"{here}?week=2026-11-01" in html
    assert f"{here}?week=2026-11-09" in html
    # The week of today is the last one.
    assert 'rel="next"' not in browser.get(f"{here}?week=2026-11-23").content.decode()
    for nonsense in ("soon", "9999-12-31", "0001-01-01"):
        assert browser.get(f"{here}?week={nonsense}").status_code == 200


def test_a_night_shift_stands_on_the_day_it_started(cast: Cast, morning: Morning) -> None:
    start = datetime.fromisoformat("2026-11-19T22:00:00+01:00")
    tap(morning.works, morning.ada.person, now=start)
    tap(morning.works, morning.ada.person, Kind.OUT, now=start + timedelta(hours=8))
    words = text(cast.browser(cast.auditor).get(f"/workers/{morning.ada.pk}/"))
    assert "Thu 19 Nov 22:00 Fri 20 Nov 06:00 – 8:00 Gebouw 1" in words


def test_open_remarks_stand_before_those_that_are_gone(cast: Cast, morning: Morning) -> None:
    presence = accepted(morning.of_ada, nsso_id=1, validity="validWithRemarks")
    remark_on(presence, "limosaNotFound", gone_at=NOW)
    remark_on(presence, "dimonaNotFound")
    words = text(cast.browser(cast.auditor).get(f"/workers/{morning.ada.pk}/"))
    assert words.index("No Dimona declaration") < words.index("No Limosa declaration found")


def test_own_statements_and_earlier_periods(cast: Cast, morning: Morning) -> None:
    tap(morning.works, morning.ada.person, now=NOW - timedelta(days=4))
    later = tap(morning.works, morning.ada.person, now=NOW - timedelta(days=3)).registration
    state_stop(registration=later, stopped_at=NOW - timedelta(days=4) + timedelta(hours=8), now=NOW)
    with company_scope(cast.main):
        earlier = Employment.objects.create(
            company=cast.main,
            person=morning.ada.person,
            first_name="Ada",
            last_name="Voorbeeld",
            status="student",
            starts_on=date(2020, 7, 1),
            ends_on=date(2020, 8, 31),
        )
    page = cast.browser(cast.auditor).get(f"/workers/{morning.ada.pk}/")
    words = text(page)
    assert "When I stopped: Thu 19 Nov 14:02 said Mon 23 Nov 06:02" in words
    assert "01/07/2020 to 31/08/2020" in words
    assert f"/workers/{earlier.pk}/" in page.content.decode()


def test_a_pairing_link_on_its_way_is_seen_without_its_secret(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    page = browser.post(f"/workers/{morning.ada.pk}/pair/")
    secret = text(page).partition("/p/")[2].partition("/")[0]
    page = browser.get(f"/workers/{morning.ada.pk}/")
    assert "Pairing link handed out, not used yet" in text(page)
    assert secret not in page.content.decode()


def test_the_agency_of_a_temporary_worker(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    page = browser.post(f"/workers/{morning.ada.pk}/edit/", TEMPORARY, follow=True)
    assert "Temporary agency Zuiver Sub (0202.239.951)" in text(page)
    with company_scope(cast.main):
        employment = Employment.objects.select_related("agency").get(pk=morning.ada.pk)
    assert employment.agency == Company.objects.get(enterprise_number=SUB_NUMBER)
    assert 'value="0202.239.951"' in browser.get(f"/workers/{morning.ada.pk}/edit/").content.decode()
    # Nothing changed: nothing is written.
    browser.post(f"/workers/{morning.ada.pk}/edit/", TEMPORARY)
    page = browser.post(f"/workers/{morning.ada.pk}/edit/", TEMPORARY | {"agency_number": ""}, follow=True)
    assert "Temporary agency" not in text(page)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "employee"}, "Only a temporary worker comes from an agency."),
        ({"agency_number": "0202239952"}, "97"),
    ],
)
def test_a_wrong_agency_is_refused_at_its_field(
    cast: Cast, morning: Morning, change: dict[str, str], words: str
) -> None:
    page = cast.browser(cast.office).post(f"/workers/{morning.ada.pk}/edit/", TEMPORARY | change)
    assert 'id="id_agency_number_error"' in page.content.decode()
    assert words in text(page)


def test_a_long_history_needs_no_more_queries(cast: Cast, morning: Morning) -> None:
    for days_ago in range(1, 12):
        a_day(morning, days_ago=days_ago)
    browser = cast.browser(cast.office)
    with at_most_queries(12):
        browser.get(f"/workers/{morning.ada.pk}/")


def test_registrations_for_another_firm_stay_out(cast: Cast, morning: Morning) -> None:
    elsewhere = declare(cast.sub, declared_number="9B0ABCDEFGHJM", technical_reference="1Y1003SQ5VSSY")
    tap(elsewhere, morning.ada.person, now=NOW - timedelta(days=5))
    words = text(cast.browser(cast.auditor).get(f"/workers/{morning.ada.pk}/"))
    assert "check-out missing" not in words


def test_hours_are_what_the_printed_times_add_up_to(cast: Cast, morning: Morning) -> None:
    for days_ago in (2, 3):
        start = NOW - timedelta(days=days_ago)
        tap(morning.works, morning.ada.person, now=start + timedelta(seconds=40))
        # 06:02:51 to 08:05:01 is 2:02:10, and 2:03 by the clock.
        end = start + timedelta(hours=2, minutes=2, seconds=50)
        tap(morning.works, morning.ada.person, Kind.OUT, now=end)
    words = text(cast.browser(cast.auditor).get(f"/workers/{morning.ada.pk}/"))
    assert "06:02 08:05 – 2:03 Gebouw 1" in words
    assert "4:06 hours from registrations" in words
