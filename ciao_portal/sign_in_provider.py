"""A company's own sign-in provider: set up, checked step by step, taken away."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit, oidc
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, IdentityProvider
from ciao_portal.oidc import Client, OidcError, OidcStep

# Where the provider sends phones back to; the owner registers it there.
RETURN_PATH = "/p/sign-in/back/"
CHECKED_STEPS = (
    OidcStep.ADDRESS,
    OidcStep.DISCOVERY,
    OidcStep.ISSUER,
    OidcStep.ENDPOINTS,
    OidcStep.KEYS,
)
logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What an owner types; an empty secret keeps the former one, of the same issuer only."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str


def client_of(provider: IdentityProvider) -> Client:
    """Who we are to this provider."""
    return Client(
        provider.issuer,
        provider.client_id,
        provider.client_secret,
        f"{settings.PUBLIC_URL}{RETURN_PATH}",
    )


@transaction.atomic
def keep_provider(*, company: Company, facts: ProviderFacts, actor: Actor, now: datetime) -> IdentityProvider:
    """Write down where the company's people sign in. Until it is checked, no phone is sent there.

    Raises DomainError `provider.secret` for another issuer without a secret of its own: the stored one was
    given by the former issuer, and is told to nobody else.
    """
    provider = IdentityProvider.objects.select_for_update().filter(company=company).first()
    provider = provider or IdentityProvider(company=company)
    if not facts.client_secret and facts.issuer != provider.issuer:
        raise DomainError(
            "provider.secret",
            _("The stored secret belongs to another address. Type the secret for this one."),
            field="client_secret",
        )
    provider.issuer, provider.client_id, provider.claim = facts.issuer, facts.client_id, facts.claim
    if facts.client_secret:
        provider.keep_client_secret(facts.client_secret)
    provider.changed_at, provider.checked_at = now, None
    provider.save()
    audit.record("provider.changed", provider, actor=actor, now=now, payload={"issuer": facts.issuer})
    return provider


def check_provider(*, provider: IdentityProvider, actor: Actor, now: datetime) -> OidcStep | None:
    """Fetch what the provider says of itself; the step that failed, None when everything is in order."""
    failed: OidcStep | None = None
    try:
        oidc.keys_of(oidc.discover(provider.issuer))
    except OidcError as error:
        failed = error.step
        logger.warning("A sign-in provider failed its check", step=error.step.value, detail=error.detail)
    with transaction.atomic():
        # What was typed meanwhile is not checked yet.
        IdentityProvider.objects.filter(pk=provider.pk, changed_at=provider.changed_at).update(
            checked_at=None if failed else now
        )
        payload = {"failed": failed.value if failed else ""}
        audit.record("provider.checked", provider, actor=actor, now=now, payload=payload)
    return failed


@transaction.atomic
def remove_provider(*, provider: IdentityProvider, actor: Actor, now: datetime) -> None:
    """Forget it, with its secret. Phones that were paired by it stay paired until they are revoked."""
    audit.record("provider.removed", provider, actor=actor, now=now, payload={"issuer": provider.issuer})
    provider.delete()
