"""What the simulator writes beside a remark's code. Decide on the code, never on these."""

from collections.abc import Mapping

from ciao_portal.nsso.contract import RemarkCode

_TEXTS: Mapping[str, tuple[str, str, str]] = {
    RemarkCode.DIMONA_NOT_FOUND: (
        "Geen Dimona gevonden bij deze werkgever op deze dag",
        "Aucune Dimona trouvée chez cet employeur ce jour-là",
        "Keine Dimona bei diesem Arbeitgeber an diesem Tag gefunden",
    ),
    RemarkCode.WORKER_UNKNOWN: (
        "Het INSZ is niet gekend",
        "Le NISS n'est pas connu",
        "Die ENSS ist nicht bekannt",
    ),
    RemarkCode.ENTERPRISE_UNKNOWN: (
        "Het ondernemingsnummer is niet gekend",
        "Le numéro d'entreprise n'est pas connu",
        "Die Unternehmensnummer ist nicht bekannt",
    ),
    RemarkCode.ENTERPRISE_NOT_ACTIVE: (
        "De onderneming is niet actief op deze dag",
        "L'entreprise n'est pas active ce jour-là",
        "Das Unternehmen ist an diesem Tag nicht aktiv",
    ),
    RemarkCode.ENTERPRISE_NOT_ON_DECLARATION: (
        "De onderneming staat niet op de aangifte van werken",
        "L'entreprise ne figure pas sur la déclaration de travaux",
        "Das Unternehmen steht nicht auf der Meldung der Arbeiten",
    ),
    RemarkCode.DECLARATION_MISSING: (
        "Er is geen aangifte van werken vermeld",
        "Aucune déclaration de travaux n'est mentionnée",
        "Es ist keine Meldung der Arbeiten angegeben",
    ),
    RemarkCode.DECLARATION_UNKNOWN: (
        "De aangifte van werken is niet gekend",
        "La déclaration de travaux n'est pas connue",
        "Die Meldung der Arbeiten ist nicht bekannt",
    ),
    RemarkCode.DECLARATION_NOT_ACTIVE: (
        "De dag valt buiten de periode van de aangifte van werken",
        "Le jour se situe hors de la période de la déclaration de travaux",
        "Der Tag liegt außerhalb des Zeitraums der Meldung der Arbeiten",
    ),
    RemarkCode.SITE_NOT_SUBJECT: (
        "De aangifte is niet onderworpen aan de registratieplicht",
        "La déclaration n'est pas soumise à l'obligation d'enregistrement",
        "Die Meldung unterliegt nicht der Registrierungspflicht",
    ),
    RemarkCode.DUPLICATE_REGISTRATION: (
        "Deze registratie bestaat al",
        "Cet enregistrement existe déjà",
        "Diese Registrierung besteht bereits",
    ),
    RemarkCode.LIMOSA_NOT_FOUND: (
        "Geen Limosa-melding gevonden",
        "Aucune déclaration Limosa trouvée",
        "Keine Limosa-Meldung gefunden",
    ),
    RemarkCode.LIMOSA_NOT_ACTIVE: (
        "De Limosa-melding geldt niet op deze dag",
        "La déclaration Limosa n'est pas valable ce jour-là",
        "Die Limosa-Meldung gilt nicht an diesem Tag",
    ),
    RemarkCode.SELF_EMPLOYED_NOT_KNOWN: (
        "De zelfstandige is niet gekend bij deze onderneming",
        "L'indépendant n'est pas connu auprès de cette entreprise",
        "Der Selbstständige ist bei diesem Unternehmen nicht bekannt",
    ),
    RemarkCode.MISSING_OUT: (
        "De registratie van het einde ontbreekt",
        "L'enregistrement de fin manque",
        "Die Registrierung des Endes fehlt",
    ),
    RemarkCode.MISSING_IN: (
        "De registratie van het begin ontbreekt",
        "L'enregistrement de début manque",
        "Die Registrierung des Beginns fehlt",
    ),
    RemarkCode.OVERLAPPING_REGISTRATIONS: (
        "Aanwezig op twee aangiften tegelijk",
        "Présent sur deux déclarations en même temps",
        "Auf zwei Meldungen gleichzeitig anwesend",
    ),
}
_UNSEEN = (
    "Nog niet beschreven opmerking",
    "Remarque pas encore décrite",
    "Noch nicht beschriebene Bemerkung",
)


def description_of(code: str) -> Mapping[str, str]:
    """The text of a remark in the three languages of the NSSO's pages."""
    return dict(zip(("nl", "fr", "de"), _TEXTS.get(code, _UNSEEN), strict=True))
