"""Forms of the chain's pages: a new place, what was agreed with it, where it stands, when it ends."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.forms import PaperField, ServiceForm
from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.models import Company, CompanyCard
from declarations.form_fields import AmountField, DayField
from declarations.forms import SubcontractForm, pinned
from declarations.models import AgreedMeans, Declaration, RegistrationMeans, Subcontract
from declarations.place_states import PlaceState
from declarations.services import agreed_means, chain

CLAUSELESS = "clauseless"


class ChainFilterForm(forms.Form):
    """Looks for places by name, number or how they stand."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or number")}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=lambda: [
            ("", _("Every state")),
            *PlaceState.choices,
            (CLAUSELESS, _("No clause on registering")),
        ],
    )

    def find(
        self, places: Collection[Subcontract], names: dict[Company, str], states: dict[Any, PlaceState]
    ) -> set[Any] | None:
        """The keys of the places that fit; None when nothing is looked for."""
        if not self.is_valid() or not any(self.cleaned_data.values()):
            return None
        words, state = self.cleaned_data["q"].casefold(), self.cleaned_data["state"]
        digits = "".join(sign for sign in words if sign.isalnum())
        return {
            place.pk
            for place in places
            if _fits(place, state, states[place.pk])
            and (words in names[place.company].casefold() or _has_number(place.company, digits))
        }


def _fits(place: Subcontract, wish: str, state: PlaceState) -> bool:
    if wish == CLAUSELESS:
        return not place.has_clause and state is not PlaceState.OVER
    return not wish or state == wish


def _has_number(company: Company, typed: str) -> bool:
    """Typed with or without its dots."""
    number = company.enterprise_number or company.foreign_vat_number or ""
    return bool(typed) and typed in number.casefold()


class ChainSubcontractForm(SubcontractForm):
    """On the page of the chain: below any place of it."""

    clause_since = DayField(label=_("Clause since"), required=False)

    def __init__(
        self, *args: Any, declaration: Declaration, names: dict[Company, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["number", "name", "parent"])
        parent = self.fields["parent"]
        places = Subcontract.objects.filter(declaration=declaration).select_related("company")
        parent.queryset = places  # type: ignore[attr-defined]  # a ModelChoiceField
        parent.empty_label = names[declaration.company]  # type: ignore[attr-defined]
        parent.label_from_instance = lambda place: names.get(place.company, str(place.company))  # type: ignore[attr-defined]
        parent.widget.choices = parent.choices  # type: ignore[attr-defined]


class ChangeSubcontractForm(forms.Form):
    """What was agreed with a subcontractor, and whom to contact there."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("Only your own company reads it."))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("Empty: as long as the contract above it.")
    )
    amount = AmountField(label=_("Amount excluding VAT, in euro"), required=False)
    contact_email = forms.EmailField(label=_("E-mail address of the contact"), required=False)
    contact_phone = forms.CharField(label=_("Telephone of the contact"), max_length=30, required=False)
    has_clause = forms.BooleanField(label=_("The contract reminds of the registration duty"), required=False)
    clause_since = DayField(
        label=_("Clause since"), required=False, help_text=_("The day the clause was signed.")
    )

    @classmethod
    def of(cls, place: Subcontract, card: CompanyCard | None, name: str, data: Any = None) -> Any:
        """The form as the place and the card of its firm stand now."""
        columns = ("starts_on", "ends_on", "amount", "has_clause", "clause_since")
        initial = {column: getattr(place, column) for column in columns} | {"name": name}
        if card is not None:
            initial |= {"contact_email": card.contact_email, "contact_phone": card.contact_phone}
        return cls(data, initial=initial)

    def change(self, *, subcontract: Subcontract, actor: Actor, now: datetime) -> Subcontract:
        """Raises DomainError, already pinned to its field."""
        with pinned(self):
            return chain.change_subcontract(
                subcontract=subcontract, actor=actor, now=now, **self.cleaned_data
            )


class MoveSubcontractForm(forms.Form):
    """Under which place it goes; the service refuses the impossible ones, the list does not offer them."""

    parent = forms.ModelChoiceField(
        label=_("Works for"),
        queryset=Subcontract.objects.none(),
        required=False,
        help_text=_("Everybody below it moves along."),
    )

    def __init__(self, *args: Any, places: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = places  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["parent"].widget.choices = choices

    def move(self, *, subcontract: Subcontract, actor: Actor, now: datetime) -> Subcontract:
        """Raises DomainError, already pinned to its field."""
        with pinned(self):
            return chain.move_subcontract(
                subcontract=subcontract, parent=self.cleaned_data["parent"], actor=actor, now=now
            )


class EndSubcontractForm(forms.Form):
    """The last day of a place in the chain; `confirmed` repeats the day whose consequences were shown."""

    ends_on = DayField(
        label=_("Last day"),
        help_text=_(
            "Inclusive. Companies below it end with it. What was registered until then stays visible."
        ),
    )
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput())

    @property
    def is_confirmed(self) -> bool:
        """True when the typed day is the one whose consequences were shown."""
        return bool(self.cleaned_data["confirmed"] == self.cleaned_data["ends_on"].isoformat())

    def foresee(self, *, subcontract: Subcontract) -> list[Subcontract] | None:
        """Who ends with it; None when the service refuses, which stands at its field then."""
        try:
            with pinned(self):
                return chain.ending_with(subcontract=subcontract, ends_on=self.cleaned_data["ends_on"])
        except DomainError:
            return None

    def end(self, *, subcontract: Subcontract, actor: Actor, now: datetime) -> Subcontract:
        """Raises DomainError, already pinned to its field."""
        with pinned(self):
            return chain.end_subcontract(
                subcontract=subcontract, ends_on=self.cleaned_data["ends_on"], actor=actor, now=now
            )


class MeansForm(forms.Form):
    """A means of registration that both agreed on in writing."""

    means = forms.ChoiceField(label=_("Means"), choices=lambda: RegistrationMeans.choices)
    system = forms.CharField(
        label=_("Name of the system"),
        max_length=100,
        required=False,
        help_text=_("Only for the subcontractor's own system."),
    )
    agreed_on = DayField(label=_("Agreed on"), help_text=_("The day of the written agreement."))

    file = PaperField(label=_("The written agreement"), required=False)

    def agree(self, *, subcontract: Subcontract, actor: Actor, now: datetime) -> AgreedMeans:
        """Raises DomainError, already pinned to its field."""
        with pinned(self):
            return agreed_means.agree_means(
                subcontract=subcontract, actor=actor, now=now, **self.cleaned_data
            )


class FirstOwnerForm(ServiceForm):
    """Whom of another firm to invite as its owner here."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Of somebody who may act for that company: they become its owner in this portal."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=PORTAL_LANGUAGES)
