"""The subcontracting chain of a declaration, and who sees whom in it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company
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
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Subcontract"]] = ScopedManager(company="declaration__company")

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="subcontract_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.declaration}"


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
