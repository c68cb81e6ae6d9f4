"""Model wording of the clause by which a subcontract reminds of the registration duty.

Written for this portal as a draft for one's lawyer. Contracts are written in the language of the parties,
whatever language the office works in: so the four versions are kept here together, not in the catalogues.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """The wording in one language; `warning` and `source` stand beside it and do not belong to the clause."""

    language: str
    heading: str
    paragraphs: tuple[str, ...]
    warning: str
    source: str

    @property
    def text(self) -> str:
        """The clause alone, with numbered paragraphs, to be copied into a contract."""
        numbered = (f"{number}. {words}" for number, words in enumerate(self.paragraphs, start=1))
        return "\n\n".join((self.heading, *numbered))


CLAUSES = (
    Clause(
        "nl",
        "Registratie van begin en einde van het werk (Check In and Out at Work)",
        (
            (
                "De werken van deze overeenkomst vallen onder de verplichte registratie van begin en einde "
                "van de activiteiten en van de rusttijden. Iedereen die ze voor de onderaannemer uitvoert "
                "(werknemers, zelfstandigen, uitzendkrachten, studenten, stagiairs en gedetacheerden) "
                "registreert zelf, ter plaatse en op het ogenblik zelf. De onderaannemer registreert niet "
                "in hun plaats en niet vooraf."
            ),
            (
                "De aannemer stelt een registratiemiddel ter beschikking en bezorgt de QR-code of het adres "
                "van de aangifte van werken. Gebruikt de onderaannemer een ander middel, dan leggen de "
                "partijen dat vooraf schriftelijk vast en biedt dat middel gelijkwaardige waarborgen."
            ),
            (
                "De onderaannemer informeert zijn mensen vóór hun eerste werkdag, zorgt dat Dimona- en "
                "Limosa-verplichtingen vooraf vervuld zijn, kijkt na of de registraties toekomen, en meldt "
                "een fout aan de aannemer zodra hij ze ziet, uiterlijk binnen dertig dagen na de "
                "registratie."
            ),
            (
                "De onderaannemer schakelt zelf pas een onderaannemer in nadat hij diens naam, "
                "ondernemingsnummer en periode schriftelijk aan de aannemer meldde en die in de aangifte "
                "van werken is opgenomen. Hij legt die onderaannemer dezelfde verplichtingen op."
            ),
            (
                "De aannemer mag de registraties van de onderaannemer op deze werken inkijken om de "
                "naleving na te gaan, en gebruikt ze voor niets anders."
            ),
        ),
        "Ontwerp voor uw advocaat. Dit is geen juridisch advies en geen tekst van de RSZ.",
        "Programmawet van 26 december 2022, titel 4, hoofdstuk 1, artikelen 22 tot 48; voor schoonmaak "
        "verplicht sinds 1 september 2024.",
    ),
    Clause(
        "fr",
        "Enregistrement du début et de la fin du travail (Check In and Out at Work)",
        (
            (
                "Les travaux du présent contrat sont soumis à l’enregistrement obligatoire du début et de "
                "la fin des activités ainsi que des temps de repos. Toute personne qui les exécute pour le "
                "sous-traitant (travailleurs salariés, indépendants, intérimaires, étudiants, stagiaires et "
                "détachés) s’enregistre elle-même, sur place et au moment même. Le sous-traitant "
                "n’enregistre ni à leur place, ni à l’avance."
            ),
            (
                "L’entrepreneur met un moyen d’enregistrement à disposition et remet le code QR ou "
                "l’adresse de la déclaration de travaux. Si le sous-traitant utilise un autre moyen, les "
                "parties en conviennent par écrit au préalable et ce moyen offre des garanties "
                "équivalentes."
            ),
            (
                "Le sous-traitant informe ses collaborateurs avant leur premier jour de travail, veille à "
                "ce que les obligations Dimona et Limosa soient remplies au préalable, vérifie que les "
                "enregistrements arrivent, et signale toute erreur à l’entrepreneur dès qu’il la constate, "
                "au plus tard dans les trente jours qui suivent l’enregistrement."
            ),
            (
                "Le sous-traitant ne fait appel à son propre sous-traitant qu’après avoir communiqué par "
                "écrit à l’entrepreneur son nom, son numéro d’entreprise et la période, et après son ajout "
                "à la déclaration de travaux. Il lui impose les mêmes obligations."
            ),
            (
                "L’entrepreneur peut consulter les enregistrements du sous-traitant sur ces travaux pour "
                "vérifier le respect de ces obligations, et ne les utilise à aucune autre fin."
            ),
        ),
        "Projet à soumettre à votre avocat. Ceci n’est ni un avis juridique, ni un texte de l’ONSS.",
        "Loi-programme du 26 décembre 2022, titre 4, chapitre 1er, articles 22 à 48 ; obligatoire pour le "
        "nettoyage depuis le 1er septembre 2024.",
    ),
    Clause(
        "de",
        "Erfassung von Beginn und Ende der Arbeit (Check In and Out at Work)",
        (
            (
                "Für die Arbeiten dieses Vertrags müssen Beginn und Ende der Tätigkeit sowie die Ruhezeiten "
                "erfasst werden. Wer sie für den Subunternehmer ausführt (Arbeitnehmer, Selbstständige, "
                "Leiharbeitnehmer, Studenten, Praktikanten und Entsandte), erfasst sie persönlich, vor Ort "
                "und im selben Augenblick. Der Subunternehmer erfasst nicht an ihrer Stelle und nicht im "
                "Voraus."
            ),
            (
                "Der Unternehmer stellt ein Mittel zur Erfassung bereit und übergibt den QR-Code oder die "
                "Adresse der Meldung der Arbeiten. Benutzt der Subunternehmer ein anderes Mittel, "
                "vereinbaren die Parteien dies vorher schriftlich, und dieses Mittel bietet gleichwertige "
                "Garantien."
            ),
            (
                "Der Subunternehmer informiert seine Leute vor ihrem ersten Arbeitstag, sorgt dafür, dass "
                "Dimona- und Limosa-Pflichten vorher erfüllt sind, prüft, ob die Erfassungen eintreffen, "
                "und meldet dem Unternehmer einen Fehler, sobald er ihn sieht, spätestens binnen dreißig "
                "Tagen nach der Erfassung."
            ),
            (
                "Der Subunternehmer setzt einen eigenen Subunternehmer erst ein, nachdem er dem Unternehmer "
                "dessen Namen, Unternehmensnummer und Zeitraum schriftlich mitgeteilt hat und dieser in die "
                "Meldung der Arbeiten aufgenommen ist. Er erlegt ihm dieselben Pflichten auf."
            ),
            (
                "Der Unternehmer darf die Erfassungen des Subunternehmers bei diesen Arbeiten einsehen, um "
                "die Einhaltung zu prüfen, und verwendet sie zu nichts anderem."
            ),
        ),
        "Entwurf für Ihren Anwalt. Dies ist keine Rechtsberatung und kein Text des LSS.",
        "Programmgesetz vom 26. Dezember 2022, Titel 4, Kapitel 1, Artikel 22 bis 48; für die Reinigung "
        "verpflichtend seit dem 1. September 2024.",
    ),
    Clause(
        "en",
        "Registration of the start and end of work (Check In and Out at Work)",
        (
            (
                "The start and end of the works under this contract, and of rest breaks, must be "
                "registered. Everybody who carries them out for the subcontractor (employees, self-employed "
                "people, temporary workers, students, trainees and posted workers) registers in person, at "
                "the workplace and at that very moment. The subcontractor does not register in their place, "
                "nor in advance."
            ),
            (
                "The contractor provides a means of registration and hands over the QR code or the address "
                "of the declaration of works. Where the subcontractor uses another means, the parties agree "
                "on it in writing beforehand and that means offers equal guarantees."
            ),
            (
                "The subcontractor informs its people before their first working day, sees to it that "
                "Dimona and Limosa duties are met beforehand, checks that registrations arrive, and tells "
                "the contractor of an error as soon as it is seen, within thirty days following the "
                "registration at the latest."
            ),
            (
                "The subcontractor engages a subcontractor of its own only after it told the contractor "
                "that company's name, enterprise number and period in writing and that company was added to "
                "the declaration of works. It lays the same duties on that company."
            ),
            (
                "The contractor may look into the subcontractor's registrations on these works to check "
                "that the duties are met, and uses them for nothing else."
            ),
        ),
        "A draft for your lawyer. This is no legal advice and no text of the NSSO.",
        "Programme Law of 26 December 2022, title 4, chapter 1, articles 22 to 48; compulsory for cleaning "
        "since 1 September 2024.",
    ),
)
CLAUSES_BY_LANGUAGE = {clause.language: clause for clause in CLAUSES}
