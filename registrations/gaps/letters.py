"""The letter that reminds a subcontractor: the words that are shown before are the words that are sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation

from ciao_portal.identifiers import format_declaration_number
from ciao_portal.languages import language_of
from ciao_portal.models import Company
from declarations.models import Declaration
from registrations.gaps.gathering import Watched
from registrations.gaps.wording import letter_line
from registrations.rules.gaps import Gap
from registrations.shown_letters import ShownLetter, show

TEMPLATE = "chain_reminder"


@dataclass(frozen=True, slots=True)
class Draft:
    """What one can write to a subcontractor about one declaration; `to` is empty when no address is known."""

    watched: Watched
    works: Declaration
    subject: Company
    to: str
    gaps: dict[str, Gap]

    def letter(self, *, gaps: Iterable[str], note: str, language: str, sender: str) -> ShownLetter:
        """About the gaps of these keys; `sender` is whom to answer."""
        spoken, number = language_of(language), self.works.declared_number
        firms = self.watched.numbered()
        with translation.override(spoken):
            lines = [letter_line(self.gaps[key], firms) for key in gaps]
        context = {
            "subject": firms[self.subject.pk],
            "works": self.works.title,
            "number": format_declaration_number(number) if number else "",
            "lines": lines,
            "note": note.strip(),
            "sender": sender,
        }
        return show(TEMPLATE, to=self.to, company=self.watched.company, language=spoken, context=context)
