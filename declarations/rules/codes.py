"""The public code of a registration point: what the poster's address carries and people may type.

Ten characters of Crockford's base 32 (no I, L, O, U), the last one a check character by the
ISO 7064 hybrid system, here with modulus 33, 32: it finds every single wrong character and nearly
every pair swapped. The code is not a secret.
"""

import secrets
import unicodedata

from django.utils.translation import gettext_lazy as _
from stdnum.iso7064 import mod_37_36

from ciao_portal.errors import DomainError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
LOOKALIKES = str.maketrans("OIL", "011")


def new_point_code() -> str:
    """A random code: 45 bits, so that neighbours cannot be guessed and clashes stay rare."""
    body = "".join(secrets.choice(ALPHABET) for _position in range(LENGTH - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The character that completes nine others."""
    return str(mod_37_36.calc_check_digit(body, ALPHABET))


def parse_point_code(text: str) -> str:
    """The ten characters of a code as typed: lower case, spaces, dashes, O, I and L are forgiven.

    Raises ``code.length``, ``code.characters`` or ``code.check``.
    """
    code = "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())
    code = code.translate(LOOKALIKES)
    if len(code) != LENGTH:
        raise DomainError(
            "code.length", _("The code on the poster has 10 letters and digits. Compare it with the poster.")
        )
    if not set(code) <= set(ALPHABET):
        raise DomainError(
            "code.characters",
            _("The code on the poster has only digits and letters without accents, and never a U."),
        )
    if not mod_37_36.is_valid(code, ALPHABET):
        raise DomainError(
            "code.check", _("One of the characters is not right. Compare the code with the poster once more.")
        )
    return code


def format_point_code(code: str) -> str:
    """``7K3QX-9M2B4``: two groups of five, as printed under the QR."""
    return f"{code[:5]}-{code[5:]}"
