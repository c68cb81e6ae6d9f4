"""What is done by hand around a takeover, and who did it."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import User
from declarations.models.clients import Workplace
from declarations.models.declarations import Declaration


class TakeoverStep(models.Model):
    """A step that was done: the new poster hangs at a workplace or, without one, the staff was told."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="takeover_steps")
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, null=True, related_name="+")
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    objects: ClassVar[models.Manager["TakeoverStep"]] = ScopedManager(company="declaration__company")

    class Meta:
        ordering: ClassVar = ["done_at", "id"]
        constraints: ClassVar = [
            # In SQL two empty columns are never equal, so that each shape has its own.
            models.UniqueConstraint(
                fields=["declaration"], condition=models.Q(workplace__isnull=True), name="staff_told_once"
            ),
            models.UniqueConstraint(fields=["declaration", "workplace"], name="poster_hung_once"),
        ]

    def __str__(self) -> str:
        return f"{self.workplace or 'staff'} {self.done_at}"
