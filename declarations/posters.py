"""Posters for the wall of a workplace: two QR codes, the code to type, and how it works in four languages."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from declarations.models import RegistrationPoint
from declarations.qr import qr_svg
from declarations.rules.codes import format_point_code

# Our own scheme: what the PDF engine may read are static files by name, and nothing else at all.
STATIC_SCHEME = "portal-static:"

# Beyond these lengths a workplace's name is set in the next smaller size.
NAME_SIZES = ((14, "xl"), (27, "l"), (60, "m"), (110, "s"))


class PosterError(Exception):
    """The document asked for something it may not have, or that is missing among our static files."""


@dataclass(frozen=True, slots=True)
class Instructions:
    """The three steps in one language, the word above them, and how to go on without a QR code."""

    language: str
    heading: str
    steps: tuple[str, str, str]
    typed: str


# All four stand on the paper side by side whatever language the office works in, and their length is
# fitted to the space: so they are kept here together, not in the catalogues.
INSTRUCTIONS = (
    Instructions(
        "nl",
        "Begin, pauze en einde registreren",
        ("Scan de code.", "Druk op de grote knop.", "Kijk of je het uur ziet."),
        "Lukt scannen niet? Ga naar het adres en typ de code.",
    ),
    Instructions(
        "fr",
        "Enregistrer début, pause et fin",
        ("Scannez le code.", "Appuyez sur le grand bouton.", "Vérifiez que l’heure s’affiche."),
        "Le scan échoue ? Allez à l’adresse et tapez le code.",
    ),
    Instructions(
        "de",
        "Beginn, Pause und Ende erfassen",
        ("Code scannen.", "Große Taste drücken.", "Auf die Uhrzeit achten."),
        "Scannen geht nicht? Adresse öffnen, Code tippen.",
    ),
    Instructions(
        "en",
        "Register start, break and end",
        ("Scan the code.", "Press the big button.", "Check that you see the time."),
        "Scanning fails? Go to the address and type the code.",
    ),
)


@dataclass(frozen=True, slots=True)
class Poster:
    """One page: what stands on it."""

    code: str
    qr: SafeString
    name: str
    name_size: str
    address: str
    contractor: str


def poster_of(point: RegistrationPoint, *, contractor: str) -> Poster:
    """The page of one point; a point without a workplace carries the name of the works."""
    workplace = point.workplace
    name = workplace.name if workplace else point.declaration.title
    return Poster(
        code=format_point_code(point.code),
        # Our own path data, numbers and letters only. The paper around it is its quiet zone.
        qr=mark_safe(qr_svg(point.url, quiet_zone=0)),  # noqa: S308
        name=name,
        name_size=next((size for longest, size in NAME_SIZES if len(name) <= longest), "xs"),
        address=workplace.address if workplace and workplace.street else "",
        contractor=contractor,
    )


def posters_html(
    posters: list[Poster], *, title: str, number: str, ends_on: date | None, printed_on: date, language: str
) -> str:
    """All pages as one document in the contractor's language; the instructions are in all four."""
    context = {
        "posters": posters,
        "title": title,
        "number": number,
        "ends_on": ends_on,
        "printed_on": printed_on,
        "instructions": INSTRUCTIONS,
        "typed_address": typed_address(),
        "stylesheet": f"{STATIC_SCHEME}css/poster.css",
    }
    with translation.override(language):
        return render_to_string("declarations/poster.html", context)


def posters_pdf(html: str) -> bytes:
    """The document as PDF, A4, one page per poster. Raises PosterError."""
    # Imported here and not above: the engine takes some 50 MB, which every web process would carry.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class StaticFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Refuses every address but our own static files: names typed by people end up in this document."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:  # noqa: ARG002
            path = _static_file(url)
            if path is None:
                raise FatalURLFetchingError(f"A poster may not fetch {url!r}")
            content_type = "text/css" if path.suffix == ".css" else "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    try:
        document: bytes = HTML(string=html, base_url=STATIC_SCHEME, url_fetcher=StaticFilesOnly()).write_pdf()
    except FatalURLFetchingError as error:
        # The engine's own is no Exception but a BaseException: it would end the web process.
        raise PosterError(str(error)) from None
    return document


def _static_file(url: str) -> Path | None:
    """Our own static file behind an address of our own scheme, None for everything else."""
    if not url.startswith(STATIC_SCHEME):
        return None
    try:
        found = finders.find(url.removeprefix(STATIC_SCHEME))
    except SuspiciousFileOperation:
        return None
    return Path(found) if found else None


def typed_address() -> str:
    """What people type by hand: host and path, without the scheme."""
    return f"{urlsplit(settings.PUBLIC_URL).netloc}/r/"
