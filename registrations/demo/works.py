"""For whom and where the demo's people clean: clients, workplaces, declarations of works. Facts only.

Days are counted from the day on which the demo was loaded: -20 is twenty days before it.
"""

from dataclasses import dataclass
from decimal import Decimal

from declarations.models.declarations import Regime
from registrations.demo.cast import CLOSED, FRESH, MAIN, STRANGER, SUB, SUBSUB, Firm

# Before everything that is registered: 100 days of history, and some.
FOUNDED_DAYS_BEFORE = 130


@dataclass(frozen=True, slots=True)
class Place:
    """An address, coordinates (decimal degrees), or both."""

    name: str
    street: str = ""
    house_number: str = ""
    post_code: str = ""
    municipality: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Works:
    """A declaration with its workplaces and its chain: who stands below whom, from the top down.

    `chain_at_the_nsso` are those the declaration at the NSSO tells of: somebody was forgotten there.
    """

    title: str
    client: str
    declared_number: str
    reference: str
    activity: str
    amount: Decimal
    places: tuple[Place, ...]
    chain: tuple[tuple[Firm, Firm], ...] = ()
    chain_at_the_nsso: tuple[Firm, ...] = ()
    declarer: Firm = MAIN
    regime: Regime = Regime.CIAO
    first: int = -FOUNDED_DAYS_BEFORE
    last: int | None = None
    is_known_at_the_nsso: bool = True
    is_subject_at_the_nsso: bool = True
    # The reason, for works that were called off.
    cancelled: str = ""


def _at(latitude: str, longitude: str) -> tuple[Decimal, Decimal]:
    """Somewhere in the middle of the town: the street is invented."""
    return Decimal(latitude), Decimal(longitude)


GENT = Place("Kantoor Voorbeeld", "Voorbeeldstraat", "12", "9000", "Gent", *_at("51.0543", "3.7174"))
NAMUR = Place("Agence Exemple", "Rue de l’Exemple", "8", "5000", "Namur", *_at("50.4669", "4.8675"))
EUPEN = Place("Geschäftsstelle Muster", "Musterstraße", "3", "4700", "Eupen")
LEUVEN = Place("School De Fictie", "Fictielaan", "27", "3000", "Leuven", *_at("50.8798", "4.7005"))
MECHELEN = Place("Kleuterschool Het Sprookje", "Verzinselweg", "4", "2800", "Mechelen")
NORTH = Place("Ziekenhuis De Proef, noord", "Proefdreef", "100", "9300", "Aalst", *_at("50.9381", "4.0392"))
SOUTH = Place("Ziekenhuis De Proef, zuid", "Proefdreef", "102", "9300", "Aalst", *_at("50.9362", "4.0401"))
LIEGE = Place("Tour Modèle", "Quai du Modèle", "55", "4000", "Liège", *_at("50.6326", "5.5797"))
SQUARE = Place("Place de l’Essai", "Place de l’Essai", "1", "6000", "Charleroi")
PARK = Place("Parc de l’Essai", latitude=Decimal("50.399800"), longitude=Decimal("4.454300"))
MOTORWAY = Place("Aire d’Exemple, E42", latitude=Decimal("50.480500"), longitude=Decimal("4.700200"))
WAREHOUSE = Place("Lager Muster", "Industriestraße", "21", "4780", "Sankt Vith")
RESIDENCE = Place("Residenz Beispiel", "Beispielweg", "9", "4730", "Raeren")
ANTWERP = Place("Atelier Denkbeeld", "Denkbeeldkaai", "40", "2000", "Antwerpen", *_at("51.2194", "4.4025"))
BRUGES = Place("Winkel Vreemd", "Schijnstraat", "6", "8000", "Brugge")

