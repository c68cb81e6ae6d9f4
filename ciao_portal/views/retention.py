"""What is kept for how long, what is due tonight, and the proofs of what went."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ciao_portal.middleware import PortalRequest
from ciao_portal.models import Company, PurgeProof
from ciao_portal.permissions import Permission, requires
from ciao_portal.retention import DataKind, data_kinds

SHOWN_PROOFS = 60


@dataclass(frozen=True, slots=True)
class Preview:
    """One kind as the page shows it: its oldest row, and how many rows are past their term now."""

    kind: DataKind
    oldest: datetime | None
    past_term: int

    @property
    def is_deleted(self) -> bool:
        return self.kind.forget is not None


@requires(Permission.VIEW_AUDIT)
@require_GET
def retention_page(request: HttpRequest) -> HttpResponse:
    company, now = cast(PortalRequest, request).company, timezone.now()
    proofs = PurgeProof.objects.filter(company=company)[:SHOWN_PROOFS]
    titles = {kind.key: kind.title for kind in data_kinds()}
    context = {
        "title": _("Retention"),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "previews": [_preview(kind, company, now=now) for kind in data_kinds()],
        "proofs": [{"proof": proof, "title": titles.get(proof.kind, proof.kind)} for proof in proofs],
    }
    return render(request, "settings/retention.html", context)


def _preview(kind: DataKind, company: Company, *, now: datetime) -> Preview:
    return Preview(kind, kind.oldest(company), kind.past_term(company, now=now).count())
