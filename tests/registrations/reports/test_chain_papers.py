"""Papers about a chain: its days, the attestation of reminders, the refusal file."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pytest_django import Settings

from ciao_portal import files
from ciao_portal.audit import Actor
from ciao_portal.companies import write_card
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import ChainView
from registrations.gaps.gathering import watch
from registrations.gaps.letters import Draft
from registrations.gaps.rows import gap_key
from registrations.models import Report, ReportKind, ReportState
from registrations.reports.services import MOST_CELLS, request_chain_paper
from registrations.rules.windows import Window
from registrations.services.reminders import remind
from registrations.tasks import make_report
from tests.cast import NOW, SSINS, Cast, person
from tests.registrations.views.pages import text
from tests.registrations.views.scene import set_clock
from tests.works import Works, declare, subcontract_to, tap

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
NEW = "/chain-gaps/papers/new/"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    settings.FILES_URL = str(tmp_path / "files")


@pytest.fixture
def works(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Works:
    """Sub was silent today and was reminded of it; a stranger registered yesterday."""
    set_clock(monkeypatch, LATER)
    made = declare(cast.main)
    subcontract_to(made, cast.sub)
    for weeks in (1, 2, 3):
        tap(made, person(SSINS[1]), now=NOW - timedelta(weeks=weeks), employer=cast.sub)
    tap(made, person(SSINS[2]), now=NOW - timedelta(days=1), employer=cast.stranger)
    with company_scope(cast.main):
        write_card(
            company=cast.main, subject=cast.sub, name="Zuiver Sub", contact_email="planning@sub.example"
        )
        window = Window(date(2026, 11, 17), date(2026, 11, 23))
        watched = watch(cast.main, window, now=LATER, declaration=made.declaration)
        gaps = {gap_key(gap): gap for gap in watched.gaps() if gap.company == cast.sub.pk}
        draft = Draft(watched, made.declaration, cast.sub, "planning@sub.example", gaps)
        letter = draft.letter(gaps=gaps, note="Bel ons.", language="nl", sender="office@main.example")
        actor = Actor(cast.main, cast.office)
        remind(draft=draft, gaps=gaps.values(), letter=letter, is_again=False, actor=actor, now=LATER)
    return made


def made(cast: Cast, works: Works, kind: str, *, subject: Company | None = None, language: str = "en") -> Any:
    """The words of the finished PDF, and the PDF."""
    report = request_chain_paper(
        company=cast.main,
        user=cast.owner,
        kind=kind,
        declaration=works.declaration,
        subject=subject,
        first_day=date(2026, 10, 15),
        last_day=date(2026, 11, 23),
        language=language,
        now=NOW,
    )
    make_report(str(report.pk))
    with unscoped(reason="a test looks at what became of it"):
        done = Report.objects.get(pk=report.pk)
    assert done.state == ReportState.READY
    pdf = PdfReader(io.BytesIO(files.read(done.file_name)))
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert not any(number in words for number in SSINS)
    return words, pdf


def test_the_days_of_a_chain(cast: Cast, works: Works) -> None:
    words, pdf = made(cast, works, ReportKind.CHAIN_DAYS)
    for expected in (
        "Chain day by day",
        "Schoonmaak Voorbeeld",
        "9B0 ABCDE FGHJK",
        "15/10/2026 to 23/11/2026 (40 days)",
        "4 registrations · 1 silent day · 1 day outside the chain",
        "Zuiver Sub",
        "Vreemd (not in the chain)",
        # Forty days do not fit side by side.
        "15/10/2026 – 03/11/2026",
        "04/11/2026 – 23/11/2026",
    ):
        assert expected in words, expected
    wide = pdf.pages[-1].mediabox
    assert wide.width > wide.height


def test_the_attestation_holds_each_letter_as_it_went(cast: Cast, works: Works) -> None:
    words, _pdf = made(cast, works, ReportKind.REMINDERS, subject=cast.sub)
    for expected in (
        "Attestation of reminders",
        "Zuiver Sub (0202.239.951)",
        "23/11/2026 07:02 planning@sub.example",
        "Expected but silent (23/11/2026)",
        "Taken by the mail server",
        "Er werd iemand van u verwacht, en niemand registreerde: 23/11/2026.",
        "Bel ons.",
        "SHA-256",
        "Message-ID",
    ):
        assert expected in words, expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Draft for your lawyer"),
        ("nl", "Ontwerp voor uw advocaat"),
        ("fr", "Projet pour votre avocat"),
        ("de", "Entwurf für Ihren Anwalt"),
    ],
)
def test_the_refusal_file(cast: Cast, works: Works, language: str, expected: str) -> None:
    words, _pdf = made(cast, works, ReportKind.REFUSAL, subject=cast.sub, language=language)
    assert expected in words
    for fact in (
        "Zuiver Sub",
        "0202.239.951",
        "Helder Main",
        "23/11/2026",
        "planning@sub.example",
        "Bel ons.",
    ):
        assert fact in words, fact
    # What concerns somebody else is not in it.
    assert "Vreemd" not in words


def test_asked_for_on_its_page(cast: Cast, works: Works) -> None:
    browser = cast.browser(cast.auditor)
    wish = {
        "paper": "refusal",
        "declaration": str(works.declaration.pk),
        "subject": str(cast.sub.pk),
        "first_day": "2026-11-01",
        "last_day": "2026-11-23",
    }
    page = browser.get(NEW, wish)
    # The company's own language.
    assert '<option value="nl" selected>' in page.content.decode()
    answer = browser.post(NEW, {**wish, "language": "nl"})
    with company_scope(cast.main):
        report = Report.objects.get()
    assert answer.headers["Location"] == f"/reports/{report.pk}/"
    assert (report.kind, report.subject, report.language) == ("refusal", cast.sub, "nl")
    words = text(browser.get(f"/reports/{report.pk}/"))
    assert "Refusal file" in words
    assert "Company Zuiver Sub" in words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subject": ""}, "Choose the company it is about."),
        ({"declaration": ""}, "Choose the declaration the report is about."),
        ({"first_day": "2026-01-01"}, "at most 100 calendar days fit"),
    ],
)
def test_what_is_missing_is_said(cast: Cast, works: Works, change: dict[str, str], words: str) -> None:
    wish = {
        "paper": "reminders",
        "declaration": str(works.declaration.pk),
        "subject": str(cast.sub.pk),
        "first_day": "2026-11-01",
        "last_day": "2026-11-23",
        "language": "nl",
    }
    assert words in text(cast.browser(cast.office).post(NEW, {**wish, **change}))


def test_about_nobody_beside_or_above(cast: Cast, works: Works) -> None:
    wish = {
        "paper": "refusal",
        "declaration": str(works.declaration.pk),
        "subject": str(cast.main.pk),
        "first_day": "2026-11-01",
        "last_day": "2026-11-23",
        "language": "nl",
    }
    page = cast.browser(cast.sub_office).post(NEW, wish)
    assert "Choose one of the companies in the list." in text(page)
    with company_scope(cast.sub):
        assert not Report.objects.exists()


def test_a_table_that_is_too_large_is_refused(cast: Cast, works: Works) -> None:
    firms = Company.objects.bulk_create(
        Company(foreign_vat_number=f"FR{number:011}") for number in range(MOST_CELLS // 100 + 1)
    )
    ChainView.objects.bulk_create(
        ChainView(declaration=works.declaration, viewer=cast.main, member=firm, valid_from=date(2026, 1, 1))
        for firm in firms
    )
    with pytest.raises(DomainError, match="at most 15000 fit"):
        request_chain_paper(
            company=cast.main,
            user=cast.owner,
            kind=ReportKind.CHAIN_DAYS,
            declaration=works.declaration,
            subject=None,
            first_day=date(2026, 8, 16),
            last_day=date(2026, 11, 23),
            language="en",
            now=NOW,
        )
