"""Registration points: what a printed code stands for."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company
from declarations.models.clients import Workplace
from declarations.models.declarations import Declaration
from declarations.rules.codes import format_point_code


def _no(column: str) -> models.Q:
    return models.Q(**{f"{column}__isnull": True})


class RegistrationPoint(models.Model):
    """Owns the public code in a QR and address.

    Without a workplace the page asks which one; without a company it offers the point's companies.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("Code"), max_length=12, unique=True)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="points")
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, null=True, related_name="points")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="points")
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["RegistrationPoint"]] = ScopedManager(company="declaration__company")

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            # One constraint per shape: in SQL two empty columns are never equal.
            models.UniqueConstraint(
                fields=["declaration"], condition=_no("workplace") & _no("company"), name="one_point"
            ),
            models.UniqueConstraint(
                fields=["declaration", "workplace"], condition=_no("company"), name="one_point_per_workplace"
            ),
            models.UniqueConstraint(
                fields=["declaration", "company"], condition=_no("workplace"), name="one_point_per_company"
            ),
            models.UniqueConstraint(
                fields=["declaration", "workplace", "company"], name="one_point_per_workplace_and_company"
            ),
        ]

    def __str__(self) -> str:
        return format_point_code(self.code)

    @property
    def url(self) -> str:
        """The absolute address in the QR code."""
        return f"{settings.PUBLIC_URL}/r/{self.code}/"
