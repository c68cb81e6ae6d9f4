"""`/search/`: who finds what, and where a national number never stands."""

import pytest

from ciao_portal.companies import write_card
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from registrations.models import Employment, Submission
from tests.cast import SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import Served, text
from tests.registrations.views.scene import accepted
from tests.works import DECLARED_NUMBER, REFERENCE

HERE = "/search/"


def found(page: Served) -> str:
    return text(page).partition("Found for")[2].partition("certifies")[0]


def test_names_find_workers_works_workplaces_and_firms(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    answer = browser.post(HERE, {"q": "  voor  ADA "})
    assert answer.headers["Location"] == "/search/?q=voor+ADA"
    words = found(browser.get("/search/?q=voor+ADA"))
    assert "Workers 1 Ada Voorbeeld" in words
    words = found(browser.get("/search/?q=voorbeeld"))
    assert "Workers 1 Ada Voorbeeld" in words
    assert "Declarations of works 1 Schoonmaak Voorbeeld Stad Voorbeeld · 9B0 ABCDE FGHJK" in words
    assert "Workplaces 2 Gebouw 1 Voorbeeldstraat 1, 9000 Gent Gebouw 2" in words
    assert "Companies 1 Zuiver Sub 0202.239.951" in found(browser.get("/search/?q=zuiver"))


def test_firms_are_found_as_this_company_calls_them(cast: Cast, morning: Morning) -> None:
    with company_scope(cast.main):
        write_card(company=cast.main, subject=cast.sub, name="De Witte Borstel")
    assert "De Witte Borstel" in found(cast.browser(cast.office).get("/search/?q=borstel"))
    assert "Borstel" not in found(cast.browser(cast.sub_office).get("/search/?q=borstel")).partition("”")[2]


@pytest.mark.parametrize(
    "typed",
    [SSINS[0], "85.07.30-033.28", "85 07 30 033 28", "Ada 85.07.30-033.28"],
)
def test_a_national_number_finds_the_own_worker_and_never_stands_in_an_address(
    cast: Cast, morning: Morning, typed: str, caplog: pytest.LogCaptureFixture
) -> None:
    browser = cast.browser(cast.office)
    answer = browser.post(HERE, {"q": typed})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/workers/{morning.ada.pk}/"
    # Another company's worker is not found, whoever knows the number.
    for user in (cast.sub_office, cast.stranger_office):
        page = cast.browser(user).post(HERE, {"q": typed})
        assert page.status_code == 200
        assert "Nothing was found" in text(page)
        assert SSINS[0] not in page.content.decode()
        assert typed not in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
    answer = browser.get(HERE, {"q": typed})
    assert (answer.status_code, answer.headers["Location"]) == (302, HERE)
    assert "A national number must not stand in an address." in text(browser.get(HERE))
    assert SSINS[0] not in caplog.text
    assert not AuditEvent.objects.filter(action="ssin.revealed").exists()


def test_a_mistyped_national_number_does_not_get_into_an_address_either(cast: Cast, morning: Morning) -> None:
    page = cast.browser(cast.office).post(HERE, {"q": "85073003329"})
    assert page.status_code == 200
    assert "Nothing was found" in text(page)
    assert "85073003329" not in page.content.decode()


def test_two_periods_of_one_person_are_shown_both(cast: Cast, morning: Morning) -> None:
    with company_scope(cast.main):
        Employment.objects.filter(pk=morning.ada.pk).update(ends_on="2026-11-22")
    make_worker(cast.main, SSINS[0], "Ada", "Terug")
    page = cast.browser(cast.office).post(HERE, {"q": SSINS[0]})
    assert "Workers 2 Ada Terug" in text(page)
    assert SSINS[0] not in page.content.decode()


def test_numbers_and_codes_lead_straight_to_their_only_bearer(cast: Cast, morning: Morning) -> None:
    accepted(morning.of_ada, nsso_id=17611)
    with company_scope(cast.main):
        Employment.objects.filter(pk=morning.ada.pk).update(payroll_number="P-0042")
    works, browser = morning.works.declaration, cast.browser(cast.office)
    point = morning.works.point()
    for typed, address in [
        ("p-0042", f"/workers/{morning.ada.pk}/"),
        (DECLARED_NUMBER, f"/declarations/{works.pk}/"),
        (f"{REFERENCE[:3]} {REFERENCE[3:8].lower()} {REFERENCE[8:]}", f"/declarations/{works.pk}/"),
        ("BE 0202.239.951", f"/companies/{cast.sub.pk}/"),
        ("202239951", f"/companies/{cast.sub.pk}/"),
        (f" {point.code[:5].lower()} {point.code[5:]}", f"/declarations/{works.pk}/#point-{point.pk}"),
        ("17611", f"/registrations/{morning.of_ada.pk}/"),
        (str(morning.of_ada.pk), f"/registrations/{morning.of_ada.pk}/"),
    ]:
        answer = browser.get(HERE, {"q": typed})
        assert (answer.status_code, answer.headers.get("Location")) == (302, address), typed


def test_a_number_with_several_bearers_shows_them_all(cast: Cast, morning: Morning) -> None:
    accepted(morning.of_ada, nsso_id=17611)
    with company_scope(cast.main):
        Employment.objects.filter(pk=morning.ada.pk).update(payroll_number="17611")
    words = found(cast.browser(cast.office).get(HERE, {"q": "17611"}))
    assert "Workers 1 Ada Voorbeeld 17611" in words
    assert "Registrations 1 Start · Mon 23 Nov 05:02 Ada Voorbeeld · Gebouw 1" in words


def test_the_subcontractor_finds_its_own_part_alone(cast: Cast, morning: Morning) -> None:
    accepted(morning.of_ada, nsso_id=17611)
    accepted(morning.of_bea, nsso_id=17612)
    browser = cast.browser(cast.sub_office)
    assert browser.get(HERE, {"q": "17612"}).headers["Location"] == f"/registrations/{morning.of_bea.pk}/"
    for typed in ("17611", str(morning.of_ada.pk), morning.works.point().code, "ada"):
        assert "Nothing was found" in text(browser.get(HERE, {"q": typed})), typed
    words = found(browser.get(HERE, {"q": "voorbeeld"}))
    assert "Declarations of works 1" in words
    assert "Ada" not in words


def test_a_stranger_finds_nothing(cast: Cast, morning: Morning) -> None:
    accepted(morning.of_ada, nsso_id=17611)
    browser = cast.browser(cast.stranger_office)
    for typed in (
        "voorbeeld",
        "gebouw",
        "zuiver",
        "0202239951",
        DECLARED_NUMBER,
        REFERENCE,
        morning.works.point().code,
        "17611",
        str(morning.of_ada.pk),
    ):
        page = browser.get(HERE, {"q": typed})
        assert page.status_code == 200, typed
        assert "Nothing was found" in text(page), typed


@pytest.mark.parametrize("typed", ["", "a", "\0", "%", "9" * 40, "x" * 500, "' OR 1=1 --", "٨٥٠٧٣٠٠٣٣٢٨"])
def test_anything_can_be_typed(cast: Cast, morning: Morning, typed: str) -> None:
    browser = cast.browser(cast.office)
    assert browser.post(HERE, {"q": typed}, follow=True).status_code == 200


def test_the_first_eight_are_shown_and_the_list_has_all(cast: Cast, morning: Morning) -> None:
    with company_scope(cast.main):
        Employment.objects.bulk_create(
            Employment(
                company=cast.main,
                person=morning.bea.person,
                first_name="Vele",
                last_name=f"Handen {number:02d}",
                starts_on=f"20{number:02d}-01-01",
                ends_on=f"20{number:02d}-01-02",
            )
            for number in range(12)
        )
    browser = cast.browser(cast.office)
    with at_most_queries(12):
        page = browser.get(HERE, {"q": "handen vele"})
    assert "Workers 8+" in text(page)
    assert 'href="/workers/?q=handen+vele"' in page.content.decode()


def test_every_kind_of_number_at_once_needs_few_queries(cast: Cast, morning: Morning) -> None:
    Submission.objects.update(nsso_id=202239951)
    browser = cast.browser(cast.office)
    with at_most_queries(12):
        browser.get(HERE, {"q": "0202239951"})
