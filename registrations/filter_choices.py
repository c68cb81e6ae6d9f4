"""What the filters of the lists offer: only what the company may see.

Read from declarations and their chains and from the presence states (one row per person, employer and
declaration), never from the whole history.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from ciao_portal.companies import names_of_companies
from ciao_portal.models import Company
from declarations.models import ChainView, Declaration
from declarations.querysets import declarations_visible_to, workplaces_visible_to
from registrations.models import PresenceState

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Offered:
    """Choices for a company's filters, each sorted by its words."""

    employers: Choices
    declarations: Choices
    workplaces: Choices


def offered_to(company: Company) -> Offered:
    """Employers, declarations and workplaces; call inside the company's scope. Four queries."""
    employers = names_of_companies(company, {company, *_employers(company)})
    return Offered(
        _sorted({firm.pk: name for firm, name in employers.items()}),
        _sorted(dict(declarations_visible_to(company).values_list("pk", "title"))),
        _sorted(dict(workplaces_visible_to(company).values_list("pk", "name"))),
    )


def _employers(company: Company) -> set[Company]:
    """The firms below the company, and those somebody named on one of its declarations."""
    members = ChainView.objects.filter(viewer=company).values("member")
    declared = Declaration.objects.values("pk")
    named = PresenceState.objects.filter(declaration__in=declared).values("employer")
    return set(Company.objects.filter(Q(pk__in=members) | Q(pk__in=named)))


def _sorted(words: dict[UUID, str]) -> Choices:
    choices = [(str(key), words[key]) for key in words]
    return sorted(choices, key=lambda choice: (choice[1].casefold(), choice[0]))
