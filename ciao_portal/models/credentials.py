"""A company's own access to the NSSO's web service."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models.accounts import Company
from ciao_portal.models.people import field_keys

PRIVATE_KEY_CONTEXT = "credentials.private_key"


class NssoCredentials(models.Model):
    """Client id and key pair with which one company's registrations travel."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="nsso_credentials")
    client_id = models.CharField(max_length=120)
    private_key_ciphertext = models.BinaryField(editable=False)
    public_key_pem = models.TextField()
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["NssoCredentials"]] = ScopedManager(company="company")

    class Meta:
        verbose_name_plural: ClassVar[str] = "NSSO credentials"

    def __str__(self) -> str:
        return self.client_id

    @property
    def private_key_pem(self) -> str:
        """The private key in clear; for signing assertions only, never shown."""
        return field_keys().decrypt(bytes(self.private_key_ciphertext), PRIVATE_KEY_CONTEXT)

    def keep_private_key(self, pem: str) -> None:
        self.private_key_ciphertext = field_keys().encrypt(pem, PRIVATE_KEY_CONTEXT)
