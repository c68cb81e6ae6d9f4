"""The address under which a company's chain can see how its traffic with the NSSO goes."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, User


class StatusAddress(models.Model):
    """A secret address that anybody may open who has it, until it is revoked; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="status_addresses")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["StatusAddress"]] = ScopedManager(company="company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_open_status_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.created_at}"
