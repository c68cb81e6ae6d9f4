"""The papers of a declaration: the declarer's alone, never deleted, and who did what can be read."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, Paper
from ciao_portal.tenancy import company_scope
from declarations.models import Attachment, Declaration
from declarations.services.attaching import withdraw_paper
from tests.cast import NOW, SUB_NUMBER, Cast
from tests.declarations.works import make_subcontract, make_works
from tests.uploads import picture_file


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    settings.FILES_URL = str(tmp_path)


@pytest.fixture
def works(cast: Cast) -> Declaration:
    works = make_works(cast.main)
    make_subcontract(works, SUB_NUMBER, "Zuiver")
    return works


@pytest.fixture
def office(cast: Cast) -> Browser:
    return cast.browser(cast.office)


def attached(cast: Cast, office: Browser, works: Declaration, name: str = "order.png") -> Attachment:
    answer = office.post(
        f"/declarations/{works.pk}/papers/new/", {"kind": "contract", "file": picture_file(name)}
    )
    assert answer["Location"] == f"/declarations/{works.pk}/"
    with company_scope(cast.main):
        return Attachment.objects.select_related("paper").latest("paper__added_at")


def page(browser: Browser, works: Declaration) -> str:
    return browser.get(f"/declarations/{works.pk}/").content.decode()


def test_a_paper_is_added_listed_and_opened(cast: Cast, office: Browser, works: Declaration) -> None:
    paper = attached(cast, office, works)
    html = page(office, works)
    assert "order.png" in html
    assert "Contract or order" in html
    assert f"by {cast.office}" in html
    answer = cast.browser(cast.auditor).get(f"/declarations/{works.pk}/papers/{paper.pk}/")
    assert answer.content == picture_file().read()
    assert answer["Content-Type"] == "image/png"
    with company_scope(cast.main):
        assert AuditEvent.objects.filter(action="paper.opened", user=cast.auditor).exists()


def test_what_is_no_paper_is_refused_in_words(cast: Cast, office: Browser, works: Declaration) -> None:
    program = SimpleUploadedFile("order.pdf", b"MZ\x90\x00" + b"\0" * 64)
    html = office.post(
        f"/declarations/{works.pk}/papers/new/", {"kind": "contract", "file": program}
    ).content.decode()
    assert "Files of this kind are not kept here." in html
    with company_scope(cast.main):
        assert not Paper.objects.exists()


def test_withdrawn_with_a_reason_and_never_deleted(cast: Cast, office: Browser, works: Declaration) -> None:
    paper = attached(cast, office, works)
    address = f"/declarations/{works.pk}/papers/{paper.pk}/withdraw/"
    assert "order.png" in office.get(address).content.decode()
    assert "Say in a few words why" in office.post(address, {"reason": " "}).content.decode()
    assert office.post(address, {"reason": "It belongs to other works."}).status_code == 302
    html = page(office, works)
    assert "Withdrawn on" in html
    assert "It belongs to other works." in html
    assert address not in html
    assert office.get(f"/declarations/{works.pk}/papers/{paper.pk}/").status_code == 200
    again = office.post(address, {"reason": "Once more."}).content.decode()
    assert "This paper was withdrawn already." in again


def test_a_withdrawal_names_its_reason(cast: Cast, office: Browser, works: Declaration) -> None:
    paper = attached(cast, office, works)
    with company_scope(cast.main), pytest.raises(DomainError) as info:
        withdraw_paper(attachment=paper, reason=" ", actor=Actor(cast.main, cast.office), now=NOW)
    assert (info.value.code, info.value.field) == ("paper.reason", "reason")


def test_papers_are_the_declarers_alone(cast: Cast, office: Browser, works: Declaration) -> None:
    paper = attached(cast, office, works)
    address = f"/declarations/{works.pk}/papers/{paper.pk}/"
    assert "order.png" not in page(cast.browser(cast.sub_office), works)
    assert cast.browser(cast.sub_office).get(address).status_code == 403
    assert cast.browser(cast.stranger_office).get(address).status_code == 404
    # A paper of other works does not answer under these.
    other = make_works(cast.main, declared_number="9B0003SQ5VSS0")
    assert office.get(f"/declarations/{other.pk}/papers/{paper.pk}/").status_code == 404
    assert cast.browser(cast.auditor).post(f"{address}withdraw/", {"reason": "x"}).status_code == 403
