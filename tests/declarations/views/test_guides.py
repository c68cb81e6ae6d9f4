"""The one-page guides: each on one page in each language, with the figures of the advisor's data."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from ciao_portal.languages import CODES
from ciao_portal.web.pdf import pdf_from
from declarations.guide_sheet import guide_html
from declarations.rules.advising import RULES
from declarations.rules.duties import CORRECTION_DAYS, SANCTIONS
from declarations.rules.guides import Topic, thresholds_of
from registrations.rules import deadlines
from tests.cast import Cast

TODAY = date(2026, 11, 26)


def document(topic: Topic, language: str) -> PdfReader:
    return PdfReader(BytesIO(pdf_from(guide_html(topic, today=TODAY, language=language))))


def digits(text: str) -> str:
    """Without what groups thousands, which every language does otherwise."""
    return "".join(sign for sign in text if sign not in ".,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE} ")


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("topic", list(Topic))
def test_every_guide_is_one_page_with_date_version_and_figures(topic: Topic, language: str) -> None:
    (page,) = document(topic, language).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    text = page.extract_text()
    assert "26/11/2026" in text
    assert RULES in text
    sector = topic.sector
    for threshold in thresholds_of(sector) if sector else []:
        if threshold.amount:
            assert f"€{threshold.amount:.0f}" in digits(text)


@pytest.mark.parametrize("topic", [Topic.CLEANING, Topic.FOREIGN])
def test_days_and_fines_come_from_the_data(topic: Topic) -> None:
    text = digits(document(topic, "en").pages[0].extract_text().replace("\n", ""))
    assert f"within{CORRECTION_DAYS}days" in text
    assert deadlines.CORRECTION_DAYS == CORRECTION_DAYS
    for sanction in SANCTIONS:
        for amount in (*sanction.administrative, *(sanction.criminal or ())):
            assert f"€{amount:.0f}" in text
    assert "checkthecurrentamounts" in text


def test_foreign_companies_read_of_limosa_bis_vat_and_access() -> None:
    text = document(Topic.FOREIGN, "en").pages[0].extract_text()
    for part in ("Limosa", "BIS number", "foreign VAT number", "itsme", "Chief Access Manager"):
        assert part in text


def test_the_page_offers_each_guide_in_four_languages_ones_own_first(cast: Cast) -> None:
    html = cast.browser(cast.auditor).get("/declarations/guides/").content.decode()
    for topic in Topic:
        links = [f"/declarations/guides/{topic}.pdf?language={code}" for code in ("en", "nl", "fr", "de")]
        places = [html.index(link) for link in links]
        assert places == sorted(places)


def test_the_language_is_the_one_asked_for_else_ones_own(cast: Cast) -> None:
    browser = cast.browser(cast.sub_office)

    def language(query: str) -> str:
        answer = browser.get(f"/declarations/guides/meat.pdf{query}")
        assert answer["Content-Type"] == "application/pdf"
        return str(PdfReader(BytesIO(answer.content)).root_object["/Lang"])

    assert language("?language=fr") == "fr"
    assert language("") == language("?language=xx") == "en"
    assert browser.get("/declarations/guides/nonsense.pdf").status_code == 404


def test_the_advisor_leads_to_the_guides(cast: Cast) -> None:
    html = cast.browser(cast.office).get("/declarations/advisor/").content.decode()
    assert "/declarations/guides/" in html
