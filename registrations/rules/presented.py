"""What somebody held before a tablet or typed there: a card, the number of a chip, or a national number."""

import re
from dataclasses import dataclass
from enum import StrEnum

from ciao_portal.errors import DomainError
from registrations.rules.chips import normal_chip

# The address in the QR of a card, however the reader writes the rest of it; or the secret by itself.
CARD_ADDRESS = re.compile(r"/c/([A-Za-z0-9_-]{16,})/?$")
CARD_SECRET = re.compile(r"[A-Za-z0-9_-]{22,}")
SSIN_DIGITS = 11


class Shown(StrEnum):
    """Which of the three it looks like."""

    CARD = "card"
    CHIP = "chip"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Presented:
    """`text` is the card's secret, the chip's number in its normal form, or the number as it was typed."""

    shown: Shown
    text: str


def read(text: str) -> Presented:
    """Tell by its form what was presented; whatever is neither card nor chip counts as a typed number.

    Eleven digits are always a national number.
    """
    text = text.strip()
    if address := CARD_ADDRESS.search(text):
        return Presented(Shown.CARD, address[1])
    if CARD_SECRET.fullmatch(text):
        return Presented(Shown.CARD, text)
    try:
        chip = normal_chip(text)
    except DomainError:
        return Presented(Shown.NUMBER, text)
    is_ssin = chip.isdecimal() and len(chip) == SSIN_DIGITS
    return Presented(Shown.NUMBER, text) if is_ssin else Presented(Shown.CHIP, chip)
