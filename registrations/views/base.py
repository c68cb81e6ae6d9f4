"""What the office's lists of registrations share: how they name people and firms."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django.utils import timezone

from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person
from ciao_portal.web.lists import PartedListView, PortalTable
from registrations.filter_choices import Offered
from registrations.naming import Naming, PeopleNames


class NamedListView(PartedListView):
    """A list whose rows name people (`record.person`) and firms (`record.employer`) as the company does.

    Its filter has `offered` (see `registrations.filter_choices`).
    """

    def get_table(self, records: list[Any]) -> PortalTable:
        table = super().get_table(records)
        today = brussels_day(timezone.now())
        people = self.names_of(records, today=today)
        firms = self.offered.names_of({firm for record in records for firm in self.firms_of(record)})
        table.naming = Naming(people, firms, today)
        return table

    @property
    def offered(self) -> Offered:
        """What the filter offers; the sources and the names of the rows come from the same reading."""
        return cast(Offered, self.filterset.offered)

    def names_of(self, records: list[Any], *, today: date) -> PeopleNames:
        """The names of the people on the page."""
        return PeopleNames.of(map(self.person_of, records), company=self.request.company, day=today)

    def firms_of(self, record: Any) -> Iterable[Company]:
        """Which firms the row names."""
        return (record.employer,)

    def person_of(self, record: Any) -> Person:
        """Whose name the row shows."""
        return cast(Person, record.person)
