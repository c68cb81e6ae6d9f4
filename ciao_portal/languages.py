"""The languages of the portal and of its cleaners: their own names, their direction, a guess for a browser.

The office speaks four; the cleaners' pages speak those and eleven more.
"""

from collections.abc import Collection

# The order is the order of the buttons: Belgium's three languages, then English.
PORTAL_LANGUAGES = (
    ("nl", "Nederlands"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("en", "English"),
)
CODES = tuple(code for code, _name in PORTAL_LANGUAGES)
WORKER_LANGUAGES = (
    *PORTAL_LANGUAGES,
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("bg", "Български"),
    ("es", "Español"),
    ("it", "Italiano"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ru", "Русский"),
    ("ar", "العربية"),
    ("sq", "Shqip"),
)
WORKER_CODES = tuple(code for code, _name in WORKER_LANGUAGES)
DEFAULT = "nl"
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
# Browsers send under 100 characters; nobody needs us to read a megabyte.
LONGEST_HEADER = 500


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, as the HTML attribute ``dir`` wants it."""
    return "rtl" if _primary(language) in RIGHT_TO_LEFT else "ltr"


def language_of(*wishes: str) -> str:
    """The first of these that is a language of the portal, else Dutch.

    Give the recipient's stored language first, then the company's; never that of whoever asks.
    """
    return next((wish for wish in wishes if wish in CODES), DEFAULT)


def worker_language(wish: str, company_language: str) -> str:
    """The worker's own language when it is one of the cleaners', else the company's, else Dutch."""
    return wish if wish in WORKER_CODES else language_of(company_language)


def best_language(
    header: str, cookie: str | None, default: str = DEFAULT, *, among: Collection[str] = CODES
) -> str:
    """The language for somebody unknown: their earlier choice, else what the browser prefers.

    ``header`` is Accept-Language as received, ``cookie`` the language chosen before; neither is trusted.
    """
    if cookie and _primary(cookie) in among:
        return _primary(cookie)
    wishes = [_wish(part) for part in header[:LONGEST_HEADER].split(",")]
    # sorted() keeps the browser's order among equal weights
    for language, weight in sorted(wishes, key=lambda wish: -wish[1]):
        if weight > 0 and language in among:
            return language
    return default


def _wish(part: str) -> tuple[str, float]:
    language, _semicolon, parameter = part.partition(";")
    name, _equals, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return _primary(language), 1.0
    try:
        weight = float(value)
    except ValueError:
        return _primary(language), 0.0
    return _primary(language), weight if 0 <= weight <= 1 else 0.0


def _primary(language: str) -> str:
    return language.strip().replace("_", "-").partition("-")[0].lower()
