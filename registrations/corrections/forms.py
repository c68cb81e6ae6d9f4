"""Forms about requests for a correction."""

import re
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.forms import PaperField, ServiceForm
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models import Company
from registrations.corrections.wording import OFFICE_LANGUAGES
from registrations.models import CorrectionError, CorrectionState, EvidenceKind
from registrations.models.corrections import LONGEST_NOTE, LONGEST_SUBJECT, LONGEST_TEXT
from registrations.rules.corrections import Error

# As people write one: with or without the usual signs between its parts.
SSIN = re.compile(r"(?<!\d)\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}(?!\d)")


def check_no_ssin(text: str) -> None:
    """Refuse a text with a national number in it: such texts are kept and shown in clear."""
    for found in SSIN.finditer(text):
        with suppress(DomainError):
            parse_ssin(found.group(), today=brussels_day(timezone.now()))
            raise ValidationError(
                _("There is a national number in this text. Take it out; the document holds it when asked.")
            )


def _value_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Right number"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        **kwargs,
    )


def _note_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        max_length=LONGEST_NOTE, validators=[check_no_ssin], widget=forms.Textarea({"rows": 3}), **kwargs
    )


class OpenForm(ServiceForm):
    """Which error, and the right number."""

    error = forms.ChoiceField(
        label=_("What is wrong"), choices=CorrectionError.choices, widget=forms.RadioSelect
    )
    right_value = _value_field(
        help_text=_("An enterprise number (0206.731.645) or a declaration number (9B0…); also later.")
    )

    def wanted(self) -> Error:
        """The chosen error; only after `is_valid()`."""
        return Error(self.cleaned_data["error"])


class RequestForm(ServiceForm):
    """The right number, and the text as it goes to the NSSO."""

    right_value = _value_field(help_text=_("A text that nobody has touched follows this number."))
    language = forms.ChoiceField(
        label=_("Language of the request"),
        choices=OFFICE_LANGUAGES,
        help_text=_("The language of the NSSO office that handles your company."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=LONGEST_SUBJECT, validators=[check_no_ssin])
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        validators=[check_no_ssin],
        widget=forms.Textarea({"rows": 18}),
        help_text=_(
            "Without national numbers: they go only into the document, and only when you ask for them."
        ),
    )
    anew = forms.BooleanField(
        label=_("Write the text anew from the facts"),
        required=False,
        help_text=_("What was written by hand is lost then."),
    )


class EvidenceForm(ServiceForm):
    """A file that proves what the request says, and what it is."""

    kind = forms.ChoiceField(label=_("What it is"), choices=EvidenceKind.choices)
    file = PaperField()


class SentForm(ServiceForm):
    """On which day the request went to the NSSO, by whom, under which reference."""

    sent_on = forms.DateField(
        label=_("Sent on"),
        widget=forms.DateInput({"type": "date"}),
        error_messages={"required": _("Give the day on which it was sent.")},
    )
    sent_by = forms.CharField(
        label=_("Sent by"),
        max_length=120,
        error_messages={"required": _("Name the person who sent it.")},
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        validators=[check_no_ssin],
        required=False,
        help_text=_("As the NSSO's application shows it, if it does."),
    )
    employer_agrees = forms.BooleanField(
        label=_("The company for which the registrations were made agrees that we ask"),
        required=False,
        help_text=_("That company must ask; when both see the registration, they agree (NSSO, question 18)."),
    )

    def __init__(self, *args: Any, asks_agreement: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_agreement:
            del self.fields["employer_agrees"]


class OutcomeForm(ServiceForm):
    """What the NSSO answered."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=[
            (CorrectionState.SOLVED.value, _("The NSSO corrected it")),
            (CorrectionState.REFUSED.value, _("The NSSO refused it")),
        ],
        error_messages={"required": _("Choose what the NSSO answered.")},
    )
    words = _note_field(
        label=_("In its words"), required=False, help_text=_("Of a refusal: the reason. No national numbers.")
    )


class WithdrawForm(ServiceForm):
    """Why a request is given up."""

    words = _note_field(label=_("Reason"), required=False, help_text=_("No national numbers."))


class OfferForm(ServiceForm):
    """Which company is asked to take the request over."""

    company = forms.ChoiceField(label=_("Company"), error_messages={"required": _("Choose the company.")})

    def __init__(self, *args: Any, names: dict[Company, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["company"]
        field.choices = sorted(  # type: ignore[attr-defined]  # a choice field, built above
            ((str(firm.pk), name) for firm, name in names.items()), key=lambda choice: choice[1].casefold()
        )


class BundleForm(ServiceForm):
    """How the document is made."""

    has_full_numbers = forms.BooleanField(
        label=_("National numbers in full"),
        required=False,
        help_text=_("Only of your own people, only where the NSSO needs them. Each opening is recorded."),
    )


class CorrectionSettingsForm(ServiceForm):
    """How the company prepares its requests."""

    office_language = forms.ChoiceField(
        label=_("Language of your NSSO office"),
        required=False,
        choices=[("", _("The language of your company's letters")), *OFFICE_LANGUAGES],
        help_text=_("Requests for a correction are written in it."),
    )
    has_four_eyes = forms.BooleanField(
        label=_("A second person approves each request"),
        required=False,
        help_text=_("Who prepared a request cannot approve it."),
    )
