"""Forms that ask for a period of at most 100 days: exports, and (with the same days) reports."""

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError
from ciao_portal.forms import ServiceForm
from ciao_portal.models import Company
from declarations.form_fields import DayField
from registrations.exports.services import SELECTABLE, check_days
from registrations.filter_choices import offered_to
from registrations.filters import offer
from registrations.rules.windows import Window, split

# Beyond some eleven years nobody holds registrations any more.
MOST_WINDOWS = 40
# The button of one offered part of a period that is too long, with its days as value.
PART = "part"


class PeriodForm(ServiceForm):
    """First and last day, at most 100 days; a longer period is refused and offered in parts."""

    first_day = DayField(label=_("First day"), error_messages={"required": _("Give the first day.")})
    last_day = DayField(label=_("Last day"), error_messages={"required": _("Give the last day.")})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if first_day and last_day:
            try:
                check_days(first_day, last_day)
            except DomainError as error:
                self.refuse(error)
        return cleaned

    def parts(self) -> list[Window]:
        """Periods that together cover a wish that is too long; none when nothing was too long."""
        if not self.is_bound or not self.errors:
            return []
        wish = [self.fields[name].clean(self.data[name]) for name in self._wished()]
        if len(wish) < 2:
            return []
        windows = list(islice(split(Window(*wish)), MOST_WINDOWS + 1))
        return windows if 1 < len(windows) <= MOST_WINDOWS else []

    def _wished(self) -> list[str]:
        """The days that can be read."""
        readable = []
        for name in ("first_day", "last_day"):
            try:
                self.fields[name].clean(self.data.get(name))
            except forms.ValidationError:
                continue
            readable.append(name)
        return readable


class ExportForm(PeriodForm):
    """Which registrations, and how they are written."""

    employer = forms.ChoiceField(label=_("Employer"), required=False)
    declaration = forms.ChoiceField(label=_("Declaration"), required=False)
    workplace = forms.ChoiceField(label=_("Workplace"), required=False)
    has_full_numbers = forms.BooleanField(
        label=_("National numbers in full"),
        required=False,
        help_text=_("Only of your own people. Each fetching of the file is recorded."),
    )
    has_machine_keys = forms.BooleanField(
        label=_("Column names for machines"),
        required=False,
        help_text=_("Stable names and codes in place of words, for a programme that reads the file."),
    )

    def __init__(self, *args: Any, company: Company, may_reveal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_to(company)
        offer(
            self,
            employer=[("", gettext("All employers")), *offered.employers],
            declaration=[("", gettext("All declarations")), *offered.declarations],
            workplace=[("", gettext("All workplaces")), *offered.workplaces],
        )
        if not may_reveal:
            del self.fields["has_full_numbers"]

    def selection(self) -> dict[str, UUID]:
        """The chosen ids; only after `is_valid()`."""
        return {name: UUID(value) for name in SELECTABLE if (value := self.cleaned_data[name])}


def with_part(data: Mapping[str, str]) -> Mapping[str, str]:
    """What was posted, with the days of the offered part whose button was pressed."""
    part = data.get(PART, "")
    first, _slash, last = part.partition("/")
    if not last:
        return data
    return {**{name: data[name] for name in data}, "first_day": first, "last_day": last}


def part_value(window: Window) -> str:
    """What the button of a part sends."""
    return f"{window.first.isoformat()}/{window.last.isoformat()}"


def asked_days(data: Mapping[str, str], default: Window) -> dict[str, Any]:
    """The days a link asked for, else the default ones; only to fill the form."""
    days = {"first_day": default.first, "last_day": default.last}
    for name in days:
        try:
            days[name] = date.fromisoformat(data.get(name, ""))
        except ValueError:
            continue
    return days
