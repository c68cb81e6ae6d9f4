"""Means on paper: sheets of personal cards to cut apart, and letters with a pairing code.

Cards have the size of a bank card (ISO/IEC 7810 ID-1, 85.6 by 54 mm), ten on an A4. They show a first name
and an initial, never a national number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from ciao_portal import languages
from ciao_portal.days import day_label, moment_label
from ciao_portal.languages import worker_language
from ciao_portal.models import Company
from ciao_portal.web.pdf import STATIC_SCHEME
from declarations.qr import qr_svg
from registrations.models import Employment
from registrations.services.cards import IssuedCard

# Millimetres on an A4, the same as in `static/css/means_papers.css`.
CARD_WIDTH, CARD_HEIGHT = 85.6, 54.0
COLUMNS, ROWS = 2, 5
LEFT, TOP = (210 - COLUMNS * CARD_WIDTH) / 2, (297 - ROWS * CARD_HEIGHT) / 2
MARK = 6.0
# A longer name is set in the smaller size.
LONGEST_LARGE = 14
STYLESHEET = f"{STATIC_SCHEME}css/means_papers.css"


@dataclass(frozen=True, slots=True)
class CardFace:
    """What stands on one card. `language` is the worker's, and of the words for the worker alone."""

    name: str
    name_size: str
    number: int
    issued_on: str
    qr: SafeString
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What one worker gets; the whole letter is in the worker's language."""

    name: str
    qr: SafeString
    until: str
    language: str
    direction: str


def first_name_and_initial(worker: Employment) -> str:
    """`Ada V.`: enough to find one's own card, no more."""
    return f"{worker.first_name} {worker.last_name[:1]}.".strip()


def card_face(worker: Employment, card: IssuedCard, *, day: date) -> CardFace:
    """The card of one worker (with person and company), issued on this Brussels day."""
    language = worker_language(worker.person.language, worker.company.language)
    name = first_name_and_initial(worker)
    return CardFace(
        name=name,
        name_size="l" if len(name) <= LONGEST_LARGE else "s",
        number=card.badge.number,
        issued_on=day_label(day),
        qr=_qr("phone:card", card.secret),
        language=language,
        direction=languages.direction(language),
    )


def cards_html(faces: Sequence[CardFace], company: Company) -> str:
    """All cards as one document; what a finder reads is in the company's language."""
    size = COLUMNS * ROWS
    context = {
        "pages": [faces[start : start + size] for start in range(0, len(faces), size)],
        "company": company,
        "marks": _cutting_marks(),
        "stylesheet": STYLESHEET,
    }
    with translation.override(languages.language_of(company.language)):
        return render_to_string("registrations/cards_sheet.html", context)


def letter_of(worker: Employment, secret: str, *, until: datetime) -> Letter:
    """The letter of one worker (with person and company) with the secret of a pairing link."""
    language = worker_language(worker.person.language, worker.company.language)
    return Letter(
        name=str(worker),
        qr=_qr("phone:pair", secret),
        until=moment_label(until),
        language=language,
        direction=languages.direction(language),
    )


def letters_html(letters: Sequence[Letter], company: Company, *, day: date) -> str:
    """A page for each."""
    context = {"company": company, "day": day_label(day), "stylesheet": STYLESHEET}
    pages = []
    for letter in letters:
        with translation.override(letter.language):
            pages.append(render_to_string("registrations/_letter.html", context | {"letter": letter}))
    with translation.override(languages.language_of(company.language)):
        return render_to_string("registrations/letters.html", context | {"pages": pages})


def _qr(url_name: str, secret: str) -> SafeString:
    url = f"{settings.PUBLIC_URL}{reverse(url_name, args=[secret])}"
    return mark_safe(qr_svg(url, quiet_zone=0))  # noqa: S308  # drawn by us from modules, no text in it


def _cutting_marks() -> str:
    """Short lines in the margins at every edge of a card, as one path in millimetres."""
    right, bottom = 210 - LEFT, 297 - TOP
    columns = [LEFT + CARD_WIDTH * count for count in range(COLUMNS + 1)]
    rows = [TOP + CARD_HEIGHT * count for count in range(ROWS + 1)]
    lines = [
        *(f"M{x:.2f} {TOP - 1 - MARK:.2f}v{MARK}M{x:.2f} {bottom + 1:.2f}v{MARK}" for x in columns),
        *(f"M{LEFT - 1 - MARK:.2f} {y:.2f}h{MARK}M{right + 1:.2f} {y:.2f}h{MARK}" for y in rows),
    ]
    return "".join(lines)
