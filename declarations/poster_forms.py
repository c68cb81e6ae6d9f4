"""What the office chooses in the poster studio. Asked by GET: the choice stands in the address, no secret."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ciao_portal.forms import ServiceForm
from ciao_portal.languages import WORKER_LANGUAGES
from ciao_portal.models import Company
from declarations.models import DeclarationWorkplace
from declarations.poster_words import FURTHER_CODES, MOST_FURTHER, Instructions, instructions_in
from declarations.posters import STICKERS_ON_SHEET, Paper

PAPERS: dict[str, Promise] = {
    Paper.A4: _("A4: the code twice, 81 mm, in opposite corners"),
    Paper.A6: _("A6: one code of 68 mm, for a door or a key cabinet"),
    Paper.STICKERS: _("Stickers: twelve on a sheet of A4, each with a code of 42 mm"),
}
FURTHER_LANGUAGES = [one for one in WORKER_LANGUAGES if one[0] in FURTHER_CODES]
ALL, SOME, ONE, OWN = "all", "some", "one", "own"


@dataclass(frozen=True, slots=True)
class Choice:
    """What to print. No workplace: one code for all; None among the companies: the general codes."""

    paper: Paper
    workplaces: Sequence[UUID]
    companies: Sequence[Company | None]
    instructions: tuple[Instructions, ...]
    copies: int


class PosterForm(forms.Form):
    """Paper, places, companies and languages. `own` is the viewer; if it declares, its codes are general.

    `names` are the firms below the viewer, by how it calls them.
    """

    size = forms.ChoiceField(
        label=_("Paper"), choices=list(PAPERS.items()), widget=forms.RadioSelect, initial=Paper.A4
    )
    copies = forms.IntegerField(
        label=_("Stickers of each code"),
        min_value=1,
        max_value=STICKERS_ON_SHEET,
        initial=STICKERS_ON_SHEET,
        required=False,
        help_text=_("Counts for stickers only. Twelve fill a sheet."),
    )
    where = forms.ChoiceField(
        label=_("For which workplaces"),
        choices=[
            (ALL, _("All workplaces, each with its own code")),
            (SOME, _("The ticked workplaces")),
            (ONE, _("One code for all of them; the page asks where")),
        ],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    place = forms.MultipleChoiceField(
        label=_("Workplaces"), widget=forms.CheckboxSelectMultiple, required=False
    )
    whose = forms.ChoiceField(
        label=_("For which companies"), widget=forms.RadioSelect, initial=OWN, required=False
    )
    company = forms.MultipleChoiceField(
        label=_("Companies of the chain"), widget=forms.CheckboxSelectMultiple, required=False
    )
    language = forms.MultipleChoiceField(
        label=_("Further languages"),
        choices=FURTHER_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Dutch, French, German and English are always on it. Up to four more fit."),
    )

    def __init__(
        self,
        *args: Any,
        places: Sequence[DeclarationWorkplace],
        own: str,
        names: dict[Company, str],
        is_own: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = [place.workplace_id for place in places]
        self.companies = {str(company.pk): company for company in names}
        self.is_own = is_own
        self._offer("place", [(str(place.workplace_id), place.workplace.name) for place in places])
        self._offer("company", [(str(company.pk), name) for company, name in names.items()])
        own_words = _("%(company)s alone") % {"company": own}
        self._offer(
            "whose",
            [
                (OWN, own_words),
                (ALL, _("All companies of the chain too, each with its own codes")),
                (SOME, _("The ticked companies alone")),
            ],
        )
        # Nothing to choose from: one question fewer.
        if len(places) == 1:
            del self.fields["place"]
            self._offer("where", [one for one in self._offered("where") if one[0] != SOME])
        if not names:
            del self.fields["whose"], self.fields["company"]

    def clean_language(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["language"]
        if len(chosen) > MOST_FURTHER:
            words = _("%(count)s further languages are ticked; at most %(most)s fit. Untick some of them.")
            raise forms.ValidationError(words % {"count": len(chosen), "most": MOST_FURTHER})
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("where") == SOME and not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", _("Tick at least one workplace, or choose all of them."))
        if cleaned.get("whose") == SOME and not cleaned.get("company") and "company" not in self.errors:
            self.add_error("company", _("Tick at least one company, or choose all of them."))
        return cleaned

    def choice(self, viewer: Company) -> Choice:
        """What was chosen; the form is valid."""
        cleaned = self.cleaned_data
        paper = Paper(cleaned["size"])
        copies = cleaned["copies"] or STICKERS_ON_SHEET
        return Choice(
            paper=paper,
            workplaces=self._workplaces(cleaned["where"], cleaned.get("place", [])),
            companies=self._companies(viewer, cleaned.get("whose") or OWN, cleaned.get("company", [])),
            instructions=instructions_in(cleaned["language"]),
            copies=copies if paper is Paper.STICKERS else 1,
        )

    def _workplaces(self, where: str, ticked: Iterable[str]) -> list[UUID]:
        wanted = set(ticked)
        if where == ONE:
            return []
        return [place for place in self.places if where == ALL or str(place) in wanted]

    def _companies(self, viewer: Company, whose: str, ticked: Iterable[str]) -> list[Company | None]:
        own: list[Company | None] = [None if self.is_own else viewer]
        if whose == OWN:
            return own
        if whose == ALL:
            return [*own, *self.companies.values()]
        return [self.companies[key] for key in ticked]

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]  # a field of choices

    def _offered(self, name: str) -> list[tuple[str, Any]]:
        return list(self.fields[name].choices)  # type: ignore[attr-defined]  # a field of choices


class NssoAddressForm(ServiceForm):
    """The address that the NSSO gave for the declaration."""

    url = forms.CharField(
        label=_("Address of the NSSO"),
        required=False,
        max_length=500,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "On the NSSO's page of the declaration, copy the address, or scan its code with a phone and send "
            "yourself what it says. Empty takes it away."
        ),
    )
