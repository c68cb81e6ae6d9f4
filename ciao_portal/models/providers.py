"""A company's own OpenID Connect provider, with which its workers may say who they are."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models.accounts import Company
from ciao_portal.models.people import field_keys

CLIENT_SECRET_CONTEXT = "provider.client_secret"  # noqa: S105  # what a ciphertext is bound to, no secret


class IdentityProvider(models.Model):
    """Where the company's people sign in, and which claim holds the national number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="identity_provider")
    # Compared letter by letter with what the provider says of itself, as OpenID Connect Core 3.1.3.7 wants.
    issuer = models.CharField(_("Address of the provider (issuer)"), max_length=255)
    client_id = models.CharField(_("Client id"), max_length=255)
    client_secret_ciphertext = models.BinaryField(editable=False)
    claim = models.CharField(_("Claim with the national number"), max_length=100)
    changed_at = models.DateTimeField()
    # When every step of the check last passed; offered to workers only then.
    checked_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager["IdentityProvider"]] = ScopedManager(company="company")

    def __str__(self) -> str:
        return self.issuer

    @property
    def client_secret(self) -> str:
        """In clear; for the provider's token address only, never shown."""
        return field_keys().decrypt(bytes(self.client_secret_ciphertext), CLIENT_SECRET_CONTEXT)

    def keep_client_secret(self, secret: str) -> None:
        self.client_secret_ciphertext = field_keys().encrypt(secret, CLIENT_SECRET_CONTEXT)
