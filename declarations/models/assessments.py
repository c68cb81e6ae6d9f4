"""Saved answers of the scope advisor."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models import Company, User
from declarations.models.declarations import Declaration


class Assessment(AppendOnly):
    """A contract as it was put to the advisor, and the answer of that day; evidence, so never changed.

    `inputs` and `advice` are those of `declarations.rules.advising`, as plain values; `rules` is the version
    of the rules that answered. Another answer later is another assessment.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="assessments")
    # The declaration whose change was judged; none for a contract that was only put to the advisor.
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    title = models.CharField(_("Name of the works"), max_length=200)
    inputs = models.JSONField()
    rules = models.CharField(max_length=20)
    # As in `advising.Duty`; since the first day of the duty, if there is one.
    duty = models.CharField(max_length=12)
    since = models.DateField(null=True)
    advice = models.JSONField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Assessment"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["company", "-made_at", "-id"], name="assessment_company"),
        ]

    def __str__(self) -> str:
        return self.title
