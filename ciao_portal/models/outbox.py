"""The columns of a row that must reach somebody else, however long that takes."""

from typing import ClassVar

from django.db import models


class OutboxRow(models.Model):
    """Work that leaves the house: claimed by one sender at a time, retried until it is done.

    The row is the truth: senders may be killed at any point, the row says what is still to be done.
    """

    # When the row may be taken next; empty when there is nothing more to do.
    due_at = models.DateTimeField(null=True, blank=True)
    # Set in the claim, emptied by the result; a stale value means that the sender died on the way.
    in_flight_since = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    attempt_count = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract: ClassVar[bool] = True
