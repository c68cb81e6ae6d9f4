"""Posters for the wall of a workplace: two QR codes, the code to type, and how it works in four languages."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from ciao_portal.identifiers import format_declaration_number
from ciao_portal.web.pdf import STATIC_SCHEME
from declarations.models import RegistrationPoint
from declarations.qr import qr_svg
from declarations.rules.codes import format_point_code

# Beyond these lengths a workplace's name is set in the next smaller size.
NAME_SIZES = ((14, "xl"), (27, "l"), (60, "m"), (110, "s"))


@dataclass(frozen=True, slots=True)
class Instructions:
    """The three steps in one language, the word above them, and how to go on without a QR code or signal."""

    language: str
    heading: str
    steps: tuple[str, str, str]
    typed: str
    no_signal: str


# All four stand on the paper side by side whatever language the office works in, and their length is
# fitted to the space: so they are kept here together, not in the catalogues.
INSTRUCTIONS = (
    Instructions(
        "nl",
        "Begin, pauze en einde registreren",
        ("Scan de code.", "Druk op de grote knop.", "Kijk of je het uur ziet."),
        "Lukt scannen niet? Typ het adres en de code.",
        "Geen signaal? Scan toch. Geen pagina? Noteer het uur, open ze later.",
    ),
    Instructions(
        "fr",
        "Enregistrer début, pause et fin",
        ("Scannez le code.", "Appuyez sur le grand bouton.", "Vérifiez que l’heure s’affiche."),
        "Scan impossible ? Tapez l’adresse et le code.",
        "Pas de réseau ? Scannez. Pas de page ? Notez l’heure, rouvrez-la plus tard.",
    ),
    Instructions(
        "de",
        "Beginn, Pause und Ende erfassen",
        ("Code scannen.", "Große Taste drücken.", "Auf die Uhrzeit achten."),
        "Scannen geht nicht? Adresse und Code tippen.",
        "Kein Netz? Trotzdem scannen. Keine Seite? Uhrzeit notieren, später öffnen.",
    ),
    Instructions(
        "en",
        "Register start, break and end",
        ("Scan the code.", "Press the big button.", "Check that you see the time."),
        "Cannot scan? Type the address and the code.",
        "No signal? Scan anyway. No page? Note the time, open it later.",
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
    number: str
    ends_on: date | None


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
        number=format_declaration_number(number) if (number := point.declaration.declared_number) else "",
        ends_on=point.declaration.ends_on,
    )


def posters_html(posters: list[Poster], *, title: str, printed_on: date, language: str) -> str:
    """All pages as one document in the contractor's language; the instructions are in all four."""
    context = {
        "posters": posters,
        "title": title,
        "printed_on": printed_on,
        "instructions": INSTRUCTIONS,
        "typed_address": typed_address(),
        "stylesheet": f"{STATIC_SCHEME}css/poster.css",
    }
    with translation.override(language):
        return render_to_string("declarations/poster.html", context)


def typed_address() -> str:
    """What people type by hand: host and path, without the scheme."""
    return f"{urlsplit(settings.PUBLIC_URL).netloc}/r/"
