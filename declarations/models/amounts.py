"""What was agreed about the price of a contract after its first day."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from declarations.models.declarations import Declaration


class AgreedAmount(models.Model):
    """Another amount from a day on, until the next one; what was agreed before stays readable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="agreed_amounts")
    from_day = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    per_year = models.BooleanField()
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["AgreedAmount"]] = ScopedManager(company="declaration__company")

    class Meta:
        ordering: ClassVar = ["from_day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["declaration", "from_day"], name="agreed_amount_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.declaration} · {self.from_day}"
