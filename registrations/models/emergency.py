"""What a company's people add to an outage, and whom they call when registering does not work."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models import Company, User
from registrations.models.nsso import Outage


class OutageNote(AppendOnly):
    """What somebody of the company adds to an outage later: beside it, never in place of what stood there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The outage's own, for the scope.
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    objects: ClassVar[models.Manager["OutageNote"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%dT%H:%M:%SZ}"


class EmergencyProcedure(models.Model):
    """What a company adds to the portal's own words on an outage: whom to call, and its own rules."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(_("Whom to call"), max_length=120)
    contact_phone = models.CharField(_("Telephone"), max_length=30)
    contact_hours = models.CharField(_("When to reach them"), max_length=120, blank=True)
    second_name = models.CharField(_("Whom to call next"), max_length=120, blank=True)
    second_phone = models.CharField(_("Telephone of the second person"), max_length=30, blank=True)
    second_hours = models.CharField(_("When to reach the second person"), max_length=120, blank=True)
    for_cleaners = models.TextField(_("What cleaners do besides"), max_length=2000, blank=True)
    for_office = models.TextField(_("What the office does besides"), max_length=2000, blank=True)
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["EmergencyProcedure"]] = ScopedManager(company="company")

    def __str__(self) -> str:
        return f"{self.contact_name} {self.contact_phone}"
