"""The fact: who registered what, where and when. Append-only."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models import Company, Person
from declarations.models import Declaration, RegistrationPoint, Workplace
from registrations.models.means import Device
from registrations.rules.presence import Kind


class KindChoice(models.TextChoices):
    """The four things a worker can register, in the office's words."""

    IN = Kind.IN.value, _("Start")
    OUT = Kind.OUT.value, _("Stop")
    BREAK_START = Kind.BREAK_START.value, _("Break")
    BREAK_END = Kind.BREAK_END.value, _("Back from break")


class Means(models.TextChoices):
    """How the person was identified."""

    PAIRED = "paired", _("Paired phone")
    TYPED = "typed", _("Number typed")
    TICKET = "ticket", _("Number typed earlier that day")


class Registration(AppendOnly):
    """One registration by one person; never changed, never deleted.

    Holds no national number, no coordinates and nothing typed. All moments are UTC; `happened_day` is the
    Brussels day of `happened_at`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="registrations")
    employer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="registrations")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="registrations")
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="registrations")
    point = models.ForeignKey(RegistrationPoint, on_delete=models.PROTECT, related_name="registrations")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="registrations")
    kind = models.CharField(max_length=12, choices=KindChoice.choices)
    means = models.CharField(max_length=10, choices=Means.choices)
    # What counts; what the phone claimed; what its clock was measured to be off by; when we received it.
    happened_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    offset_ms = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    happened_day = models.DateField()
    # Made at the tap; one tap is one registration however often it is sent.
    client_key = models.UUIDField(unique=True)
    flags = models.JSONField(default=list)

    # Inside a scope: the employer's own. Everything wider goes through `visible_to`.
    objects: ClassVar[models.Manager["Registration"]] = ScopedManager(company="employer")

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["employer", "-happened_at", "-id"], name="reg_employer_time"),
            models.Index(fields=["declaration", "-happened_at", "-id"], name="reg_declaration_time"),
            models.Index(fields=["person", "-received_at"], name="reg_person_received"),
            models.Index(fields=["point", "means", "received_at"], name="reg_point_received"),
            models.Index(fields=["happened_day", "employer"], name="reg_day_employer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%dT%H:%M:%SZ}"


class StatementKind(models.TextChoices):
    STOPPED_AT = "stopped_at", _("When I stopped")
    EMPLOYER_WAS = "employer_was", _("For whom I worked")
    WORKPLACE_WAS = "workplace_was", _("Where I worked")


class Statement(AppendOnly):
    """A worker's own later word beside a registration. Never sent to the NSSO as a registration."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="statements")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=16, choices=StatementKind.choices)
    stopped_at = models.DateTimeField(null=True)
    employer = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["given_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.given_at:%Y-%m-%dT%H:%M:%SZ}"


class PresenceState(models.Model):
    """Where a person stands with one employer on one declaration: kept by `register()`, rebuildable."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="+")
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="+")
    last_registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    last_kind = models.CharField(max_length=12, choices=KindChoice.choices)
    last_at = models.DateTimeField()
    # Start of the running presence; empty when the person is not present.
    since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "employer", "declaration"], name="one_presence_state")
        ]
        indexes: ClassVar = [
            models.Index(fields=["employer", "last_at"], name="presence_employer_at"),
            models.Index(fields=["declaration", "last_at"], name="presence_declaration_at"),
        ]

    def __str__(self) -> str:
        return f"{self.last_kind} {self.last_at:%Y-%m-%dT%H:%M:%SZ}"
