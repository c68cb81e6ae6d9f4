"""`/corrections/`: the list, beginning a request, its page for both companies, and its deeds."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from ciao_portal.audit import Actor
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import unscoped
from registrations.models import Correction, Remark, Report
from registrations.services import corrections
from registrations.services.correction_owners import offer
from tests.cast import NOW, SSINS, STRANGER_NUMBER, Cast
from tests.queries import at_most_queries
from tests.registrations.corrections.world import begin, four_eyes, now_of, send
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import Page, rows, text
from tests.registrations.views.scene import accepted, remark_on, set_clock
from tests.works import tap


@pytest.fixture
def remark(morning: Morning) -> Remark:
    return remark_on(accepted(morning.of_ada, nsso_id=17611), "enterpriseNotActive")


@pytest.fixture
def of_sub(morning: Morning) -> Remark:
    return remark_on(accepted(morning.of_bea, nsso_id=17612), "enterpriseNotActive")


def ids(page: Page) -> list[str]:
    return [str(row["data-id"]) for row in rows(page, "corrections")]


def the_correction() -> Correction:
    with unscoped(reason="a test looks up the only one"):
        return Correction.objects.get()


def test_from_a_remark_to_a_request_that_was_sent(cast: Cast, remark: Remark) -> None:
    browser = cast.browser(cast.office)
    page = browser.get(f"/remarks/{remark.pk}/")
    assert "Prepare a request" in text(page)
    address = f"/corrections/new/?remark={remark.pk}"
    assert address in page.content.decode()
    words = text(browser.get(address))
    assert "The portal found no number" not in words
    assert "No other enterprise stood on the declaration" in words
    answer = browser.post(address, {"error": "enterprise", "right_value": "0202.239.951"}, follow=True)
    correction = the_correction()
    here = f"/corrections/{correction.pk}/"
    assert answer.redirect_chain[-1][0] == here
    words = text(answer)
    for part in (
        "Being prepared",
        "0206.731.645",
        "0202.239.951",
        "17611",
        "Ada Voorbeeld",
        "Wed 23 Dec 2026",
    ):
        assert part in words, part
    assert "Show the request" in text(browser.get(f"/remarks/{remark.pk}/"))
    assert "Show the request" in text(browser.get(f"/registrations/{remark.presence.registration_id}/"))
    browser.post(f"{here}ready/")
    assert "Note that it was sent" in text(browser.get(here))
    note = {"sent_on": "2026-11-23", "sent_by": "Otto", "reference": "R-77"}
    words = text(browser.post(f"{here}sent/", note, follow=True))
    for part in ("Sent to the NSSO", "R-77", "by Otto", "Note the outcome"):
        assert part in words, part
    refusal = browser.post(f"{here}outcome/", {"outcome": "refused", "words": ""})
    assert "Write why the NSSO refused it." in text(refusal)
    words = text(browser.post(f"{here}outcome/", {"outcome": "refused", "words": "Onvoldoende"}, follow=True))
    assert "Refused by the NSSO" in words
    assert "Onvoldoende" in words


def test_a_wrong_number_keeps_what_was_typed(cast: Cast, remark: Remark) -> None:
    address = f"/corrections/new/?remark={remark.pk}"
    page = cast.browser(cast.office).post(address, {"error": "enterprise", "right_value": "0202.239.952"})
    assert "The last two digits do not fit" in text(page)
    assert 'value="0202.239.952"' in page.content.decode()


def test_the_list_its_filters_and_who_sees_what(cast: Cast, remark: Remark, of_sub: Remark) -> None:
    own = begin(cast.main, remark)
    shared = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    offer(correction=shared, to=cast.sub, actor=Actor(cast.main), now=NOW)
    main, sub = cast.browser(cast.office), cast.browser(cast.sub_office)
    both = {str(own.pk), str(shared.pk)}
    assert set(ids(main.get("/corrections/"))) == both
    assert ids(sub.get("/corrections/")) == [str(shared.pk)]
    assert ids(cast.browser(cast.stranger_office).get("/corrections/")) == []
    (row,) = rows(sub.get("/corrections/"), "corrections")
    assert (row["data-state"], row["data-deadline"], row["data-days-left"]) == ("draft", "2026-12-23", "30")
    assert "offered to you" in text(sub.get("/corrections/"))
    corrections.withdraw(correction=own, words="", actor=Actor(cast.main), now=NOW)
    for browser, query, expected in (
        (main, "", {str(shared.pk)}),
        (main, "state=all", both),
        (main, "state=withdrawn", {str(own.pk)}),
        (main, "urgency=later", {str(shared.pk)}),
        (main, "urgency=today", set()),
        (main, "error=declaration", set()),
        (main, "owner=us", {str(shared.pk)}),
        (main, "owner=them", set()),
        (sub, "owner=them", {str(shared.pk)}),
        (sub, "owner=offered", {str(shared.pk)}),
    ):
        assert set(ids(browser.get(f"/corrections/?{query}"))) == expected, query


def test_a_full_list_needs_no_more_queries_than_one(cast: Cast, morning: Morning) -> None:
    for index in range(45):
        at = NOW - timedelta(hours=2 * index + 3)
        registration = tap(morning.works, morning.ada.person, now=at).registration
        begin(cast.main, remark_on(accepted(registration, nsso_id=100 + index), "enterpriseNotActive"))
    browser = cast.browser(cast.office)
    with at_most_queries(12):
        assert len(ids(browser.get("/corrections/"))) == 40


def test_what_each_company_sees_of_a_shared_request(cast: Cast, of_sub: Remark) -> None:
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER, user=cast.office)
    here = f"/corrections/{correction.pk}/"
    owners = text(cast.browser(cast.office).get(here))
    assert correction.subject in owners
    assert "Bea" not in owners, "people of the subcontractor stay nameless"
    page = cast.browser(cast.sub_office).get(here)
    words = text(page)
    assert "Helder Main has this request in hand" in words
    assert "30 days" in words
    assert correction.subject not in words
    assert "Begun Mon 23 Nov 06:02 Helder Main" in words, "people of the other company stay nameless"
    assert "Take it over" in words
    cast.browser(cast.sub_office).post(f"{here}claim/")
    assert now_of(correction).owner == cast.sub
    assert correction.subject not in text(cast.browser(cast.office).get(here))
    assert cast.browser(cast.stranger_office).get(here).status_code == 404
    assert cast.browser(cast.stranger_office).post(f"{here}claim/").status_code == 404


def test_an_auditor_reads_and_does_nothing(cast: Cast, remark: Remark) -> None:
    correction = begin(cast.main, remark)
    auditor = cast.browser(cast.auditor)
    here = f"/corrections/{correction.pk}/"
    words = text(auditor.get(here))
    assert correction.subject in words
    assert "It is ready" not in words
    assert "Make the document" not in words
    assert auditor.post(f"{here}ready/").status_code == 403
    assert "Prepare a request" not in text(auditor.get(f"/remarks/{remark.pk}/"))


def tick(browser: Browser, *remarks: Remark) -> object:
    return browser.post("/remarks/correct/", {"row": [str(one.pk) for one in remarks], "next": "/remarks/"})


def test_several_ticked_remarks_make_one_request(cast: Cast, morning: Morning, remark: Remark) -> None:
    other = tap(morning.works, morning.ada.person, now=NOW).registration
    second = remark_on(accepted(other, nsso_id=17613), "enterpriseNotActive")
    dimona = remark_on(accepted(tap(morning.works, morning.ada.person).registration, nsso_id=3))
    browser = cast.browser(cast.office)
    page = browser.get("/remarks/").content.decode()
    assert f'value="{remark.pk}"' in page
    assert f'value="{dimona.pk}"' not in page, "what is solved at its source cannot be ticked"
    answer = tick(browser, remark, second)
    address = answer["Location"]  # type: ignore[index]
    assert text(browser.get(address)).count("Ada Voorbeeld") == 2
    browser.post(address, {"error": "enterprise", "right_value": ""})
    assert the_correction().lines.count() == 2


def test_remarks_that_need_different_requests_are_told_so(
    cast: Cast, morning: Morning, remark: Remark
) -> None:
    other = tap(morning.works, morning.ada.person, now=NOW).registration
    missing = remark_on(accepted(other, nsso_id=17613), "declarationMissing")
    browser = cast.browser(cast.office)
    answer = tick(browser, remark, missing)
    assert answer["Location"] == "/remarks/"  # type: ignore[index]
    assert "need different corrections" in text(browser.get("/remarks/"))
    tick(browser)
    assert "Tick the remarks" in text(browser.get("/remarks/"))


def test_after_the_last_day_the_page_says_what_is_possible(
    cast: Cast, remark: Remark, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, NOW + timedelta(days=31))
    browser = cast.browser(cast.office)
    address = f"/corrections/new/?remark={remark.pk}"
    assert "The last day for a request is over." in text(browser.get(address))
    answer = browser.post(address, {"error": "enterprise", "right_value": "0202.239.951"}, follow=True)
    words = text(answer)
    assert "What is still possible" in words
    assert "Keep this file" in words


def test_four_eyes(cast: Cast, remark: Remark) -> None:
    second = four_eyes(cast.main)
    correction = begin(cast.main, remark)
    here = f"/corrections/{correction.pk}/"
    first = cast.browser(cast.office)
    first.post(f"{here}ready/")
    words = text(first.get(here))
    assert "A colleague reads and approves it" in words
    assert "Note that it was sent" not in words
    first.post(f"{here}approve/")
    assert now_of(correction).state == "ready"
    other = cast.browser(second)
    assert "Read it, then approve it" in text(other.get(here))
    assert "Note that it was sent" in text(other.post(f"{here}approve/", follow=True))


def test_no_national_number_gets_into_the_text(cast: Cast, remark: Remark) -> None:
    correction = begin(cast.main, remark)
    form = {"right_value": "", "language": "nl", "subject": "Correctie"}
    for number in (SSINS[0], "85.07.30-033.28"):
        page = cast.browser(cast.office).post(
            f"/corrections/{correction.pk}/edit/", {**form, "body": f"Voor {number} graag."}
        )
        assert "There is a national number in this text." in text(page)
    page = cast.browser(cast.office).post(
        f"/corrections/{correction.pk}/edit/", {**form, "body": "Nummers 12345678901 en 17611."}, follow=True
    )
    assert "Nummers 12345678901 en 17611." in text(page)


def test_the_document_belongs_to_the_owner_and_its_numbers_to_those_who_may(
    cast: Cast, of_sub: Remark
) -> None:
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    here = f"/corrections/{correction.pk}/document/"
    cast.browser(cast.sub_office).post(here)
    cast.browser(cast.office).post(here, {"has_full_numbers": "on"})
    with unscoped(reason="a test looks up the only one"):
        report = Report.objects.get()
    assert (report.company, report.correction, report.has_full_numbers) == (cast.main, correction, True)
    assert cast.browser(cast.office).get(f"/reports/{report.pk}/").status_code == 200
    assert cast.browser(cast.auditor).get(f"/reports/{report.pk}/correction-request.pdf").status_code == 403
    event = AuditEvent.objects.get(action="report.requested")
    assert event.payload["fullNumbers"] is True


def test_an_owner_sets_language_and_second_person(cast: Cast, remark: Remark) -> None:
    browser = cast.browser(cast.owner)
    browser.post("/settings/corrections/edit/", {"office_language": "de", "has_four_eyes": "on"})
    words = text(browser.get("/settings/corrections/"))
    assert "Deutsch" in words
    assert "Yes" in words
    correction = begin(cast.main, remark)
    assert correction.language == "de"
    send_refused = cast.browser(cast.office).post(
        f"/corrections/{correction.pk}/sent/", {"sent_on": "2026-11-23", "sent_by": "Otto"}
    )
    assert "approved by a second person" in text(send_refused)


def test_the_audit_list_names_the_request(cast: Cast, remark: Remark) -> None:
    correction = begin(cast.main, remark, user=cast.office)
    send(correction, Actor(cast.main, cast.office))
    page = cast.browser(cast.auditor).get("/settings/audit/")
    assert "Request for a correction sent to the NSSO" in text(page)
    assert f"/corrections/{correction.pk}/" in page.content.decode()
