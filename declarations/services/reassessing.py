"""What a change of a declaration does to the duty: told before it is saved, kept with what was saved.

A view asks `foreseen` once the form is valid and shows the answer (`declarations.views.foreseeing`); when the
change is saved all the same, it calls `keep` in the same transaction. The change itself is never refused.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.ids import new_id
from ciao_portal.models import Company
from declarations.models import Assessment, Declaration, Subcontract
from declarations.models.declarations import Regime
from declarations.querysets import terms_of
from declarations.rules import chain
from declarations.rules.foreseeing import Contract, Foreseen, Term, compare
from declarations.services.assessing import assess
from declarations.services.chain import chain_links


@dataclass(frozen=True, slots=True)
class Added:
    """A company about to join the chain: its number in normal form, below whom (None: the declarer)."""

    number: str
    below: Subcontract | None = None
    until: date | None = None


def foreseen(
    declaration: Declaration,
    *,
    on: date | None = None,
    amount: Decimal | None = None,
    per_year: bool | None = None,
    added: Added | None = None,
    ended: Subcontract | None = None,
) -> Foreseen | None:
    """What this change does to the duty; None when it does nothing, or nothing that can be told.

    `on` is the first day of the new amount or of the added company (None: as early as what stands above it),
    and the last day (inclusive) of the ended one. Nothing is stored, and what the services refuse is refused
    there, not here. CheckIn@Work is not judged: its sectors are not among the activities of a declaration.
    Moving a place changes nothing: periods lie within each other, and nobody joins or leaves.
    """
    if declaration.regime == Regime.CIAW:
        return None
    day = on or (added.below.starts_on if added and added.below else declaration.starts_on)
    # The companies that go on as long as the works do still work on a day after a last day that is prolonged.
    links = [replace(link, end=None) if link.parent is None else link for link in chain_links(declaration)]
    terms = terms_of(declaration)
    changed = list(links)
    if added is not None:
        changed.append(_link_of(declaration, added, day))
    if ended is not None:
        changed = [replace(link, end=day) if link.id == ended.pk else link for link in links]
    new_terms = _with_term(terms, day, amount, per_year)
    try:
        return compare(_contract(declaration, terms, links), _contract(declaration, new_terms, changed))
    except DomainError:
        return None


def foreseen_with_first(activity: str, term: Term, *, regime: str) -> Foreseen | None:
    """The same for works about to be declared, and their first subcontractor: from the first day on."""
    if regime == Regime.CIAW:
        return None
    alone = Contract(activity, term.from_day, (term,))
    return compare(alone, replace(alone, stays=((chain.Period(term.from_day, date.max),),)))


def keep(declaration: Declaration, found: Foreseen, *, actor: Actor, now: datetime) -> Assessment:
    """Keep the answer with the declaration. Raises ValueError when no person of the company acts."""
    if actor.company is None or actor.user is None:
        raise ValueError("An assessment names the person who made it.")
    return assess(
        company=actor.company,
        user=actor.user,
        title=declaration.title,
        case=found.case,
        advice=found.advice,
        declaration=declaration,
        now=now,
    )


def _contract(declaration: Declaration, terms: tuple[Term, ...], links: list[chain.Link]) -> Contract:
    seen = chain.closure(links)
    stays = (
        periods
        for (viewer, member), periods in seen.items()
        if viewer == declaration.company_id and member != declaration.company_id
    )
    return Contract(declaration.activity, declaration.starts_on, terms, tuple(stays))


def _link_of(declaration: Declaration, added: Added, on: date) -> chain.Link:
    """A firm that is not known yet has no key: any new one tells it from the others."""
    column = "enterprise_number" if added.number.isdigit() else "foreign_vat_number"
    known = Company.objects.filter(**{column: added.number}).values_list("pk", flat=True).first()
    parent = added.below.pk if added.below else declaration.pk
    return chain.Link(new_id(), known or new_id(), parent, on, added.until)


def _with_term(
    terms: tuple[Term, ...], on: date, amount: Decimal | None, per_year: bool | None
) -> tuple[Term, ...]:
    if amount is None:
        return terms
    before = [term for term in terms if term.from_day < on]
    same = before[-1].per_year if before else terms[0].per_year
    new = Term(on, amount, same if per_year is None else per_year)
    return (*before, new, *(term for term in terms if term.from_day > on))
