"""What we expected the NSSO to remark on a registration, to be compared with what it said."""

from typing import ClassVar

from django.db import models

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from registrations.models.registrations import Registration


class ExpectedRemark(AppendOnly):
    """One remark that our own data foretold of one registration; an empty code says that none was expected.

    So every registration that was looked at has at least one row, and the answer to "which were not" is
    "those without".
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="expected_remarks", db_index=False
    )
    code = models.CharField(max_length=60, blank=True)
    expected_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registration", "code"], name="expected_once"),
        ]
        # Most expect nothing.
        indexes: ClassVar = [
            models.Index(fields=["code"], condition=~models.Q(code=""), name="expected_some"),
        ]

    def __str__(self) -> str:
        return self.code
