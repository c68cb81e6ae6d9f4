"""Letters about last days that come near, what each told, and the address of a calendar of last days."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models import Company, User
from registrations.models.errors import ErrorReport
from registrations.models.nsso import Remark


class Digest(models.Model):
    """One morning letter to one person about one company's last days; written before it is sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # The Brussels day.
    day = models.DateField()
    claimed_at = models.DateTimeField()
    # Whether the mail server took it; empty until that is known, for ever when the process died in between.
    is_taken = models.BooleanField(null=True)

    objects: ClassVar[models.Manager["Digest"]] = ScopedManager(company="company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "user", "day"],
                condition=models.Q(is_taken__isnull=True) | models.Q(is_taken=True),
                name="one_digest_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class DeadlineWarning(AppendOnly):
    """What a digest warned of: a remark or a worker's report, on which of the warning days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, related_name="warnings")
    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, null=True, related_name="warnings")
    report = models.ForeignKey(ErrorReport, on_delete=models.PROTECT, null=True, related_name="warnings")
    # 15, 23, 27, 29 or 30: the day counted from the registration, not the day of the letter.
    warning_day = models.PositiveSmallIntegerField()

    objects: ClassVar[models.Manager["DeadlineWarning"]] = ScopedManager(company="digest__company")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(remark__isnull=False) ^ models.Q(report__isnull=False),
                name="warning_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.remark_id or self.report_id} day {self.warning_day}"


class DeadlineCalendar(models.Model):
    """A secret address of one person's calendar of one company's last days; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["DeadlineCalendar"]] = ScopedManager(company="company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "user"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_open_deadline_calendar",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at}"
