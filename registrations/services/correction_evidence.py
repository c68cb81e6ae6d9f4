"""Supporting documents of a request for a correction: added and taken away by its owner."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.papers import keep_paper
from registrations.corrections.states import CHANGEABLE, DRAFT, LATE, SENT, move
from registrations.models import Correction, CorrectionEvidence, EvidenceKind
from registrations.services.corrections import owned

# All of them go into one document, made in memory.
MOST_PAPERS = 10


@transaction.atomic
def add_evidence(
    *, correction: Correction, upload: "UploadedFile[Any]", kind: EvidenceKind, actor: Actor, now: datetime
) -> CorrectionEvidence:
    """Keep a file beside the request; what was ready or approved must be so again.

    Raises DomainError `correction.notOwner`, `correction.closed`, `correction.papers`, and those of
    `keep_paper`.
    """
    kept = owned(correction, actor)
    if kept.state not in (*CHANGEABLE, SENT, LATE):
        words = _("This request is closed: nothing can be added to it any more.")
        raise DomainError("correction.closed", words)
    if kept.evidence.filter(removed_at__isnull=True).count() >= MOST_PAPERS:
        raise DomainError(
            "correction.papers",
            _("At most %(most)s documents go along with a request. Put several pages into one file."),
            field="file",
            params={"most": MOST_PAPERS},
        )
    paper = keep_paper(company=kept.owner, upload=upload, actor=actor, now=now)
    added = CorrectionEvidence.objects.create(correction=kept, paper=paper, kind=kind)
    _note(kept, added, "correction.evidence_added", actor, now)
    return added


@transaction.atomic
def remove_evidence(*, evidence: CorrectionEvidence, actor: Actor, now: datetime) -> None:
    """Let it no longer go along; the file stays kept.

    Raises DomainError `correction.notOwner` or `correction.closed`.
    """
    kept = owned(evidence.correction, actor)
    if kept.state not in CHANGEABLE:
        words = _("The request is on its way or closed: what went along with it stays.")
        raise DomainError("correction.closed", words)
    if CorrectionEvidence.objects.filter(pk=evidence.pk, removed_at__isnull=True).update(removed_at=now):
        _note(kept, evidence, "correction.evidence_removed", actor, now)


def _note(kept: Correction, evidence: CorrectionEvidence, action: str, actor: Actor, now: datetime) -> None:
    if kept.state in CHANGEABLE:
        move(kept, DRAFT, now=now)
        kept.save()
    payload = {"kind": evidence.kind, "sha256": evidence.paper.sha256}
    audit.record(action, kept, actor=actor, now=now, payload=payload)
