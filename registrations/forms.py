"""The forms of the office's pages about workers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.forms import ServiceForm
from ciao_portal.identifiers import parse_ssin
from ciao_portal.languages import WORKER_LANGUAGES
from declarations.form_fields import EnterpriseNumberField
from registrations.models import Employment
from registrations.models.workers import WorkerStatus
from registrations.services.workers import EmploymentFacts

# As long as the longest way to write the number, with room for spaces people add.
LONGEST_SSIN = 30


def _last_day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("You are warned a week before. Leave it empty when there is none."),
    )


class EmploymentForm(ServiceForm):
    """What a company writes about a worker."""

    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100)
    payroll_number = forms.CharField(
        label=_("Payroll number"),
        max_length=20,
        required=False,
        help_text=_("The number under which your payroll office knows this worker."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", "–"), *WORKER_LANGUAGES],
        required=False,
        help_text=_("Of letters and messages to this worker."),
    )
    status = forms.ChoiceField(label=_("Status"), choices=WorkerStatus.choices)
    agency_number = EnterpriseNumberField(
        label=_("Temporary agency"),
        required=False,
        help_text=_("Enterprise number of the agency. For temporary workers only."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Leave it empty as long as the worker stays."),
    )
    dimona_number = forms.CharField(
        label=_("Dimona number"),
        max_length=20,
        required=False,
        help_text=_("Belgian employers file it before the work starts."),
    )
    dimona_ends_on = _last_day(_("Last day of the Dimona"))
    limosa_number = forms.CharField(
        label=_("Limosa number (L1)"),
        max_length=30,
        required=False,
        help_text=_("For workers posted from abroad, before their first day."),
    )
    limosa_ends_on = _last_day(_("Last day of the Limosa declaration"))

    def facts(self) -> EmploymentFacts:
        """What the form says; only after `is_valid()`."""
        names = EmploymentFacts.__dataclass_fields__
        return EmploymentFacts(**{name: self.cleaned_data[name] for name in names})

    @classmethod
    def of(cls, employment: Employment, data: Any = None) -> "EmploymentForm":
        """The form as the employment stands now."""
        agency = employment.agency
        known = set(EmploymentFacts.__dataclass_fields__) - {"agency_number", "language"}
        initial = {name: getattr(employment, name) for name in known}
        others = {"agency_number": agency.number if agency else "", "language": employment.person.language}
        return cls(data, initial=initial | others)


class NewWorkerForm(EmploymentForm):
    """The same for somebody new, known by the national number."""

    ssin = forms.CharField(
        label=_("National number"),
        max_length=LONGEST_SSIN,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}),
        help_text=_("National register number or BIS number, 11 digits, as on the identity card."),
    )
    field_order = ("ssin",)

    def clean_ssin(self) -> str:
        try:
            return parse_ssin(self.cleaned_data["ssin"], today=brussels_day(timezone.now()))
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from error
