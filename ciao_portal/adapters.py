"""How sign-in (django-allauth) behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone

from ciao_portal.members import note_sign_in
from ciao_portal.models import User


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts come from a company's invitation only, so nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        note_sign_in(user=user, now=timezone.now())
