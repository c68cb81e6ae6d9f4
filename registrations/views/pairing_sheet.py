"""Pairing codes for several workers on paper: one card each, shown once."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ciao_portal import languages
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal
from ciao_portal.web.bulk import ticked
from declarations.qr import qr_svg
from registrations import cells
from registrations.models import Employment
from registrations.services.pairing import LINK_LIFE, offer_pairings


@dataclass(frozen=True, slots=True)
class PairingCard:
    """What one worker gets: the words are in the worker's language where the portal speaks it."""

    worker: str
    language: str
    qr: SafeString
    words: str
    allowance: str


@requires(Permission.MANAGE_WORKERS)
@require_POST
@never_cache
def workers_pair(request: HttpRequest) -> HttpResponse:
    """Make a link for each of the ticked workers and show them once, ready to be printed."""
    now = timezone.now()
    # The manager is scoped: only the company's own workers are found.
    workers = list(Employment.objects.filter(pk__in=ticked(request)).select_related("person"))
    if not workers:
        return redirect("registrations:worker-list")
    secrets = offer_pairings(
        company=portal(request).company,
        people=[worker.person for worker in workers],
        actor=actor_of(request),
        now=now,
    )
    until = now + LINK_LIFE
    with_cards = {"cards": [_card(worker, secrets[worker.person], until) for worker in workers]}
    context = with_cards | {
        "title": _("Pairing codes"),
        "until": cells.moment(until),
        "back": {"url": reverse("registrations:worker-list"), "label": _("Workers")},
    }
    return render(request, "registrations/pairing_sheet.html", context)


def _card(worker: Employment, secret: str, until: datetime) -> PairingCard:
    url = f"{settings.PUBLIC_URL}{reverse('phone:pair', args=[secret])}"
    spoken = worker.person.language
    language = spoken if spoken in languages.CODES else translation.get_language() or languages.DEFAULT
    with translation.override(language):
        return PairingCard(
            worker=str(worker),
            language=language,
            qr=mark_safe(qr_svg(url)),  # noqa: S308  # drawn by us from modules, no text in it
            words=gettext(
                "Scan this code with the camera of your phone and confirm. It works once, until %(until)s."
            )
            % {"until": cells.moment(until)},
            allowance=gettext("You may refuse to use your own phone; then you get another means."),
        )
