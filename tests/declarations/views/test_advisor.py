"""The scope advisor: three questions by GET, an answer, kept by whoever may declare."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pypdf import PdfReader

from ciao_portal.tenancy import company_scope
from declarations.models import Assessment
from declarations.rules.advising import Case, Customer, advise
from declarations.rules.thresholds import Sector
from declarations.services.assessing import advice_of, assess
from tests.cast import Cast
from tests.queries import at_most_queries
from tests.registrations.views.pages import rows, text

ADVISOR = "/declarations/advisor/"
FIRST = {"sector": "cleaning"}
SECOND = FIRST | {"work": "buildings", "customer": "business", "own_staff": "on"}
THIRD = SECOND | {"amount": "12.500,50", "per_year": "on", "subcontractors": "0", "starts_on": "2026-12-01"}
CASE = Case(
    sector=Sector.CLEANING,
    work="buildings",
    customer=Customer.BUSINESS,
    own_staff=True,
    amount=Decimal("12500.50"),
    per_year=True,
    subcontractors=2,
    starts_on=date(2026, 12, 1),
)


@pytest.fixture
def office(cast: Cast) -> Browser:
    return cast.browser(cast.office)


def kept(cast: Cast, title: str = "Parking Noord") -> Assessment:
    with company_scope(cast.main):
        return assess(company=cast.main, user=cast.office, title=title, case=CASE, now=timezone.now())


def test_one_question_after_the_other(office: Browser) -> None:
    page = text(office.get(ADVISOR))
    assert "Question 1 of 3" in page
    assert "This field is required" not in page
    page = text(office.get(ADVISOR, FIRST | {"step": "1"}))
    assert "Question 2 of 3" in page
    assert "Windows, glass and walls" in page
    assert "This field is required" not in page
    page = text(office.get(ADVISOR, SECOND | {"step": "2"}))
    assert "Question 3 of 3" in page
    assert "This field is required" not in page


def test_other_sectors_ask_for_other_work(office: Browser) -> None:
    page = text(office.get(ADVISOR, {"sector": "construction", "step": "1"}))
    assert "Office work in the site cabin" in page
    assert "Windows, glass and walls" not in page


def test_a_question_without_an_answer_is_asked_again(office: Browser) -> None:
    page = text(office.get(ADVISOR, FIRST | {"customer": "business", "step": "2"}))
    assert "Question 2 of 3" in page
    assert "This field is required" in page
    page = office.get(ADVISOR, THIRD | {"amount": "a lot", "step": "3"}).content.decode()
    assert "Give the amount as a number" in page
    assert 'value="a lot"' in page


def test_the_answer_with_its_reasons(office: Browser) -> None:
    with at_most_queries(12):
        page = text(office.get(ADVISOR, THIRD | {"step": "3"}))
    assert "No duty to register presences" in page
    assert "below the threshold of € 30,000" in page
    assert "in force since 01/09/2024" in page
    assert "With one subcontractor the duty applies from € 5,000" in page
    assert "A vendor writes that cleaning counts whatever the amount" in page
    page = text(office.get(ADVISOR, THIRD | {"subcontractors": "2", "step": "3"}))
    assert "Check In and Out at Work applies" in page
    assert "Since 01/12/2026" in page


def test_keeping_the_answer(cast: Cast, office: Browser) -> None:
    missing = office.post("/declarations/assessments/keep/", THIRD | {"step": "3", "title": " "})
    assert "This field is required" in text(missing)
    answer = office.post("/declarations/assessments/keep/", THIRD | {"step": "3", "title": "Parking Noord"})
    with company_scope(cast.main):
        found = Assessment.objects.get()
    assert answer["Location"] == f"/declarations/assessments/{found.pk}/"
    page = text(office.get(answer["Location"]))
    assert "Parking Noord" in page
    assert "€ 12,500.50 per year" in page
    assert "No duty to register presences" in page
    assert office.post("/declarations/assessments/keep/", {"title": "x"})["Location"] == ADVISOR


@pytest.mark.django_db
def test_what_was_answered_stays_whatever_the_rules_become(cast: Cast) -> None:
    found = kept(cast)
    found.refresh_from_db()
    assert advice_of(found) == advise(CASE)
    assert (found.duty, found.since, found.rules) == ("ciao", date(2026, 12, 1), "2026-11")


def test_the_list_is_the_companys_own(cast: Cast, office: Browser) -> None:
    first, second = kept(cast), kept(cast, "Stadhuis")
    path = "/declarations/assessments/"
    listed = [row["data-id"] for row in rows(office.get(path), "assessments")]
    assert set(listed) == {str(first.pk), str(second.pk)}
    found = rows(office.get(path, {"q": "stad"}), "assessments")
    assert [row["data-id"] for row in found] == [str(second.pk)]
    assert rows(office.get(path, {"duty": "none"}), "assessments") == []
    assert "No contract assessed yet" in text(cast.browser(cast.stranger_office).get(path))


def test_an_auditor_reads_and_keeps_nothing(cast: Cast) -> None:
    auditor = cast.browser(cast.auditor)
    assert "Keep the answer" not in text(auditor.get(ADVISOR, THIRD | {"step": "3"}))
    answer = auditor.post("/declarations/assessments/keep/", THIRD | {"step": "3", "title": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "Waarom"), ("fr", "Pourquoi"), ("de", "Warum"), ("en", "Why")],
)
def test_the_document_in_the_readers_language(cast: Cast, office: Browser, language: str, words: str) -> None:
    found = kept(cast)
    cast.office.language = language
    cast.office.save(update_fields=["language"])
    answer = office.get(f"/declarations/assessments/{found.pk}/assessment.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "Parking" not in answer["Content-Disposition"]
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    paper = pages[0].extract_text()
    assert words in paper
    assert "Parking Noord" in paper
    assert str(found.pk) in paper


def test_an_answer_cannot_be_changed(cast: Cast) -> None:
    found = kept(cast)
    later = found.made_at + timedelta(days=1)
    with company_scope(cast.main), pytest.raises(Exception, match="append-only"):
        Assessment.objects.filter(pk=found.pk).update(made_at=later)
