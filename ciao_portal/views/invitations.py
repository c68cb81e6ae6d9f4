"""The page behind the link of an invitation. GET never acts: mail programs fetch links by themselves."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ciao_portal import invitations
from ciao_portal.errors import DomainError
from ciao_portal.forms import NewAccountForm
from ciao_portal.languages import language_of
from ciao_portal.middleware import SESSION_COMPANY
from ciao_portal.models import Invitation, Membership, User
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import say


@requires(Permission.ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation; a POST accepts it, as oneself or with a new account."""
    try:
        found = invitations.open_invitation(secret, now=timezone.now())
        _speak(request, found.language)
        return _answer(request, secret, found)
    except DomainError as error:
        return _page(request, {"error": str(error)}, status=410)


def _answer(request: HttpRequest, secret: str, found: Invitation) -> HttpResponse:
    if isinstance(request.user, User):
        return _for_signed_in(request, request.user, secret, found)
    if invitations.account_of(found) is not None:
        return _page(request, {"invitation": found, "needs_sign_in": True})
    return _for_newcomer(request, secret, found)


def _for_signed_in(request: HttpRequest, user: User, secret: str, found: Invitation) -> HttpResponse:
    is_for_them = user.email == found.email
    if request.method == "POST" and is_for_them:
        return _welcome(request, invitations.accept(secret=secret, user=user, now=timezone.now()))
    return _page(request, {"invitation": found, "is_somebody_else": not is_for_them})


def _for_newcomer(request: HttpRequest, secret: str, found: Invitation) -> HttpResponse:
    form = NewAccountForm(
        request.POST or None,
        email=found.email,
        initial={"language": language_of(translation.get_language() or "", found.language)},
    )
    if not form.is_valid():
        return _page(request, {"invitation": found, "form": form})
    membership = invitations.accept_with_new_account(secret=secret, now=timezone.now(), **form.cleaned_data)
    get_adapter().login(request, membership.user)
    return _welcome(request, membership)


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    request.session[SESSION_COMPANY] = str(membership.company_id)
    is_nameless = not membership.company.name
    # The next page is in the language they chose for themselves.
    with translation.override(language_of(membership.user.language, translation.get_language() or "")):
        say(request, gettext("You now work for %(company)s.") % {"company": membership.company})
        if is_nameless:
            say(request, gettext("Say first what your company calls itself."))
    return redirect("settings-company-edit" if is_nameless else "dashboard")


def _speak(request: HttpRequest, language: str) -> None:
    """The language the owner chose, until the reader chooses one."""
    if not request.user.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    if found := context.get("invitation"):
        context["founds"] = not found.company.memberships.exists()
    response = render(request, "invitations/invitation.html", context, status=status)
    # The address holds the secret: no other site may learn it. (`no-referrer` would break the form.)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
