"""What a reader says of a chip, brought into one form.

Readers differ: `04:A2:24:1B`, `04 a2 24 1b`, `0077734939`. The same kind of reader always says the same, and
no more is needed; one that counts the bytes the other way round reads its cards itself once more.
"""

import re

from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError

SEPARATORS = re.compile(r"[\s:.\-]")
# From four bytes (old RFID) to ten (the longest of ISO 14443), in hexadecimal or as a decimal number.
CHIP = re.compile(r"[0-9A-F]{6,20}")


def normal_chip(text: str) -> str:
    """The chip's number without separators, in capitals.

    Raises DomainError `chip.malformed`.
    """
    chip = SEPARATORS.sub("", text).upper()
    if not CHIP.fullmatch(chip):
        raise DomainError(
            "chip.malformed",
            _("This is no number of a chip: 6 to 20 digits or letters A to F. Read the card once more."),
            field="chip",
        )
    return chip
