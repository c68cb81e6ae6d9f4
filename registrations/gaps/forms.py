"""Forms about gaps: which ones to show, which days, on which days of the week somebody is expected."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.companies import names_of_companies
from ciao_portal.errors import DomainError
from ciao_portal.forms import ServiceForm
from ciao_portal.models import Company
from declarations.form_fields import DayField
from declarations.models import ChainView
from registrations.exports.services import check_days
from registrations.gaps.gathering import Watched
from registrations.gaps.wording import BADGES, WEEKDAYS
from registrations.models import ReportKind
from registrations.models.exports import ABOUT_A_SUBCONTRACTOR
from registrations.reports.forms import ReportForm
from registrations.rules.gaps import Gap
from registrations.rules.windows import Window
from registrations.shown_letters import LetterForm

# What a screen can show side by side.
SCREEN_DAYS = 31


class DaysForm(ServiceForm):
    """First and last day of what a page shows; empty or unreadable, `default` is shown."""

    first_day = DayField(label=_("First day"), required=False)
    last_day = DayField(label=_("Last day"), required=False)

    def __init__(self, data: Any, *, default: Window) -> None:
        self.default = default
        super().__init__({"first_day": default.first, "last_day": default.last, **data.dict()})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last:
            try:
                check_days(first, last, longest=SCREEN_DAYS)
            except DomainError as error:
                self.refuse(error)
        return cleaned

    @property
    def window(self) -> Window:
        first: date | None = self.cleaned_data.get("first_day") if self.is_valid() else None
        last: date | None = self.cleaned_data.get("last_day") if self.is_valid() else None
        return Window(first, last) if first and last else self.default


class GapsForm(DaysForm):
    """Which gaps the page shows; the choices are those that occur."""

    # No fields of choices: the days are read first, and only they tell what there is to choose from.
    kind = forms.CharField(label=_("Gap"), required=False, widget=forms.Select)
    declaration = forms.CharField(label=_("Declaration"), required=False, widget=forms.Select)
    company = forms.CharField(label=_("Company"), required=False, widget=forms.Select)
    field_order = ("kind", "declaration", "company", "first_day", "last_day")

    def offer(self, watched: Watched, gaps: list[Gap]) -> None:
        """Fill the choices; what is chosen stays, also when nothing of it is left."""
        works = {gap.declaration for gap in gaps} | _chosen(watched.works, self.data.get("declaration"))
        firms = {gap.company for gap in gaps} | _chosen(watched.names, self.data.get("company"))
        kinds = [(kind.value, look.words) for kind, look in BADGES.items()]
        self._choose("kind", gettext("All gaps"), kinds)
        titles = {key: watched.works[key].title for key in works}
        self._choose("declaration", gettext("All declarations"), _by_name(titles))
        names = {key: watched.names[key] for key in firms}
        self._choose("company", gettext("All companies"), _by_name(names))

    def fits(self, gap: Gap) -> bool:
        """Whether the filters leave this one."""
        wanted = {"kind": gap.kind.value, "declaration": str(gap.declaration), "company": str(gap.company)}
        return all(self.data.get(name) in (None, "", value) for name, value in wanted.items())

    def _choose(self, name: str, everything: str, choices: list[tuple[str, Any]]) -> None:
        select = cast(forms.Select, self.fields[name].widget)
        select.choices = [("", everything), *choices]


class ExpectedDaysForm(ServiceForm):
    """The days of the week on which one expects somebody."""

    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"),
        choices=[(str(number), words) for number, words in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Counts where four weeks of registrations show no habit. Without a day nobody is expected by you."
        ),
    )


class ReminderForm(LetterForm):
    """What a reminder is about, beside what every letter asks."""

    gaps = forms.MultipleChoiceField(
        label=_("What it is about"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one gap to write about.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["gaps"]).choices = choices


class ChainPaperForm(ReportForm):
    """Which paper about which chain, and for some about which company; cleaned to what the service takes."""

    paper = forms.ChoiceField(
        label=_("Document"),
        choices=[
            (ReportKind.CHAIN_DAYS.value, _("Chain day by day: who registered, who was silent")),
            (ReportKind.REMINDERS.value, _("Attestation of the reminders to one company")),
            (
                ReportKind.REFUSAL.value,
                _("Refusal file about one company: draft of a letter, reminders, gaps by day"),
            ),
        ],
        widget=forms.RadioSelect,
    )
    subject = forms.ModelChoiceField(
        label=_("Company"),
        queryset=Company.objects.none(),
        required=False,
        help_text=_("For an attestation and a refusal file."),
        error_messages={"invalid_choice": _("Choose one of the companies in the list.")},
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, company=company, **kwargs)
        self.order_fields(["paper", "declaration", "subject", "first_day", "last_day", "language"])
        self.below = ChainView.objects.filter(viewer=company).exclude(member=company)
        firms = Company.objects.filter(pk__in=self.below.values("member"))
        names = names_of_companies(company, set(firms))
        choices = _by_name({firm.pk: name for firm, name in names.items()})
        field = cast("forms.ModelChoiceField[Company]", self.fields["subject"])
        field.queryset = firms
        field.choices = [("", _("Choose the company")), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, subject = cleaned.pop("paper", ""), cleaned.pop("subject", None)
        declaration = cleaned.get("declaration")
        if kind not in ABOUT_A_SUBCONTRACTOR:
            subject = None
        elif subject is None:
            if "subject" not in self.errors:
                self.add_error("subject", _("Choose the company it is about."))
        elif declaration and not self.below.filter(declaration=declaration, member=subject).exists():
            self.add_error("subject", _("This company does not stand below you on that declaration."))
        return {**cleaned, "kind": kind, "subject": subject}


def _chosen(known: Iterable[UUID], wanted: str | None) -> set[UUID]:
    """The key of these that an address asks for, if it is one."""
    return {key for key in known if str(key) == wanted}


def _by_name(words: dict[UUID, str]) -> list[tuple[str, str]]:
    return sorted(((str(key), name) for key, name in words.items()), key=lambda one: one[1].casefold())
