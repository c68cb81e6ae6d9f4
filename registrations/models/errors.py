"""Errors that workers report, with the office's answer."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, Person, User
from registrations.models.means import Device
from registrations.models.registrations import Registration

LONGEST_TEXT = 300
LONGEST_ANSWER = 600


class ErrorKind(models.TextChoices):
    """What is wrong, in words for the worker and the office alike."""

    TIME = "time", _("Wrong time")
    WORKPLACE = "workplace", _("Wrong workplace")
    COMPANY = "company", _("Wrong company")
    NOT_ME = "not_me", _("That was not me")
    FORGOTTEN = "forgotten", _("I forgot to register")


class ErrorReport(models.Model):
    """A worker's word that something is wrong on a day, and the answer: once given, neither changes.

    Beside the registrations, which it never changes. Without a registration: one was forgotten.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="error_reports")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, null=True, related_name="error_reports"
    )
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The Brussels day it is about, and the last day on which the NSSO can be asked for a correction.
    day = models.DateField()
    last_day = models.DateField()
    kind = models.CharField(max_length=12, choices=ErrorKind.choices)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    reported_at = models.DateTimeField()
    answer = models.CharField(max_length=LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["ErrorReport"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-reported_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["company", "-reported_at", "-id"], name="error_company"),
            models.Index(fields=["company", "last_day", "id"], name="error_last_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
