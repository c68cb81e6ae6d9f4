"""The first page `/`."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Subcontract
from declarations.services.chain import add_subcontract
from registrations.models import Submission
from registrations.models.nsso import SubmissionState
from registrations.rules.presence import Kind
from tests.cast import NOW, SSINS, Cast, make_user, make_worker, person
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import Page, links, rows, text
from tests.registrations.views.scene import accepted, remark_on, set_clock
from tests.works import declare, subcontract_to, tap


def test_a_stranger_sees_the_landing_page(cast: Cast) -> None:
    answer = cast.browser().get("/")
    assert answer.status_code == 200
    assert "Sign in" in text(answer)
    assert "Do now" not in text(answer)


def test_the_demo_s_sign_ins_are_shown_with_the_demo_and_the_simulator_only(
    cast: Cast, settings: Settings
) -> None:
    assert "demo.example" not in text(cast.browser().get("/"))
    cast.main.is_demo = True
    cast.main.save(update_fields=["is_demo"])
    assert "auditor@demo.example" in text(cast.browser().get("/"))
    settings.NSSO_ENVIRONMENT = "simulation"
    assert "demo.example" not in text(cast.browser().get("/"))


def test_the_live_part_of_somebody_signed_out_reloads_the_page(cast: Cast) -> None:
    answer = cast.browser().get("/", headers={"HX-Request": "true", "HX-Target": "live"})
    assert answer.headers["HX-Refresh"] == "true"


def test_somebody_without_a_company_is_told_so(cast: Cast) -> None:
    answer = cast.browser(make_user("nobody@example.be")).get("/", follow=True)
    assert answer.redirect_chain[0][0] == "/no-company/"
    assert "You belong to no company here" in text(answer)


def test_before_the_first_registration_the_next_step_is_offered(cast: Cast) -> None:
    page = cast.browser(cast.office).get("/")
    assert links(page, "live-declare") == ["/declarations/new/"]
    works = declare(cast.main)
    page = cast.browser(cast.office).get("/")
    assert links(page, "live-declare") == []
    assert links(page, "live-poster") == [f"/declarations/{works.declaration.pk}/poster.pdf"]
    assert "Add a worker first" not in text(cast.browser(cast.auditor).get("/"))


def test_heading_and_people_on_site(cast: Cast, morning: Morning) -> None:
    page = text(cast.browser(cast.office).get("/"))
    assert "Monday 23 November" in page
    assert "simulation" in page
    assert "On site now All 2 people" in page
    assert "Gebouw 1 1 since 05:02" in page
    assert "Gebouw 2 1 since 05:02" in page


def test_the_subcontractor_sees_its_own_part_only(cast: Cast, morning: Morning) -> None:
    page = text(cast.browser(cast.sub_office).get("/"))
    assert "On site now 1 person" in page
    assert "Gebouw 1" not in page


def test_a_stranger_firm_sees_nothing(cast: Cast, morning: Morning) -> None:
    page = text(cast.browser(cast.stranger_office).get("/"))
    assert "Gebouw" not in page
    assert "Your first registration" in page


def test_remarks_most_pressing_first_with_counts_that_lead_to_their_rows(
    cast: Cast, morning: Morning
) -> None:
    today = morning.of_ada.happened_day
    for index, (days_ago, code) in enumerate(
        [(5, "missingOut"), (25, "workerUnknown"), (30, "declarationMissing"), (33, "enterpriseUnknown")]
    ):
        then = NOW - timedelta(days=days_ago)
        registration = tap(morning.works, morning.ada.person, now=then).registration
        remark_on(accepted(registration, nsso_id=100 + index), code)
    browser = cast.browser(cast.office)
    page = browser.get("/")
    words = text(page)
    start = words.index("All 4 open remarks")
    places = [words.index(word, start) for word in ["today", "5 days", "25 days", "3 days over"]]
    assert places == sorted(places)
    assert "All 4 open remarks" in words
    for urgency, code in [
        ("overdue", "enterpriseUnknown"),
        ("today", "declarationMissing"),
        ("soon", "workerUnknown"),
        ("later", "missingOut"),
    ]:
        (url,) = links(page, f"live-{urgency}")
        found = rows(browser.get(url), "remarks")
        assert [row["data-code"] for row in found] == [code]
    assert today.isoformat() == "2026-11-23"


@pytest.mark.parametrize(
    ("now", "words", "left"),
    [
        # Brussels midnight is 23:00 UTC in winter and 22:00 UTC in summer; the clocks change on 25 October.
        (datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), "today", "0"),
        (datetime(2026, 10, 31, 23, 0, 0, tzinfo=UTC), "1 day over", "-1"),
        (datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC), "7 days", "7"),
        (datetime(2026, 10, 24, 22, 0, 0, tzinfo=UTC), "6 days", "6"),
        (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), "6 days", "6"),
        (datetime(2026, 10, 25, 23, 0, 0, tzinfo=UTC), "5 days", "5"),
    ],
)
def test_days_left_around_midnight_and_the_change_of_clocks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, now: datetime, words: str, left: str
) -> None:
    works = declare(cast.main, now=NOW - timedelta(days=90))
    # 23:30 in Brussels on 1 October: the last day is 31 October.
    tapped = datetime(2026, 10, 1, 21, 30, tzinfo=UTC)
    remark = remark_on(accepted(tap(works, person(), now=tapped).registration, nsso_id=7), seen_at=tapped)
    set_clock(monkeypatch, now)
    browser = cast.browser(cast.office)
    assert f"{words} No Dimona" in text(browser.get("/"))
    (row,) = rows(browser.get("/remarks/"), "remarks")
    assert row["data-deadline"] == "2026-10-31"
    assert row["data-id"] == str(remark.pk)
    assert row["data-days-left"] == left


def test_each_waiting_state_says_what_to_do_and_leads_to_its_rows(cast: Cast, morning: Morning) -> None:
    Submission.objects.filter(registration=morning.of_ada).update(state=SubmissionState.HELD)
    Submission.objects.filter(registration=morning.of_bea).update(state=SubmissionState.REFUSED)
    browser = cast.browser(cast.office)
    page = browser.get("/")
    assert "2 registrations waiting" in text(page)
    assert "then release each one" in text(page)
    (held,) = links(page, "live-held")
    assert [row["data-id"] for row in rows(browser.get(held), "registrations")] == [str(morning.of_ada.pk)]
    (refused,) = links(page, "live-refused")
    assert [row["data-id"] for row in rows(browser.get(refused), "registrations")] == [str(morning.of_bea.pk)]
    (waiting,) = links(page, "live-waiting")
    assert len(rows(browser.get(waiting), "registrations")) == 2


def test_a_forgotten_check_out_is_no_presence_but_a_reminder(cast: Cast, morning: Morning) -> None:
    eva = make_worker(cast.main, SSINS[2], "Eva", "Vergeten")
    forgotten = tap(morning.works, eva.person, now=NOW - timedelta(hours=20)).registration
    gone = make_worker(cast.main, SSINS[3], "Jan", "Weg")
    tap(morning.works, gone.person, now=NOW - timedelta(hours=3))
    tap(morning.works, gone.person, Kind.OUT, now=NOW - timedelta(hours=1))
    browser = cast.browser(cast.office)
    page = browser.get("/")
    assert "On site now All 2 people" in text(page)
    assert "1 missing check-out" in text(page)
    (url,) = links(page, "live-forgotten")
    assert [row["data-id"] for row in rows(browser.get(url), "registrations")] == [str(forgotten.pk)]
    (url,) = links(page, "live-present")
    assert len(rows(browser.get(url), "registrations")) == 2


def test_the_last_answer_of_the_nsso(cast: Cast, morning: Morning) -> None:
    browser: Browser = cast.browser(cast.office)
    assert "no answer since yesterday" in text(browser.get("/"))
    accepted(morning.of_ada, nsso_id=1)
    for seconds, words in [(2, "2 s ago"), (125, "2 min ago"), (3599, "59 min ago"), (3600, "05:02")]:
        then = NOW - timedelta(seconds=seconds)
        Submission.objects.filter(registration=morning.of_ada).update(accepted_at=then)
        assert f"last answer {words}" in text(browser.get("/"))


def test_queries_do_not_grow_with_the_rows(cast: Cast, morning: Morning) -> None:
    for index in range(12):
        registration = tap(
            morning.works, morning.ada.person, now=NOW - timedelta(days=index + 1)
        ).registration
        remark_on(accepted(registration, nsso_id=500 + index))
    browser = cast.browser(cast.office)
    with at_most_queries(12):
        assert browser.get("/").status_code == 200


def bars(page: Page) -> dict[str, str]:
    """The words of the bars by hour that are not empty."""
    words = re.findall(r"<title>(\d\d):00 to \d\d:00: (\d+)</title>", page.content.decode())
    return {hour: number for hour, number in words if number != "0"}


def test_presences_by_hour_are_those_the_company_may_see(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    ada, bea = make_worker(cast.main, SSINS[0]), make_worker(cast.sub, SSINS[1])
    tap(works, ada.person, now=NOW)
    tap(works, bea.person, now=NOW + timedelta(hours=1), employer=cast.sub, workplace=1)
    tap(works, ada.person, Kind.BREAK_START, now=NOW + timedelta(hours=2))
    tap(works, ada.person, Kind.OUT, now=NOW + timedelta(hours=3))
    set_clock(monkeypatch, NOW + timedelta(hours=4))
    assert bars(cast.browser(cast.office).get("/")) == {"06": "1", "07": "2", "08": "2", "09": "1", "10": "1"}
    assert bars(cast.browser(cast.sub_office).get("/")) == {"07": "1", "08": "1", "09": "1", "10": "1"}


def test_a_firm_in_the_middle_counts_those_below_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    with unscoped(reason="a test looks up the sub's place"):
        above = Subcontract.objects.get(company=cast.sub)
    with company_scope(cast.main):
        add_subcontract(
            declaration=works.declaration,
            parent=above,
            enterprise_number=cast.subsub.enterprise_number or "",
            name="Klein",
            starts_on=works.declaration.starts_on,
            actor=Actor(cast.main),
            now=NOW,
        )
    bea, cem = make_worker(cast.sub, SSINS[1]), make_worker(cast.subsub, SSINS[2])
    tap(works, bea.person, now=NOW, employer=cast.sub)
    tap(works, cem.person, now=NOW, employer=cast.subsub)
    tap(works, make_worker(cast.main, SSINS[0]).person, now=NOW)
    set_clock(monkeypatch, NOW + timedelta(minutes=10))
    assert bars(cast.browser(cast.sub_office).get("/")) == {"06": "2"}


def test_a_company_silent_on_its_usual_day_is_named(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    works = declare(cast.main, now=NOW - timedelta(days=60))
    subcontract_to(works, cast.sub, now=NOW - timedelta(days=60))
    bea = make_worker(cast.sub, SSINS[1])
    for weeks in (1, 2, 4):
        tap(works, bea.person, now=NOW - timedelta(weeks=weeks), employer=cast.sub)
    browser = cast.browser(cast.office)
    set_clock(monkeypatch, NOW + timedelta(minutes=29))
    assert links(browser.get("/"), "live-gaps") == []
    set_clock(monkeypatch, NOW + timedelta(minutes=31))
    page = browser.get("/")
    assert "1 silent company in the chain" in text(page)
    (url,) = links(page, "live-gaps")
    assert len(rows(browser.get(url), "chain-gaps")) == 1
    assert "registered by 06:02 on 3 of the last four same days of the week" in text(browser.get(url))
    # Not the company's own affair, and no stranger's.
    assert links(cast.browser(cast.sub_office).get("/"), "live-gaps") == []
    assert rows_of_gaps(cast.browser(cast.stranger_office)) == 0
    tap(works, bea.person, now=NOW + timedelta(minutes=30), employer=cast.sub)
    assert links(browser.get("/"), "live-gaps") == []


def rows_of_gaps(browser: Browser) -> int:
    return len(rows(browser.get("/chain-gaps/"), "chain-gaps"))


def test_declarations_to_watch_lead_to_exactly_those(cast: Cast, morning: Morning) -> None:
    today = NOW.date()
    ends_today = declare(cast.main, declared_number="9B0ENDTODAY00", ends_on=today)
    in_a_month = declare(cast.main, declared_number="9B0ENDMONTH00", ends_on=today + timedelta(days=30))
    later = declare(cast.main, declared_number="9B0ENDLATER00", ends_on=today + timedelta(days=31))
    over = declare(cast.main, declared_number="", technical_reference="", ends_on=today - timedelta(days=1))
    numberless = declare(cast.main, declared_number="", technical_reference="")
    browser = cast.browser(cast.office)
    page = browser.get("/")
    # The morning's own works have a subcontract without a clause.
    expected = {"live-ending": {ends_today, in_a_month}, "live-papers": {numberless, morning.works}}
    for id_, works in expected.items():
        (url,) = links(page, id_)
        found = {row["data-id"] for row in rows(browser.get(url), "declarations")}
        assert found == {str(one.declaration.pk) for one in works}
        assert found.isdisjoint({str(later.declaration.pk), str(over.declaration.pk)})
    assert "2 declarations end within 30 days" in text(page)
    assert "2 declarations without number or clause" in text(page)


@pytest.mark.parametrize(
    ("state", "signal"),
    [
        (SubmissionState.ACCEPTED, "ok"),
        (SubmissionState.WAITING, "wait"),
        (SubmissionState.UNCERTAIN, "wait"),
        # Somebody must look at it, but the NSSO did answer.
        (SubmissionState.REFUSED, "ok"),
    ],
)
def test_the_nsso_is_green_only_while_nothing_is_on_its_way(
    cast: Cast, morning: Morning, state: SubmissionState, signal: str
) -> None:
    Submission.objects.update(state=SubmissionState.ACCEPTED, accepted_at=NOW)
    Submission.objects.filter(registration=morning.of_ada).update(state=state)
    page = cast.browser(cast.office).get("/").content.decode()
    heading = page.partition("day-head__state")[2].partition("</p>")[0]
    assert f"badge--{signal}" in heading
