"""The emergency sheet on paper: rows to fill by hand, and what the sheet is not, in four languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from ciao_portal.identifiers import format_declaration_number
from ciao_portal.models import Company
from ciao_portal.web.pdf import STATIC_SCHEME
from declarations.models import Declaration, Workplace
from declarations.qr import qr_svg
from registrations.models import EmergencyProcedure

# As many lines as leave room to write.
LINES = 12


@dataclass(frozen=True, slots=True)
class Instructions:
    """What stands on the sheet in one language."""

    language: str
    heading: str
    is_no_registration: str
    steps: tuple[str, str, str]
    call: str


# All four stand on the paper side by side whatever language the office works in, and their length is fitted
# to the space: so they are kept here together, not in the catalogues.
INSTRUCTIONS = (
    Instructions(
        "nl",
        "Noodblad",
        "Alleen intern bewijs: dit blad is geen registratie bij de RSZ.",
        (
            "Probeer eerst zelf te registreren op de pagina van de RSZ (adres en code bovenaan).",
            "Lukt ook dat niet? Schrijf uw eigen regel, met de juiste uren, en teken zelf.",
            "Registreer zoals gewoonlijk zodra het weer werkt. Een late registratie wordt als laat gemerkt.",
        ),
        "Hulp nodig? Bel:",
    ),
    Instructions(
        "fr",
        "Feuille d’urgence",
        "Preuve interne seulement : cette feuille n’est pas un enregistrement à l’ONSS.",
        (
            "Essayez d’abord de vous enregistrer sur la page de l’ONSS (adresse et code en haut).",
            "Cela ne marche pas non plus ? Écrivez votre propre ligne, avec les heures exactes, et signez.",
            "Enregistrez-vous comme d’habitude dès que cela remarche. Un enregistrement tardif est signalé.",
        ),
        "Besoin d’aide ? Appelez :",
    ),
    Instructions(
        "de",
        "Notfallblatt",
        "Nur interner Nachweis: Dieses Blatt ist keine Registrierung beim LSS.",
        (
            "Versuchen Sie zuerst, sich auf der Seite des LSS zu registrieren (Adresse und Code oben).",
            "Geht auch das nicht? Schreiben Sie Ihre Zeile mit den genauen Zeiten und unterschreiben Sie.",
            "Registrieren Sie sich wie gewohnt, sobald es geht. Späte Registrierungen werden vermerkt.",
        ),
        "Brauchen Sie Hilfe? Rufen Sie an:",
    ),
    Instructions(
        "en",
        "Emergency sheet",
        "Internal evidence only: this sheet is no registration with the NSSO.",
        (
            "First try to register yourself on the NSSO’s own page (address and code above).",
            "That fails too? Write your own line, with the exact times, and sign it yourself.",
            "Register as usual as soon as it works again. A late registration is marked as late.",
        ),
        "Need help? Call:",
    ),
)
# The same in four languages, Dutch first; equal words once.
HEADS = (
    "Naam · Nom · Name",
    "Begin · Début · Beginn · Start",
    "Pauze · Pause · Break",
    "Terug · Retour · Zurück · Back",
    "Einde · Fin · Ende · Stop",
    "Handtekening · Signature · Unterschrift",
)
COMPANY = "Onderneming · Entreprise · Unternehmen · Company"
NUMBER = "Ondernemingsnummer · Numéro d’entreprise · Unternehmensnummer · Enterprise number"
WORKPLACE = "Werkplaats · Lieu de travail · Arbeitsort · Workplace"
DECLARATION = "Aangiftenummer · Numéro de déclaration · Meldungsnummer · Declaration number"
DAY = "Datum · Date · Datum · Date"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page; what is empty is left to be written by hand."""

    company: str
    company_number: str
    workplace: str = ""
    declaration_number: str = ""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Label and value, in the order of the page."""
        return (
            (COMPANY, self.company),
            (NUMBER, self.company_number),
            (WORKPLACE, self.workplace),
            (DECLARATION, self.declaration_number),
            (DAY, ""),
        )


def sheet_of(company: Company, declaration: Declaration | None, workplace: Workplace | None) -> Sheet:
    """The page for people of this company at one workplace, or a blank one."""
    number = declaration.declared_number if declaration else ""
    place = ""
    if workplace:
        place = f"{workplace.name}, {workplace.address}" if workplace.street else workplace.name
    return Sheet(
        company=str(company),
        company_number=company.number,
        workplace=place,
        declaration_number=format_declaration_number(number) if number else "",
    )


def sheets_html(
    sheets: Sequence[Sheet], procedure: EmergencyProcedure | None, *, printed_on: date, language: str
) -> str:
    """All pages as one document; only its title is in the language of the company."""
    address = settings.NSSO_WORKER_URL
    context = {
        "sheets": sheets,
        "contacts": contacts_of(procedure),
        "instructions": INSTRUCTIONS,
        "heads": HEADS,
        "lines": range(LINES),
        "address": urlsplit(address).netloc,
        # Our own path data, numbers and letters only. The paper around it is its quiet zone.
        "qr": mark_safe(qr_svg(address, quiet_zone=0)),  # noqa: S308
        "printed_on": printed_on,
        "stylesheet": f"{STATIC_SCHEME}css/emergency.css",
    }
    with translation.override(language):
        return render_to_string("registrations/emergency_sheet.html", context)


def contacts_of(procedure: EmergencyProcedure | None) -> list[tuple[str, str, str]]:
    """Name, number and hours of whoever can be called, in order."""
    if procedure is None:
        return []
    both = (
        (procedure.contact_name, procedure.contact_phone, procedure.contact_hours),
        (procedure.second_name, procedure.second_phone, procedure.second_hours),
    )
    return [one for one in both if one[0] or one[1]]
