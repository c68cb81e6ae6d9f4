"""Official identifiers: parse what people type, check it strictly, format it, mask it.

Every ``parse_…`` takes text as typed (spaces, dots, dashes, slashes, lower case, digits of other
scripts), returns the normalised text and raises DomainError with a code such as ``ssin.check``.
The rules follow the Belgif types (openapi-person-identifier, -organization-identifier and
-employment-identifier), which are stricter than python-stdnum.
"""

import calendar
import re
import unicodedata
from datetime import date

from django.utils.translation import gettext_lazy as _
from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from ciao_portal.errors import DomainError

MASKED = "•"
REFERENCE = re.compile(r"[A-HJ-NP-Z0-9]{13}")
CONTRACT = re.compile(r"([A-HJ-NP-Z0-9]{13})([A-Z0-9]{1,3})")
VAT_COUNTRIES = {"EL": "gr", "XI": "gb"}  # Greece and Northern Ireland write other letters
FOREIGN_VAT = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,18}")
EMPLOYER_NUMBERS = range(197, 5_999_999_999 + 1)
# Numbers of provincial and local administrations, taken over by the NSSO, with their own check.
LOCAL_ADMINISTRATIONS = range(197, 99_999_926 + 1)


def parse_ssin(text: str, *, today: date) -> str:
    """The 11 digits of a national register number or BIS number (INSZ, NISS; on the wire ``ssin``).

    Composition: royal decree of 3 April 1984 (national register) and of 8 February 1991 (BIS: month
    +20 when the sex was unknown, +40 when known); the 2 before the nine digits for births from 2000:
    royal decrees of 25 November 1997 and 13 October 1998.

    Unknown birth dates are official: month and day, or the day alone, may be 00. With month 00 the
    day may be anything: both decrees let the last digit of the date count on when a series is used
    up. The Belgif type refuses such a day; somebody who really bears one must be able to register,
    so we accept it. As in the Belgif type, the counters 000 and 999 are refused in national register
    numbers only. ``today`` (Brussels) refuses birth dates in the future.
    """
    digits = _digits(text)
    if len(digits) != 11 or not digits.isdecimal():
        raise DomainError("ssin.length", _("A national register or BIS number has 11 digits."))
    month_part, day, counter = int(digits[2:4]), int(digits[4:6]), digits[6:9]
    month = month_part % 20
    if month_part > 52 or month > 12:
        raise DomainError(
            "ssin.month",
            _("Digits 3 and 4 are the month of birth: 01 to 12, plus 20 or 40 in a BIS number."),
        )
    if month_part <= 12 and counter in ("000", "999"):
        raise DomainError("ssin.counter", _("Digits 7 to 9 cannot be 000 or 999."))
    year = _birth_year(digits)
    if month and day > calendar.monthrange(year, month)[1]:
        raise DomainError(
            "ssin.date", _("The first six digits are the date of birth, and this date does not exist.")
        )
    if (year, month, day if month else 0) > (today.year, today.month, today.day):
        raise DomainError(
            "ssin.future", _("The first six digits are the date of birth, and this date is in the future.")
        )
    return digits


def is_bis(ssin: str) -> bool:
    """True for a BIS number (somebody who is not in the national register)."""
    return int(ssin[2:4]) >= 20


def format_ssin(ssin: str) -> str:
    """``85073003328`` as ``85.07.30-033.28``."""
    return f"{ssin[:2]}.{ssin[2:4]}.{ssin[4:6]}-{ssin[6:9]}.{ssin[9:]}"


def mask_ssin(ssin: str) -> str:
    """``85073003328`` as ``85.07.30-•••.••``: the date of birth only."""
    return f"{ssin[:2]}.{ssin[2:4]}.{ssin[4:6]}-{MASKED * 3}.{MASKED * 2}"


def parse_enterprise_number(text: str) -> str:
    """The 10 digits of an enterprise number (CBE, KBO, BCE); ``BE`` in front and 9 old digits are fine."""
    digits = _digits(text).removeprefix("BE")
    if len(digits) == 9 and digits.isdecimal():
        digits = "0" + digits  # numbers given out before 2005 were written without the leading 0
    if len(digits) != 10 or not digits.isdecimal():
        raise DomainError("enterprise.length", _("An enterprise number has 10 digits."))
    if digits[0] not in "01":
        raise DomainError("enterprise.start", _("An enterprise number starts with 0 or 1."))
    _check_cbe(digits, "enterprise.check")
    return digits


