"""The lists of workplaces and companies, and the posters of several declarations in one document."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from ciao_portal.companies import write_card
from ciao_portal.tenancy import company_scope
from declarations.views import codes
from tests.cast import SUB_NUMBER, Cast
from tests.declarations.works import make_chain, make_subcontract, make_works
from tests.queries import at_most_queries
from tests.registrations.views.pages import rows, text


def ids(cast: Cast, user: str, path: str) -> set[str | None]:
    list_name = path.strip("/").partition("/")[0]
    page = cast.browser(getattr(cast, user)).get(path)
    assert page.status_code == 200
    return {row["data-id"] for row in rows(page, list_name)}


def test_who_sees_which_workplace(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=2)
    make_chain(cast, works)
    with company_scope(cast.main):
        places = {str(place.pk) for place in works.workplaces.all()}
    assert ids(cast, "office", "/workplaces/") == places
    assert ids(cast, "sub_office", "/workplaces/") == places
    assert ids(cast, "stranger_office", "/workplaces/") == set()
    empty = text(cast.browser(cast.stranger_office).get("/workplaces/"))
    assert "No workplaces yet" in empty


def test_filters_of_workplaces(cast: Cast) -> None:
    make_works(cast.main, workplaces=2)
    make_works(
        cast.main, workplaces=1, declared_number="", starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31)
    )
    assert len(ids(cast, "office", "/workplaces/")) == 3
    assert len(ids(cast, "office", "/workplaces/?works=yes")) == 2
    assert len(ids(cast, "office", "/workplaces/?works=no")) == 1
    assert len(ids(cast, "office", "/workplaces/?q=parking+2")) == 1
    assert ids(cast, "office", "/workplaces/?q=nowhere") == set()


def test_who_knows_which_company(cast: Cast) -> None:
    make_chain(cast, make_works(cast.main))
    with company_scope(cast.main):
        write_card(company=cast.main, subject=cast.sub, name="Sub as we call it", contact_phone="+32 2 000")
    page = cast.browser(cast.office).get("/companies/")
    words = text(page)
    assert {row["data-id"] for row in rows(page, "companies")} == {str(cast.sub.pk), str(cast.subsub.pk)}
    assert "Sub as we call it" in words
    assert "+32 2 000" in words
    assert "0202.239.951" in words
    above = text(cast.browser(cast.sub_office).get("/companies/"))
    assert "Helder Main" in above
    assert "Sub as we call it" not in above
    assert ids(cast, "stranger_office", "/companies/") == set()


@pytest.mark.parametrize("query", ["?q=sub+call", "?q=0202.239", "?chain=now&q=called+call"])
def test_filters_of_companies(cast: Cast, query: str) -> None:
    make_chain(cast, make_works(cast.main))
    with company_scope(cast.main):
        write_card(company=cast.main, subject=cast.sub, name="Sub as we called call it")
    assert ids(cast, "office", f"/companies/{query}") == {str(cast.sub.pk)}
    assert ids(cast, "sub_office", "/companies/?chain=now&q=helder") == set()


@pytest.mark.parametrize("path", ["/workplaces/", "/companies/", "/declarations/"])
def test_many_rows_ask_no_more_than_the_ceiling(cast: Cast, path: str) -> None:
    for index in range(3):
        works = make_works(cast.main, workplaces=4, declared_number="")
        make_subcontract(works, SUB_NUMBER, f"Zuiver {index}")
    browser = cast.browser(cast.auditor)
    with at_most_queries(12):
        browser.get(path)


def posted(cast: Cast, user: str, *ticked: object) -> bytes:
    form = {"row": [str(row) for row in ticked]}
    answer = cast.browser(getattr(cast, user)).post("/declarations/posters.pdf", form)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return bytes(answer.content)


def test_posters_of_several_works_are_one_document(cast: Cast) -> None:
    first = make_works(cast.main, workplaces=2)
    second = make_works(cast.main, title="Windows", workplaces=1, declared_number="9B0003SQ5VSS0")
    pages = PdfReader(io.BytesIO(posted(cast, "office", first.pk, second.pk))).pages
    assert len(pages) == 3
    words = [page.extract_text() for page in pages]
    assert sum("9B0 003SQ 5VSSZ" in page for page in words) == 2
    assert sum("9B0 003SQ 5VSS0" in page for page in words) == 1


def test_a_subcontractor_prints_its_own_posters_and_a_stranger_none(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=2)
    make_chain(cast, works)
    page = PdfReader(io.BytesIO(posted(cast, "sub_office", works.pk))).pages[0]
    assert "Zuiver" in page.extract_text()
    for user in ("stranger_office", "office"):
        form = {"row": [str(works.pk)] if user == "stranger_office" else [], "next": "/declarations/?q=x"}
        answer = cast.browser(getattr(cast, user)).post("/declarations/posters.pdf", form, follow=True)
        assert answer.redirect_chain == [("/declarations/?q=x", 302)]
        assert "no posters of yours" in text(answer)


def test_too_many_posters_are_refused_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "MOST_POSTERS", 1)
    works = make_works(cast.main, workplaces=2)
    answer = cast.browser(cast.office).post(
        "/declarations/posters.pdf", {"row": [str(works.pk)]}, follow=True
    )
    assert "These are 2 posters; at most 1 fit in one document." in text(answer)
