"""Uploaded files: looked at before they are kept, private afterwards."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import StopUpload
from django.http import Http404
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, Paper
from ciao_portal.papers import MOST_BYTES, keep_paper, open_paper, paper_response
from ciao_portal.tenancy import company_scope
from ciao_portal.web import uploads
from ciao_portal.web.uploads import CappedUpload, TooLarge
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.FILES_URL = str(tmp_path)
    return tmp_path


def picture(form: str = "PNG") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(drawn, form)
    return drawn.getvalue()


def kept(cast: Cast, name: str = "contract.png", content: bytes | None = None) -> Paper:
    upload = SimpleUploadedFile(name, picture() if content is None else content)
    return keep_paper(
        company=cast.main, upload=upload, actor=Actor(cast.main, cast.office), now=timezone.now()
    )


def refused(cast: Cast, name: str, content: bytes) -> str:
    with pytest.raises(DomainError) as error:
        kept(cast, name, content)
    assert error.value.field == "file"
    return error.value.code


def test_a_file_is_kept_encrypted_and_comes_back_as_it_was(cast: Cast, folder: Path) -> None:
    paper = kept(cast)
    assert (paper.title, paper.media_type, paper.size) == ("contract.png", "image/png", len(picture()))
    assert picture() not in (folder / paper.file_name).read_bytes()

    content = open_paper(paper, actor=Actor(cast.main, cast.office), now=timezone.now())

    assert content == picture()
    actions = AuditEvent.objects.filter(subject_id=str(paper.pk)).values_list("action", flat=True)
    assert sorted(actions) == ["paper.added", "paper.opened"]


def test_a_file_that_is_gone_is_not_found_and_not_recorded_as_opened(cast: Cast, folder: Path) -> None:
    paper = kept(cast)
    (folder / paper.file_name).unlink()
    with pytest.raises(Http404):
        open_paper(paper, actor=Actor(cast.main, cast.office), now=timezone.now())
    assert not AuditEvent.objects.filter(subject_id=str(paper.pk), action="paper.opened").exists()


def test_another_company_does_not_find_it(cast: Cast) -> None:
    paper = kept(cast)
    with company_scope(cast.stranger):
        assert not Paper.objects.filter(pk=paper.pk).exists()


def test_its_title_holds_no_national_number(cast: Cast) -> None:
    assert kept(cast, "Rooster 85.07.30-033.28 november.png").title == "Rooster ••• november.png"
    assert len(kept(cast, "x" * 300 + ".PNG").title) == 120


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", picture("JPEG")),
        ("photo.webp", picture("WEBP")),
        ("letter.PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"),
    ],
)
def test_photos_and_documents_are_kept(cast: Cast, name: str, content: bytes) -> None:
    assert kept(cast, name, content).size == len(content)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nothing.pdf", b"", "paper.empty"),
        ("program.exe", b"MZ\x90\x00" + bytes(100), "paper.type"),
        ("program.pdf", b"MZ\x90\x00" + bytes(100), "paper.type"),
        ("page.html", b"<html><script>alert(1)</script>", "paper.type"),
        ("page.png", b"<html><script>alert(1)</script>", "paper.type"),
        ("photo.png", picture("JPEG"), "paper.type"),
        ("without-ending", picture(), "paper.type"),
        ("long.png", picture() + bytes(MOST_BYTES), "paper.large"),
    ],
)
def test_anything_else_is_refused_and_nothing_stays(
    cast: Cast, folder: Path, name: str, content: bytes, code: str
) -> None:
    assert refused(cast, name, content) == code
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("exit_code", "code"), [(1, "paper.infected"), (2, "paper.unscanned"), (127, "paper.unscanned")]
)
def test_the_operators_scanner_has_a_say(cast: Cast, settings: Settings, exit_code: int, code: str) -> None:
    program = f"import sys; sys.stdin.buffer.read(); sys.exit({exit_code})"
    settings.VIRUS_SCAN_COMMAND = f"{sys.executable} -c '{program}'"
    assert refused(cast, "photo.png", picture()) == code


def test_a_scanner_reads_the_file_and_lets_a_clean_one_pass(
    cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    program = f'import sys, pathlib; pathlib.Path("{seen}").write_bytes(sys.stdin.buffer.read())'
    settings.VIRUS_SCAN_COMMAND = f"{sys.executable} -c '{program}'"
    kept(cast)
    assert seen.read_bytes() == picture()


def test_without_its_scanner_nothing_is_kept(cast: Cast, settings: Settings) -> None:
    settings.VIRUS_SCAN_COMMAND = "/nowhere/to/be/found"
    assert refused(cast, "photo.png", picture()) == "paper.unscanned"


def test_browsers_save_it_and_never_run_it(cast: Cast) -> None:
    response = paper_response(kept(cast, "façade.png"), picture())
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''fa%C3%A7ade.png")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] == "image/png"


class TestReading:
    """The body of a form on its way in."""

    def read(self, size: int) -> "tuple[dict[str, Any], UploadedFile[Any] | None]":
        data = {"before": "typed", "file": SimpleUploadedFile("big.png", bytes(size)), "after": "also typed"}
        request = RequestFactory().post("/", data)
        fields, sent = MultiPartParser(
            request.META, request, [CappedUpload(), *request.upload_handlers]
        ).parse()
        return fields.dict(), sent.get("file")

    def test_what_is_too_large_is_not_kept_and_what_was_typed_is(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploads, "MOST_BYTES", 200_000)
        fields, upload = self.read(300_000)
        assert fields == {"before": "typed", "after": "also typed"}
        assert isinstance(upload, TooLarge)
        assert (upload.size, upload.file) == (300_000, None)

    def test_a_fitting_file_passes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "MOST_BYTES", 200_000)
        _fields, upload = self.read(200_000)
        assert upload is not None
        assert len(upload.read()) == 200_000

    def test_a_hopeless_one_is_not_even_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "HOPELESS_BYTES", 100_000)
        handler = CappedUpload()
        handler.new_file("file", "big.png", "image/png", None)
        with pytest.raises(StopUpload):
            handler.receive_data_chunk(bytes(100_001), 0)
