"""The takeover assistant: shown first, saved then; the steps by hand; the contractor of the works before."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration, TakeoverStep
from tests.cast import Cast
from tests.declarations.works import NUMBER, make_chain, make_works
from tests.queries import at_most_queries

MIDNIGHT = "2026-11-24T00:00"


def address(works: Declaration, page: str = "takeover/") -> str:
    return f"/declarations/{works.pk}/{page}"


def typed(works: Declaration, **changes: Any) -> dict[str, Any]:
    with company_scope(works.company):
        return {
            "at": MIDNIGHT,
            "title": "Daily cleaning, renewed",
            "amount": "51.000",
            "amount_per_year": "on",
            "declared_number": "",
            "technical_reference": "",
            "ends_on": "",
            "workplaces": [str(one.pk) for one in works.workplaces.all()],
            "places": [str(one.pk) for one in works.subcontracts.all()],
        } | changes


def mark(html: str) -> str:
    """What the button that saves carries."""
    found = re.search(r'name="confirm" value="(\w+)"', html)
    assert found
    return found[1]


def successor(works: Declaration) -> Declaration | None:
    with unscoped(reason="a test looks at what was saved"):
        return Declaration.objects.filter(takes_over=works).first()


def test_the_form_comes_filled_in(cast: Cast) -> None:
    works = make_works(cast.main)
    make_chain(cast, works)
    browser = cast.browser(cast.office)
    with at_most_queries(13):
        html = browser.get(address(works)).content.decode()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert f'value="{tomorrow.isoformat()}T00:00"' in html
    assert html.count("checked") >= 4
    assert "Zuiver" in html
    assert 'name="confirm"' not in html


def test_what_will_happen_is_shown_before_anything_is_saved(cast: Cast) -> None:
    works = make_works(cast.main)
    make_chain(cast, works)
    browser = cast.browser(cast.office)
    form = typed(works, ends_on="2027-12-31")
    html = browser.post(address(works), form).content.decode()
    for words in (
        "ends: its last day is 23/11/2026",
        "from 24/11/2026 00:00; its first day is 24/11/2026",
        "2 workplaces get new codes",
        "Zuiver goes on from 24/11/2026 until 31/12/2027.",
        "still stops under the old declaration",
        "The numbers of the new declaration are missing",
    ):
        assert words in html
    assert successor(works) is None

    response = browser.post(address(works), form | {"confirm": mark(html)})
    new = successor(works)
    assert new is not None
    assert response["Location"] == address(new, "takeover/steps/")
    works.refresh_from_db()
    assert works.ends_on == date(2026, 11, 23)


def test_only_what_was_shown_is_saved(cast: Cast) -> None:
    works = make_works(cast.main)
    browser = cast.browser(cast.office)
    shown = mark(browser.post(address(works), typed(works)).content.decode())
    html = browser.post(address(works), typed(works, at="2026-11-25T06:00", confirm=shown)).content.decode()
    assert "Something changed since you looked" in html
    assert successor(works) is None


def test_a_minute_that_passed_is_possible_and_explained(cast: Cast) -> None:
    works = make_works(cast.main)
    html = (
        cast.browser(cast.office).post(address(works), typed(works, at="2026-10-01T06:30")).content.decode()
    )
    assert "This minute has passed." in html
    assert mark(html)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"at": "2025-06-01T00:00"}, "The old contract began on 01/01/2026."),
        ({"at": ""}, "Give the day and time from which the new contract counts."),
        ({"workplaces": []}, "Tick at least one workplace."),
        ({"declared_number": NUMBER}, "has this number already"),
    ],
)
def test_an_error_keeps_what_was_typed(cast: Cast, changes: dict[str, Any], words: str) -> None:
    works = make_works(cast.main)
    browser = cast.browser(cast.office)
    form = typed(works, **changes)
    html = browser.post(address(works), form).content.decode()
    # A number is compared when it is saved; everything else is said before it is shown what will happen.
    assert ('name="confirm"' in html) is ("declared_number" in changes)
    if "declared_number" in changes:
        html = browser.post(address(works), form | {"confirm": mark(html)}).content.decode()
    assert words in html
    assert "Daily cleaning, renewed" in html
    assert successor(works) is None


def test_what_was_taken_over_leads_to_its_successor(cast: Cast) -> None:
    works = make_works(cast.main)
    browser = cast.browser(cast.office)
    browser.post(
        address(works),
        typed(works, confirm=mark(browser.post(address(works), typed(works)).content.decode())),
    )
    new = successor(works)
    assert new is not None
    assert browser.get(address(works))["Location"] == address(new, "takeover/steps/")
    old_page, new_page = (browser.get(address(one, "")).content.decode() for one in (works, new))
    assert "Taken over from 24/11/2026 00:00 on by:" in old_page
    assert "Takes over from 24/11/2026 00:00 on:" in new_page
    assert address(works) not in old_page
    assert f'hx-get="{address(new, "takeover/radar/")}"' in new_page


def test_steps_are_ticked_with_who_and_when(cast: Cast) -> None:
    works = make_works(cast.main)
    browser = cast.browser(cast.office)
    browser.post(
        address(works),
        typed(works, confirm=mark(browser.post(address(works), typed(works)).content.decode())),
    )
    new = successor(works)
    assert new is not None
    steps = address(new, "takeover/steps/")
    with company_scope(cast.main):
        first = new.places.get(position=1).workplace
    for form in ({"workplace": str(first.pk), "done": "1"}, {"workplace": "", "done": "1"}):
        assert browser.post(address(new, "takeover/step/"), form)["Location"] == steps
    html = browser.get(steps).content.decode()
    assert html.count("Office, ") == 2
    assert "New poster hung at Parking 1" in html
    # An auditor reads, and ticks nothing.
    assert "Not done after all" not in cast.browser(cast.auditor).get(steps).content.decode()
    browser.post(address(new, "takeover/step/"), {"workplace": str(first.pk)})
    with company_scope(cast.main):
        assert [step.workplace for step in TakeoverStep.objects.all()] == [None]


def test_a_step_of_other_works_changes_nothing(cast: Cast) -> None:
    works = make_works(cast.main)
    browser = cast.browser(cast.office)
    browser.post(address(works, "former/"), {"former_number": "0409.536.968"})
    other = make_works(cast.main, declared_number="", technical_reference="")
    with company_scope(cast.main):
        foreign = other.places.get(position=1).workplace_id
    browser.post(address(works, "takeover/step/"), {"workplace": str(foreign), "done": "1"})
    with company_scope(cast.main):
        assert not TakeoverStep.objects.exists()


def test_the_contractor_before_is_noted(cast: Cast) -> None:
    works = make_works(cast.main)
    browser = cast.browser(cast.office)
    page = address(works, "former/")
    html = browser.post(page, {"former_number": "0409.536.969"}).content.decode()
    assert "0409.536.969" in html

    form = {"former_number": "0409.536.968", "former_name": "Vreemde", "former_until": "2026-11-24T06:00"}
    assert browser.post(page, form)["Location"] == address(works, "takeover/steps/")
    works.refresh_from_db()
    assert works.former_company == cast.stranger
    assert works.takes_over_at == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    html = browser.get(page).content.decode()
    assert 'value="0409536968"' in html
    assert 'value="2026-11-24T06:00"' in html
    assert "Works of Vreemde until 24/11/2026 06:00" in browser.get(address(works, "")).content.decode()


def test_the_contractor_before_on_the_page_of_a_new_declaration(cast: Cast) -> None:
    form = {
        "client_name": "Stad Gent",
        "client_number": "",
        "title": "Won works",
        "activity": "buildings",
        "regime": "ciao",
        "amount": "48000",
        "starts_on": "2026-12-01",
        "ends_on": "",
        "declared_number": "",
        "technical_reference": "",
        "workplaces-TOTAL_FORMS": "1",
        "workplaces-INITIAL_FORMS": "0",
        "workplaces-0-name": "Parking",
        "workplaces-0-street": "Kouter",
        "workplaces-0-house_number": "12",
        "workplaces-0-post_code": "9000",
        "workplaces-0-municipality": "Gent",
        "former-former_number": "0206.731.645",
        "former-former_name": "Vreemde",
    }
    browser = cast.browser(cast.office)
    html = browser.post("/declarations/new/", form).content.decode()
    assert "This is your own number." in html
    assert (
        browser.post("/declarations/new/", form | {"former-former_number": "0409536968"}).status_code == 302
    )
    with company_scope(cast.main):
        works = Declaration.objects.get()
    assert works.former_company == cast.stranger
    assert works.takes_over_at == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
