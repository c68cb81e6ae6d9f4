"""A company's own access to the NSSO's web service."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models.accounts import Company
from ciao_portal.models.people import field_keys
from ciao_portal.nsso.auth import KeyPair
from ciao_portal.nsso.certificates import Certificate, read, self_signed

# The same for both places of a key: when they are switched, the bytes move as they are.
PRIVATE_KEY_CONTEXT = "credentials.private_key"
TEST_PASSED = "passed"


class HeldKey(models.Model):
    """A key pair with its certificate, what owners were told of its end, and its last test."""

    private_key_ciphertext = models.BinaryField(editable=False)
    public_key_pem = models.TextField()
    # Empty for a key of before there were certificates that could not be read at that time.
    certificate_pem = models.TextField(default="", editable=False)
    certificate_ends_at = models.DateTimeField(null=True, editable=False)
    # See `ciao_portal.nsso.expiry`.
    told_threshold = models.PositiveSmallIntegerField(null=True, editable=False)
    tested_at = models.DateTimeField(null=True, editable=False)
    # TEST_PASSED, or the reason (`NssoCode`) why the last test did not pass; empty when there was none.
    test_result = models.CharField(max_length=40, default="", editable=False)
    # When the key was made.
    created_at = models.DateTimeField()

    class Meta:
        abstract: ClassVar[bool] = True

    @property
    def private_key_pem(self) -> str:
        """The private key in clear; for signing assertions only, never shown."""
        return field_keys().decrypt(bytes(self.private_key_ciphertext), PRIVATE_KEY_CONTEXT)

    @property
    def certificate(self) -> Certificate | None:
        return read(self.certificate_pem) if self.certificate_pem else None

    @property
    def has_passed_test(self) -> bool:
        return self.test_result == TEST_PASSED

    def keep_private_key(self, pem: str) -> None:
        self.private_key_ciphertext = field_keys().encrypt(pem, PRIVATE_KEY_CONTEXT)

    def keep_key(self, keys: KeyPair, company: Company, *, now: datetime) -> None:
        """Hold this key, with a certificate in the company's name. Raises NssoMisconfigured when unusable."""
        number = company.enterprise_number or company.foreign_vat_number or ""
        certificate = self_signed(keys.private_pem, number=number, name=company.name, now=now)
        self.keep_private_key(keys.private_pem)
        self.public_key_pem = keys.public_pem
        self.certificate_pem, self.certificate_ends_at = certificate.pem, certificate.ends_at
        self.created_at = now

    def forget_test(self) -> None:
        self.tested_at, self.test_result = None, ""


# What moves when two keys change places.
KEY_FIELDS = tuple(field.name for field in HeldKey._meta.local_fields)


class NssoCredentials(HeldKey):
    """Client id and the key in use, with which one company's registrations travel."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="nsso_credentials")
    client_id = models.CharField(max_length=120)

    objects: ClassVar[models.Manager["NssoCredentials"]] = ScopedManager(company="company")

    class Meta:
        verbose_name_plural: ClassVar[str] = "NSSO credentials"

    def __str__(self) -> str:
        return self.client_id


class SpareKey(HeldKey):
    """A second key of an access: ready to take over, or just replaced and kept for the way back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    access = models.OneToOneField(NssoCredentials, on_delete=models.CASCADE, related_name="spare")

    objects: ClassVar[models.Manager["SpareKey"]] = ScopedManager(company="access__company")

    def __str__(self) -> str:
        return str(self.pk)