OFFICES = Works(
    title="Schoonmaak kantoren Demo Bank",
    client="Demo Bank NV",
    declared_number="9B0DEM0BANK01",
    reference="1Y1DEM0BANK01",
    activity="buildings",
    amount=Decimal(186000),
    places=(GENT, NAMUR, EUPEN),
    chain=((SUB, MAIN), (SUBSUB, SUB), (FRESH, MAIN), (CLOSED, MAIN)),
    chain_at_the_nsso=(SUB, SUBSUB, FRESH, CLOSED),
)
SCHOOL = Works(
    title="Ramen en klassen School De Fictie",
    client="Demo Scholengroep",
    declared_number="9B0DEM0SCH001",
    reference="1Y1DEM0SCH001",
    activity="windows",
    amount=Decimal(34500),
    places=(LEUVEN, MECHELEN),
    chain=((SUB, MAIN),),
)
HOSPITAL = Works(
    title="Dag- en nachtdienst Ziekenhuis De Proef",
    client="Ziekenhuis De Proef VZW",
    declared_number="9B0DEM0Z1EK01",
    reference="1Y1DEM0Z1EK01",
    activity="cleanRooms",
    amount=Decimal(742000),
    places=(NORTH, SOUTH),
    chain=((SUB, MAIN), (SUBSUB, SUB)),
    chain_at_the_nsso=(SUB,),
)
PUBLIC = Works(
    title="Propreté des places et des parcs de l’Essai",
    client="Ville de l’Essai",
    declared_number="9B0DEM0V1LLE1",
    reference="1Y1DEM0V1LLE1",
    activity="publicSpaces",
    amount=Decimal(58000),
    places=(SQUARE, PARK, MOTORWAY),
    is_subject_at_the_nsso=False,
)
# The contract at the tower ended; the next one carries another number, and the old posters still hang.
TOWER_BEFORE = Works(
    title="Nettoyage Tour Modèle (contrat 2024–2026)",
    client="Immobilière Modèle SA",
    declared_number="9B0DEM0T0WER1",
    reference="1Y1DEM0T0WER1",
    activity="floors",
    amount=Decimal(91000),
    places=(LIEGE,),
    last=-20,
)
TOWER = Works(
    title="Nettoyage Tour Modèle (nouveau contrat)",
    client="Immobilière Modèle SA",
    declared_number="9B0DEM0T0WER2",
    reference="1Y1DEM0T0WER2",
    activity="floors",
    amount=Decimal(96500),
    places=(LIEGE,),
    first=-19,
)
# The NSSO has not given its numbers yet, and people work there already.
ATELIER = Works(
    title="Opleveringsschoonmaak Atelier Denkbeeld",
    client="Demo Bank NV",
    declared_number="",
    reference="",
    activity="renovation",
    amount=Decimal(31000),
    places=(ANTWERP,),
    first=-6,
)
PLANNED = Works(
    title="Gevelreiniging School De Fictie",
    client="Demo Scholengroep",
    declared_number="9B0DEM0GEVEL1",
    reference="1Y1DEM0GEVEL1",
    activity="facades",
    amount=Decimal(47000),
    places=(LEUVEN,),
    first=21,
)
# Called off before anybody came.
CALLED_OFF = Works(
    title="Eindschoonmaak beursstand Demo Bank",
    client="Demo Bank NV",
    declared_number="9B0DEM0STAND1",
    reference="1Y1DEM0STAND1",
    activity="buildings",
    amount=Decimal(32000),
    places=(GENT,),
    first=10,
    cancelled="De klant heeft de beurs afgelast.",
)
HOUSEHOLD = Works(
    title="Treppenhaus Residenz Beispiel",
    client="Beispiel Wohnen VoG",
    declared_number="",
    reference="",
    activity="ownStaff",
    amount=Decimal(8400),
    places=(RESIDENCE,),
    regime=Regime.HOURS_ONLY,
)
# The subcontractor's own; a character of the technical reference was mistaken.
LOGISTICS = Works(
    title="Hallenreinigung Muster Logistik",
    client="Muster Logistik AG",
    declared_number="9B0DEM0LAGER1",
    reference="1Y1DEM0LAGEB1",
    activity="floors",
    amount=Decimal(39000),
    places=(WAREHOUSE,),
    declarer=SUB,
    is_known_at_the_nsso=False,
)
SHOP = Works(
    title="Winkels Vreemd",
    client="Winkels Vreemd BV",
    declared_number="9B0DEM0W1NK01",
    reference="1Y1DEM0W1NK01",
    activity="buildings",
    amount=Decimal(52000),
    places=(BRUGES,),
    declarer=STRANGER,
)
WORKS = (
    *(OFFICES, SCHOOL, HOSPITAL, PUBLIC, TOWER_BEFORE, TOWER),
    *(ATELIER, PLANNED, CALLED_OFF, HOUSEHOLD, LOGISTICS, SHOP),
)
