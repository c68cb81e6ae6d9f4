"""The papers of a declaration: contracts, letters of the client, printouts of the NSSO."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Paper, User
from declarations.models.declarations import Declaration


class AttachmentKind(models.TextChoices):
    """What a paper is."""

    CONTRACT = "contract", _("Contract or order")
    LETTER = "letter", _("Letter of the client")
    NSSO = "nsso", _("Printout of the NSSO")
    OTHER = "other", _("Something else")


class Attachment(models.Model):
    """A paper of a declaration, read by the declarer alone; never deleted, only withdrawn with a reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="attachments")
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="attachment")
    kind = models.CharField(_("Kind of paper"), max_length=12, choices=AttachmentKind.choices)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField(_("Reason"), max_length=300, blank=True)

    objects: ClassVar[models.Manager["Attachment"]] = ScopedManager(company="declaration__company")

    class Meta:
        ordering: ClassVar = ["-paper__added_at", "-id"]

    def __str__(self) -> str:
        return self.paper.title
