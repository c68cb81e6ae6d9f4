"""Supporting documents of a request for a correction: added, opened, taken away."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ciao_portal.errors import DomainError
from ciao_portal.papers import open_paper, paper_response
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal, say, warn
from registrations.corrections.forms import EvidenceForm
from registrations.corrections.querysets import evidence_of
from registrations.models import CorrectionEvidence, EvidenceKind
from registrations.services.correction_evidence import add_evidence, remove_evidence
from registrations.views.correction_page import correction_page
from registrations.views.corrections import seen


@requires(Permission.CORRECT)
@require_POST
def evidence_add(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Add a file."""
    found = seen(request, correction)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_evidence(
                correction=found,
                upload=form.cleaned_data["file"],
                kind=EvidenceKind(form.cleaned_data["kind"]),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            say(request, gettext("The document was added."))
            return redirect("registrations:correction-detail", found.pk)
    return correction_page(request, found, form)


@requires(Permission.VIEW)
@require_GET
@never_cache
def evidence_file(request: HttpRequest, correction: UUID, evidence: UUID) -> HttpResponse:
    """The file to save; each opening is recorded."""
    paper = _own(request, correction, evidence).paper
    return paper_response(paper, open_paper(paper, actor=actor_of(request), now=timezone.now()))


@requires(Permission.CORRECT)
@require_POST
def evidence_remove(request: HttpRequest, correction: UUID, evidence: UUID) -> HttpResponse:
    """Take a file away; it stays kept."""
    found = _own(request, correction, evidence)
    try:
        remove_evidence(evidence=found, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        warn(request, refusal)
    else:
        say(request, gettext("The document no longer goes along."))
    return redirect("registrations:correction-detail", found.correction_id)


def _own(request: HttpRequest, correction: UUID, evidence: UUID) -> CorrectionEvidence:
    """What this company may not read is not found."""
    rows = evidence_of(seen(request, correction), viewer=portal(request).company)
    return get_object_or_404(rows.select_related("correction"), pk=evidence)
