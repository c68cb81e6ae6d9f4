"""Our side and the NSSO's side of a day, compared."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company


class ReconciledDay(models.Model):
    """One Brussels day of one company as it was compared last; made anew while something may change."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    # Registrations on either side that the company may see, and those that are on both.
    here = models.PositiveIntegerField()
    there = models.PositiveIntegerField()
    both = models.PositiveIntegerField()
    # Differences by `registrations.rules.reconciliation.Reason`, those without any left out.
    counts = models.JSONField(default=dict)
    # How many of them may still settle or ask for somebody: the day is compared again while there are any.
    open_count = models.PositiveIntegerField()
    compared_at = models.DateTimeField()

    objects: ClassVar[models.Manager["ReconciledDay"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-day", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "day"], name="one_reconciled_day")
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-day", "-id"], name="reconciled_company_day"),
            models.Index(fields=["day"], condition=models.Q(open_count__gt=0), name="reconciled_with_open"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.both} of {self.here} and {self.there}"
