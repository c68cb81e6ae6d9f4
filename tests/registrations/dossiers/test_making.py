"""The dossier from the request to the PDF, with both files inside."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader
from pytest_django import Settings

from ciao_portal import files
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, Company, User
from ciao_portal.tenancy import unscoped
from registrations.dossiers import rendering
from registrations.models import Report, ReportKind, ReportState
from registrations.reports import services
from registrations.services.declared_outages import add_to_outage, declare_outage
from registrations.tasks import make_report
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.registrations.dossiers.world import MINUTE, through, tried
from tests.registrations.views.scene import set_clock
from tests.works import declare, subcontract_to, tap

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.FILES_URL = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def traces(cast: Cast) -> list[str]:
    """Ada and Bea waited half an hour, through two calls; the office declared it."""
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    start = NOW - timedelta(hours=2)
    ada = tap(works, make_worker(cast.main, SSINS[0]).person, now=start).registration
    bea = make_worker(cast.sub, SSINS[1], "Bea", "Onderaan")
    of_bea = tap(works, bea.person, now=start, employer=cast.sub, workplace=1).registration
    failed = tried(ada, of_bea, at=start + MINUTE, outcome="serviceUnavailable", status=503)
    through(ada, of_bea, at=start + 30 * MINUTE)
    actor = Actor(cast.main, cast.office)
    outage = declare_outage(
        company=cast.main,
        started_at=start,
        ended_at=start + 30 * MINUTE,
        note="The line was cut.",
        actor=actor,
        now=NOW,
    )
    add_to_outage(outage=outage, text="By an excavator.", actor=actor, now=NOW)
    return [failed]


def ask(company: Company, user: User, *, language: str = "en") -> Report:
    day = date(2026, 11, 23)
    return services.request_dossier(
        company=company, user=user, first_day=day, last_day=day, language=language, now=NOW
    )


def made(report: Report) -> PdfReader:
    make_report(str(report.pk))
    with unscoped(reason="a test looks at what became of it"):
        done = Report.objects.get(pk=report.pk)
    assert done.state == ReportState.READY
    return PdfReader(io.BytesIO(files.read(done.file_name)))


def words_of(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_the_document_is_the_evidence(cast: Cast, traces: list[str]) -> None:
    report = ask(cast.main, cast.owner)
    pdf = made(report)
    words = words_of(pdf)
    for expected in (
        "Outage dossier",
        "Helder Main",
        "0206.731.645",
        "23/11/2026 to 23/11/2026 (1 day)",
        "Europe/Brussels",
        str(report.pk),
        "Registrations that waited 2",
        "Longest wait 30 min 0 s",
        "Last one got through 23/11/2026 04:32",
        "Attempts for registrations 4",
        "Calls to the NSSO 2",
        "The line was cut. · By an excavator. (Office, 23/11/2026 06:02)",
        "Start · Ada Voorbeeld",
        "Gebouw 2 · Zuiver Sub",
        "NSSO not available",
        "503",
        "17611",
        "1.4.1-r1",
        "certified by nobody",
    ):
        assert expected in words, expected
    assert traces[0] in words.replace(" ", "")
    # Nobody of another employer by name, nobody at all by number.
    assert "Bea" not in words
    assert SSINS[0] not in words
    assert "85.07.30" not in words
    assert set(pdf.attachments) == {
        "attempts-2026-11-23-2026-11-23.csv",
        "waits-2026-11-23-2026-11-23.csv",
    }
    attempts = pdf.attachments["attempts-2026-11-23-2026-11-23.csv"][0].decode("utf-8-sig")
    assert len(attempts.splitlines()) == 1 + 4
    assert "Bea" not in attempts
    assert SSINS[0] not in attempts


def test_a_subcontractor_reads_of_its_own_alone(cast: Cast, traces: list[str]) -> None:
    words = words_of(made(ask(cast.sub, cast.sub_office)))
    assert "Bea Onderaan" in words
    assert "Ada" not in words
    assert "excavator" not in words
    assert "Attempts for registrations 2" in words


def test_nothing_happened_is_a_dossier_too(cast: Cast) -> None:
    words = words_of(made(ask(cast.stranger, cast.stranger_office)))
    assert words.count("None in this period.") == 4
    assert "Registrations that waited 0" in words


def test_beyond_the_bound_it_tells_by_hour(
    cast: Cast, traces: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "MOST_PRINTED", 1)
    pdf = made(ask(cast.main, cast.owner))
    words = words_of(pdf)
    assert "23/11/2026 04:00 2 2 0 0 30 min 0 s" in words
    assert "Sent to the NSSO: NSSO not available (2); Sent to the NSSO: taken in (2)" in words
    assert "In all: 4" in words
    assert traces[0] not in words.replace(" ", "")
    content = pdf.attachments["attempts-2026-11-23-2026-11-23.csv"][0].decode("utf-8-sig")
    assert content.count(traces[0]) == 2


def test_too_much_for_one_document(cast: Cast, traces: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_REGISTRATIONS", 1)
    with pytest.raises(DomainError) as refused:
        ask(cast.main, cast.owner)
    assert (refused.value.code, refused.value.field) == ("dossier.long", "first_day")
    assert "There are 2 registrations" in str(refused.value)
    ask(cast.sub, cast.sub_office)


def test_the_kind_is_on_record(cast: Cast) -> None:
    report = ask(cast.main, cast.auditor)
    event = AuditEvent.objects.get(action="report.requested", subject_id=str(report.pk))
    assert (event.user, event.payload["kind"]) == (cast.auditor, "outages")


def test_the_database_holds_each_kind_to_its_subject(cast: Cast) -> None:
    report = ask(cast.main, cast.owner)
    with unscoped(reason="a test writes nonsense"), pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(kind=ReportKind.PRESENCE)
