"""Forms of the declarations: they clean what was typed, call one service, and pin its refusal to a field."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, CompanyCard
from declarations.form_fields import (
    AmountField,
    CompanyNumberField,
    DayField,
    DeclarationNumberField,
    DegreesField,
    EnterpriseNumberField,
    TechnicalReferenceField,
    is_foreign,
)
from declarations.models import Client, Declaration, Subcontract, Workplace
from declarations.models.declarations import Regime
from declarations.rules.foreseeing import Term
from declarations.rules.scope import SERVICES_BY_CODE, activity_choices
from declarations.services import chain, clients, declaring
from declarations.services.amounts import agree_amount

MOST_WORKPLACES = 200


@contextmanager
def pinned(form: forms.BaseForm) -> Iterator[None]:
    """Show a service's refusal at the field it names, and let it go on so that the transaction is undone."""
    try:
        yield
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        raise


def scope_choices() -> list[tuple[Promise | str, Any]]:
    """The grouped activities, each with what the NSSO's table says of it."""
    grouped = [
        (group, [(code, _with_scope(code)) for code, _label in rows]) for group, rows in activity_choices()
    ]
    return [("", gettext("Choose the activity")), *grouped]


def _with_scope(code: str) -> str:
    service = SERVICES_BY_CODE[code]
    template = (
        gettext("%(activity)s – in scope") if service.in_scope else gettext("%(activity)s – not in scope")
    )
    return template % {"activity": service.label}


class FactsForm(forms.Form):
    """What a declaration says of itself and what may change later."""

    title = forms.CharField(
        label=_("Name of the works"),
        max_length=200,
        error_messages={"required": _("Give the works a name.")},
        help_text=_("What your people call it, such as “Daily cleaning, head office”."),
    )
    declared_number = DeclarationNumberField(
        label=_("Declaration number"),
        required=False,
        help_text=_(
            "13 characters, usually starting with 9B0. Spaces and small letters are fine. Not there yet? "
            "Enter it later."
        ),
    )
    technical_reference = TechnicalReferenceField(
        label=_("Technical reference"),
        required=False,
        help_text=_("13 characters, usually starting with 1Y1: the one inside the NSSO's own QR code."),
    )
    regime = forms.ChoiceField(label=_("Duty"), choices=lambda: Regime.choices, initial=Regime.CIAO)
    amount = AmountField(label=_("Amount excluding VAT, in euro"))
    amount_per_year = forms.BooleanField(
        label=_("This is the price per year of a continuing contract"), required=False
    )
    starts_on = DayField(
        label=_("First day"), error_messages={"required": _("Give the first day of the works.")}
    )
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("Leave it empty when the end is not known.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error(
                "ends_on",
                gettext("The last day is before the first day. Leave it empty when the end is not known."),
            )
        return cleaned


class ChangeForm(FactsForm):
    """What is known of a declaration by now; another amount may count from a day on."""

    amount_from = DayField(
        label=_("The amount counts from"),
        required=False,
        help_text=_(
            "When the price changes on a day: the days before keep theirs. Empty: the amount is corrected."
        ),
    )

    @classmethod
    def of(cls, declaration: Declaration, term: Term, data: Any = None) -> "ChangeForm":
        """The form as the declaration stands now, with the amount in force."""
        initial = {name: getattr(declaration, name) for name in declaring.CHANGEABLE}
        return cls(data, initial=initial | {"amount": term.amount, "amount_per_year": term.per_year})

    def change(self, *, declaration: Declaration, actor: Actor, now: datetime) -> None:
        """Raises DomainError, already pinned to its field."""
        facts = {name: self.cleaned_data[name] for name in declaring.CHANGEABLE}
        with pinned(self), transaction.atomic():
            declaring.change_declaration(declaration=declaration, actor=actor, now=now, **facts)
            agree_amount(
                declaration=declaration,
                amount=self.cleaned_data["amount"],
                per_year=self.cleaned_data["amount_per_year"],
                from_day=self.cleaned_data["amount_from"],
                actor=actor,
                now=now,
            )


