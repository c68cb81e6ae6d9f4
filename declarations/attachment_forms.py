"""Forms of a declaration's papers."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from ciao_portal.audit import Actor
from ciao_portal.forms import PaperField, ServiceForm
from declarations.forms import pinned
from declarations.models import Attachment, Declaration
from declarations.models.attachments import AttachmentKind
from declarations.services.attaching import attach_paper, withdraw_paper


class AttachForm(ServiceForm):
    """One paper, and what it is."""

    kind = forms.ChoiceField(label=_("Kind of paper"), choices=AttachmentKind.choices)
    file = PaperField()

    def attach(self, *, declaration: Declaration, actor: Actor, now: datetime) -> Attachment:
        """Raises DomainError, already pinned to its field."""
        with pinned(self):
            return attach_paper(declaration=declaration, actor=actor, now=now, **self.cleaned_data)


class WithdrawForm(ServiceForm):
    """Why a paper should not have been there."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        error_messages={"required": _("Say in a few words why the paper is withdrawn.")},
        help_text=_("As you would tell an inspector, without names of people."),
    )

    def withdraw(self, *, attachment: Attachment, actor: Actor, now: datetime) -> Attachment:
        """Raises DomainError, already pinned to its field."""
        with pinned(self):
            return withdraw_paper(
                attachment=attachment, reason=self.cleaned_data["reason"], actor=actor, now=now
            )
