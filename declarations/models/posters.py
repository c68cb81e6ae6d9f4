"""What hangs on walls: which version of a poster was printed, and the NSSO's own address beside ours."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from declarations.models.declarations import Declaration
from declarations.models.points import RegistrationPoint


class PosterVersion(models.Model):
    """One wording of a point's poster, kept when it was first printed; the number counts up from 1.

    `fingerprint` stands for everything the paper says (`declarations.rules.poster_versions`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(RegistrationPoint, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # The Brussels day on which it was first printed.
    since = models.DateField()
    fingerprint = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["PosterVersion"]] = ScopedManager(company="point__declaration__company")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["point", "number"], name="poster_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.point} · {self.number}"


class NssoAddress(models.Model):
    """The address that the NSSO itself gave for a declaration: what people use when the portal fails them."""

    declaration = models.OneToOneField(
        Declaration, primary_key=True, on_delete=models.CASCADE, related_name="nsso_address"
    )
    url = models.CharField(_("Address of the NSSO"), max_length=120)

    objects: ClassVar[models.Manager["NssoAddress"]] = ScopedManager(company="declaration__company")

    def __str__(self) -> str:
        return self.url
