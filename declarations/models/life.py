"""What was decided about a declaration while it ran: other amounts, cancellations. Nothing is overwritten."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import User
from declarations.models.declarations import Declaration


class AgreedAmount(models.Model):
    """Another amount from a day on, until the next one; what was agreed before stays readable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="agreed_amounts")
    from_day = models.DateField()
    # Euro excluding VAT; the price of one year when `per_year`.
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


class Cancellation(models.Model):
    """Why a declaration was called off, and by whom; it stays when the cancellation is taken back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="cancellations")
    from_day = models.DateField()
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Cancellation"]] = ScopedManager(company="declaration__company")

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.declaration} · {self.from_day}"
