"""A letter that is shown, word by word, before it goes: the words on the page are the words that are sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.forms import ServiceForm
from ciao_portal.identifiers import parse_ssin
from ciao_portal.languages import PORTAL_LANGUAGES, language_of
from ciao_portal.letters import Words, words_of
from ciao_portal.models import Company, SentLetter
from registrations.wording import Badge

LONGEST_NOTE = 2000
TAKEN = Badge(_("Taken by the mail server"), "ok", "check")
NOT_TAKEN = Badge(_("Not taken by the mail server"), "late", "error")
UNDER_WAY = Badge(_("Being sent"), "wait", "clock")
# Eleven digits with what people put between them.
LIKE_A_NATIONAL_NUMBER = re.compile(r"\d(?:[ .\-/]{0,2}\d){10}")


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """What goes out; `to` is empty when no address is known, `context` fills the template."""

    template: str
    to: str
    language: str
    words: Words
    context: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """Another one for every other letter: whoever sends it has seen exactly this."""
        return sha256("\n".join((self.to, self.words.subject, self.words.text)).encode()).hexdigest()


def show(
    template: str, *, to: str, company: Company, language: str, context: Mapping[str, Any]
) -> ShownLetter:
    """The letter in this language, on behalf of the company."""
    spoken = language_of(language)
    words = words_of(template, company=company, language=spoken, context=context)
    return ShownLetter(template, to, spoken, words, context)


def check(letter: ShownLetter, *, now: datetime) -> None:
    """Raises DomainError `letter.address` (none is known) or `letter.number` (a national number is in it)."""
    if not letter.to:
        raise DomainError("letter.address", _("Give the company an e-mail address first."))
    if names_a_number(letter.words.text, now=now):
        words = _("A national number may not stand in an e-mail. Take it out of your note.")
        raise DomainError("letter.number", words, field="note")


def names_a_number(text: str, *, now: datetime) -> bool:
    """Whether somebody's national number stands in the text."""
    for found in LIKE_A_NATIONAL_NUMBER.findall(text):
        try:
            parse_ssin(found, today=brussels_day(now) + timedelta(days=1))
        except DomainError:
            continue
        return True
    return False


def letter_badge(letter: SentLetter | None) -> Badge:
    """What became of a letter, as far as the portal can know."""
    if letter is None:
        return UNDER_WAY
    return TAKEN if letter.is_taken else NOT_TAKEN


class LetterForm(ServiceForm):
    """What one adds to a letter, and in which language it is written."""

    note = forms.CharField(
        label=_("What you add"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("In the language of the letter. No national numbers."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=PORTAL_LANGUAGES)
    is_again = forms.BooleanField(label=_("Send it once more today"), required=False)
    # Of the letter that was shown: another one is shown first.
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, was_reminded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not was_reminded:
            del self.fields["is_again"]
