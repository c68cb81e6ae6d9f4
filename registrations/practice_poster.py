"""A poster to practise with: looks like a real one, carries no code of a point."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from ciao_portal.web.pdf import STATIC_SCHEME
from declarations.posters import INSTRUCTIONS, Poster
from declarations.qr import qr_svg

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


def practice_poster_html(*, address: str, contractor: str, printed_on: date, language: str) -> str:
    """One page for the PDF engine."""
    poster = Poster(
        code=WORD,
        qr=mark_safe(qr_svg(address, quiet_zone=0)),  # noqa: S308  # drawn by us from modules, no text in it
        name=NAME,
        name_size="m",
        address="",
        contractor=contractor,
        number="",
        ends_on=None,
    )
    parts = urlsplit(address)
    with translation.override(language):
        context = {
            "posters": [poster],
            "title": _("Poster to practise with"),
            "printed_on": printed_on,
            "instructions": [replace(one, typed=TYPED[one.language]) for one in INSTRUCTIONS],
            "typed_address": f"{parts.netloc}{parts.path}",
            "stylesheet": f"{STATIC_SCHEME}css/poster.css",
        }
        return render_to_string("declarations/poster.html", context)
