"""What pages of signed-in people share: the typed request, who acts, and words on the next page."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest

from ciao_portal.audit import Actor
from ciao_portal.middleware import PortalRequest
from ciao_portal.permissions import ROLE_PERMISSIONS, Permission


def portal(request: HttpRequest) -> PortalRequest:
    """The request as the middleware left it, for views that need a company."""
    return cast(PortalRequest, request)


def actor_of(request: HttpRequest) -> Actor:
    """Who does what this request asks for."""
    return Actor(portal(request).company, portal(request).user)


def may(request: HttpRequest, permission: Permission) -> bool:
    """Whether the person's role grants this."""
    return permission in ROLE_PERMISSIONS[portal(request).membership.role]


def say(request: HttpRequest, words: str) -> None:
    """A message of success on the next page."""
    messages.success(request, words)


def warn(request: HttpRequest, words: object) -> None:
    """A message on the next page that something did not happen, and what to do."""
    messages.warning(request, str(words))
