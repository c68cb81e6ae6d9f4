"""Codes that the office reads out, and the wrong tries that are counted so that guessing is useless."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, Person
from registrations.rules.guessing import Counted


class PairingCode(models.Model):
    """Six digits that pair one phone, together with the person's own number; used once, for minutes only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Keyed: a million codes are tried in a second by whoever has the table, unless the key is missing.
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    # Taken back by the office, or replaced by a newer one.
    revoked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["PairingCode"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return str(self.id)


class WrongTry(models.Model):
    """One try of number and code, counted under a phone, a point or an address; kept for an hour.

    Written before the code is looked at and taken back when it was right, so that many tries at once count.
    """

    id = models.BigAutoField(primary_key=True)
    counted = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Counted])
    # Keyed hash of the phone's cookie, the point's code or the address: nobody is named here.
    subject = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "at"], name="wrong_try_subject"),
            models.Index(fields=["at"], name="wrong_try_at"),
        ]

    def __str__(self) -> str:
        return f"{self.counted} {self.at:%Y-%m-%dT%H:%M:%SZ}"
