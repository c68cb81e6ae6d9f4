"""What words of the NSSO mean, as a table: it goes before what the portal is delivered with."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ciao_portal.ids import new_id


class MeaningKind(models.TextChoices):
    REMARK = "remark", _("Remark")
    VALIDITY = "validity", _("Validity")


class NssoMeaning(models.Model):
    """One code of a remark, or one value of a validity, in the office's words.

    Either it stands for one the portal knows (`known_as`), or it brings its own words.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=MeaningKind.choices)
    # As it comes from the NSSO.
    code = models.CharField(max_length=60)
    known_as = models.CharField(max_length=60, blank=True)
    # By field (`title`, `action`, `why`) and language: {"title": {"nl": …, "fr": …, "de": …, "en": …}}.
    words = models.JSONField(default=dict)
    # Of a remark: `registrations.remarks.Request` and `Path`; of a validity: its signal.
    request = models.CharField(max_length=10, blank=True)
    path = models.CharField(max_length=20, blank=True)
    signal = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering: ClassVar = ["kind", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "code"], name="one_meaning")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
