"""By what the people of a subcontractor register: note an agreement, withdraw it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.papers import open_paper, paper_response
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, say
from declarations.chain_forms import MeansForm
from declarations.models import AgreedMeans
from declarations.querysets import agreed_means_of
from declarations.services.agreed_means import withdraw_means
from declarations.views.access import own_place_or_refused, seen_place_or_404


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: UUID, place: UUID) -> HttpResponse:
    """Note what was agreed in writing."""
    seen = own_place_or_refused(request, pk, place)
    form = MeansForm(
        request.POST or None, request.FILES or None, initial={"agreed_on": brussels_day(timezone.now())}
    )
    if request.method == "POST" and form.is_valid():
        try:
            form.agree(subcontract=seen.place, actor=actor_of(request), now=timezone.now())
        except DomainError:
            pass  # it stands at its field
        else:
            say(request, _("The agreement was noted."))
            return redirect(f"{seen.address}#means")
    context = {
        "form": form,
        "title": _("Note an agreed means of registration"),
        "lead": f"{seen.name} · {seen.declaration.title}",
        "back": {"url": seen.address, "label": seen.name},
        "submit_label": _("Note the agreement"),
        "cancel_url": seen.address,
    }
    return render(request, "generic/form.html", context)


@requires(Permission.VIEW)
@require_GET
def paper(request: HttpRequest, pk: UUID, place: UUID, means: UUID) -> HttpResponse:
    """The written agreement, for everybody who sees the place."""
    seen = seen_place_or_404(request, pk, place)
    found = next((one.paper for one in agreed_means_of(seen.place) if one.pk == means), None)
    if found is None:
        raise Http404
    return paper_response(found, open_paper(found, actor=actor_of(request), now=timezone.now()))


@requires(Permission.DECLARE)
@require_POST
def withdraw(request: HttpRequest, pk: UUID, place: UUID, means: UUID) -> HttpResponse:
    """The agreement holds no longer."""
    seen = own_place_or_refused(request, pk, place)
    agreed = get_object_or_404(AgreedMeans, pk=means, subcontract=seen.place)
    withdraw_means(agreed=agreed, actor=actor_of(request), now=timezone.now())
    say(request, _("The agreement was withdrawn. It stays among those of the past."))
    return redirect(f"{seen.address}#means")
