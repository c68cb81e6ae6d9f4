"""Forms about outages, dossiers and the emergency procedure."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import moments_of_clock
from ciao_portal.forms import ServiceForm
from ciao_portal.languages import PORTAL_LANGUAGES
from registrations.exports.forms import PeriodForm
from registrations.models import EmergencyProcedure
from registrations.services.emergency import FACTS

LONGEST_TEXT = 2000
CLOCK_FORMATS = [
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y %H:%M",
    "%d.%m.%Y %H:%M",
]


class ClockField(forms.DateTimeField):
    """A day and an hour as a Brussels clock shows them; cleaned to a naive moment, whose form resolves it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=CLOCK_FORMATS, **kwargs)
        self.error_messages["invalid"] = _("Give day and time, such as 23/11/2026 06:02.")

    def to_python(self, value: Any) -> Any:
        # Past the class above: it would take the time zone of now, and guess in the hour that comes twice.
        return None if value in self.empty_values else super(forms.DateTimeField, self).to_python(value)


def _text_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)


class MomentsForm(ServiceForm):
    """A form with times of a Brussels clock (`clocks`), cleaned to aware moments.

    In the autumn night an hour comes twice: for a time in it, and only then, the form asks which one.
    """

    clocks: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order: list[str] = []
        for name in list(self.fields):
            order.append(name)
            if name in self.clocks and len(self._moments(name)) > 1:
                self.fields[_hour(name)] = forms.ChoiceField(
                    label=_("Which of the two hours?"),
                    choices=[
                        ("0", _("The first, summer time (UTC+02:00)")),
                        ("1", _("The second, winter time (UTC+01:00)")),
                    ],
                    widget=forms.RadioSelect,
                    help_text=_("The clock went back that night, so this hour came twice."),
                    error_messages={"required": _("Say which of the two hours you mean.")},
                )
                order.append(_hour(name))
        self.order_fields(order)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.clocks:
            if cleaned.get(name) is not None:
                self._resolve(name, moments_of_clock(cleaned[name]))
        return cleaned

    def _resolve(self, name: str, moments: list[datetime]) -> None:
        if not moments:
            words = _("This time does not exist: the clock went from 02:00 to 03:00 that night.")
            self.add_error(name, words)
        elif len(moments) == 1:
            self.cleaned_data[name] = moments[0]
        elif choice := self.cleaned_data.get(_hour(name)):
            self.cleaned_data[name] = moments[int(choice)]

    def _moments(self, name: str) -> list[datetime]:
        """What was typed may mean; none when it cannot be read."""
        if not self.is_bound:
            return []
        try:
            typed = self.fields[name].clean(self.data.get(name))
        except ValidationError:
            return []
        return moments_of_clock(typed) if typed else []


def _hour(name: str) -> str:
    """The field that asks which hour is meant."""
    return f"{name}_hour"


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
