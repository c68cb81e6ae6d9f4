"""Means of registration: phones, cards and tablets. Only hashes of their secrets are stored."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, Person
from declarations.models import RegistrationPoint


class PairedBy(models.TextChoices):
    """How it was known whose phone it is."""

    LINK = "link", _("by a personal link")
    CARD = "card", _("with the personal card")
    CODE = "code", _("with number and code")
    PROVIDER = "provider", _("by signing in")


class Device(models.Model):
    """A phone paired to a person; the phone holds the secret, we hold its SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="devices")
    secret_hash = models.CharField(max_length=64, unique=True)
    # The kind of phone in one word ("Android", "iPhone"), so that a worker recognises it in a list.
    label = models.CharField(max_length=60, blank=True)
    # Empty for phones of before this was noted.
    paired_by = models.CharField(max_length=10, choices=PairedBy.choices, blank=True, default="")
    # With which card: a card that is revoked takes the phones along that it vouched for.
    badge = models.ForeignKey("Badge", on_delete=models.PROTECT, null=True, blank=True, related_name="phones")
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
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["PairingLink"]] = ScopedManager(company="company")

    def __str__(self) -> str:
        return str(self.id)


class Badge(models.Model):
    """A personal card: a QR whose secret we hold as SHA-256, and perhaps a chip that a reader tells."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="badges")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="badges")
    # Printed on the card, so that people can speak of it: counts within the company.
    number = models.PositiveIntegerField(_("Card number"))
    secret_hash = models.CharField(max_length=64, unique=True)
    # Keyed hash of the chip's own number (NFC, RFID); empty for a card without one. A revoked card keeps it:
    # a tap kept without signal may still come from before.
    chip_hash = models.CharField(max_length=64, blank=True)
    chip_set_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Badge"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="one_card_a_number"),
            models.UniqueConstraint(
                fields=["chip_hash"],
                condition=Q(revoked_at__isnull=True) & ~Q(chip_hash=""),
                name="one_valid_card_a_chip",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["chip_hash"], name="cards_of_a_chip")]

    def __str__(self) -> str:
        return str(self.number)


class Terminal(models.Model):
    """A tablet on the wall of one registration point; it holds the secret, we hold its SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="terminals")
    point = models.ForeignKey(RegistrationPoint, on_delete=models.PROTECT, related_name="terminals")
    name = models.CharField(_("Name"), max_length=60)
    # Of the link that pairs it; empty once it is paired.
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    link_expires_at = models.DateTimeField(null=True, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()
    paired_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Terminal"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name
