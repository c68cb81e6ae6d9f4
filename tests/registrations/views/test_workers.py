"""`/workers/`: list, taking on, changing, the full number, phones."""

from datetime import date, timedelta

import pytest
from django.test import Client as Browser

from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from ciao_portal.web.lists import PAGE_SIZE
from registrations.models import Device, Employment, PairingLink
from registrations.services.pairing import pair_phone
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import Served, rows, text
from tests.registrations.views.scene import accepted, remark_on

NEW = {
    "ssin": "98.47.28-997.65",
    "first_name": "Nova",
    "last_name": "Nieuw",
    "status": "employee",
    "starts_on": "2026-11-23",
}


def employments(cast: Cast) -> list[Employment]:
    with company_scope(cast.main):
        return list(Employment.objects.all())


def pair(browser: Browser, worker: Employment) -> tuple[Served, str]:
    """Make a pairing link; the page and the secret on it."""
    page = browser.post(f"/workers/{worker.pk}/pair/")
    secret = text(page).partition("/p/")[2].partition("/")[0]
    return page, secret


def test_the_list_shows_the_company_s_own_workers(cast: Cast, morning: Morning) -> None:
    page = cast.browser(cast.auditor).get("/workers/")
    assert [row["data-id"] for row in rows(page, "workers")] == [str(morning.ada.pk)]
    words = text(page)
    assert "Voorbeeld, Ada 85.07.30-•••.••" in words
    assert "Not paired" in words
    assert "Mon 23 Nov 05:02" in words
    assert "Add a worker" not in words
    assert "Add a worker" in text(cast.browser(cast.office).get("/workers/"))


def test_filters_of_workers(cast: Cast, morning: Morning) -> None:
    eva = make_worker(cast.main, SSINS[2], "Eva", "Student")
    with company_scope(cast.main):
        Employment.objects.filter(pk=eva.pk).update(status="student", ends_on=date(2026, 11, 22))
    browser = cast.browser(cast.office)
    for query, expected in [
        ("q=eva", {eva}),
        ("q=voor", {morning.ada}),
        ("status=student", {eva}),
        ("active=now", {morning.ada}),
        ("active=ended", {eva}),
        ("active=planned", set()),
    ]:
        found = {row["data-id"] for row in rows(browser.get(f"/workers/?{query}"), "workers")}
        assert found == {str(worker.pk) for worker in expected}, query


def test_a_full_page_needs_no_more_queries_than_one(cast: Cast, morning: Morning) -> None:
    with company_scope(cast.main):
        Employment.objects.bulk_create(
            Employment(
                company=cast.main,
                person=morning.ada.person,
                first_name="Ada",
                last_name=f"Vroeger {index}",
                starts_on=date(2020, 1, 1) + timedelta(days=index),
                ends_on=date(2020, 1, 1) + timedelta(days=index),
            )
            for index in range(60)
        )
    browser = cast.browser(cast.office)
    with at_most_queries(12):
        assert len(rows(browser.get("/workers/"), "workers")) == PAGE_SIZE


def test_a_worker_is_taken_on(cast: Cast, morning: Morning) -> None:
    answer = cast.browser(cast.office).post("/workers/new/", NEW, follow=True)
    (nova,) = [worker for worker in employments(cast) if worker.first_name == "Nova"]
    assert answer.redirect_chain == [(f"/workers/{nova.pk}/", 302)]
    assert "Nova Nieuw was added." in text(answer)
    assert nova.person.ssin == "98472899765"
    event = AuditEvent.objects.get(action="employment.created", user=cast.office)
    assert "98472899765" not in str(event.payload)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"ssin": "05011512379"}, "ssin", "97"),
        ({"ssin": "123"}, "ssin", "11 digits"),
        ({"ssin": "85073003328"}, "ssin", "Ada Voorbeeld already works for you"),
        ({"ends_on": "2026-11-22"}, "ends_on", "The last day is before the first day."),
        ({"last_name": ""}, "last_name", "required"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, morning: Morning, change: dict[str, str], field: str, words: str
) -> None:
    page = cast.browser(cast.office).post("/workers/new/", NEW | change)
    assert page.status_code == 200
    html = page.content.decode()
    assert f'id="id_{field}_error"' in html
    assert words in text(page)
    assert 'value="Nova"' in html
    assert len(employments(cast)) == 1


