"""Evidence that outlives what it is about."""

from typing import ClassVar

from django.db import models

from ciao_portal.append_only import AppendOnly


class SealLeaf(AppendOnly):
    """The salted hash of one registration (`registrations.rules.leaves`); it stays when the row is purged."""

    id = models.BigAutoField(primary_key=True)
    # No foreign key: the leaf survives the registration.
    registration_key = models.UUIDField(unique=True)
    version = models.PositiveSmallIntegerField()
    # SHA-256, hexadecimal.
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.digest
