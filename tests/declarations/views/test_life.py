"""The pages on which a declaration's life is decided: asked, warned, done, and read again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.days import brussels_day
from ciao_portal.tenancy import company_scope
from declarations.models import Assessment, Declaration, Subcontract
from declarations.querysets import terms_of
from tests.cast import SUB_NUMBER, Cast
from tests.declarations.views.test_declaring import SUBCONTRACTOR, TYPED
from tests.declarations.works import make_subcontract, make_works
from tests.queries import at_most_queries

NEW = "/declarations/new/"
LAST = date(2027, 12, 31)


@pytest.fixture
def office(cast: Cast) -> Browser:
    return cast.browser(cast.office)


def in_days(days: int) -> date:
    """Counted from today, which each test asks anew: midnight may pass between two of them."""
    return brussels_day(timezone.now()) + timedelta(days=days)


def url(works: Declaration, move: str) -> str:
    return f"/declarations/{works.pk}/decide/{move}/"


def page(browser: Browser, works: Declaration) -> str:
    return browser.get(f"/declarations/{works.pk}/").content.decode()


def moves(html: str) -> set[str]:
    known = ("renew", "end", "reopen", "cancel", "take-back")
    return {move for move in known if f"/decide/{move}/" in html}


def renewal(**changes: str) -> dict[str, str]:
    facts = {"day": "2029-12-31", "amount": "60.000", "amount_per_year": "on", "amount_from": "2028-01-01"}
    return facts | changes


def test_only_possible_moves_are_offered_and_only_to_who_may(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main)
    make_subcontract(works, SUB_NUMBER, "Zuiver")
    assert moves(page(office, works)) == {"renew", "end", "cancel"}
    assert moves(page(cast.browser(cast.auditor), works)) == set()
    assert moves(page(cast.browser(cast.sub_office), works)) == set()
    # A move that is no longer possible leads back to the page.
    assert office.get(url(works, "reopen"))["Location"] == f"/declarations/{works.pk}/"
    assert office.get(url(works, "juggle")).status_code == 404


def test_cancelled_with_a_reason_and_taken_back(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main)
    html = office.get(url(works, "cancel")).content.decode()
    assert "nothing is lost" in html
    assert f'value="{in_days(0)}"' in html
    again = office.post(url(works, "cancel"), {"day": f"{in_days(0)}", "reason": ""}).content.decode()
    assert "Say in a few words why the works are called off." in again
    later = {"day": f"{in_days(1)}", "reason": "The client stopped."}
    assert (
        "A cancellation counts from today or earlier."
        in office.post(url(works, "cancel"), later).content.decode()
    )
    assert office.post(url(works, "cancel"), later | {"day": f"{in_days(0)}"}).status_code == 302
    html = page(office, works)
    assert moves(html) == {"take-back"}
    assert "Cancelled" in html
    assert "The client stopped." in html
    assert office.post(url(works, "take-back")).status_code == 302
    html = page(office, works)
    assert moves(html) == {"renew", "end", "cancel"}
    assert "Cancellation taken back" in html


def test_ended_on_a_day_and_reopened(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main)
    assert office.post(url(works, "end"), {"day": f"{in_days(-1)}"}).status_code == 302
    html = page(office, works)
    assert moves(html) == {"reopen"}
    assert f"Last day: 31/12/2027 → {in_days(-1):%d/%m/%Y}" in html
    facts = renewal(day="", amount="48000", amount_per_year="", amount_from=f"{in_days(0)}")
    assert office.post(url(works, "reopen"), facts).status_code == 302
    assert moves(page(office, works)) == {"end", "cancel"}


def test_renewed_with_another_amount(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main)
    html = office.get(url(works, "renew")).content.decode()
    # The amount in force, from the day after the last one.
    assert 'value="48000.00"' in html
    assert 'value="2028-01-01"' in html
    early = office.post(url(works, "renew"), renewal(day="2027-12-31")).content.decode()
    assert "Give a last day after 31/12/2027" in early
    assert 'value="60.000"' in early
    assert office.post(url(works, "renew"), renewal()).status_code == 302
    works.refresh_from_db()
    with company_scope(cast.main):
        assert [int(term.amount) for term in terms_of(works)] == [48_000, 60_000]
    assert works.ends_on == date(2029, 12, 31)
    html = page(office, works)
    assert "from 01/01/2028" in html
    assert "60,000 per year" in html
    assert "Last day: 31/12/2027 → 31/12/2029" in html


def test_a_refused_renewal_keeps_nothing(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main)
    html = office.post(url(works, "renew"), renewal(amount_from="2031-01-01")).content.decode()
    assert "An amount counts from a day of the works" in html
    works.refresh_from_db()
    assert works.ends_on == LAST


def test_a_renewal_that_turns_the_duty_round_is_told_first(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main, amount=Decimal(10_000))
    html = office.post(url(works, "renew"), renewal()).content.decode()
    assert "the duty to register presences applies from 01/01/2028" in html
    assert "The amount reaches the threshold of" in html
    assert "Save all the same" in html
    works.refresh_from_db()
    assert works.ends_on == LAST
    # Another consequence than the one that was read is told again.
    sooner = renewal(amount_from="2027-01-01", foreseen="ciao-2028-01-01")
    assert "applies from 01/01/2027" in office.post(url(works, "renew"), sooner).content.decode()
    assert office.post(url(works, "renew"), renewal(foreseen="ciao-2028-01-01")).status_code == 302
    with company_scope(cast.main):
        kept = Assessment.objects.get(declaration=works)
    assert (kept.duty, kept.since, kept.made_by) == ("ciao", date(2028, 1, 1), cast.office)
    assert f"/declarations/assessments/{kept.pk}/" in page(office, works)


def edited(works: Declaration, **changes: str) -> dict[str, str]:
    facts = {
        "title": works.title,
        "declared_number": works.declared_number,
        "technical_reference": works.technical_reference,
        "regime": works.regime,
        "amount": f"{works.amount}",
        "starts_on": f"{works.starts_on}",
        "ends_on": f"{works.ends_on}",
    }
    return facts | changes


def test_another_amount_warns_before_it_is_saved(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main, regime="hours_only", amount=Decimal(29_999))
    edit = f"/declarations/{works.pk}/edit/"
    html = office.post(edit, edited(works, amount="30000")).content.decode()
    assert "applies from 01/01/2026" in html
    assert "These works are kept as hours only" in html
    works.refresh_from_db()
    assert works.amount == Decimal(29_999)
    seen = edited(works, amount="30000", regime="ciao", foreseen="ciao-2026-01-01")
    assert office.post(edit, seen).status_code == 302
    works.refresh_from_db()
    assert (works.amount, works.regime) == (Decimal(30_000), "ciao")
    html = page(office, works)
    assert "Duty: Hours only, nothing to the NSSO → Check In and Out at Work" in html
    assert "corrected, from 01/01/2026:" in html


def test_an_amount_below_the_threshold_is_told_too(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main)
    html = office.post(
        f"/declarations/{works.pk}/edit/", edited(works, amount="100", amount_from="2026-07-01")
    ).content.decode()
    assert "no longer applies from 01/07/2026" in html


def test_a_first_subcontractor_warns_before_the_works_are_declared(cast: Cast, office: Browser) -> None:
    typed = TYPED | SUBCONTRACTOR | {"amount": "6000"}
    html = office.post(NEW, typed).content.decode()
    assert "the duty to register presences applies from 01/01/2026" in html
    assert "Declare all the same" in html
    assert 'value="0202.239.951"' in html
    with company_scope(cast.main):
        assert not Declaration.objects.exists()
    assert office.post(NEW, typed | {"foreseen": "ciao-2026-01-01"}).status_code == 302
    with company_scope(cast.main):
        kept = Assessment.objects.get(declaration=Declaration.objects.get())
        assert Subcontract.objects.count() == 1
    assert kept.inputs["subcontractors"] == 1


def test_works_above_the_threshold_are_declared_at_once(office: Browser) -> None:
    assert office.post(NEW, TYPED | SUBCONTRACTOR).status_code == 302


@pytest.mark.parametrize(
    ("begin_in", "words", "signal"),
    [
        (0, "The works began on", "late"),
        (7, "The first shift is on", "wait"),
        (8, "The numbers of the NSSO are missing.", "info"),
    ],
)
def test_a_missing_number_gets_louder(
    cast: Cast, office: Browser, begin_in: int, words: str, signal: str
) -> None:
    works = make_works(cast.main, declared_number="", technical_reference="", starts_on=in_days(begin_in))
    html = page(office, works)
    assert words in html
    assert f"notice--{signal}" in html
    rows = office.get("/declarations/").content.decode()
    assert ("first shift" in rows) is (signal != "info")
    watched = office.get("/declarations/?watch=first-shift").content.decode()
    assert (str(works.pk) in watched) is (signal != "info")


def test_a_contract_that_ends_soon_asks_to_be_renewed(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main, ends_on=in_days(30))
    assert "The contract ends in 30 days." in page(office, works)
    other = make_works(cast.main, declared_number="9B0003SQ5VSS0", ends_on=in_days(31))
    assert "The contract ends" not in page(office, other)


def test_the_pages_ask_few_questions(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main)
    make_subcontract(works, SUB_NUMBER, "Zuiver")
    for move in ("renew", "cancel"):
        office.get(url(works, move))
        with at_most_queries(9):
            office.get(url(works, move))
