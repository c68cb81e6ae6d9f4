"""Traffic with the NSSO, and the address under which a company's chain sees one line of it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say
from registrations.services.status_addresses import make_address, open_address, revoke_address
from registrations.traffic import traffic_of


@requires(Permission.VIEW)
@require_GET
def nsso_traffic(request: HttpRequest) -> HttpResponse:
    """How it stands; the part that changes is read again by the page itself every 20 seconds."""
    company = portal(request).company
    context: dict[str, object] = {
        "title": _("Traffic with the NSSO"),
        "page": traffic_of(company, now=timezone.now()),
    }
    if may(request, Permission.MANAGE_COMPANY):
        context |= {"may_manage": True, "address": open_address(company)}
    return render(request, "nsso/traffic.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_POST
def status_address(request: HttpRequest) -> HttpResponse:
    """Make the address, in place of the one before, and show it once."""
    secret = make_address(company=portal(request).company, actor=actor_of(request), now=timezone.now())
    context = {
        "title": _("Status line for your chain"),
        "back": {"url": reverse("registrations:nsso-traffic"), "label": _("Traffic with the NSSO")},
        "url": f"{settings.PUBLIC_URL}{reverse('status-line', args=[secret])}",
    }
    return render(request, "nsso/status_address.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_POST
def status_address_revoke(request: HttpRequest) -> HttpResponse:
    """Make the address useless."""
    revoke_address(company=portal(request).company, actor=actor_of(request), now=timezone.now())
    say(request, gettext("The address no longer works."))
    return redirect("registrations:nsso-traffic")
