"""Where somebody stands and whose phone it is: every visit of a code asks both, so they are asked at once."""

from datetime import date

from django.http import HttpRequest

from ciao_portal.prepared import Pair
from ciao_portal.tenancy import unscoped
from declarations.rules.codes import parse_point_code
from registrations.phone.identity import DEVICE_COOKIE, keep_paired_device
from registrations.phone.points import POINT, Site, find_site, site_of
from registrations.services.pairing import DEVICE, hash_secret

_POINT_AND_DEVICE = Pair(POINT, DEVICE)


def arrive(request: HttpRequest, code: str, *, day: date) -> Site | None:
    """The site of a code, as `find_site` answers it; `paired_device` then knows the phone without asking.

    Raises DomainError `code.…` when it is no code at all.
    """
    secret = request.COOKIES.get(DEVICE_COOKIE)
    if not secret:
        return find_site(code, day=day)
    parsed = parse_point_code(code)
    with unscoped(reason="the code on the wall is public, and the secret of the phone is the authority"):
        point, device = _POINT_AND_DEVICE.first(code=parsed, day=day, secret_hash=hash_secret(secret))
        keep_paired_device(request, device)
        return site_of(point, day=day) if point else None
