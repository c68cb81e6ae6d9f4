"""The address under which a worker's own calendar reads the worker's hours."""

from typing import ClassVar

from django.db import models

from ciao_portal.ids import new_id
from ciao_portal.models import Person


class CalendarAddress(models.Model):
    """A secret address of one person's hours, until it is revoked; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calendar_addresses")
    secret_hash = models.CharField(max_length=64, unique=True)
    # Of the phone on which it was made: the words of the calendar.
    language = models.CharField(max_length=7)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_open_calendar_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.created_at}"
