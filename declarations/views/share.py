"""What brings workers to a registration point: its address, texts, a sticker, the code, the poster."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ciao_portal.companies import names_of_companies
from ciao_portal.languages import WORKER_LANGUAGES, worker_language
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from declarations.messages import messages_of
from declarations.models import RegistrationPoint
from declarations.querysets import points_visible_to
from declarations.rules.ndef import STICKERS, bytes_on_sticker, smallest_sticker, uri_message
from declarations.views.access import seen_or_404


@requires(Permission.VIEW)
@require_GET
def share(request: HttpRequest, pk: UUID, point: UUID) -> HttpResponse:
    """The share sheet of one point; `?language=` chooses that of the texts."""
    company = portal(request).company
    declaration = seen_or_404(request, pk)
    found = get_object_or_404(points_visible_to(company), pk=point, declaration=declaration)
    sender = found.company or declaration.company
    language = worker_language(request.GET.get("language", ""), company.language)
    context = {
        "title": _("Share a registration point"),
        "lead": found.workplace.name if found.workplace else declaration.title,
        "back": {"url": reverse("declarations:detail", args=[declaration.pk]), "label": declaration.title},
        "point": found,
        "declaration": declaration,
        "languages": WORKER_LANGUAGES,
        "messages_to_send": messages_of(
            found, company=names_of_companies(company, {sender})[sender], language=language
        ),
        "nfc": _nfc(found),
    }
    return render(request, "declarations/share.html", context)


def _nfc(point: RegistrationPoint) -> dict[str, Any]:
    fits = smallest_sticker(point.url)
    return {
        "bytes": bytes_on_sticker(point.url),
        "hex": uri_message(point.url).hex(" ").upper(),
        "fits": fits,
        "stickers": STICKERS,
    }
