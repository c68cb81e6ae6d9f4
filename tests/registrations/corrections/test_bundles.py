"""The document people take to the NSSO: what stands in it, for whom, in which language."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from pytest_django import Settings

from ciao_portal import files
from ciao_portal.audit import Actor
from ciao_portal.models import AuditEvent
from ciao_portal.nsso.contract import VERSION
from ciao_portal.tenancy import unscoped
from registrations.corrections.bundles import request_bundle
from registrations.models import Attempt, Correction, Remark, Report, ReportState, Submission
from registrations.services.correction_settings import change_settings
from registrations.services.statements import state_employer
from registrations.tasks import make_report
from tests.cast import NOW, SSINS, STRANGER_NUMBER, Cast
from tests.registrations.corrections.world import PHOTO, begin, prove
from tests.registrations.views.conftest import Morning
from tests.registrations.views.scene import accepted, remark_on

TRACE = "b5f1c2c2-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Settings) -> None:
    settings.FILES_URL = str(tmp_path / "files")


@pytest.fixture
def remark(cast: Cast, morning: Morning) -> Remark:
    """Ada's start came to the NSSO at the second try; she said later for whom she worked."""
    presence = accepted(morning.of_ada, nsso_id=17611)
    Attempt.objects.create(
        submission=Submission.objects.get(registration=morning.of_ada),
        started_at=NOW,
        duration_ms=80,
        operation="register",
        http_status=200,
        trace_id=TRACE,
        contract_version=VERSION,
        outcome="created",
    )
    state_employer(registration=morning.of_ada, employer=cast.sub, now=NOW)
    return remark_on(presence, "enterpriseNotActive")


def made(cast: Cast, correction: Correction, *, full: bool = False) -> Report:
    report = request_bundle(
        correction=correction, user=cast.office, company=cast.main, has_full_numbers=full, now=NOW
    )
    make_report(str(report.pk))
    with unscoped(reason="a test looks at what became of it"):
        return Report.objects.get(pk=report.pk)


def words_of(report: Report) -> tuple[PdfReader, str]:
    pdf = PdfReader(io.BytesIO(files.read(report.file_name)))
    return pdf, " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_the_document_holds_request_facts_and_evidence(cast: Cast, remark: Remark) -> None:
    correction = begin(cast.main, remark)
    evidence = prove(correction, Actor(cast.main, cast.office))
    report = made(cast, correction)
    assert (report.state, report.line_count, report.language) == (ReportState.READY, 1, "nl")
    pdf, words = words_of(report)
    for expected in (
        "Aanvraag voor een correctie",
        "Rijksdienst voor Sociale Zekerheid (RSZ)",
        "Helder Main (0206.731.645)",
        "0202.239.951",
        "17611",
        "Ada Voorbeeld",
        "85.07.30-•••.••",
        TRACE,
        "Voor wie ik werkte: Zuiver Sub",
        "1-Rooster.jpg",
        evidence.paper.sha256[:32],
        "23/12/2026",
    ):
        assert expected in words, expected
    assert "85.07.30-033.28" not in words
    ((name, (content,)),) = pdf.attachments.items()
    assert (name, content) == ("1-Rooster.jpg", PHOTO)


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Demande de correction"), ("de", "Antrag auf Berichtigung")]
)
def test_it_speaks_the_language_of_the_office(cast: Cast, remark: Remark, language: str, words: str) -> None:
    facts = {"office_language": language, "has_four_eyes": False}
    change_settings(company=cast.main, facts=facts, actor=Actor(cast.main), now=NOW)
    assert words in words_of(made(cast, begin(cast.main, remark)))[1]


def test_numbers_in_full_are_those_of_the_own_people_and_on_record(
    cast: Cast, remark: Remark, morning: Morning
) -> None:
    report = made(cast, begin(cast.main, remark), full=True)
    assert "85.07.30-033.28" in words_of(report)[1]
    address = f"/reports/{report.pk}/correction-request.pdf"
    assert cast.browser(cast.auditor).get(address).status_code == 403
    page = cast.browser(cast.office).get(address)
    assert page.status_code == 200
    assert SSINS[0] not in page["Content-Disposition"]
    assert AuditEvent.objects.get(action="report.opened").payload == {"fullNumbers": True}
    of_bea = remark_on(accepted(morning.of_bea, nsso_id=17612), "enterpriseNotActive")
    other = made(cast, begin(cast.main, of_bea, right_value=STRANGER_NUMBER), full=True)
    words = words_of(other)[1]
    assert "17.07.30-•••.••" in words
    assert "Bea" not in words
