"""Supporting documents: who adds, reads and takes them away."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent
from registrations.corrections.querysets import evidence_of
from registrations.models import CorrectionEvidence, Remark
from registrations.services import corrections
from registrations.services.correction_evidence import MOST_PAPERS, remove_evidence
from registrations.services.correction_owners import claim
from tests.cast import NOW, STRANGER_NUMBER, Cast
from tests.registrations.corrections.world import PHOTO, begin, now_of, prove, send
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import text
from tests.registrations.views.scene import accepted, remark_on


@pytest.fixture
def of_sub(morning: Morning) -> Remark:
    return remark_on(accepted(morning.of_bea, nsso_id=17612), "enterpriseNotActive")


def test_evidence_is_hashed_and_asks_for_a_new_look(cast: Cast, of_sub: Remark) -> None:
    main = Actor(cast.main, cast.office)
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    corrections.prepare(correction=correction, actor=main, now=NOW)
    added = prove(correction, main)
    assert now_of(correction).state == "draft"
    event = AuditEvent.objects.get(action="correction.evidence_added")
    assert event.payload == {"kind": "schedule", "sha256": added.paper.sha256}
    remove_evidence(evidence=added, actor=main, now=NOW)
    assert not evidence_of(correction, viewer=cast.main).exists()
    assert CorrectionEvidence.objects.get().removed_at == NOW, "kept all the same"


def test_what_went_along_stays(cast: Cast, of_sub: Remark) -> None:
    main = Actor(cast.main, cast.office)
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    added = prove(correction, main)
    send(correction, main, employer_agrees=True)
    with pytest.raises(DomainError) as refused:
        remove_evidence(evidence=added, actor=main, now=NOW)
    assert refused.value.code == "correction.closed"
    prove(correction, main, name="Contract.jpg")
    assert now_of(correction).state == "sent", "the NSSO may ask for more"
    corrections.withdraw(correction=correction, words="", actor=main, now=NOW)
    with pytest.raises(DomainError) as refused:
        prove(correction, main)
    assert refused.value.code == "correction.closed"


def test_only_so_many_go_into_one_document(cast: Cast, of_sub: Remark) -> None:
    main = Actor(cast.main, cast.office)
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    for _ in range(MOST_PAPERS):
        prove(correction, main)
    with pytest.raises(DomainError) as refused:
        prove(correction, main)
    assert refused.value.code == "correction.papers"


def test_who_reads_what(cast: Cast, of_sub: Remark) -> None:
    main, sub = Actor(cast.main, cast.office), Actor(cast.sub, cast.sub_office)
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    of_main = prove(correction, main)
    address = f"/corrections/{correction.pk}/evidence/{of_main.pk}/"
    assert cast.browser(cast.sub_office).get(address).status_code == 404
    claim(correction=correction, actor=sub, now=NOW)
    of_the_sub = prove(correction, sub, name="Contract.jpg")
    # Whoever has it in hand sends all of it; the other one still reads what it gave.
    assert set(evidence_of(now_of(correction), viewer=cast.sub)) == {of_main, of_the_sub}
    assert set(evidence_of(now_of(correction), viewer=cast.main)) == {of_main}
    page = cast.browser(cast.auditor).get(address)
    assert page.content == PHOTO
    assert 'filename="Rooster.jpg"' in page["Content-Disposition"]
    assert AuditEvent.objects.filter(action="paper.opened", user=cast.auditor).exists()
    assert cast.browser(cast.stranger_office).get(address).status_code == 404


def test_a_file_is_added_on_the_page(cast: Cast, of_sub: Remark) -> None:
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    browser, here = cast.browser(cast.office), f"/corrections/{correction.pk}/"
    wrong = SimpleUploadedFile("Rooster.exe", PHOTO)
    refused = browser.post(f"{here}evidence/", {"kind": "photo", "file": wrong})
    assert "Files of this kind are not kept here." in text(refused)
    right = SimpleUploadedFile("Rooster.jpg", PHOTO)
    words = text(browser.post(f"{here}evidence/", {"kind": "photo", "file": right}, follow=True))
    assert "The document was added." in words
    assert "Rooster.jpg" in words
    added = CorrectionEvidence.objects.get()
    browser.post(f"{here}evidence/{added.pk}/remove/")
    assert "Rooster.jpg" not in text(browser.get(here))
