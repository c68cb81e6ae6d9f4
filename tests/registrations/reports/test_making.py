"""Reports from the request to the file: made once, kept encrypted, in the language asked for."""

import io
import os
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from pypdf import PdfReader
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from ciao_portal import files
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, Company, User
from ciao_portal.retention import purge
from ciao_portal.tenancy import unscoped
from registrations.models import Report, ReportState
from registrations.reports import services
from registrations.reports.rendering import Document
from registrations.reports.services import MAKING_LIMIT, WAITING_LIMIT, is_stuck
from registrations.rules.presence import Kind
from registrations.tasks import make_report
from tests.cast import NOW, SSINS, Cast, build_cast, make_worker
from tests.portal import Program, database_url
from tests.registrations.views.scene import accepted, elsewhere, remark_on, set_clock
from tests.works import Works, declare, subcontract_to, tap

# The same on every database.
pytestmark = pytest.mark.once

MONTH = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands still, but not for another process: the queue holds back what is due later than it is there."""
    if request.node.get_closest_marker("crash") is None:
        set_clock(monkeypatch, NOW)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.FILES_URL = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def works(cast: Cast) -> Works:
    """Ada's day with a remark, an end registered elsewhere, and Bea of the subcontractor still there."""
    made = declare(cast.main)
    subcontract_to(made, cast.sub)
    ada = make_worker(cast.main, SSINS[0])
    bea = make_worker(cast.sub, SSINS[1], "Bea", "Onderaan")
    start = tap(made, ada.person, now=NOW - timedelta(days=3)).registration
    remark_on(accepted(start, nsso_id=1), "missingOut")
    tap(made, ada.person, Kind.OUT, now=NOW - timedelta(days=3, hours=-6))
    elsewhere(start, nsso_id=3, at=NOW - timedelta(days=3, hours=-7))
    tap(made, bea.person, now=NOW - timedelta(hours=1), employer=cast.sub, workplace=1)
    return made


def ask(
    works: Works, company: Company, user: User, *, language: str = "en", days: tuple[date, date] = MONTH
) -> Report:
    return services.request_report(
        company=company,
        user=user,
        declaration=works.declaration,
        first_day=days[0],
        last_day=days[1],
        language=language,
        now=NOW,
    )


def again(report: Report) -> Report:
    with unscoped(reason="a test looks at what became of it"):
        return Report.objects.get(pk=report.pk)


def pdf_of(report: Report) -> PdfReader:
    return PdfReader(io.BytesIO(files.read(again(report).file_name)))


