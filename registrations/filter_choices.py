"""What the filters of the lists offer: only what the company may see.

Read from the presence states (one row per person, employer and declaration), never from the whole history.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from ciao_portal.companies import names_of_companies
from ciao_portal.models import Company
from declarations.models import Declaration, Workplace
from registrations.models import PresenceState
from registrations.querysets import seen_by

Choices = list[tuple[str, str]]
# What a firm's name or number is made of; read with the states, so that no query of its own is needed.
EMPLOYER_COLUMNS = ("id", "name", "enterprise_number", "foreign_vat_number")
EMPLOYER = tuple(f"employer__{column}" for column in EMPLOYER_COLUMNS)


@dataclass(frozen=True, slots=True)
class Offered:
    """Choices for a company's filters, each sorted by its words."""

    employers: Choices
    declarations: Choices
    workplaces: Choices


def offered_to(company: Company) -> Offered:
    """Employers, declarations and workplaces with something to see; call inside the company's scope."""
    states = PresenceState.objects.alias(day=F("last_registration__happened_day")).filter(
        seen_by(company, day="day")
    )
    rows = states.values_list(
        *EMPLOYER, "declaration", "declaration__title", "workplace", "workplace__name"
    ).distinct()
    firms = {company}
    declarations: dict[UUID, str] = dict(Declaration.objects.values_list("pk", "title"))
    workplaces: dict[UUID, str] = dict(Workplace.objects.values_list("pk", "name"))
    for *firm, declaration, title, workplace, name in rows:
        firms.add(Company(**dict(zip(EMPLOYER_COLUMNS, firm, strict=True))))
        declarations[declaration] = title
        workplaces[workplace] = name
    employers = names_of_companies(company, firms)
    return Offered(
        _sorted({firm.pk: name for firm, name in employers.items()}),
        _sorted(declarations),
        _sorted(workplaces),
    )


def _sorted(words: dict[UUID, str]) -> Choices:
    choices = [(str(key), words[key]) for key in words]
    return sorted(choices, key=lambda choice: (choice[1].casefold(), choice[0]))
