"""The fact: who registered what, where and when. Append-only."""

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models import Company, Person
from declarations.models import Declaration, RegistrationPoint, Workplace
from registrations.models.means import Badge, Device, Terminal
from registrations.rules.presence import Kind


def new_salt() -> bytes:
    return secrets.token_bytes(16)


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
    CARD = "card", _("Personal card")
    CHIP = "chip", _("Chip of a card")


class Registration(AppendOnly):
    """One registration by one person; never changed, never deleted.

    Holds no national number, no coordinates and nothing typed. All moments are UTC; `happened_day` is the
    Brussels day of `happened_at`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # No index of their own where one of those below begins with the column: each costs every tap.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="registrations", db_index=False)
    employer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    # The declaration's owner, who sees everything on it: copied, so that its lists have an index.
    declarer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    point = models.ForeignKey(
        RegistrationPoint, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="registrations")
    badge = models.ForeignKey(
        Badge, on_delete=models.PROTECT, null=True, related_name="registrations", db_index=False
    )
    # The tablet, when it was registered on one; `means` then says how the person was identified there.
    terminal = models.ForeignKey(
        Terminal, on_delete=models.PROTECT, null=True, related_name="registrations", db_index=False
    )
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
    # 128 random bits that go into the seal leaf: once they are gone, the leaf tells nothing about the row.
    salt = models.BinaryField(max_length=16, default=new_salt, editable=False)

    # Inside a scope: the employer's own. Everything wider goes through `visible_to`.
    objects: ClassVar[models.Manager["Registration"]] = ScopedManager(company="employer")

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["employer", "-happened_at", "-id"], name="reg_employer_time"),
            models.Index(fields=["declarer", "-happened_at", "-id"], name="reg_declarer_time"),
            models.Index(fields=["declaration", "-happened_at", "-id"], name="reg_declaration_time"),
            models.Index(fields=["workplace", "-happened_at", "-id"], name="reg_workplace_time"),
            models.Index(fields=["person", "-happened_at", "-id"], name="reg_person_time"),
            models.Index(fields=["person", "-received_at"], name="reg_person_received"),
            models.Index(fields=["point", "means", "received_at"], name="reg_point_received"),
            models.Index(fields=["happened_day", "employer"], name="reg_day_employer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%dT%H:%M:%SZ}"


class RegistrationPlace(AppendOnly):
    """Where it happened, when the worker agreed to the phone's position or typed an address.

    Apart from the registration, because it is purged much earlier.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="place")
    # WGS 84, decimal degrees; accuracy in metres.
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    street = models.CharField(max_length=200, blank=True)
    house_number = models.CharField(max_length=20, blank=True)
    post_code = models.CharField(max_length=10, blank=True)
    municipality = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=False, longitude__isnull=False)
                | (~models.Q(street="") & ~models.Q(post_code="") & ~models.Q(municipality="")),
                name="place_says_where",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["received_at"], name="place_received")]

    def __str__(self) -> str:
        return f"place of {self.registration_id}"


class StatementKind(models.TextChoices):
    STOPPED_AT = "stopped_at", _("When I stopped")
    EMPLOYER_WAS = "employer_was", _("For whom I worked")
    WORKPLACE_WAS = "workplace_was", _("Where I worked")
    WAS_ME = "was_me", _("It was me")
    NOT_ME = "not_me", _("It was not me")
    MISTAKE = "mistake", _("That was a mistake")
    MEANT = "meant", _("That was meant")


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
        # The list of registrations finds those with a mistake beside them.
        indexes: ClassVar = [models.Index(fields=["kind", "registration"], name="statement_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.given_at:%Y-%m-%dT%H:%M:%SZ}"


class PresenceState(models.Model):
    """Where a person stands with one employer on one declaration: kept by `register()`, rebuildable."""

    id = models.BigAutoField(primary_key=True)
    # Written at every tap, so that only what is looked for has an index.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    employer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="+", db_index=False)
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="+", db_index=False)
    last_registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="+", db_index=False
    )
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
