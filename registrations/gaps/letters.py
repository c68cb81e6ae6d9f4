"""The letter that reminds a subcontractor: the words that are shown before are the words that are sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils import translation

from ciao_portal.identifiers import format_declaration_number
from ciao_portal.languages import language_of
from ciao_portal.letters import Words, words_of
from ciao_portal.models import Company
from declarations.models import Declaration
from registrations.gaps.gathering import Watched
from registrations.gaps.wording import letter_line
from registrations.rules.gaps import Gap

TEMPLATE = "chain_reminder"


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out; `context` fills the template `TEMPLATE`."""

    to: str
    language: str
    words: Words
    context: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """Another one for every other letter: whoever sends it has seen exactly this."""
        return sha256("\n".join((self.to, self.words.subject, self.words.text)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """What one can write to a subcontractor about one declaration; `to` is empty when no address is known."""

    watched: Watched
    works: Declaration
    subject: Company
    to: str
    gaps: dict[str, Gap]

    def letter(self, *, gaps: Iterable[str], note: str, language: str, sender: str) -> Letter:
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
        words = words_of(TEMPLATE, company=self.watched.company, language=spoken, context=context)
        return Letter(self.to, spoken, words, context)
