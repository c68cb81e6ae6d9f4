"""Which point this phone showed last: a card or a code needs no place of its own then.

The cookie holds the public code that hangs on the wall.
"""

from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from registrations.phone.cookies import set_cookie
from registrations.phone.points import Site, find_site

COOKIE = "point"
# Longer than a shift: afterwards one stands somewhere else.
LIFE = timedelta(hours=16)


def keep_point(response: HttpResponse, site: Site) -> None:
    """Remember this point as the one the phone stands at."""
    set_cookie(response, COOKIE, site.point.code, life=LIFE)


def last_site(request: HttpRequest, *, day: date) -> Site | None:
    """The point this phone showed last, if there is one."""
    code = request.COOKIES.get(COOKIE, "")
    try:
        return find_site(code, day=day) if code else None
    except DomainError:
        return None


def way_on(request: HttpRequest, *, now: datetime) -> str:
    """Where somebody who has just said who they are goes: to that point, else to type a code."""
    site = last_site(request, day=brussels_day(now))
    return reverse("phone:point", args=[site.point.code]) if site else reverse("phone:enter")
