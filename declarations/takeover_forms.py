"""Forms around a takeover: one's own contract renewed, and the contractor that had the works before."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciao_portal.audit import Actor
from ciao_portal.days import BRUSSELS
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.moment_forms import ClockField, MomentsForm
from declarations.form_fields import EnterpriseNumberField
from declarations.forms import FactsForm, pinned
from declarations.models import Declaration, Subcontract, Workplace
from declarations.querysets import terms_of
from declarations.rules.foreseeing import term_on
from declarations.services import taking_over

NEW_FACTS = ("title", "amount", "amount_per_year", "ends_on", "declared_number", "technical_reference")


class TakeoverForm(MomentsForm, FactsForm):
    """What the new declaration says, and what it takes over of the old one."""

    clocks = ("at",)
    field_order = ("at", "title", "declared_number", "technical_reference")

    at = ClockField(
        label=_("Minute of the takeover"),
        help_text=_(
            "Belgian time. From this minute on the old codes lead to the new declaration. A minute that has "
            "passed is possible: what was registered since stays where it is."
        ),
        error_messages={"required": _("Give the day and time from which the new contract counts.")},
    )
    # Django's way to drop inherited fields: the minute says the first day, the duty stays as it was.
    starts_on = None  # type: ignore[assignment]
    regime = None  # type: ignore[assignment]
    workplaces = forms.ModelMultipleChoiceField(
        label=_("Workplaces that are taken over"),
        queryset=Workplace.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one workplace.")},
    )
    places = forms.ModelMultipleChoiceField(
        label=_("Subcontractors who go on"),
        queryset=Subcontract.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their part under the old contract ends with the minute, and goes on under the new one."),
    )

    def __init__(
        self, *args: Any, old: Declaration, names: dict[Company, str], today: date, **kwargs: Any
    ) -> None:
        workplaces = old.workplaces.all()
        places = old.subcontracts.select_related("company")
        midnight = datetime.combine(today + timedelta(days=1), time.min)
        term = term_on(terms_of(old), midnight.date())
        initial = {
            "at": midnight,
            "title": old.title,
            "amount": term.amount,
            "amount_per_year": term.per_year,
            "workplaces": workplaces,
            "places": places,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.old = old
        self.fields["workplaces"].queryset = workplaces  # type: ignore[attr-defined]  # these two are
        self.fields["places"].queryset = places  # type: ignore[attr-defined]  # ModelMultipleChoiceFields
        self.fields["places"].label_from_instance = lambda place: names[place.company]  # type: ignore[attr-defined]
        if not places:
            del self.fields["places"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # Said before it is shown what will happen, not only when it should.
        if not self.errors:
            facts = {name: self.cleaned_data[name] for name in ("at", "ends_on", "workplaces")}
            with suppress(DomainError), pinned(self):
                taking_over.check_takeover(self.old, **facts)
        return cleaned

    def take_over(self, *, actor: Actor, now: datetime) -> Declaration:
        """Raises DomainError, already pinned to its field."""
        facts = {name: self.cleaned_data[name] for name in ("at", "workplaces", *NEW_FACTS)}
        with pinned(self):
            return taking_over.take_over(
                old=self.old, places=self.cleaned_data.get("places", ()), actor=actor, now=now, **facts
            )


class FormerCompanyForm(MomentsForm):
    """Which contractor had the works before; may stay empty on the page of a new declaration."""

    clocks = ("former_until",)

    former_number = EnterpriseNumberField(
        label=_("Enterprise number of the contractor before you"),
        help_text=_("10 digits. Its number on a registration of these works causes a remark of the NSSO."),
    )
    former_name = forms.CharField(
        label=_("Name of the contractor before you"), max_length=200, required=False
    )
    former_until = ClockField(
        label=_("Minute of the takeover"),
        required=False,
        help_text=_("Belgian time. Empty: the start of the first day of the works."),
    )

    @classmethod
    def of(cls, declaration: Declaration, name: str, data: Any = None) -> "FormerCompanyForm":
        """The form as the declaration stands now; `name` is how its company calls the former contractor."""
        former, at = declaration.former_company, declaration.takes_over_at
        initial = {
            "former_number": former.enterprise_number if former else "",
            "former_name": name,
            "former_until": at.astimezone(BRUSSELS).replace(tzinfo=None) if at else None,
        }
        return cls(data, initial=initial)

    def note(self, *, declaration: Declaration, actor: Actor, now: datetime) -> Declaration:
        """Raises DomainError, already pinned to its field."""
        with pinned(self):
            return taking_over.note_former_company(
                declaration=declaration,
                enterprise_number=self.cleaned_data["former_number"],
                name=self.cleaned_data["former_name"],
                at=self.cleaned_data["former_until"],
                actor=actor,
                now=now,
            )


class FirstFormerForm(FormerCompanyForm):
    """The same on the page of a new declaration, where it may stay empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Django allows an empty form only when no field is marked as required in the browser.
        super().__init__(*args, **kwargs | {"empty_permitted": True, "use_required_attribute": False})
