"""The subcontracting chain of a declaration, and who sees whom in it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, Invitation, Paper
from declarations.models.declarations import Declaration


class Subcontract(models.Model):
    """A company's place in a declaration's chain; without parent it stands directly below the declarer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="subcontracts")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="subcontracts")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    amount = models.DecimalField(
        _("Amount excluding VAT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    # Both days inclusive; no last day: as long as the declaration.
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"), null=True, blank=True)
    has_clause = models.BooleanField(_("The contract reminds of the registration duty"), default=False)
    # The day the clause was agreed; none when it is in the contract and nobody noted the day.
    clause_since = models.DateField(_("Clause since"), null=True, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Subcontract"]] = ScopedManager(company="declaration__company")

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="subcontract_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(clause_since__isnull=True) | models.Q(has_clause=True),
                name="subcontract_clause_day_needs_clause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.declaration}"


class RegistrationMeans(models.TextChoices):
    """By what the people of a subcontractor register, as agreed with the declarer."""

    PHONE = "phone", _("Their own phones, in this portal")
    CARD = "card", _("Personal cards")
    TABLET = "tablet", _("A tablet at the workplace")
    OWN_SYSTEM = "own_system", _("The subcontractor's own system")


class AgreedMeans(models.Model):
    """A means of registration that declarer and subcontractor agreed on in writing; several may stand.

    Agreements are withdrawn, never deleted: they say by what people registered in the past.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subcontract = models.ForeignKey(Subcontract, on_delete=models.PROTECT, related_name="agreed_means")
    means = models.CharField(_("Means"), max_length=20, choices=RegistrationMeans.choices)
    # What the subcontractor's own system is called; empty for the means of this portal.
    system = models.CharField(_("Name of the system"), max_length=100, blank=True)
    agreed_on = models.DateField(_("Agreed on"))
    # The written agreement itself, when it was handed in; the declarer's.
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["AgreedMeans"]] = ScopedManager(
        company="subcontract__declaration__company"
    )

    class Meta:
        ordering: ClassVar = ["agreed_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subcontract", "means"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_agreement_per_means",
            )
        ]

    def __str__(self) -> str:
        return self.system or self.get_means_display()


class ChainInvitation(models.Model):
    """An invitation to be the first owner of a firm, offered by a company above that firm in a chain."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # An invitation is deleted once its term of retention is over, and this goes with it.
    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="by_chain")
    inviter = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["ChainInvitation"]] = ScopedManager(company="inviter")

    class Meta:
        ordering: ClassVar = ["-invitation__created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.invitation} · {self.inviter}"


class ChainView(models.Model):
    """The closure of a chain: `viewer` sees what `member` registers on the declaration in a period.

    Kept by the chain service alone. Both days inclusive; no last day means open. The declarer has a row
    for itself and for every member; a member has a row for itself and for everybody below it.
    """

    id = models.BigAutoField(primary_key=True)
    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="chain_views")
    viewer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["viewer", "declaration", "member"], name="chainview_viewer"),
            models.Index(fields=["declaration", "member"], name="chainview_member"),
        ]

    def __str__(self) -> str:
        return f"{self.viewer} sees {self.member} on {self.declaration}"
