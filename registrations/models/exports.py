"""What the office takes out of the portal: exports as CSV, reports as PDF. Both expire."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, User
from declarations.models import Declaration
from registrations.models.corrections import Correction


class Export(models.Model):
    """One export of registrations: who took out what. The file is streamed, never kept.

    Both days are Brussels days, inclusive. Until it expires, the same selection can be fetched again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    first_day = models.DateField(_("First day"))
    last_day = models.DateField(_("Last day"))
    # Filters beside the days, by their names in the form; ids only.
    selection = models.JSONField(default=dict)
    language = models.CharField(max_length=2)
    has_full_numbers = models.BooleanField(_("National numbers in full"), default=False)
    has_machine_keys = models.BooleanField(_("Column names for machines"), default=False)
    expires_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Export"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-requested_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["company", "-requested_at"], name="export_company_at"),
            models.Index(fields=["expires_at"], name="export_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"


class ReportKind(models.TextChoices):
    """What a report is about."""

    PRESENCE = "presence", _("Presence report")
    OUTAGES = "outages", _("Outage dossier")
    CHAIN_DAYS = "chain_days", _("Chain day by day")
    REMINDERS = "reminders", _("Attestation of reminders")
    REFUSAL = "refusal", _("Refusal file")
    CORRECTION = "correction", _("Request for a correction")


# Reports about a chain, the first ones about one company of it.
ABOUT_A_SUBCONTRACTOR = (ReportKind.REMINDERS.value, ReportKind.REFUSAL.value)
CHAIN_PAPERS = (*ABOUT_A_SUBCONTRACTOR, ReportKind.CHAIN_DAYS.value)


class ReportState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be made")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")


class Report(models.Model):
    """A document as PDF, made in the background and kept encrypted until it expires.

    A presence report and the papers of a chain are about one declaration, an attestation of reminders and a
    refusal file also about one company of its chain; an outage dossier is about all the company may see; a
    request for a correction about the registrations of that correction.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReportKind.choices, default=ReportKind.PRESENCE)
    declaration = models.ForeignKey(
        Declaration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Declaration of works"),
    )
    subject = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Company")
    )
    correction = models.ForeignKey(
        Correction, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    has_full_numbers = models.BooleanField(_("National numbers in full"), default=False)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    # Brussels days, inclusive.
    first_day = models.DateField(_("First day"))
    last_day = models.DateField(_("Last day"))
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.WAITING)
    made_at = models.DateTimeField(null=True, blank=True)
    # Name in the private storage; empty until it is ready.
    file_name = models.CharField(max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0)
    # Of the PDF itself, not of the encrypted file.
    sha256 = models.CharField(max_length=64, blank=True)
    line_count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Report"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-requested_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="outages", declaration__isnull=True, correction__isnull=True)
                | models.Q(kind="correction", declaration__isnull=True, correction__isnull=False)
                | (
                    ~models.Q(kind__in=("outages", "correction"))
                    & models.Q(declaration__isnull=False, correction__isnull=True)
                ),
                name="report_is_about_its_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ABOUT_A_SUBCONTRACTOR, subject__isnull=False)
                | (~models.Q(kind__in=ABOUT_A_SUBCONTRACTOR) & models.Q(subject__isnull=True)),
                name="report_names_its_subject",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-requested_at"], name="report_company_at"),
            models.Index(fields=["expires_at"], name="report_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"
