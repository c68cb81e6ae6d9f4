"""For whom and where the work is done."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company


class Client(models.Model):
    """A tenant's client."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(_("Name"), max_length=200)
    enterprise_number = models.CharField(_("Enterprise number"), max_length=10, blank=True)

    objects: ClassVar[models.Manager["Client"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


_COMPLETE_ADDRESS = (
    ~models.Q(street="") & ~models.Q(house_number="") & ~models.Q(post_code="") & ~models.Q(municipality="")
)
_COORDINATES = models.Q(latitude__isnull=False, longitude__isnull=False)


class Workplace(models.Model):
    """A place that is cleaned: a complete address, or coordinates (a park has no house number)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="workplaces")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="workplaces")
    name = models.CharField(_("Name"), max_length=200)
    street = models.CharField(_("Street"), max_length=200, blank=True)
    house_number = models.CharField(_("Number"), max_length=20, blank=True)
    box_number = models.CharField(_("Box"), max_length=20, blank=True)
    post_code = models.CharField(_("Postcode"), max_length=10, blank=True)
    municipality = models.CharField(_("Municipality"), max_length=100, blank=True)
    # WGS 84, decimal degrees.
    latitude = models.DecimalField(_("Latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("Longitude"), max_digits=9, decimal_places=6, null=True, blank=True)

    objects: ClassVar[models.Manager["Workplace"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_COMPLETE_ADDRESS | _COORDINATES, name="workplace_can_be_found")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """One line: `Kouter 12 bus 3, 9000 Gent`, or the coordinates."""
        if not self.street:
            return f"{self.latitude}, {self.longitude}"
        box = f" / {self.box_number}" if self.box_number else ""
        return f"{self.street} {self.house_number}{box}, {self.post_code} {self.municipality}"