def words_of(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.django_db
def test_the_document_says_who_was_there(cast: Cast, works: Works, folder: Path) -> None:
    report = ask(works, cast.main, cast.owner)
    make_report(str(report.pk))
    done = again(report)
    assert (done.state, done.line_count) == (ReportState.READY, 2)
    pdf = pdf_of(report)
    words = words_of(pdf)
    for expected in (
        "Presence report",
        "Schoonmaak Voorbeeld",
        "9B0 ABCDE FGHJK",
        "1Y1003SQ5VSSZ",
        "Stad Voorbeeld",
        "Helder Main (0206.731.645)",
        "01/11/2026 to 30/11/2026 (30 days)",
        "UTC+01:00",
        "Owner (owner@main.example)",
        str(report.pk),
        "Ada Voorbeeld Helder Main · Gebouw 1 06:02–12:02 · 13:02–… 6:00",
        "2/3 MX 1",
        "Zuiver Sub · Gebouw 2",
        "Remark of the NSSO: Check-out missing (missingOut).",
        "In all 6:00",
        "articles 22 to 48",
        "certifies no software",
        "1 / 2",
    ):
        assert expected in words, expected
    # Names of the subcontractor's people do not cross, and no number stands there in full.
    assert "17.07.30-•••.••" in words
    assert "Bea" not in words
    assert not any(number in words for number in SSINS)
    assert b"Voorbeeld" not in (folder / done.file_name).read_bytes()
    assert done.size == len(files.read(done.file_name))
    ((name, (events,)),) = pdf.attachments.items()
    assert name == "registrations-2026-11-01-2026-11-30.csv"
    assert events.decode("utf-8-sig").count("\r\n") == 1 + 4
    assert pdf.xmp_metadata is not None
    assert b"pdfaid:part" in pdf.xmp_metadata.stream.get_data()


@pytest.mark.django_db
def test_the_registrations_inside_are_those_on_the_lines(cast: Cast) -> None:
    """Two nights: of a report on the first one's morning only the second, with its own morning."""
    works = declare(cast.main)
    ada = make_worker(cast.main, SSINS[0]).person
    evening = NOW - timedelta(days=2, hours=8)
    moments = [evening + timedelta(hours=hours) for hours in (0, 8, 24, 32)]
    kinds = [Kind.IN, Kind.OUT] * 2
    made = [tap(works, ada, kind, now=at).registration for kind, at in zip(kinds, moments, strict=True)]
    second_night = evening.date() + timedelta(days=1)
    report = ask(works, cast.main, cast.owner, days=(second_night, second_night))
    make_report(str(report.pk))
    ((events,),) = pdf_of(report).attachments.values()
    lines = events.decode("utf-8-sig").splitlines()[1:]
    assert [line.split(";")[0].strip('"') for line in lines] == [str(one.pk) for one in made[2:]]
    assert again(report).line_count == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", ["Werknemer", "Werkplaats", "vr 20/11"]),
        ("fr", ["Travailleur", "Lieux de travail", "ven 20/11"]),
        ("de", ["Arbeitskraft", "Arbeitsorte", "Fr 20/11"]),
        ("en", ["Worker", "Workplaces", "Fri 20/11"]),
    ],
)
def test_in_the_language_of_its_reader_with_the_same_figures(
    cast: Cast, works: Works, language: str, expected: list[str]
) -> None:
    report = ask(works, cast.main, cast.owner, language=language)
    make_report(str(report.pk))
    words = words_of(pdf_of(report)).casefold()
    assert [one for one in expected if one.casefold() not in words] == []
    assert "06:02–12:02 · 13:02–… 6:00" in words


@pytest.mark.django_db
def test_a_subcontractors_report_shows_its_own_people_alone(cast: Cast, works: Works) -> None:
    report = ask(works, cast.sub, cast.sub_office)
    make_report(str(report.pk))
    words = words_of(pdf_of(report))
    assert "Bea Onderaan" in words
    assert "Ada" not in words
    assert again(report).line_count == 1


@pytest.mark.django_db
def test_nobody_there_is_a_report_too(cast: Cast, works: Works) -> None:
    report = ask(works, cast.main, cast.owner, days=(date(2026, 3, 1), date(2026, 3, 2)))
    make_report(str(report.pk))
    assert "Nobody registered on this declaration in this period." in words_of(pdf_of(report))


