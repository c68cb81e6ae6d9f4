"""A poster to practise with: looks like a real one, carries no code of a point."""

from dataclasses import replace
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.translation import gettext as _

from declarations.poster_words import PORTAL_INSTRUCTIONS
from declarations.posters import Poster, drawn, posters_html

# Stands where a real poster has its code; it is none (codes have ten characters and never an I).
WORD = "PRACTICE"
NAME = "Oefenen · S’exercer · Üben · Practice"
# Without a code to type, the address alone leads there; nothing is registered, in the four languages.
TYPED = {
    "nl": "Alleen om te oefenen: er wordt niets geregistreerd.",
    "fr": "Pour s’exercer seulement : rien n’est enregistré.",
    "de": "Nur zum Üben: Es wird nichts erfasst.",
    "en": "For practice only: nothing is registered.",
}


def practice_poster_html(*, address: str, contractor: str, language: str) -> str:
    """One page for the PDF engine."""
    poster = Poster(code=WORD, qr=drawn(address), name=NAME, name_size="m", contractor=contractor)
    parts = urlsplit(address)
    with translation.override(language):
        title = _("Poster to practise with")
    return posters_html(
        [poster],
        title=title,
        language=language,
        instructions=[replace(one, typed=TYPED[one.language]) for one in PORTAL_INSTRUCTIONS],
        typed=f"{parts.netloc}{parts.path}",
    )