def format_enterprise_number(number: str) -> str:
    """``0206731645`` as ``0206.731.645``."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"


def parse_establishment_unit(text: str) -> str:
    """The 10 digits of an establishment unit number."""
    digits = _digits(text)
    if len(digits) != 10 or not digits.isdecimal():
        raise DomainError("establishment.length", _("An establishment unit number has 10 digits."))
    if digits[0] not in "2345678":
        raise DomainError("establishment.start", _("An establishment unit number starts with 2 to 8."))
    _check_cbe(digits, "establishment.check")
    return digits


def format_establishment_unit(number: str) -> str:
    """``2144192522`` as ``2.144.192.522``."""
    return f"{number[0]}.{number[1:4]}.{number[4:7]}.{number[7:]}"


def parse_employer_number(text: str) -> str:
    """An NSSO employer number as digits without leading zeros (on the wire an integer).

    The check is 96 minus the rest of (radix x 100) by 97, 0 becoming 97; numbers of the former
    office for provincial and local administrations may use the rest of the radix by 97 instead.
    """
    digits = _digits(text).lstrip("0")
    if not digits.isdecimal() or len(digits) > 10 or int(digits) not in EMPLOYER_NUMBERS:
        raise DomainError("employer.length", _("An NSSO employer number has 3 to 10 digits."))
    number = int(digits)
    radix, check = divmod(number, 100)
    allowed = {96 - radix * 100 % 97 or 97}
    if number in LOCAL_ADMINISTRATIONS:
        allowed.add(radix % 97 or 97)
    if check not in allowed:
        raise DomainError(
            "employer.check",
            _("The last two digits do not fit the digits before them. Compare the number once more."),
        )
    return digits


def format_employer_number(number: str) -> str:
    """``93017373`` as ``930173-73``, the way the NSSO prints it."""
    return f"{number[:-2]}-{number[-2:]}"


def parse_declaration_number(text: str) -> str:
    """The 13 characters of a declaration of works as people type it (``9B0…``, older ``310…``).

    The letters I and O do not occur, so they are read as 1 and 0. A contract number (14 to 16
    characters) is refused with the declaration number it starts with: cutting it in silence would
    also hide a character typed twice.
    """
    return _parse_reference(text, "declaration")


def parse_technical_reference(text: str) -> str:
    """The 13 characters that QR and URL carry (``1Y1…``, wire ``contractualRelationshipReference``)."""
    return _parse_reference(text, "reference")


def split_contract_number(text: str) -> tuple[str, str]:
    """A contract number of 14 to 16 characters as declaration number and suffix."""
    found = CONTRACT.fullmatch(_reference(text))
    if not found:
        raise DomainError("contract.length", _("A contract number has 14 to 16 letters and digits."))
    return found[1], found[2]


def format_declaration_number(number: str) -> str:
    """``9B0003SQ5VSSZ`` as ``9B0 003SQ 5VSSZ``: three groups a human can compare."""
    return f"{number[:3]} {number[3:8]} {number[8:]}"


def parse_foreign_vat(text: str) -> str:
    """A VAT number of another country with its two letters in front.

    Countries python-stdnum knows are checked by their own rule, others by shape only.
    """
    number = _digits(text)
    if not FOREIGN_VAT.fullmatch(number):
        raise DomainError(
            "vat.shape",
            _("A foreign VAT number starts with the two letters of the country, for example NL or FR."),
        )
    if number.startswith("BE"):
        raise DomainError(
            "vat.belgian", _("This is a Belgian number: fill in the enterprise number instead.")
        )
    country = number[:2]
    rule = get_cc_module(VAT_COUNTRIES.get(country, country.lower()), "vat")
    if rule is None:
        return number
    try:
        return country + rule.validate(number).removeprefix(country)
    except ValidationError:
        raise DomainError(
            "vat.check", _("This number does not follow the rules of its country. Compare it once more.")
        ) from None


def format_foreign_vat(number: str) -> str:
    """``NL004495445B01`` as ``NL 004495445B01``."""
    return f"{number[:2]} {number[2:]}"


def _digits(text: str) -> str:
    """Upper case without separators; digits of other scripts (an Arabic keyboard) become 0 to 9."""
    kept = (
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in unicodedata.normalize("NFKC", text).upper()
        if not _is_separator(sign)
    )
    return "".join(kept)


def _is_separator(sign: str) -> bool:
    return sign in "./" or unicodedata.category(sign) in ("Zs", "Pd", "Cc", "Cf")


def _birth_year(digits: str) -> int:
    """The year of birth, which only the check digits tell. Raises ``ssin.check``."""
    nine, check = int(digits[:9]), int(digits[9:])
    for century, number in ((1900, nine), (2000, 2_000_000_000 + nine)):
        if check == 97 - number % 97:
            return century + int(digits[:2])
    raise DomainError(
        "ssin.check",
        _(
            "The last two digits do not fit: they must be 97 minus the rest of dividing the first "
            "nine digits by 97 (with a 2 in front for people born since 2000)."
        ),
    )


def _check_cbe(digits: str, code: str) -> None:
    if int(digits[8:]) != 97 - int(digits[:8]) % 97:
        raise DomainError(
            code,
            _(
                "The last two digits do not fit: they must be 97 minus the rest of dividing the "
                "first eight digits by 97."
            ),
        )


def _reference(text: str) -> str:
    return _digits(text).replace("O", "0").replace("I", "1")


def _parse_reference(text: str, kind: str) -> str:
    number = _reference(text)
    contract = CONTRACT.fullmatch(number)
    if contract:
        raise DomainError(
            f"{kind}.contract",
            _("This looks like a contract number. Give only its first 13 characters: %(number)s."),
            params={"number": contract[1]},
        )
    if not REFERENCE.fullmatch(number):
        raise DomainError(f"{kind}.shape", _("This number has 13 letters and digits."))
    return number
