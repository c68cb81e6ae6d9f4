"""Asking for a presence report."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.models import Company
from declarations.models import Declaration
from declarations.querysets import declarations_visible_to
from registrations.exports.forms import PeriodForm


class ReportForm(PeriodForm):
    """Which declaration, which days, for whom to read."""

    declaration = forms.ModelChoiceField(
        label=_("Declaration of works"),
        queryset=Declaration.objects.none(),
        empty_label=_("Choose the declaration"),
        error_messages={
            "required": _("Choose the declaration the report is about."),
            "invalid_choice": _("Choose one of the declarations in the list."),
        },
    )
    language = forms.ChoiceField(
        label=_("Language of the report"),
        choices=PORTAL_LANGUAGES,
        help_text=_("The one its reader understands best."),
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["declaration", "first_day", "last_day", "language"])
        field = self.fields["declaration"]
        field.queryset = declarations_visible_to(company).order_by("title", "pk")  # type: ignore[attr-defined]


def uuid_or_none(text: str) -> UUID | None:
    """The id a link carries, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