def test_somebody_who_left_can_come_back(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    leaving = {
        "first_name": "Ada",
        "last_name": "Voorbeeld",
        "status": "employee",
        "starts_on": "2025-11-23",
        "ends_on": "2026-11-22",
    }
    page = browser.post(f"/workers/{morning.ada.pk}/edit/", leaving, follow=True)
    assert "The changes were saved." in text(page)
    event = AuditEvent.objects.get(action="employment.changed")
    assert event.payload == {"changed": ["ends_on"]}
    browser.post("/workers/new/", NEW | {"ssin": SSINS[0], "first_name": "Ada", "last_name": "Terug"})
    assert {str(worker) for worker in employments(cast)} == {"Ada Voorbeeld", "Ada Terug"}
    # The earlier period cannot grow into the later one.
    page = browser.post(f"/workers/{morning.ada.pk}/edit/", leaving | {"ends_on": "2026-11-23"})
    assert "already works for you" in text(page)


def test_name_and_language_are_one_change(cast: Cast, morning: Morning) -> None:
    facts = {
        "first_name": "Ada",
        "last_name": "Anders",
        "status": "employee",
        "starts_on": "2025-11-23",
        "language": "pl",
    }
    browser = cast.browser(cast.office)
    for _turn in range(2):
        browser.post(f"/workers/{morning.ada.pk}/edit/", facts)

    (event,) = AuditEvent.objects.filter(action="employment.changed")
    assert event.payload == {"changed": ["last_name", "language"]}
    (ada,) = [worker for worker in employments(cast) if worker.pk == morning.ada.pk]
    assert (ada.last_name, ada.person.language) == ("Anders", "pl")


def test_roles_and_strangers(cast: Cast, morning: Morning) -> None:
    here = f"/workers/{morning.ada.pk}/"
    for user, addresses, expected in [
        (cast.auditor, ["/workers/new/", f"{here}edit/"], 403),
        (cast.stranger_office, [here, f"{here}edit/"], 404),
        (cast.sub_office, [here], 404),
        # The people of a subcontractor are its own workers, not the main contractor's.
        (cast.office, [f"/workers/{morning.bea.pk}/"], 404),
    ]:
        for address in addresses:
            assert cast.browser(user).get(address).status_code == expected, address
    for action in ("number", "pair"):
        assert cast.browser(cast.auditor).post(f"{here}{action}/").status_code == 403
        assert cast.browser(cast.stranger_office).post(f"{here}{action}/").status_code == 404
        # GET never acts.
        assert cast.browser(cast.office).get(f"{here}{action}/").status_code == 405
    assert not AuditEvent.objects.filter(action="ssin.revealed").exists()


def test_one_worker_with_registrations_and_remarks(cast: Cast, morning: Morning) -> None:
    remark_on(accepted(morning.of_ada, nsso_id=1, validity="validWithRemarks"))
    page = cast.browser(cast.auditor).get(f"/workers/{morning.ada.pk}/")
    words = text(page)
    assert "05:02 at Gebouw 1, still there" in words
    assert "30 days No Dimona declaration" in words
    assert "85.07.30-•••.••" in words
    assert "Show the full number" not in words


def test_the_full_number_is_shown_once_and_the_look_is_recorded(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    here = f"/workers/{morning.ada.pk}/"
    page = browser.post(f"{here}number/")
    assert "85.07.30-033.28" in text(page)
    assert "no-store" in page.headers["Cache-Control"]
    event = AuditEvent.objects.get(action="ssin.revealed")
    assert event.user == cast.office
    assert event.subject_id == str(morning.ada.pk)
    assert "85073003328" not in str(event.payload)
    assert "85.07.30-033.28" not in text(browser.get(here))


def test_a_phone_is_paired_by_a_link_shown_once_and_revoked(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    page, secret = pair(browser, morning.ada)
    assert "no-store" in page.headers["Cache-Control"]
    assert "<svg" in page.content.decode()
    assert pair_phone(secret=secret, label="Android", now=NOW)
    device = Device.objects.get(person=morning.ada.person)
    here = f"/workers/{morning.ada.pk}/"
    assert secret not in browser.get(here).content.decode()
    assert "Android" in text(browser.get(here))
    assert "Paired" in text(browser.get("/workers/"))
    revoke = f"{here}phones/{device.pk}/revoke/"
    assert cast.browser(cast.auditor).post(revoke).status_code == 403
    assert browser.post(revoke).status_code == 302
    device.refresh_from_db()
    assert device.revoked_at == NOW
    assert browser.post(revoke).status_code == 404


def test_a_phone_of_somebody_else_is_not_found(cast: Cast, morning: Morning) -> None:
    sub_browser = cast.browser(cast.sub_office)
    _page, secret = pair(sub_browser, morning.bea)
    pair_phone(secret=secret, label="iPhone", now=NOW)
    device = Device.objects.get(person=morning.bea.person)
    answer = cast.browser(cast.office).post(f"/workers/{morning.ada.pk}/phones/{device.pk}/revoke/")
    assert answer.status_code == 404
    with company_scope(cast.main):
        assert not PairingLink.objects.exists()
