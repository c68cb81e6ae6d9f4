"""What was deleted because its term was over, and the permit without which nothing is."""

from typing import ClassVar

from django.db import models

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models.accounts import Company


class PurgePermit(models.Model):
    """Lets rows of one append-only table be deleted, inside the transaction that wrote it and no other.

    Written and taken away again by the purge service alone: outside a running purge the table is empty.
    """

    table_name = models.CharField(max_length=80, primary_key=True)
    # PostgreSQL's number of the transaction; empty on SQLite, where a writer is alone anyway.
    transaction_id = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.table_name


class PurgeProof(AppendOnly):
    """One purge of one company's data of one kind: by which term, and a hash over what was deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    term_days = models.PositiveIntegerField()
    # Everything older than this moment went.
    before = models.DateTimeField()
    count = models.PositiveIntegerField()
    # SHA-256 over the sorted identifiers of the deleted rows, one a line.
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["company", "-at"], name="purge_company_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d} {self.count}"
