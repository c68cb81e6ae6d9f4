"""Forms of the decisions about a declaration: each answers with the decision it stands for."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal.audit import Actor
from ciao_portal.forms import ServiceForm
from declarations.form_fields import AmountField, DayField
from declarations.forms import pinned
from declarations.models import Declaration
from declarations.models.declarations import Move
from declarations.services.amounts import agree_amount
from declarations.services.life import Decision, decide


class DecisionForm(ServiceForm):
    """Nothing to say beyond yes; `move` is what is decided."""

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.move = move

    def decision(self) -> Decision:
        return Decision(self.move, self.cleaned_data.get("day"), reason=self.cleaned_data.get("reason", ""))

    def decide(self, *, declaration: Declaration, actor: Actor, now: datetime) -> None:
        """Raises DomainError, already pinned to its field."""
        with pinned(self):
            decide(declaration=declaration, decision=self.decision(), actor=actor, now=now)


class EndForm(DecisionForm):
    """The last day of the works."""

    day = DayField(label=_("Last day"))


class CancelForm(DecisionForm):
    """Since when and why the works are called off."""

    day = DayField(label=_("Cancelled from"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.TextInput(),
        error_messages={"required": _("Say in a few words why the works are called off.")},
        help_text=_("As you would tell an inspector, without names of people."),
    )


class RenewForm(DecisionForm):
    """The new last day, and the amount from then on."""

    day = DayField(
        label=_("New last day"), required=False, help_text=_("Leave it empty when the end is not known.")
    )
    amount = AmountField(label=_("Amount excluding VAT, in euro"))
    amount_per_year = forms.BooleanField(
        label=_("This is the price per year of a continuing contract"), required=False
    )
    amount_from = DayField(
        label=_("The amount counts from"),
        error_messages={"required": _("Give the day from which the amount counts.")},
        help_text=_("The days before keep the amount that was agreed for them."),
    )

    def decide(self, *, declaration: Declaration, actor: Actor, now: datetime) -> None:
        with pinned(self), transaction.atomic():
            super().decide(declaration=declaration, actor=actor, now=now)
            agree_amount(
                declaration=declaration,
                amount=self.cleaned_data["amount"],
                per_year=self.cleaned_data["amount_per_year"],
                from_day=self.cleaned_data["amount_from"],
                actor=actor,
                now=now,
            )
