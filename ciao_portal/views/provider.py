"""The company's own sign-in provider: one page to set it up and to check it step by step."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from ciao_portal.days import moment_label
from ciao_portal.errors import DomainError
from ciao_portal.forms import ServiceForm
from ciao_portal.models import IdentityProvider
from ciao_portal.oidc import OidcStep
from ciao_portal.permissions import Permission, requires
from ciao_portal.sign_in_provider import (
    CHECKED_STEPS,
    RETURN_PATH,
    ProviderFacts,
    check_provider,
    keep_provider,
    remove_provider,
)
from ciao_portal.views.base import actor_of, portal, say

# What each step asks, and what to do when it fails.
STEPS: dict[OidcStep, tuple[Promise, Promise]] = {
    OidcStep.ADDRESS: (
        _("The address is one that may be asked"),
        _("Write an address that begins with https:// and that the public internet reaches."),
    ),
    OidcStep.DISCOVERY: (
        _("The provider describes itself there"),
        _(
            "Below the address, at /.well-known/openid-configuration, there is no readable description. "
            "Compare the address with the one your provider shows as issuer."
        ),
    ),
    OidcStep.ISSUER: (
        _("It calls itself by exactly this address"),
        _("Copy the issuer from the description letter by letter, with or without the / at its end."),
    ),
    OidcStep.ENDPOINTS: (
        _("It can do what is needed: code, token, keys, PKCE"),
        _("Ask whoever runs the provider for the authorization code flow with PKCE (S256), over https."),
    ),
    OidcStep.KEYS: (
        _("Its keys can be read"),
        _("The address of its keys (jwks_uri) does not answer with keys. Ask whoever runs the provider."),
    ),
}


class ProviderForm(ServiceForm):
    """Where the company's people sign in."""

    issuer = forms.URLField(
        label=_("Address of the provider (issuer)"),
        max_length=255,
        assume_scheme="https",
        help_text=_("As the provider shows it, for example https://login.example.be/realms/staff"),
    )
    client_id = forms.CharField(label=_("Client id"), max_length=255)
    client_secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown. Leave it empty to keep the one that is stored."),
    )
    claim = forms.RegexField(
        r"^[A-Za-z0-9_.:/-]+$",
        label=_("Claim with the national number"),
        max_length=100,
        help_text=_("The name under which the provider tells the national number, for example ssin."),
    )

    def __init__(self, *args: Any, has_secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_secret"].required = not has_secret

    @classmethod
    def of(cls, known: IdentityProvider | None, data: Any = None) -> "ProviderForm":
        """The form as the provider stands now, without its secret."""
        initial = {name: getattr(known, name) for name in ("issuer", "client_id", "claim")} if known else None
        return cls(data, initial=initial, has_secret=known is not None)


@requires(Permission.MANAGE_COMPANY)
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest) -> HttpResponse:
    """Set it up; saving checks it at once."""
    known = IdentityProvider.objects.first()
    form = ProviderForm.of(known, request.POST or None)
    if form.is_valid():
        try:
            kept = keep_provider(
                company=portal(request).company,
                facts=ProviderFacts(**form.cleaned_data),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return _checked(request, kept)
    return _page(request, known, form)


@requires(Permission.MANAGE_COMPANY)
@require_POST
def provider_check(request: HttpRequest) -> HttpResponse:
    """Check it once more."""
    return _checked(request, get_object_or_404(IdentityProvider))


@requires(Permission.MANAGE_COMPANY)
@require_POST
def provider_remove(request: HttpRequest) -> HttpResponse:
    """Forget it."""
    known = get_object_or_404(IdentityProvider)
    remove_provider(provider=known, actor=actor_of(request), now=timezone.now())
    say(request, gettext("The sign-in provider was removed. Phones that are paired stay paired."))
    return redirect("settings-provider")


def _checked(request: HttpRequest, known: IdentityProvider) -> HttpResponse:
    failed = check_provider(provider=known, actor=actor_of(request), now=timezone.now())
    known.refresh_from_db()
    return _page(request, known, ProviderForm.of(known), steps=_shown_steps(failed))


def _shown_steps(failed: OidcStep | None) -> list[dict[str, Any]]:
    """Each step with its words; what comes after the one that failed was not reached."""
    shown: list[dict[str, Any]] = []
    signal = "ok"
    for step in CHECKED_STEPS:
        words, way_out = STEPS[step]
        if step == failed:
            shown.append({"signal": "late", "icon": "error", "words": words, "way_out": way_out})
            signal = ""
        else:
            icon = "check" if signal else "clock"
            shown.append({"signal": signal, "icon": icon, "words": words, "way_out": ""})
    return shown


def _page(
    request: HttpRequest,
    known: IdentityProvider | None,
    form: ProviderForm,
    *,
    steps: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "title": _("Sign-in of workers"),
        "lead": _("Workers may make their phone their own by signing in with your company's provider."),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "form": form,
        "known": known,
        "steps": steps,
        "checked": moment_label(known.checked_at) if known and known.checked_at else "",
        "return_url": f"{settings.PUBLIC_URL}{RETURN_PATH}",
        "submit_label": _("Save and check"),
        "cancel_url": reverse("settings"),
    }
    return render(request, "settings/provider.html", context)
