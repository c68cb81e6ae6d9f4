"""The scope advisor's three questions. Each is asked by GET and carries the earlier answers along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciao_portal.forms import ServiceForm
from declarations.advice_wording import CUSTOMERS, SECTORS, work_choices
from declarations.form_fields import AmountField, DayField
from declarations.rules.advising import Case, Customer
from declarations.rules.thresholds import Sector

MOST_SUBCONTRACTORS = 500


class SectorForm(forms.Form):
    """Where the work belongs."""

    sector = forms.ChoiceField(
        label=_("In which sector is the work?"), choices=list(SECTORS.items()), widget=forms.RadioSelect
    )


class WorkForm(forms.Form):
    """What is done, for whom, by whom."""

    work = forms.ChoiceField(label=_("What is done?"), widget=forms.RadioSelect)
    customer = forms.ChoiceField(
        label=_("For whom?"), choices=list(CUSTOMERS.items()), widget=forms.RadioSelect
    )
    own_staff = forms.BooleanField(label=_("Our own staff does the work"), required=False)

    def __init__(self, *args: Any, sector: Sector, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work"].choices = work_choices(sector)  # type: ignore[attr-defined]


class ContractForm(forms.Form):
    """The contract's figures."""

    amount = AmountField(
        label=_("Amount excluding VAT"),
        help_text=_("Of the whole contract; when it continues from year to year, of one year."),
    )
    per_year = forms.BooleanField(label=_("The amount is per year"), required=False)
    subcontractors = forms.IntegerField(
        label=_("How many subcontractors work on it?"),
        min_value=0,
        max_value=MOST_SUBCONTRACTORS,
        help_text=_("Everywhere in the chain, below each other too. Zero when there are none."),
    )
    starts_on = DayField(label=_("First day of the works"))


class KeepForm(ServiceForm):
    """Under which name the answer is kept."""

    title = forms.CharField(
        label=_("Name of the works"),
        max_length=200,
        help_text=_("As you will look for it, such as the client and the place."),
    )


def case_of(sector: Sector, work: dict[str, Any], contract: dict[str, Any]) -> Case:
    """The case from the cleaned answers."""
    return Case(
        sector=sector,
        work=work["work"],
        customer=Customer(work["customer"]),
        own_staff=work["own_staff"],
        amount=contract["amount"],
        per_year=contract["per_year"],
        subcontractors=contract["subcontractors"],
        starts_on=contract["starts_on"],
    )
