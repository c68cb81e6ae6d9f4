"""Files that people of a company keep here: contracts, letters, photos, agreements."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models.accounts import Company, User


class Paper(models.Model):
    """One uploaded file of a company, as it came; its content lies encrypted in `ciao_portal.files`.

    What it belongs to points at it; that also decides who may read it. Never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="papers")
    # As the file was called by whoever gave it, without anything that looks like a national number.
    title = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    # Bytes.
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=32, unique=True, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Paper"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["added_at", "id"]

    def __str__(self) -> str:
        return self.title
