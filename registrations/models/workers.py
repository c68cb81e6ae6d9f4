"""Workers: people as one company knows them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, Person


class WorkerStatus(models.TextChoices):
    EMPLOYEE = "employee", _("Employee")
    SELF_EMPLOYED = "self_employed", _("Self-employed")
    TEMPORARY = "temporary", _("Temporary worker")
    TRAINEE = "trainee", _("Trainee")
    STUDENT = "student", _("Student")
    POSTED = "posted", _("Posted from abroad")


class Employment(models.Model):
    """A person with one company; everything a company knows of a person stands here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="employments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments", db_index=False)
    first_name = models.CharField(_("First name"), max_length=100)
    last_name = models.CharField(_("Last name"), max_length=100)
    payroll_number = models.CharField(_("Payroll number"), max_length=20, blank=True)
    status = models.CharField(
        _("Status"), max_length=16, choices=WorkerStatus.choices, default=WorkerStatus.EMPLOYEE
    )
    agency = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Temporary agency"),
    )
    # Both days inclusive.
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"), null=True, blank=True)
    dimona_number = models.CharField(_("Dimona number"), max_length=20, blank=True)
    limosa_number = models.CharField(_("Limosa number (L1)"), max_length=30, blank=True)
    # Last day, inclusive; empty: without an end, or not written down.
    dimona_ends_on = models.DateField(_("Last day of the Dimona"), null=True, blank=True)
    limosa_ends_on = models.DateField(_("Last day of the Limosa declaration"), null=True, blank=True)

    objects: ClassVar[models.Manager["Employment"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["last_name", "first_name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "person"],
                condition=models.Q(ends_on__isnull=True),
                name="one_open_employment",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="employment_ends_after_start",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "last_name", "first_name"], name="employment_name"),
            # Every tap asks whether this person works for this company.
            models.Index(fields=["person", "company"], name="employment_person"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"
