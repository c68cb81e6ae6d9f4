"""Reminders of another company's remarks, each with the letter that proves it."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, SentLetter, User
from registrations.models.nsso import Remark


class RemarkReminder(models.Model):
    """A reminder to the company some remarks are about; seen by the one that sent it alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    # The company it was sent to: the employer on the registrations.
    subject = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    remarks = models.ManyToManyField(Remark, related_name="reminders")
    # What was sent and what became of it; empty when the portal was stopped in between.
    letter = models.OneToOneField(SentLetter, on_delete=models.PROTECT, null=True, related_name="+")
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["RemarkReminder"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.subject} {self.created_at}"
