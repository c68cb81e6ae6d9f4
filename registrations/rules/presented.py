"""What somebody held before a tablet or typed there: a card, the number of a chip, or a national number."""

import re
from dataclasses import dataclass
from enum import StrEnum

# The address in the QR of a card, however the reader writes the rest of it; or the secret by itself.
CARD_ADDRESS = re.compile(r"/c/([A-Za-z0-9_-]{16,})/?$")
CARD_SECRET = re.compile(r"[A-Za-z0-9_-]{22,}")
# From four bytes to ten (ISO 14443), in hexadecimal or as a decimal number, as the reader types it.
CHIP = re.compile(r"[0-9A-F]{6,20}")
SEPARATORS = str.maketrans("", "", " .:/-")
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
    bare = chip_number(text)
    is_ssin = bare.isdecimal() and len(bare) == SSIN_DIGITS
    if CHIP.fullmatch(bare) and not is_ssin:
        return Presented(Shown.CHIP, bare)
    return Presented(Shown.NUMBER, text)


def chip_number(text: str) -> str:
    """The normal form of a chip's number: capital letters, no separators."""
    return text.translate(SEPARATORS).upper()
