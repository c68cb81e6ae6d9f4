"""The poster studio: what is chosen, shown and printed; versions; the NSSO's own address."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader

from ciao_portal.audit import Actor
from ciao_portal.models import AuditEvent, User
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration, NssoAddress, PosterVersion, RegistrationPoint
from declarations.services.declaring import change_declaration
from declarations.views import studio
from tests.cast import NOW, Cast
from tests.declarations.works import make_chain, make_works
from tests.queries import at_most_queries

# The same on every database.
pytestmark = pytest.mark.once

NSSO = "https://checkinout.socialsecurity.be/works/1Y1003SQ5VSSZ"
A4, A6 = (595, 842), (298, 420)


def url(works: Declaration, page: str = "posters/", **chosen: Any) -> str:
    return f"/declarations/{works.pk}/{page}?{urlencode(chosen, doseq=True)}"


def page(cast: Cast, works: Declaration, user: User | None = None, **chosen: Any) -> str:
    response = cast.browser(user or cast.office).get(url(works, **chosen))
    assert response.status_code == 200
    return response.content.decode()


def pdf(cast: Cast, works: Declaration, user: User | None = None, **chosen: Any) -> PdfReader:
    response = cast.browser(user or cast.office).get(url(works, "poster.pdf", **chosen))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return PdfReader(BytesIO(response.content))


def codes_of(works: Declaration, *companies: object, whole: bool = False) -> list[str]:
    with unscoped(reason="The test reads the points of several companies."):
        points = RegistrationPoint.objects.filter(declaration=works, workplace__isnull=whole)
        rows = [
            point for point in points.select_related("company", "workplace") if point.company in companies
        ]
    order = {company: index for index, company in enumerate(companies)}
    place = {point.pk: point.workplace.name if point.workplace else "" for point in rows}
    return [str(one) for one in sorted(rows, key=lambda one: (order[one.company], place[one.pk]))]


def on_pages(reader: PdfReader, codes: list[str]) -> list[str]:
    """Of each page the code on it."""
    texts = [sheet.extract_text() for sheet in reader.pages]
    return [next(code for code in codes if code in text) for text in texts]


def test_without_a_choice_it_shows_the_first_of_ones_own_posters(cast: Cast) -> None:
    works = make_works(cast.main)
    make_chain(cast, works)
    browser = cast.browser(cast.auditor)
    with at_most_queries(16):
        html = browser.get(url(works)).content.decode()
    first, second = codes_of(works, None)
    assert html.count(first) == 2
    assert second not in html
    assert "2 pages" in html
    assert 'name="company"' in html
    assert "style=" not in html


def test_looking_keeps_nothing_and_printing_does(cast: Cast) -> None:
    works = make_works(cast.main)
    page(cast, works)
    page(cast, works, size="a6", where="all")
    with company_scope(cast.main):
        assert not PosterVersion.objects.exists()
    pdf(cast, works, size="a6", where="all")
    with company_scope(cast.main):
        assert PosterVersion.objects.count() == 2


def test_the_choice_is_printed_in_one_document(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=3)
    make_chain(cast, works)
    general = codes_of(works, None)
    with company_scope(cast.main):
        places = list(works.places.order_by("position").values_list("workplace", flat=True))

    some = pdf(cast, works, size="a6", where="some", place=[places[2], places[0]])
    assert on_pages(some, general) == [general[0], general[2]]
    assert [(round(one.mediabox.width), round(one.mediabox.height)) for one in some.pages] == [A6, A6]

    everybody = codes_of(works, None, cast.subsub, cast.sub)
    whole_chain = pdf(cast, works, size="a4", where="all", whose="all")
    assert on_pages(whole_chain, everybody) == everybody
    assert {round(one.mediabox.height) for one in whole_chain.pages} == {A4[1]}

    one_firm = pdf(cast, works, size="a4", where="all", whose="some", company=cast.sub.pk)
    assert on_pages(one_firm, everybody) == codes_of(works, cast.sub)

    (together,) = pdf(cast, works, size="a4", where="one").pages
    assert codes_of(works, None, whole=True)[0] in together.extract_text()

    sheets = pdf(cast, works, size="stickers", where="all", copies=8).pages
    assert len(sheets) == 2
    assert sheets[0].extract_text().count(general[0]) == 8
    assert sheets[0].extract_text().count(general[1]) == 4


def test_further_languages_stand_beside_the_four(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=1)
    text = pdf(cast, works, size="a4", where="all", language=["pl", "ru"]).pages[0].extract_text()
    for part in ("Scan de code", "Scannez", "Code scannen", "Scan the code", "Zeskanuj kod", "Отсканируйте"):
        assert part in text
    html = page(cast, works, size="a4", where="all", language=["ar"])
    assert 'lang="ar" dir="rtl"' in html
    assert re.search(r'value="ar"[^>]* checked', html)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"language": ["pl", "pt", "ro", "bg", "es"]}, "5 further languages are ticked; at most 4 fit."),
        ({"where": "some"}, "Tick at least one workplace"),
        ({"whose": "some"}, "Tick at least one company"),
        ({"size": "a0"}, "a0"),
        ({"size": "stickers", "copies": "13"}, "12"),
        ({"where": "some", "place": "nonsense"}, "nonsense"),
    ],
)
def test_what_cannot_be_printed_is_said_plainly(cast: Cast, chosen: dict[str, Any], words: str) -> None:
    works = make_works(cast.main)
    make_chain(cast, works)
    asked = {"size": "a4", "where": "all"} | chosen
    answer = cast.browser(cast.office).get(url(works, "poster.pdf", **asked))
    assert answer.status_code == 302
    assert answer["Location"] == url(works, **asked)
    html = cast.browser(cast.office).get(answer["Location"]).content.decode()
    assert words in html
    assert "Nothing to show yet" in html


def test_too_many_pages_are_refused_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "MOST_POSTERS", 1)
    works = make_works(cast.main)
    assert "These are 2 pages; at most 1 fit" in page(cast, works, size="a4", where="all")
    assert "1 page" in page(cast, works, size="stickers", where="all", copies=6)


def test_a_chain_member_prints_its_own_and_those_below_it(cast: Cast) -> None:
    works = make_works(cast.main)
    make_chain(cast, works)
    mine = codes_of(works, cast.sub, cast.subsub)
    html = page(cast, works, cast.sub_office)
    assert mine[0] in html
    assert codes_of(works, None)[0] not in html
    assert "nsso-address" not in html
    assert on_pages(pdf(cast, works, cast.sub_office, size="a4", where="all", whose="all"), mine) == mine
    foreign = url(works, "poster.pdf", size="a4", where="all", whose="some", company=cast.main.pk)
    assert cast.browser(cast.sub_office).get(foreign).status_code == 302
    assert cast.browser(cast.stranger_office).get(url(works)).status_code == 404


def versions(cast: Cast, works: Declaration) -> list[tuple[int, ...]]:
    """Of each point that was printed, the numbers of its versions."""
    with company_scope(cast.main):
        points = RegistrationPoint.objects.filter(declaration=works, versions__isnull=False).distinct()
        return [tuple(point.versions.values_list("number", flat=True)) for point in points]


def test_the_version_counts_up_when_the_paper_says_something_else(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=1)
    browser = cast.browser(cast.office)
    asked: list[dict[str, Any]] = [{}, {}, {"size": "a6", "where": "all"}]
    for query in asked:
        browser.get(url(works, "poster.pdf", **query))
    assert versions(cast, works) == [(1,)]
    assert "1 · " in pdf(cast, works).pages[0].extract_text()

    with company_scope(cast.main):
        change_declaration(declaration=works, ends_on=None, actor=Actor(cast.main), now=NOW)
    assert "2 · " in pdf(cast, works).pages[0].extract_text()
    assert versions(cast, works) == [(1, 2)]

    browser.post(f"/declarations/{works.pk}/nsso-address/", {"url": NSSO})
    assert "3 · " in pdf(cast, works).pages[0].extract_text()
    with company_scope(cast.main):
        change_declaration(declaration=works, technical_reference="", actor=Actor(cast.main), now=NOW)
    pdf(cast, works)
    assert versions(cast, works) == [(1, 2, 3)]


def test_the_version_is_the_same_for_whoever_prints(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=1)
    make_chain(cast, works)
    pdf(cast, works, company=cast.sub.pk)
    pdf(cast, works, cast.sub_office)
    assert versions(cast, works) == [(1,)]


def test_the_address_of_the_nsso_is_kept_printed_and_taken_away(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=1)
    address = f"/declarations/{works.pk}/nsso-address/"
    browser = cast.browser(cast.office)
    assert "checkinout.socialsecurity.be" in pdf(cast, works).pages[0].extract_text()

    answer = browser.post(address, {"url": f" {NSSO} "}, follow=True)
    assert answer.redirect_chain == [(f"/declarations/{works.pk}/posters/", 302)]
    assert NSSO in answer.content.decode()
    assert NSSO in browser.get(address).content.decode()
    assert "works/1Y1003SQ5VSSZ" in pdf(cast, works).pages[0].extract_text().replace("\n", "")

    browser.post(address, {"url": NSSO})
    browser.post(address, {"url": ""})
    with company_scope(cast.main):
        assert not NssoAddress.objects.exists()
    deeds = AuditEvent.objects.filter(action__startswith="declaration.nsso_address").order_by("id")
    assert list(deeds.values_list("action", flat=True)) == [
        "declaration.nsso_address_kept",
        "declaration.nsso_address_removed",
    ]


def test_an_address_of_somebody_else_is_refused_and_stays_typed(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=1)
    wrong = "https://example.com/works"
    html = (
        cast.browser(cast.office)
        .post(f"/declarations/{works.pk}/nsso-address/", {"url": wrong})
        .content.decode()
    )
    assert "example.com is not known as an address of the NSSO." in html
    assert f'value="{wrong}"' in html
    with company_scope(cast.main):
        assert not NssoAddress.objects.exists()


def test_a_single_workplace_without_a_chain_asks_little(cast: Cast) -> None:
    html = page(cast, make_works(cast.main, workplaces=1))
    for name in ("place", "company", "whose"):
        assert f'name="{name}"' not in html
    assert "1 page" in html
