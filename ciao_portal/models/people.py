"""Human beings, apart from any company."""

from functools import lru_cache
from typing import ClassVar

from django.conf import settings
from django.db import models

from ciao_portal.crypto import KeyRing
from ciao_portal.ids import new_id

# Binds a ciphertext to this column, so that a value cannot be moved into another one unnoticed.
SSIN_CONTEXT = "person.ssin"


def field_keys() -> KeyRing:
    """The keys for personal numbers, newest first."""
    return _parsed(settings.FIELD_KEYS)


@lru_cache(maxsize=4)
def _parsed(text: str) -> KeyRing:
    return KeyRing.parse(text)


class PersonQuerySet(models.QuerySet["Person"]):
    def with_ssin(self, ssin: str) -> "PersonQuerySet":
        """People with this national number, under whichever key it was stored."""
        return self.filter(
            ssin_index__in=[index.hex() for index in field_keys().blind_indexes(ssin, SSIN_CONTEXT)]
        )


class Person(models.Model):
    """A human being, global over all companies. No name here: names belong to each employer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Empty while a BIS number is still pending.
    ssin_ciphertext = models.BinaryField(null=True, editable=False)
    ssin_index = models.CharField(  # noqa: DJ001  # many pending numbers, yet every known one unique
        max_length=64, unique=True, null=True, editable=False
    )
    language = models.CharField(max_length=2, blank=True)
    created_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        default_manager_name: ClassVar[str] = "objects"

    def __str__(self) -> str:
        return str(self.id)

    @property
    def ssin(self) -> str | None:
        """The national number in clear (11 digits): for the NSSO and for deliberate, logged reveals only."""
        if self.ssin_ciphertext is None:
            return None
        return field_keys().decrypt(bytes(self.ssin_ciphertext), SSIN_CONTEXT)

    def keep_ssin(self, ssin: str) -> None:
        """Set the (checked) national number, 11 digits, encrypted and indexed under the newest key."""
        keys = field_keys()
        self.ssin_ciphertext = keys.encrypt(ssin, SSIN_CONTEXT)
        self.ssin_index = keys.blind_index(ssin, SSIN_CONTEXT).hex()