class DeclarationForm(FactsForm):
    """A new declaration: an existing client or a new one, and everything else by hand."""

    client = forms.ModelChoiceField(
        label=_("Client"), queryset=Client.objects.none(), required=False, empty_label=_("A new client")
    )
    client_name = forms.CharField(label=_("Name of the new client"), max_length=200, required=False)
    client_number = EnterpriseNumberField(
        label=_("Enterprise number of the new client"),
        required=False,
        help_text=_("10 digits, if it has one."),
    )
    activity = forms.ChoiceField(
        label=_("Activity"),
        choices=scope_choices,
        error_messages={"required": _("Choose the activity nearest to the works.")},
        help_text=_(
            "“In scope” is what the NSSO's table says when the amounts for a declaration are reached."
        ),
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The order of the page, which the summary of errors follows.
        self.order_fields(["client", "client_name", "client_number", "title", "activity", "regime"])
        own = Client.objects.filter(company=company)
        self.fields["client"].queryset = own  # type: ignore[attr-defined]  # a ModelChoiceField
        # Without clients there is nothing to choose: one question fewer.
        if not own.exists():
            self.fields["client"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "client" in self.errors:
            return cleaned
        chosen, typed = cleaned.get("client"), cleaned.get("client_name", "").strip()
        if chosen and typed:
            self.add_error(
                "client_name", gettext("Choose a client or type a new one, not both. Empty one of the two.")
            )
        elif not chosen and not typed:
            self.add_error("client_name", gettext("Choose a client, or type the name of a new one."))
        return cleaned

    def keep_client(self, *, company: Company, actor: Actor, now: datetime) -> Client:
        """The chosen client, or a new one. Raises DomainError, already pinned to its field."""
        chosen: Client | None = self.cleaned_data["client"]
        if chosen:
            return chosen
        with pinned(self):
            return clients.create_client(
                company=company,
                name=self.cleaned_data["client_name"],
                enterprise_number=self.cleaned_data["client_number"],
                actor=actor,
                now=now,
            )

    def declare(
        self, *, company: Company, client: Client, workplaces: list[Workplace], actor: Actor, now: datetime
    ) -> Declaration:
        """Raises DomainError, already pinned to its field."""
        others = ("client", "client_name", "client_number")
        facts = {name: value for name, value in self.cleaned_data.items() if name not in others}
        with pinned(self):
            return declaring.declare_work(
                company=company, client=client, workplaces=workplaces, actor=actor, now=now, **facts
            )


class WorkplaceForm(forms.Form):
    """One workplace: an existing one, or a new one by address or coordinates."""

    workplace = forms.ModelChoiceField(
        label=_("Workplace"),
        queryset=Workplace.objects.none(),
        required=False,
        empty_label=_("A new workplace"),
    )
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    house_number = forms.CharField(label=_("Number"), max_length=20, required=False)
    box_number = forms.CharField(label=_("Box"), max_length=20, required=False)
    post_code = forms.CharField(
        label=_("Postcode"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    municipality = forms.CharField(label=_("Municipality"), max_length=100, required=False)
    latitude = DegreesField(label=_("Latitude"), required=False, limit=90)
    longitude = DegreesField(label=_("Longitude"), required=False, limit=180)

    ADDRESS = ("street", "house_number", "box_number", "post_code", "municipality")
    NEW = ("name", *ADDRESS, "latitude", "longitude")

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Workplace.objects.filter(company=company).select_related("client")
        field = self.fields["workplace"]
        field.queryset = own  # type: ignore[attr-defined]  # a ModelChoiceField
        field.label_from_instance = _workplace_with_client  # type: ignore[attr-defined]

    def without_choice(self) -> None:
        """There are no workplaces to choose from yet: one question fewer."""
        self.fields["workplace"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        # Until the field at fault is right, nothing can be said of the place as a whole.
        if not self.errors and not self.is_blank():
            self._check_place(cleaned)
        return cleaned

    def is_blank(self) -> bool:
        """True for a row in which nothing was chosen or typed."""
        return not any(self.cleaned_data.get(name) not in (None, "") for name in ("workplace", *self.NEW))

    def keep(self, *, company: Company, client: Client, actor: Actor, now: datetime) -> Workplace:
        """The chosen workplace, or a new one. Raises DomainError, already pinned to its field."""
        chosen: Workplace | None = self.cleaned_data["workplace"]
        if chosen:
            with pinned(self):
                declaring.check_workplace(company, client, chosen)
            return chosen
        new = {name: self.cleaned_data[name] for name in self.NEW}
        with pinned(self):
            return clients.create_workplace(company=company, client=client, actor=actor, now=now, **new)

    def _check_place(self, cleaned: dict[str, Any]) -> None:
        typed = [name for name in self.NEW if cleaned.get(name) not in (None, "")]
        if cleaned.get("workplace"):
            if typed:
                self.add_error(
                    typed[0], gettext("Choose a workplace or type a new one, not both. Empty one of the two.")
                )
            return
        if not cleaned.get("name"):
            self.add_error("name", gettext("Give the workplace a name your people will recognise."))
        address = {name: cleaned.get(name, "") for name in clients.ADDRESS_PARTS}
        try:
            clients.check_place(address, cleaned.get("latitude"), cleaned.get("longitude"))
        except DomainError as error:
            self.add_error(error.field, str(error))


class BaseWorkplaceFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic when it runs
    """One to many workplaces; empty rows are left out."""

    def __init__(self, *args: Any, extra: int = 2, **kwargs: Any) -> None:
        self.extra = extra
        super().__init__(*args, **kwargs)
        self._share_choices()

    def _share_choices(self) -> None:
        """Read the workplaces once, not once per row."""
        if not self.forms:
            return
        choices = list(self.forms[0].fields["workplace"].choices)
        for row in self.forms:
            if len(choices) > 1:
                row.fields["workplace"].widget.choices = choices
            else:
                row.without_choice()

    def clean(self) -> None:
        if not any(self.errors) and not self.filled():
            self.forms[0].add_error(
                "name", gettext("Give at least one workplace: people register where they work.")
            )

    def filled(self) -> list[WorkplaceForm]:
        """The rows in which something was chosen or typed."""
        return [row for row in self.forms if hasattr(row, "cleaned_data") and not row.is_blank()]


WorkplaceFormSet = cast(
    type[BaseWorkplaceFormSet],
    forms.formset_factory(
        WorkplaceForm, formset=BaseWorkplaceFormSet, max_num=MOST_WORKPLACES, absolute_max=MOST_WORKPLACES
    ),
)


class SubcontractForm(forms.Form):
    """A company's place in the chain."""

    number = CompanyNumberField(
        label=_("Enterprise number"),
        help_text=_("10 digits; for a foreign company its VAT number with the country in front, like NL…"),
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    parent = forms.ModelChoiceField(
        label=_("Works for"), queryset=Subcontract.objects.none(), required=False, empty_label=None
    )
    starts_on = DayField(
        label=_("First day"), required=False, help_text=_("Empty: from the start of the contract above it.")
    )
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("Empty: as long as the contract above it.")
    )
    amount = AmountField(label=_("Amount excluding VAT, in euro"), required=False)
    contact_email = forms.EmailField(label=_("E-mail address of the contact"), required=False)
    contact_phone = forms.CharField(label=_("Telephone of the contact"), max_length=30, required=False)
    has_clause = forms.BooleanField(
        label=_("The contract reminds of the registration duty"),
        required=False,
        help_text=_("A subcontract should say that everybody registers the start and end of the work."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", gettext("The last day is before the first day."))
        return cleaned

    def add(self, *, declaration: Declaration, actor: Actor, now: datetime) -> Subcontract:
        """Raises DomainError, already pinned to its field."""
        values = dict(self.cleaned_data)
        number = values.pop("number")
        kind = "foreign_vat_number" if is_foreign(number) else "enterprise_number"
        with pinned(self):
            return chain.add_subcontract(
                declaration=declaration, actor=actor, now=now, **{kind: number}, **values
            )


class FirstSubcontractForm(SubcontractForm):
    """On the page of a new declaration: may stay empty, stands directly below the declarer."""

    parent = None  # type: ignore[assignment]  # Django's way to drop an inherited field
    starts_on = None  # type: ignore[assignment]
    ends_on = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Django allows an empty form only when no field is marked as required in the browser.
        super().__init__(*args, **kwargs | {"empty_permitted": True, "use_required_attribute": False})


def _workplace_with_client(workplace: Workplace) -> str:
    return f"{workplace.name} ({workplace.client})"


class CompanyCardForm(forms.Form):
    """What a company writes about another firm."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("Only your own company reads it."))
    contact_email = forms.EmailField(label=_("E-mail address"), required=False)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)

    @classmethod
    def of(cls, card: CompanyCard, data: Any = None) -> "CompanyCardForm":
        """The form as the card stands now."""
        return cls(data, initial={name: getattr(card, name) for name in cls.base_fields})
