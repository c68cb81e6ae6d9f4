"""Put a paper with a declaration; withdraw it when it should not have been there."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.papers import keep_paper
from declarations.models import Attachment, Declaration


@transaction.atomic
def attach_paper(
    *, declaration: Declaration, kind: str, file: "UploadedFile[Any]", actor: Actor, now: datetime
) -> Attachment:
    """Keep a file with the declaration, for the declarer alone. Raises DomainError as `keep_paper`."""
    paper = keep_paper(company=declaration.company, upload=file, actor=actor, now=now)
    attachment = Attachment.objects.create(declaration=declaration, paper=paper, kind=kind)
    _record("declaration.paper_attached", attachment, actor, now=now)
    return attachment


@transaction.atomic
def withdraw_paper(*, attachment: Attachment, reason: str, actor: Actor, now: datetime) -> Attachment:
    """Take a paper off the list; the file stays kept, and so does who withdrew it and why.

    Raises DomainError `paper.withdrawn` (already), `paper.reason` (none given).
    """
    kept = (
        Attachment.objects.select_for_update(of=("self",)).select_related("declaration").get(pk=attachment.pk)
    )
    if kept.withdrawn_at is not None:
        raise DomainError("paper.withdrawn", _("This paper was withdrawn already. Look at the list again."))
    if not reason.strip():
        raise DomainError("paper.reason", _("Say in a few words why the paper is withdrawn."), field="reason")
    kept.withdrawn_at, kept.withdrawn_by, kept.withdrawal_reason = now, actor.user, reason.strip()
    kept.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    _record("declaration.paper_withdrawn", kept, actor, now=now)
    return kept


def _record(action: str, attachment: Attachment, actor: Actor, *, now: datetime) -> None:
    payload = {"attachment": str(attachment.pk)}
    audit.record(action, attachment.declaration, actor=actor, now=now, payload=payload)
