"""What is past its term goes, with a proof; everything else stays."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import Settings

from ciao_portal import files
from ciao_portal.models import Company, PurgePermit, PurgeProof
from ciao_portal.retention import data_kinds, proof_digest, purge
from ciao_portal.tasks import purge as nightly
from ciao_portal.tenancy import unscoped
from declarations.models import Declaration
from registrations.models import Export, Registration, RegistrationPlace, Report, ReportState, SealLeaf
from registrations.rules.location import TypedAddress
from registrations.services.registering import register
from tests.cast import NOW, SSINS, Cast, person
from tests.works import Works, declare, subcontract_to, tap_at

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HERE = TypedAddress("Kouter", "9000", "Gent", "12")


def registered(works: Works, ssin: str, *, employer: Company, at: datetime) -> RegistrationPlace:
    tap = replace(tap_at(works, person(ssin), employer=employer), place=HERE)
    return register(tap, now=at).registration.place


def kept_places() -> set[RegistrationPlace]:
    return set(RegistrationPlace.objects.all())


def test_places_go_after_their_term_and_registrations_and_leaves_stay(cast: Cast) -> None:
    works = declare(cast.main)
    old = registered(works, SSINS[0], employer=cast.main, at=NOW)
    young = registered(works, SSINS[1], employer=cast.main, at=NOW + timedelta(seconds=1))

    assert purge(now=NOW + 90 * DAY) == 0
    assert purge(now=NOW + 90 * DAY + timedelta(seconds=1)) == 1

    assert kept_places() == {young}
    with unscoped(reason="a test counts everything"):
        assert Registration.objects.count() == SealLeaf.objects.count() == 2
    proof = PurgeProof.objects.get()
    assert (proof.company, proof.kind, proof.term_days, proof.count) == (cast.main, "places", 90, 1)
    assert proof.digest == proof_digest([old.pk])
    assert not PurgePermit.objects.exists()


def test_each_company_gets_its_own_proof_and_large_heaps_go_in_portions(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ciao_portal.retention.PORTION", 2)
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    for index, ssin in enumerate(SSINS[:3]):
        registered(works, ssin, employer=cast.main, at=NOW + index * timedelta(minutes=1))
    registered(works, SSINS[3], employer=cast.sub, at=NOW)

    assert purge(now=NOW + 91 * DAY) == 4

    counts = PurgeProof.objects.order_by("company__name", "-count").values_list("company", "count")
    assert sorted(counts) == sorted([(cast.main.pk, 2), (cast.main.pk, 1), (cast.sub.pk, 1)])


def test_the_term_is_a_setting(cast: Cast, settings: Settings) -> None:
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"places": 10}
    registered(declare(cast.main), SSINS[0], employer=cast.main, at=NOW)

    assert purge(now=NOW + 10 * DAY + timedelta(seconds=1)) == 1


def test_reports_go_with_their_files_and_exports_with_their_notes(
    cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.FILES_URL = str(tmp_path)
    works = declare(cast.main)
    kept, gone = (report_of(cast, works.declaration, at=NOW + days * DAY) for days in (1, 0))
    export_of(cast, at=NOW)

    purge(now=NOW + 7 * DAY + timedelta(seconds=1))

    with unscoped(reason="a test counts everything"):
        assert list(Report.objects.all()) == [kept]
        assert not Export.objects.exists()
    assert files.read(kept.file_name) == b"%PDF"
    assert [path.name for path in tmp_path.iterdir()] == [kept.file_name]
    assert set(PurgeProof.objects.values_list("kind", flat=True)) == {"reports", "exports"}
    assert PurgeProof.objects.get(kind="reports").digest == proof_digest([gone.pk])


def test_a_purge_that_fails_leaves_everything_and_no_permit(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = registered(declare(cast.main), SSINS[0], employer=cast.main, at=NOW)

    def proof_fails(ids: object) -> str:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr("ciao_portal.retention.proof_digest", proof_fails)
    with pytest.raises(DatabaseError, match="full"):
        purge(now=NOW + 91 * DAY)

    assert kept_places() == {place}
    assert not PurgePermit.objects.exists()
    assert not PurgeProof.objects.exists()


def test_what_is_kept_as_evidence_has_no_way_to_be_deleted() -> None:
    kept = {kind.key for kind in data_kinds() if kind.forget is None}
    assert kept == {"registrations", "audit", "papers", "letters"}
    assert {kind.key for kind in data_kinds()} == {
        "registrations",
        "places",
        "audit",
        "exports",
        "reports",
        "invitations",
        "papers",
        "letters",
    }


def test_the_night_shift_of_the_portal_runs_it(cast: Cast) -> None:
    registered(declare(cast.main), SSINS[0], employer=cast.main, at=timezone.now() - 91 * DAY)

    nightly()

    assert not kept_places()


def test_the_page_counts_the_companys_own_rows_and_shows_its_own_proofs(cast: Cast) -> None:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    for ssin, employer in zip(SSINS[:3], (cast.main, cast.main, cast.sub), strict=True):
        registered(works, ssin, employer=employer, at=timezone.now() - 91 * DAY)

    page = cast.browser(cast.auditor).get("/settings/retention/").content.decode()
    assert row(page, "places") == 2
    assert "data-id" not in page

    nightly()
    page = cast.browser(cast.auditor).get("/settings/retention/").content.decode()
    assert row(page, "places") == 0
    assert row(page, "registrations") == 0
    assert page.count("data-id") == 1
    assert str(PurgeProof.objects.get(company=cast.main).pk) in page


def row(page: str, kind: str) -> int:
    """How many rows of this kind the page says are past their term."""
    cells = page.split(f'data-kind="{kind}"')[1].split("</tr>", maxsplit=1)[0].split('cell-number">')
    return int(cells[2].split("<")[0])


def report_of(cast: Cast, declaration: Declaration, *, at: datetime) -> Report:
    name = files.new_name()
    files.keep(name, b"%PDF")
    return Report.objects.create(
        company=cast.main,
        declaration=declaration,
        requested_by=cast.office,
        requested_at=at,
        first_day=at.date(),
        last_day=at.date(),
        language="nl",
        state=ReportState.READY,
        file_name=name,
        expires_at=at + 7 * DAY,
    )


def export_of(cast: Cast, *, at: datetime) -> Export:
    return Export.objects.create(
        company=cast.main,
        requested_by=cast.office,
        requested_at=at,
        first_day=at.date(),
        last_day=at.date(),
        language="nl",
        expires_at=at + 7 * DAY,
    )
