"""`/search/`: one field for names, numbers and codes.

The field posts. What may hold a national number is answered at once, so that it never stands in an address;
everything else gets an address of its own, to go back to and to share.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ciao_portal.days import brussels_day
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from registrations.search import Found, Wanted
from registrations.search import search as find


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """One thing that bears the number or code: straight there; else what fits, by kind."""
    is_post = request.method == "POST"
    typed = (request.POST if is_post else request.GET).get("q", "").replace("\0", "")
    now = timezone.now()
    wanted = Wanted.of(typed, today=brussels_day(now))
    if is_post and not wanted.is_private:
        return redirect(f"{reverse('search')}?{urlencode({'q': wanted.text})}")
    if wanted.is_private and not is_post:
        words = _("A national number must not stand in an address. Type it into the search field instead.")
        messages.warning(request, words)
        return redirect("search")
    found = find(portal(request).company, wanted, now=now)
    if found.only_exact:
        return redirect(found.only_exact)
    return render(request, "registrations/search.html", _context(wanted, found))


def _context(wanted: Wanted, found: Found) -> dict[str, Any]:
    """What was typed is shown again, unless it may be a national number."""
    shown = "" if wanted.is_private else wanted.text
    title = _("Search: %(words)s") % {"words": shown} if shown else _("Search")
    return {
        "title": title,
        "words": shown,
        "was_asked": bool(wanted.text),
        "is_too_short": bool(wanted.text) and wanted.is_too_short,
        "is_private": wanted.is_private,
        "groups": found.groups,
    }
