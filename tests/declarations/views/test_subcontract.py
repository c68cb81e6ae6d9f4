"""The page of one place in a chain: change it, move it, end it, note by what its people register."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from ciao_portal.models import CompanyCard
from ciao_portal.tenancy import company_scope
from declarations.clause import CLAUSES
from declarations.models import AgreedMeans, Declaration, Subcontract
from tests.cast import STRANGER_NUMBER, Cast
from tests.declarations.works import make_chain, make_subcontract, make_works
from tests.uploads import picture_file


@pytest.fixture
def works(cast: Cast) -> Declaration:
    return make_works(cast.main)


@pytest.fixture
def place(cast: Cast, works: Declaration) -> Subcontract:
    """Zuiver Sub, with Klein Subsub below it."""
    return make_chain(cast, works)[0]


@pytest.fixture
def office(cast: Cast) -> Browser:
    return cast.browser(cast.office)


def url_of(place: Subcontract, deed: str = "") -> str:
    return f"/declarations/{place.declaration_id}/chain/{place.pk}/{deed}"


def now_of(place: Subcontract) -> Subcontract:
    with company_scope(place.declaration.company):
        return Subcontract.objects.select_related("parent").get(pk=place.pk)


FACTS = {
    "name": "Zuiver nv",
    "starts_on": "2026-02-01",
    "ends_on": "2026-12-31",
    "amount": "9.500,50",
    "has_clause": "on",
    "clause_since": "2026-01-15",
    "contact_email": "An@sub.example",
    "contact_phone": "09 123 45 67",
}


def test_what_was_agreed_is_changed(cast: Cast, office: Browser, works: Declaration) -> None:
    place = make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    assert 'value="Vreemd"' in office.get(url_of(place, "edit/")).content.decode()
    assert office.post(url_of(place, "edit/"), FACTS)["Location"] == url_of(place)
    html = office.get(url_of(place)).content.decode()
    for words in ("Zuiver nv", "9,500.50", "An@sub.example", "09 123 45 67"):
        assert words in html
    assert "Yes, since" in html
    assert "The contract holds no clause" not in html
    kept = now_of(place)
    assert (str(kept.starts_on), str(kept.ends_on), str(kept.clause_since)) == (
        "2026-02-01",
        "2026-12-31",
        "2026-01-15",
    )
    # The deed stands in the history, with what changed.
    assert "Subcontract changed" in html
    assert "Clause since" in html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "This field is required."),
        ({"has_clause": ""}, "Tick it as well, or empty the day."),
        ({"starts_on": "2025-12-01"}, "must lie within the period of the company above"),
        ({"starts_on": "2026-04-01"}, "The subcontract with 0400.000.086 below it lies partly outside"),
        ({"ends_on": "2026-01-31", "starts_on": "2026-01-01"}, "below it lies partly outside"),
        ({"ends_on": "2026-01-31"}, "The last day is before the first day."),
    ],
)
def test_a_change_that_is_refused(
    office: Browser, place: Subcontract, works: Declaration, changes: dict[str, str], words: str
) -> None:
    with company_scope(works.company):
        Subcontract.objects.filter(parent=place).update(starts_on="2026-03-01")
    before = now_of(place)
    html = office.post(url_of(place, "edit/"), FACTS | changes).content.decode()
    assert words in html
    assert 'value="9.500,50"' in html
    assert now_of(place).starts_on == before.starts_on
    with company_scope(works.company):
        assert CompanyCard.objects.get(subject=place.company).name == "Zuiver"


def test_a_move_offers_what_is_possible_and_says_why_not(
    cast: Cast, office: Browser, works: Declaration, place: Subcontract
) -> None:
    other = make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    html = office.get(url_of(place, "move/")).content.decode()
    assert re.findall(r"<option [^>]*>([^<]+)", html) == ["Helder Main", "Vreemd"]
    assert html.count("the chain would run in a circle") == 2
    refused = office.post(url_of(place, "move/"), {"parent": str(place.pk)})
    assert "the chain would run in a circle" in refused.content.decode()
    answer = office.post(url_of(place, "move/"), {"parent": str(other.pk)})
    assert answer["Location"].endswith(f"/chain/?at={place.pk}#place-{place.pk}")
    assert now_of(place).parent == other
    office.post(url_of(place, "move/"), {"parent": ""})
    assert now_of(place).parent is None


def test_an_end_is_confirmed_knowing_who_ends_with_it(office: Browser, place: Subcontract) -> None:
    url = url_of(place, "end/")
    assert (
        "The last day is before the first day."
        in office.post(url, {"ends_on": "2025-01-01"}).content.decode()
    )
    day = {"ends_on": "2026-02-28"}
    html = office.post(url, day).content.decode()
    assert "1 company below it ends with it" in html
    assert "<strong>Klein</strong>" in html
    assert url_of(place, "now/") in html
    assert now_of(place).ends_on is None
    # Another day than the one that was shown is asked once more.
    assert office.post(url, {"ends_on": "2026-03-31", "confirmed": "2026-02-28"}).status_code == 200
    assert confirmed(office, url, day).status_code == 302
    assert str(now_of(place).ends_on) == "2026-02-28"
    tree = office.get(f"/declarations/{place.declaration_id}/chain/").content.decode()
    assert tree.count("tree__box--over") == 2


def confirmed(office: Browser, url: str, day: dict[str, str]) -> Any:
    """The second step, with what the first one carries along."""
    html = office.post(url, day).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(confirmed|foreseen)" value="([^"]*)"', html))
    return office.post(url, day | hidden)


def test_an_end_is_taken_away(cast: Cast, office: Browser, works: Declaration) -> None:
    place = make_subcontract(works, STRANGER_NUMBER, "Vreemd", ends_on=date(2026, 6, 30))
    assert "Take away the last day" in office.get(url_of(place, "end/")).content.decode()
    assert office.post(url_of(place, "keep-on/"))["Location"] == url_of(place)
    assert now_of(place).ends_on is None
    assert "Last day of a subcontract taken away" in office.get(url_of(place)).content.decode()


def test_means_are_agreed_and_withdrawn(office: Browser, place: Subcontract) -> None:
    url = url_of(place, "means/")
    own = {"means": "own_system", "system": "", "agreed_on": "2026-01-10"}
    assert "Say what the subcontractor&#x27;s own system is called." in office.post(url, own).content.decode()
    assert office.post(url, own | {"system": "Klokkie"}).status_code == 302
    assert office.post(url, {"means": "phone", "agreed_on": "2026-01-11"}).status_code == 302
    assert (
        "agreed on already"
        in office.post(url, {"means": "phone", "agreed_on": "2026-01-12"}).content.decode()
    )
    html = office.get(url_of(place)).content.decode()
    assert "Klokkie" in html
    assert "Their own phones, in this portal" in html
    with company_scope(place.declaration.company):
        phone = AgreedMeans.objects.get(means="phone")
    for _twice in range(2):
        office.post(url_of(place, f"means/{phone.pk}/withdraw/"))
    html = office.get(url_of(place)).content.decode()
    assert "withdrawn on" in html
    assert html.count("Agreement on a means of registration withdrawn") == 1
    assert office.post(url, {"means": "phone", "agreed_on": "2026-02-01"}).status_code == 302


def test_the_file_of_an_agreement(cast: Cast, office: Browser, place: Subcontract) -> None:
    url = url_of(place, "means/")
    typed = {"means": "tablet", "agreed_on": "2026-01-10"}
    wrong = office.post(url, typed | {"file": SimpleUploadedFile("agreement.exe", b"MZ")})
    assert "Files of this kind are not kept here." in wrong.content.decode()
    assert office.post(url, typed | {"file": picture_file()}).status_code == 302
    html = office.get(url_of(place)).content.decode()
    link = re.search(r'href="([^"]+/file/)"', html)
    assert link is not None
    # Both who agreed read it, nobody else.
    for browser, status in (
        (office, 200),
        (cast.browser(cast.sub_office), 200),
        (cast.browser(cast.stranger_office), 404),
    ):
        answer = browser.get(link[1])
        assert answer.status_code == status
        assert (answer.content == picture_file().read()) == (status == 200)
    assert office.get(url_of(place, f"means/{place.pk}/file/")).status_code == 404


def test_a_subcontractor_reads_its_place_and_those_below(cast: Cast, place: Subcontract) -> None:
    sub = cast.browser(cast.sub_office)
    html = sub.get(url_of(place)).content.decode()
    assert "Klein Subsub" in html
    assert "Change" not in re.sub(r"<(header|nav).*?</\1>", "", html, flags=re.S)
    assert sub.get(url_of(place, "edit/")).status_code == 403


def test_a_place_beside_is_not_there(cast: Cast, works: Declaration, place: Subcontract) -> None:
    beside = make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    for deed in ("", "now/", "invite/"):
        assert cast.browser(cast.sub_office).get(url_of(beside, deed)).status_code in (404, 405)
        assert cast.browser(cast.stranger_office).get(url_of(place, deed)).status_code in (404, 405)


def test_the_model_clause_in_four_languages(office: Browser) -> None:
    html = office.get("/declarations/clause/").content.decode()
    for clause in CLAUSES:
        assert clause.heading in html
        assert clause.warning in html
    assert len({len(clause.paragraphs) for clause in CLAUSES}) == 1
    pdf = office.get("/declarations/clause/fr.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert office.get("/declarations/clause/xx.pdf").status_code == 404