@pytest.mark.django_db
def test_queued_once_the_request_is_committed_by_its_id_alone(
    cast: Cast, works: Works, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        report = ask(works, cast.main, cast.owner)
        assert not OrmQ.objects.exists()
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == (services.TASK, (str(report.pk),))
    event = AuditEvent.objects.get(action="report.requested")
    assert (event.company, event.user, event.payload["firstDay"]) == (cast.main, cast.owner, "2026-11-01")


@pytest.mark.django_db
def test_made_once_however_often_it_is_queued(cast: Cast, works: Works, folder: Path) -> None:
    report = ask(works, cast.main, cast.owner)
    make_report(str(report.pk))
    first = again(report)
    make_report(str(report.pk))
    assert again(report) == first
    assert again(report).file_name == first.file_name
    assert len(list(folder.iterdir())) == 1


@pytest.mark.django_db
def test_a_killed_maker_is_followed_by_another(cast: Cast, works: Works, folder: Path) -> None:
    report = ask(works, cast.main, cast.owner)
    killed = services.claim(report.pk, now=timezone.now() - MAKING_LIMIT)
    assert killed is not None
    files.keep(killed.file_name, b"half")
    make_report(str(report.pk))
    done = again(report)
    assert done.state == ReportState.READY
    assert [path.name for path in folder.iterdir()] == [done.file_name]
    # The first one comes back to life after all: what is there stays.
    document = Document(b"late", 0)
    assert not services.finish(killed, document, now=timezone.now())
    services.give_up(killed, now=timezone.now())
    assert again(report).sha256 == done.sha256
    assert [path.name for path in folder.iterdir()] == [done.file_name]


@pytest.mark.django_db
def test_one_that_is_being_made_is_left_to_its_maker(cast: Cast, works: Works) -> None:
    report = ask(works, cast.main, cast.owner)
    assert services.claim(report.pk, now=timezone.now()) is not None
    make_report(str(report.pk))
    assert again(report).state == ReportState.MAKING


@pytest.mark.django_db
def test_a_failure_is_shown_and_can_be_tried_again(
    cast: Cast, works: Works, settings: Settings, tmp_path: Path
) -> None:
    report = ask(works, cast.main, cast.owner)
    (tmp_path / "full").write_text("no folder")
    settings.FILES_URL = str(tmp_path / "full")
    with pytest.raises(OSError, match="full"):
        make_report(str(report.pk))
    assert again(report).state == ReportState.FAILED
    settings.FILES_URL = str(tmp_path / "files")
    services.retry_report(again(report), now=NOW)
    make_report(str(report.pk))
    assert again(report).state == ReportState.READY
    with pytest.raises(DomainError) as refused:
        services.retry_report(again(report), now=NOW)
    assert refused.value.code == "report.underWay"


def test_when_nobody_makes_it_any_more() -> None:
    def stuck(state: ReportState, *, ago: timedelta) -> bool:
        return is_stuck(Report(state=state, requested_at=NOW - ago, made_at=NOW - ago), now=NOW)

    second = timedelta(seconds=1)
    assert stuck(ReportState.WAITING, ago=WAITING_LIMIT)
    assert not stuck(ReportState.WAITING, ago=WAITING_LIMIT - second)
    assert stuck(ReportState.MAKING, ago=MAKING_LIMIT)
    assert not stuck(ReportState.MAKING, ago=MAKING_LIMIT - second)
    assert stuck(ReportState.FAILED, ago=timedelta())
    assert not stuck(ReportState.READY, ago=timedelta(days=3))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "code", "field"),
    [
        ((date(2026, 8, 15), date(2026, 11, 23)), "window.long", "first_day"),
        ((date(2026, 8, 15), date(2026, 8, 14)), "window.order", "last_day"),
    ],
)
def test_days_that_do_not_fit(
    cast: Cast, works: Works, days: tuple[date, date], code: str, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        ask(works, cast.main, cast.owner, days=days)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.django_db
def test_more_lines_than_the_engine_takes(cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_LINES", 1)
    with pytest.raises(DomainError) as refused:
        ask(works, cast.main, cast.owner)
    assert refused.value.code == "report.long"
    assert "about 2 lines" in str(refused.value)
    ask(works, cast.sub, cast.sub_office)


@pytest.mark.django_db
def test_forgotten_with_its_file_once_it_has_run_out(cast: Cast, works: Works, folder: Path) -> None:
    report = ask(works, cast.main, cast.owner)
    make_report(str(report.pk))
    assert purge(now=NOW + timedelta(days=7)) == 0
    assert len(list(folder.iterdir())) == 1
    assert purge(now=NOW + timedelta(days=7, seconds=1)) == 1
    assert list(folder.iterdir()) == []
    # The audit still tells that it was.
    assert AuditEvent.objects.filter(action="report.requested").exists()


@pytest.mark.crash
def test_by_a_worker_of_its_own(transactional_db: None, folder: Path, tmp_path: Path) -> None:
    """The real way: the row is committed, the queue tells, another process makes the PDF."""
    cast = build_cast()
    works = declare(cast.main)
    tap(works, make_worker(cast.main, SSINS[0]).person)
    report = ask(works, cast.main, cast.owner)
    env = os.environ | {"DATABASE_URL": database_url(), "FILES_URL": str(folder)}
    worker = Program([sys.executable, "manage.py", "qcluster"], env=env, log=tmp_path / "worker.log")
    worker.start()
    try:
        worker.wait_until(lambda: again(report).state == ReportState.READY, "the report is ready")
    finally:
        worker.kill()
    assert "Ada Voorbeeld" in words_of(pdf_of(report))
