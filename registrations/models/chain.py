"""What a company expects of those below it in a chain, and how it reminded them of what is missing."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, SentLetter, User
from declarations.models import Declaration, Subcontract


class ExpectedDays(models.Model):
    """On which days of the week a company expects the people of a subcontract; its own, seen by no other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    subcontract = models.ForeignKey(Subcontract, on_delete=models.CASCADE, related_name="expected_days")
    # 1 for Monday, in order: `135`.
    weekdays = models.CharField(max_length=7)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    objects: ClassVar[models.Manager["ExpectedDays"]] = ScopedManager(company="company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "subcontract"], name="one_expectation_a_subcontract")
        ]

    def __str__(self) -> str:
        return self.weekdays

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(map(int, self.weekdays))


class ChainReminder(models.Model):
    """A reminder to a subcontractor of what is missing in a chain; the letter is its proof."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="+")
    # The subcontractor it was sent to.
    subject = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    # What it was about: [{"kind": "silent", "days": ["2026-11-20", …]}, …].
    gaps = models.JSONField(default=list)
    # What was sent and what became of it; empty when the portal was stopped in between.
    letter = models.OneToOneField(SentLetter, on_delete=models.PROTECT, null=True, related_name="+")
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["ChainReminder"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["company", "declaration", "subject", "-created_at"], name="reminder_chain"),
            models.Index(fields=["company", "subject", "-created_at"], name="reminder_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.declaration}"

    @property
    def kinds(self) -> set[str]:
        """The kinds of gaps it was about (`registrations.rules.gaps.GapKind`)."""
        return {gap["kind"] for gap in self.gaps}
