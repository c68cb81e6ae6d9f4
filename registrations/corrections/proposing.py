"""What the portal proposes for a request: the facts the rules need, from what the company may know."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView, DeclarationWorkplace
from declarations.querysets import declarations_visible_to
from registrations.corrections.acts import Act
from registrations.corrections.remarks import possible_errors
from registrations.models import Employment, Statement
from registrations.models.registrations import StatementKind
from registrations.rules.corrections import Error, Facts, Proposal, one_proposal, propose


def proposal_for(acts: Sequence[Act], company: Company) -> Proposal:
    """What fits all of them, as the company sees it; a few queries for acts that are alike.

    Raises DomainError `correction.mixed`.
    """
    return one_proposal([propose(facts) for facts in _Looking(company, acts).facts()])


class _Looking:
    """What is looked up once for many acts."""

    def __init__(self, company: Company, acts: Sequence[Act]) -> None:
        self.company, self.acts = company, acts
        registrations = [act.registration for act in acts if act.registration]
        kinds = (StatementKind.EMPLOYER_WAS, StatementKind.WORKPLACE_WAS)
        said = Statement.objects.filter(registration__in=registrations, kind__in=kinds)
        # The last word of each kind counts.
        self.said = {(row.registration_id, row.kind): row for row in said.select_related("employer")}
        people = {act.person.pk for act in acts}
        with unscoped(reason="the company's own employments, named by the company itself"):
            employed = Employment.objects.filter(company=company, person__in=people)
        self.employed = list(employed.select_related("agency"))
        self.chains: dict[tuple[UUID, date], list[str]] = {}
        self.numbers: dict[tuple[UUID, UUID, UUID | None, date], list[str]] = {}

    def facts(self) -> list[Facts]:
        return [self._facts(act) for act in self.acts]

    def _facts(self, act: Act) -> Facts:
        employment = self._employment(act)
        agency = employment.agency if employment else None
        return Facts(
            possible=possible_errors(act.code) or tuple(Error),
            used_enterprise=act.employer.enterprise_number or "",
            stated_enterprise=self._stated_enterprise(act),
            own_enterprise=self.company.enterprise_number or "" if employment else "",
            agency_enterprise=agency.enterprise_number or "" if agency else "",
            chain_enterprises=self._chain(act),
            number_now=_number_now(act),
            successors=self._numbers(act, act.workplace.pk if act.workplace else None),
            stated_declarations=self._stated_declarations(act),
        )

    def _employment(self, act: Act) -> Employment | None:
        return next(
            (
                one
                for one in self.employed
                if one.person_id == act.person.pk
                and one.starts_on <= act.day
                and (one.ends_on is None or one.ends_on >= act.day)
            ),
            None,
        )

    def _statement(self, act: Act, kind: StatementKind) -> Statement | None:
        return self.said.get((act.registration.pk, kind)) if act.registration else None

    def _stated_enterprise(self, act: Act) -> str:
        said = self._statement(act, StatementKind.EMPLOYER_WAS)
        return said.employer.enterprise_number or "" if said and said.employer else ""

    def _stated_declarations(self, act: Act) -> list[str]:
        said = self._statement(act, StatementKind.WORKPLACE_WAS)
        return self._numbers(act, said.workplace_id) if said else []

    def _chain(self, act: Act) -> list[str]:
        """The enterprises the company sees on the declaration on that day."""
        if act.declaration is None:
            return []
        key = (act.declaration.pk, act.day)
        if key not in self.chains:
            rows = ChainView.objects.filter(_on(act.day), viewer=self.company, declaration=act.declaration)
            numbers = rows.values_list("member__enterprise_number", flat=True).distinct()
            self.chains[key] = [number for number in numbers if number]
        return self.chains[key]

    def _numbers(self, act: Act, workplace: UUID | None) -> list[str]:
        """Of other declarations for this workplace that run that day and on which the employer stands."""
        if workplace is None:
            return []
        own = act.declaration.pk if act.declaration else None
        key = (workplace, act.employer.pk, own, act.day)
        if key not in self.numbers:
            stands = ChainView.objects.filter(
                _on(act.day), declaration=OuterRef("pk"), viewer=act.employer, member=act.employer
            )
            running = declarations_visible_to(self.company).filter(
                Q(ends_on__isnull=True) | Q(ends_on__gte=act.day), Exists(stands), starts_on__lte=act.day
            )
            with unscoped(reason="the workplaces of declarations the company may see"):
                there = DeclarationWorkplace.objects.filter(workplace=workplace).values("declaration")
            rows = running.filter(pk__in=there).exclude(declared_number="")
            found = rows.values_list("pk", "declared_number")
            self.numbers[key] = [number for works, number in found if works != own]
        return self.numbers[key]


def _number_now(act: Act) -> str:
    """The number of the declaration whose code was scanned, when something else (or nothing) was sent."""
    works = act.declaration
    if works is None or act.reference == works.technical_reference != "":
        return ""
    return works.declared_number


def _on(day: date) -> Q:
    """The condition for places in a chain on this Brussels day."""
    return (Q(valid_to__isnull=True) | Q(valid_to__gte=day)) & Q(valid_from__lte=day)
