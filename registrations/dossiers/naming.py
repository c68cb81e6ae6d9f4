"""How a dossier calls people, firms and places: its own people by name, nobody by a national number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from ciao_portal.companies import names_of_companies
from ciao_portal.models import Company
from registrations.dossiers.journeys import Journey
from registrations.models import Employment
from registrations.reports.gathering import names_of_places


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the company's own people; both are empty for people of other employers."""

    name: str = ""
    payroll_number: str = ""


NOBODY = Worker()


@dataclass(slots=True)
class Naming:
    """Looked up once for whatever was not met before, in the company's scope; `today` is the Brussels day."""

    company: Company
    today: date
    people: dict[UUID, Worker] = field(default_factory=dict)
    firms: dict[UUID, str] = field(default_factory=dict)
    places: dict[UUID, str] = field(default_factory=dict)

    def learn(self, journeys: Iterable[Journey]) -> None:
        """Three queries at most, none when everything is known already."""
        journeys = list(journeys)
        own = {one.person for one in journeys if one.employer == self.company.pk}
        self._learn_people(own - self.people.keys())
        if firms := {one.employer for one in journeys} - self.firms.keys():
            found = set(Company.objects.filter(pk__in=firms))
            self.firms |= {firm.pk: name for firm, name in names_of_companies(self.company, found).items()}
        if places := {one.workplace for one in journeys} - self.places.keys():
            names = names_of_places({str(place) for place in places})
            self.places |= {UUID(key): name for key, name in names.items()}

    def worker(self, journey: Journey) -> Worker:
        """Names are those of the company's own people on its own registrations."""
        is_own = journey.employer == self.company.pk
        return self.people.get(journey.person, NOBODY) if is_own else NOBODY

    def _learn_people(self, people: set[UUID]) -> None:
        if not people:
            return
        # The manager is scoped: only the company's own employments give names.
        rows = Employment.objects.filter(company=self.company, person__in=people, starts_on__lte=self.today)
        self.people |= dict.fromkeys(people, NOBODY)
        # The latest employment wins, so that somebody who left keeps a name in the history.
        self.people |= {
            row.person_id: Worker(str(row), row.payroll_number) for row in rows.order_by("starts_on")
        }
