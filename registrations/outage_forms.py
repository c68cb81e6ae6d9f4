"""Forms about outages, dossiers and the emergency procedure."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ciao_portal.forms import ServiceForm
from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.moment_forms import ClockField, MomentsForm
from registrations.exports.forms import PeriodForm
from registrations.models import EmergencyProcedure
from registrations.services.emergency import FACTS

LONGEST_TEXT = 2000


def _text_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)


class DeclareOutageForm(MomentsForm):
    """From when to when what did not work."""

    clocks = ("started_at", "ended_at")

    started_at = ClockField(
        label=_("Start"),
        help_text=_("Belgian time. When registering began to fail, as exactly as you know."),
        error_messages={"required": _("Give the day and time when it began.")},
    )
    ended_at = ClockField(
        label=_("End"),
        required=False,
        help_text=_("Leave it empty as long as the outage goes on."),
    )
    note = _text_field(
        label=_("What happened"),
        help_text=_("What did not work, where, for whom, and what was done. No national numbers."),
        error_messages={"required": _("Write in a sentence what happened.")},
    )


class EndOutageForm(MomentsForm):
    """When a declared outage ended."""

    clocks = ("ended_at",)

    ended_at = ClockField(
        label=_("End"),
        help_text=_("Belgian time. When registering worked again."),
        error_messages={"required": _("Give the day and time when it ended.")},
    )


class OutageNoteForm(ServiceForm):
    """What one knows of an outage by now."""

    text = _text_field(
        label=_("What you add"),
        help_text=_("It stands beside what was written before, with your name and the time."),
        error_messages={"required": _("Write what you want to add.")},
    )


class DossierForm(PeriodForm):
    """Which days, for whom to read."""

    language = forms.ChoiceField(
        label=_("Language of the dossier"),
        choices=PORTAL_LANGUAGES,
        help_text=_("The one its reader understands best."),
    )


class EmergencyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only while types are checked
    """Whom to call, and what the company adds to the portal's words."""

    class Meta:
        model = EmergencyProcedure
        fields = FACTS
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "contact_phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "second_phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "for_cleaners": forms.Textarea(attrs={"rows": 4}),
            "for_office": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "contact_name": _("A person or a service cleaners can reach when they start."),
            "contact_hours": _("For instance: every day from 5 to 22."),
            "for_cleaners": _("Stands below the steps of the portal, in your words."),
            "for_office": _("For instance: where the sheets lie, who tells the clients."),
        }
        error_messages: ClassVar[dict[str, dict[str, Any]]] = {
            "contact_name": {"required": _("Name somebody whom cleaners can call.")},
            "contact_phone": {"required": _("Give the number to call.")},
        }
