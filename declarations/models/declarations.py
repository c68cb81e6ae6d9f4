"""Declarations of works."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company
from declarations.models.clients import Client, Workplace
from declarations.rules.scope import activity_choices


class Regime(models.TextChoices):
    """Which duty applies: data, never a fork in the code."""

    CIAO = "ciao", _("Check In and Out at Work")
    CIAW = "ciaw", _("CheckIn@Work")
    HOURS_ONLY = "hours_only", _("Hours only, nothing to the NSSO")


class DeclarationState(models.TextChoices):
    """Where a declaration stands on a day: derived from its facts, never stored."""

    DRAFT = "draft", _("Number missing")
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", _("Cancelled")


class Move(models.TextChoices):
    """What a person decides about a declaration; everything else follows from its days and numbers."""

    RENEW = "renew", _("Renew")
    END = "end", _("End")
    REOPEN = "reopen", _("Reopen")
    CANCEL = "cancel", _("Cancel the declaration")
    TAKE_BACK = "take-back", _("Take back the cancellation")


# The only moves there are; `declarations.services.life` makes them.
MOVES: dict[DeclarationState, tuple[Move, ...]] = {
    DeclarationState.DRAFT: (Move.RENEW, Move.END, Move.CANCEL),
    DeclarationState.PLANNED: (Move.RENEW, Move.CANCEL),
    DeclarationState.ACTIVE: (Move.RENEW, Move.END, Move.CANCEL),
    DeclarationState.ENDED: (Move.REOPEN,),
    DeclarationState.CANCELLED: (Move.TAKE_BACK,),
}


class Declaration(models.Model):
    """One contract's declaration of works, owned by the declaring contractor; one to many workplaces."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="declarations")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="declarations")
    title = models.CharField(_("Name of the works"), max_length=200)
    # 13 characters each, normalised: what people type, and what the QR of the NSSO carries.
    declared_number = models.CharField(_("Declaration number"), max_length=13, blank=True)
    technical_reference = models.CharField(_("Technical reference"), max_length=13, blank=True)
    regime = models.CharField(_("Duty"), max_length=12, choices=Regime.choices, default=Regime.CIAO)
    activity = models.CharField(_("Activity"), max_length=60, choices=activity_choices)
    # As agreed for the first day; `AgreedAmount` holds what was agreed for later ones.
    amount = models.DecimalField(_("Amount excluding VAT"), max_digits=12, decimal_places=2)
    amount_per_year = models.BooleanField(_("The amount is per year"), default=False)
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"), null=True, blank=True)
    workplaces = models.ManyToManyField(
        Workplace, through="DeclarationWorkplace", related_name="declarations", verbose_name=_("Workplaces")
    )
    # The first day on which the works count as called off; why and by whom says `Cancellation`.
    cancelled_on = models.DateField(_("Cancelled from"), null=True, blank=True)
    created_at = models.DateTimeField()
    # The contract before this one: the company's own declaration, whose codes lead on to this one …
    takes_over = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_over_by"
    )
    # … or another contractor's, of whom the portal knows the number only.
    former_company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # From this minute on the works are done under this declaration; set with either of the two.
    takes_over_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Declaration"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "declared_number"],
                condition=~models.Q(declared_number=""),
                name="declared_number_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="declaration_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(takes_over_at__isnull=True, takes_over=None, former_company=None)
                | models.Q(takes_over_at__isnull=False, takes_over__isnull=False, former_company=None)
                | models.Q(takes_over_at__isnull=False, takes_over=None, former_company__isnull=False),
                name="takeover_has_a_minute",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["declared_number"], name="declaration_number"),
            models.Index(fields=["technical_reference"], name="declaration_reference"),
        ]

    def __str__(self) -> str:
        return self.title

    def state_on(self, day: date) -> DeclarationState:
        """Where the declaration stands on this Brussels day."""
        if self.cancelled_on is not None and self.cancelled_on <= day:
            return DeclarationState.CANCELLED
        if self.ends_on is not None and self.ends_on < day:
            return DeclarationState.ENDED
        if self.lacks_number:
            return DeclarationState.DRAFT
        return DeclarationState.PLANNED if day < self.starts_on else DeclarationState.ACTIVE

    @property
    def lacks_number(self) -> bool:
        """The NSSO's number is still to come; works kept as hours only need none."""
        return self.regime != Regime.HOURS_ONLY and not (self.declared_number or self.technical_reference)

    def moves_on(self, day: date) -> tuple[Move, ...]:
        """What may be decided on this Brussels day: the table, without what would change nothing."""
        pointless = {
            Move.RENEW: self.ends_on is None,
            Move.END: day < self.starts_on,
            # Works that would be over by now stay cancelled.
            Move.TAKE_BACK: self.ends_on is not None and self.ends_on < day,
        }
        return tuple(move for move in MOVES[self.state_on(day)] if not pointless.get(move, False))


class DeclarationWorkplace(models.Model):
    """A workplace of a declaration, in the order in which it was entered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="places")
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    objects: ClassVar[models.Manager["DeclarationWorkplace"]] = ScopedManager(company="declaration__company")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["declaration", "workplace"], name="workplace_once_per_declaration"
            )
        ]

    def __str__(self) -> str:
        return f"{self.declaration} · {self.workplace}"
