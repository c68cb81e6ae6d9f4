"""Forms with times as a Brussels clock shows them, the hour that comes twice included."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import moments_of_clock
from ciao_portal.forms import ServiceForm

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
