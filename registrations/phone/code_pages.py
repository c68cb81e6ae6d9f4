"""Making a phone one's own with the national number and the six digits that the office reads out."""

import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from registrations.phone import identity, last_point, lent
from registrations.phone.pages import page
from registrations.phone.pairing_pages import make_own, phone_kind
from registrations.phone.points import Site
from registrations.phone.sign_in_pages import addresses
from registrations.phone.web import SeeOther, phone_view
from registrations.rules.guessing import CODE_DIGITS, Counted
from registrations.services.pairing_codes import Tried, pair_with_code


@phone_view
@require_http_methods(["GET", "HEAD", "POST"])
def pair_by_code(request: HttpRequest) -> HttpResponse:
    """Number and code in one form; whatever is wrong, typing the number at the point goes on working."""
    now = timezone.now()
    site = last_point.last_site(request, day=brussels_day(now))
    if request.method != "POST":
        return _shown(request, site, now=now)
    try:
        tried = _tried(request, site, now=now)
        label = phone_kind(request.headers.get("User-Agent", ""))
        secret = pair_with_code(tried, label=label, now=now)
    except DomainError as error:
        return _shown(request, site, now=now, error=error)
    response = SeeOther(last_point.way_on(request, now=now))
    make_own(request, response, secret)
    return response


def _tried(request: HttpRequest, site: Site | None, *, now: datetime) -> Tried:
    """What was typed; what is malformed was no guess and is not counted."""
    typed = request.POST.get("ssin", "").strip()
    if not typed:
        raise DomainError("ssin.missing", _("Type your national number first."), field="ssin")
    code = re.sub(r"[\s.-]", "", request.POST.get("code", ""))
    ssin = identity.typed_ssin(typed, now=now)
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", code):
        raise DomainError(
            "code.malformed",
            _("The code has %(digits)s digits. Ask your employer for it."),
            field="code",
            params={"digits": CODE_DIGITS},
        )
    counted = {
        Counted.PHONE: lent.phone_name(request, now=now),
        Counted.POINT: site.point.code if site else "",
        Counted.ADDRESS: request.META.get("REMOTE_ADDR", ""),
    }
    return Tried(ssin, code, counted)


def _shown(
    request: HttpRequest, site: Site | None, *, now: datetime, error: DomainError | None = None
) -> HttpResponse:
    context = {
        "site": site,
        "error": error,
        "posted": request.POST,
        "digits": CODE_DIGITS,
        "sign_ins": addresses(site) if site else [],
        "is_somebodys": identity.paired_device(request) is not None,
    }
    response = page(request, "pair_by_code", context, status=422 if error else 200)
    # So that wrong tries are counted for this phone and not for everybody around it.
    lent.remember(response, request, now=now)
    return response
