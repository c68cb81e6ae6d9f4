"""A personal card, scanned with a phone: *my phone* or *only this time*."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from registrations.models import Badge
from registrations.phone import identity, last_point
from registrations.phone.pages import page
from registrations.phone.pairing_pages import make_own, phone_kind
from registrations.phone.web import SeeOther, phone_view
from registrations.services import cards


@phone_view
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, secret: str) -> HttpResponse:
    """GET shows (previews and cameras fetch links), POST does what was chosen."""
    badge = cards.card_with_secret(secret)
    if badge is None:
        error = _("This card does not work any more. Ask your employer for a new one.")
        return page(request, "card", {"error": error}, status=410, secret=True)
    use = request.POST.get("use", "")
    try:
        if use == "once":
            return _once(request, badge)
        if use == "phone":
            return _own(request, badge, secret)
    except DomainError as error:
        return page(request, "card", {"error": error}, status=410, secret=True)
    return _shown(request, badge)


def _shown(request: HttpRequest, badge: Badge) -> HttpResponse:
    device = identity.paired_device(request)
    is_own = device is not None and device.person_id == badge.person_id
    context = {
        "badge": badge,
        "is_own": is_own,
        "is_somebodys": device is not None and not is_own,
        "site": last_point.last_site(request, day=brussels_day(timezone.now())),
    }
    return page(request, "card", context, secret=True)


def _once(request: HttpRequest, badge: Badge) -> HttpResponse:
    now = timezone.now()
    response = SeeOther(last_point.way_on(request, now=now))
    identity.show_card(response, badge, now=now)
    return response


def _own(request: HttpRequest, badge: Badge, secret: str) -> HttpResponse:
    now = timezone.now()
    response = SeeOther(last_point.way_on(request, now=now))
    device = identity.paired_device(request)
    if device is None or device.person_id != badge.person_id:
        label = phone_kind(request.headers.get("User-Agent", ""))
        make_own(request, response, cards.pair_with_card(secret=secret, label=label, now=now))
    return response
