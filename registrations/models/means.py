"""Means of registration: paired phones and the links that pair them. Only hashes of secrets are stored."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, Person


class Device(models.Model):
    """A phone paired to a person; the phone holds the secret, we hold its SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="devices")
    secret_hash = models.CharField(max_length=64, unique=True)
    # The kind of phone in one word ("Android", "iPhone"), so that a worker recognises it in a list.
    label = models.CharField(max_length=60, blank=True)
    paired_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-paired_at"]

    def __str__(self) -> str:
        return self.label or str(self.id)


class PairingLink(models.Model):
    """An invitation to pair one phone, handed out by the office; used once, by POST only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["PairingLink"]] = ScopedManager(company="company")

    def __str__(self) -> str:
        return str(self.id)
