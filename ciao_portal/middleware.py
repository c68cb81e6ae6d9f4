"""Who is asking, for which company, and whether they may."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import UUIDField
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django_htmx.middleware import HtmxMiddleware

from ciao_portal.models import Company, Membership, User
from ciao_portal.permissions import ROLE_PERMISSIONS, Permission, permission_of
from ciao_portal.prepared import NOW, Given, Prepared
from ciao_portal.tenancy import company_scope, unscoped

# Views of installed packages that guard themselves: sign-in, sign-out, passwords.
SELF_GUARDED_MODULES = ("allauth.",)
# Cleaners' pages know people by their phone, never by a session, and a status line knows nobody: they skip
# the work below entirely.
PHONE_PREFIXES = (
    *("/r/", "/me/", "/p/", "/c/", "/calendar/"),
    *("/kiosk/", "/practice/", "/status/", "/sw.js"),
)
SESSION_COMPANY = "company_id"
_MEMBERSHIPS = Prepared(lambda: Membership.objects.current(NOW).of(Given("user", UUIDField())))


class PortalRequest(HttpRequest):
    """A request of somebody who works for a company, as views that need a role receive it."""

    user: User
    company: Company
    membership: Membership
    memberships: list[Membership]


class _ForOffices:
    """Lets cleaners' pages pass at once: they know nobody by a session and show no messages."""

    def __call__(self, request: HttpRequest) -> Any:
        middleware: Any = self
        if request.path.startswith(PHONE_PREFIXES):
            return middleware.get_response(request)
        following: Any = super()
        return following.__call__(request)


class OfficeSessionMiddleware(_ForOffices, SessionMiddleware):
    """Sessions of people who sign in."""


class OfficeAuthenticationMiddleware(_ForOffices, AuthenticationMiddleware):
    """Who signed in."""


class OfficeMessageMiddleware(_ForOffices, MessageMiddleware):
    """What the next page says."""


class OfficeHtmxMiddleware(_ForOffices, HtmxMiddleware):
    """Whether a part of a page is asked for."""


class CompanyMiddleware:
    """Opens the company's scope for signed-in people and enforces each view's permission."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PHONE_PREFIXES):
            return self.get_response(request)
        portal = cast(Any, request)
        portal.company = portal.membership = None
        portal.memberships = []
        if not request.user.is_authenticated:
            return self.get_response(request)
        if request.user.language:
            translation.activate(request.user.language)
            portal.LANGUAGE_CODE = request.user.language
        with unscoped(reason="the person's own memberships, which say what scope there may be"):
            portal.memberships = _MEMBERSHIPS.all(user=request.user.pk, now=timezone.now())
        portal.membership = _chosen(portal.memberships, request.session.get(SESSION_COMPANY))
        if portal.membership is None:
            return self.get_response(request)
        portal.company = portal.membership.company
        with company_scope(portal.company):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        permission = permission_of(view)
        if permission is None:
            if view.__module__.startswith(SELF_GUARDED_MODULES):
                return None
            raise ImproperlyConfigured(f"The view {view.__module__}.{view.__qualname__} has no permission.")
        if permission is Permission.ANYONE:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if permission is Permission.SIGNED_IN:
            return None
        membership: Membership | None = cast(PortalRequest, request).membership
        if membership is None:
            return redirect("no-company")
        if permission not in ROLE_PERMISSIONS[membership.role]:
            raise PermissionDenied
        return None


def _chosen(memberships: list[Membership], company_id: str | None) -> Membership | None:
    for membership in memberships:
        if str(membership.company_id) == company_id:
            return membership
    return memberships[0] if memberships else None
