"""Reads: which corrections a company sees, and which of them is about a remark or a registration."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from ciao_portal.models import Company
from ciao_portal.prepared import Viewer
from ciao_portal.tenancy import unscoped
from registrations.models import (
    Correction,
    CorrectionEvidence,
    CorrectionLine,
    NssoPresence,
    Registration,
    Remark,
)
from registrations.models.corrections import OPEN_STATES


def corrections_visible_to(company: Viewer) -> QuerySet[Correction]:
    """Those of its own registrations, and those of others in which it is the second company."""
    with unscoped(reason="narrowed at once to the two companies a correction concerns"):
        return Correction.objects.filter(Q(employer=company) | Q(partner=company))


def correction_of(remark: Remark, *, viewer: Company) -> Correction | None:
    """The latest request about what was remarked, as far as the viewer sees it; an open one goes first."""
    lines = lines_about([remark.presence])
    rows = corrections_visible_to(viewer).filter(pk__in=lines.values("correction"))
    return _latest(rows)


def correction_of_registration(registration: Registration, *, viewer: Company) -> Correction | None:
    """The latest request about the registration, as far as the viewer sees it; an open one goes first."""
    lines = CorrectionLine.objects.filter(registration=registration)
    return _latest(corrections_visible_to(viewer).filter(pk__in=lines.values("correction")))


def evidence_of(correction: Correction, *, viewer: Company) -> QuerySet[CorrectionEvidence]:
    """What goes along: all of it for the owner of the request, for the other company what it added itself."""
    rows = CorrectionEvidence.objects.filter(correction=correction, removed_at__isnull=True)
    rows = rows.select_related("paper__added_by")
    return rows if viewer == correction.owner else rows.filter(paper__company=viewer)


def lines_about(presences: Iterable[NssoPresence]) -> QuerySet[CorrectionLine]:
    """The lines about these presences or the registrations they show, whoever owns the request."""
    rows = list(presences)
    return CorrectionLine.objects.filter(
        Q(registration__in={row.registration_id for row in rows if row.registration_id})
        | Q(presence__in={row.pk for row in rows})
    )


def _latest(rows: QuerySet[Correction]) -> Correction | None:
    found = list(rows.order_by("-opened_at", "-id"))
    return next((one for one in found if one.state in OPEN_STATES), found[0] if found else None)
