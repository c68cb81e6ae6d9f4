"""What a worker agrees to with an employer, and was told by it. Append-only: the latest answer counts."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models import Company, Person, User
from registrations.models.means import Device
from registrations.rules.agreements import Answer, Subject


class SubjectChoice(models.TextChoices):
    """What the answer is about, in the office's words."""

    INFORMED = Subject.INFORMED.value, _("Information sheet")
    OWN_PHONE = Subject.OWN_PHONE.value, _("Own phone")
    PLACE = Subject.PLACE.value, _("Place at a registration")


class AnswerChoice(models.TextChoices):
    ACCEPTED = Answer.ACCEPTED.value, _("Accepted")
    REFUSED = Answer.REFUSED.value, _("Refused")


class Agreement(AppendOnly):
    """One answer of one person to one company. For the information sheet, accepted means: read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agreements", db_index=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=SubjectChoice.choices)
    answer = models.CharField(max_length=8, choices=AnswerChoice.choices)
    # Which words stood there, and in which language they were read.
    text_version = models.CharField(max_length=10)
    language = models.CharField(max_length=7)
    answered_at = models.DateTimeField()
    # The phone it was answered on; none when the office noted a sheet that was signed on paper.
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="+")
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Agreement"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-answered_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["person", "company", "kind", "-answered_at"], name="agreement_latest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.answer}"
