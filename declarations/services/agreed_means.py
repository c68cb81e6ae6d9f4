"""By what the people of a subcontractor register, as declarer and subcontractor agreed in writing."""

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.papers import keep_paper
from declarations.models import AgreedMeans, RegistrationMeans, Subcontract


@transaction.atomic
def agree_means(
    *,
    subcontract: Subcontract,
    means: str,
    system: str,
    agreed_on: date,
    file: "UploadedFile[Any] | None" = None,
    actor: Actor,
    now: datetime,
) -> AgreedMeans:
    """Keep what was agreed; a means stands once, until it is withdrawn. `system` names a system of their own.

    Raises DomainError `means.system` (no name for their own system), `means.already`, and those of
    `keep_paper` for the file of the agreement.
    """
    rows = Subcontract.objects.select_for_update(of=("self",)).select_related("declaration__company")
    place = rows.get(pk=subcontract.pk)
    is_own = means == RegistrationMeans.OWN_SYSTEM
    if is_own and not system.strip():
        words = _("Say what the subcontractor's own system is called.")
        raise DomainError("means.system", words, field="system")
    if AgreedMeans.objects.filter(subcontract=place, means=means, withdrawn_at=None).exists():
        words = _(
            "This means is agreed on already. Withdraw that agreement first if a new one takes its place."
        )
        raise DomainError("means.already", words, field="means")
    declarer = place.declaration.company
    paper = keep_paper(company=declarer, upload=file, actor=actor, now=now) if file else None
    agreed = AgreedMeans.objects.create(
        subcontract=place,
        means=means,
        system=system.strip() if is_own else "",
        agreed_on=agreed_on,
        paper=paper,
        created_at=now,
    )
    payload = {"means": means, "agreed_on": agreed_on.isoformat()}
    audit.record("means.agreed", place, actor=actor, now=now, payload=payload)
    return agreed


@transaction.atomic
def withdraw_means(*, agreed: AgreedMeans, actor: Actor, now: datetime) -> None:
    """The agreement holds no longer; it stays among those of the past. Twice is once."""
    kept = AgreedMeans.objects.select_for_update(of=("self",)).select_related("subcontract").get(pk=agreed.pk)
    if kept.withdrawn_at is None:
        kept.withdrawn_at = now
        kept.save(update_fields=["withdrawn_at"])
        audit.record("means.withdrawn", kept.subcontract, actor=actor, now=now, payload={"means": kept.means})
