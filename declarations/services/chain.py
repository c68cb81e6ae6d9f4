"""The chain of subcontractors, and who sees whom because of it."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.companies import company_with_number, write_card
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_enterprise_number, parse_foreign_vat
from ciao_portal.models import Company, CompanyCard
from declarations.models import ChainView, Declaration, Subcontract
from declarations.rules import chain
from declarations.services.points import ensure_points

# The rules speak of links; our columns and form fields have names of their own.
FIELDS = {"start": "starts_on", "end": "ends_on", "parent": "parent", "company": "number"}


@transaction.atomic
def add_subcontract(
    *,
    declaration: Declaration,
    enterprise_number: str = "",
    foreign_vat_number: str = "",
    name: str,
    parent: Subcontract | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    amount: Decimal | None = None,
    has_clause: bool = False,
    clause_since: date | None = None,
    contact_email: str = "",
    contact_phone: str = "",
    actor: Actor,
    now: datetime,
) -> Subcontract:
    """Put a company into the chain, below `parent` or directly below the declarer.

    Exactly one number, as typed. Without a first day it starts with the place above it; without a last
    day it lasts as long as that one. Name and contact go on the declarer's own card of that firm.

    Raises DomainError `subcontract.number` (none or two), `subcontract.name`, `subcontract.amount`,
    `subcontract.clauseDay`, `chain.period`, `chain.twiceOnBranch`, `chain.periodOutsideParent`,
    `chain.parentUnknown`, and the codes of `ciao_portal.identifiers`.
    """
    kept = Declaration.objects.select_for_update().select_related("company").get(pk=declaration.pk)
    number = _parsed_numbers(enterprise_number, foreign_vat_number)
    _check_facts(name, amount, has_clause=has_clause, clause_since=clause_since)
    company = company_with_number(**number, now=now)
    subcontract = Subcontract(
        declaration=kept,
        company=company,
        parent=parent,
        amount=amount,
        starts_on=starts_on or (parent.starts_on if parent else kept.starts_on),
        ends_on=ends_on,
        has_clause=has_clause,
        clause_since=clause_since,
        created_at=now,
    )
    _check_branch([*chain_links(kept), _link(subcontract)], subcontract.pk)
    subcontract.save(force_insert=True)
    _add_to_card(kept.company, company, name.strip(), contact_email, contact_phone)
    audit.record(
        "subcontract.added",
        subcontract,
        actor=actor,
        now=now,
        payload={"declaration": str(kept.pk), "company": str(company.pk)},
    )
    ensure_points(declaration=kept, actor=actor, now=now)
    rebuild_chain_view(kept)
    return subcontract


@transaction.atomic
def change_subcontract(
    *,
    subcontract: Subcontract,
    name: str,
    starts_on: date,
    ends_on: date | None,
    amount: Decimal | None,
    has_clause: bool,
    clause_since: date | None,
    contact_email: str,
    contact_phone: str,
    actor: Actor,
    now: datetime,
) -> Subcontract:
    """Change what was agreed with a subcontractor, and the declarer's own card of that firm.

    Nobody below is shortened by it: for that a subcontract is ended.
    Raises DomainError as `add_subcontract`, and `chain.belowOutside` on the day that is at fault.
    """
    declaration, kept = _locked(subcontract)
    _check_facts(name, amount, has_clause=has_clause, clause_since=clause_since)
    facts = {
        "amount": amount,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "has_clause": has_clause,
        "clause_since": clause_since,
    }
    changed = [column for column, value in facts.items() if getattr(kept, column) != value]
    for column in changed:
        setattr(kept, column, facts[column])
    if {"starts_on", "ends_on"} & set(changed):
        _check_above(chain_links(declaration), _link(kept))
        _check_below_within(kept)
    write_card(
        company=declaration.company,
        subject=kept.company,
        name=name.strip(),
        contact_email=contact_email,
        contact_phone=contact_phone,
    )
    if changed:
        kept.save(update_fields=changed)
        audit.record("subcontract.changed", kept, actor=actor, now=now, payload={"changed": changed})
        rebuild_chain_view(declaration)
    return kept


@transaction.atomic
def end_subcontract(*, subcontract: Subcontract, ends_on: date, actor: Actor, now: datetime) -> Subcontract:
    """Give a place in the chain its last day (inclusive). Those below it end with it.

    Nothing is taken away: what was registered until that day stays visible.
    Raises DomainError `chain.period`, `chain.periodOutsideParent`.
    """
    declaration, kept = _locked(subcontract)
    links = chain_links(declaration)
    _check_above(links, replace(_link(kept), end=ends_on))
    below = [link.id for link in chain.descendants(links, kept.pk)]
    kept.ends_on = ends_on
    kept.save(update_fields=["ends_on"])
    shortened = Subcontract.objects.filter(pk__in=below, ends_on__gt=ends_on, starts_on__lte=ends_on)
    shortened_ids = [str(pk) for pk in shortened.values_list("pk", flat=True)]
    shortened.update(ends_on=ends_on)
    audit.record(
        "subcontract.ended",
        kept,
        actor=actor,
        now=now,
        payload={"ends_on": ends_on.isoformat(), "shortened": shortened_ids},
    )
    rebuild_chain_view(declaration)
    return kept


def ending_with(*, subcontract: Subcontract, ends_on: date) -> list[Subcontract]:
    """The places below that would end too if it ended that day. Raises as `end_subcontract`."""
    links = chain_links(subcontract.declaration)
    _check_above(links, replace(_link(subcontract), end=ends_on))
    ids = [link.id for link in chain.cut_off(links, subcontract.pk, ends_on)]
    return list(Subcontract.objects.filter(pk__in=ids).select_related("company"))


@transaction.atomic
def take_away_end(*, subcontract: Subcontract, actor: Actor, now: datetime) -> Subcontract:
    """Let a place last as long as the one above it again; those below keep the last day they have."""
    declaration, kept = _locked(subcontract)
    kept.ends_on = None
    kept.save(update_fields=["ends_on"])
    audit.record("subcontract.end_taken_away", kept, actor=actor, now=now)
    rebuild_chain_view(declaration)
    return kept


@transaction.atomic
def move_subcontract(
    *, subcontract: Subcontract, parent: Subcontract | None, actor: Actor, now: datetime
) -> Subcontract:
    """Put a place, with everybody below it, under another one (None: directly below the declarer).

    Raises DomainError `chain.cycle`, `chain.twiceOnBranch`, `chain.periodOutsideParent`,
    `chain.parentUnknown`.
    """
    declaration, kept = _locked(subcontract)
    refusals = chain.refusals(chain_links(declaration), kept.pk)
    above = parent.pk if parent else declaration.pk
    if above not in refusals:
        raise chain.parent_unknown().on_field("parent")
    if refusal := refusals[above]:
        raise refusal.on_field("parent")
    kept.parent = parent
    kept.save(update_fields=["parent"])
    audit.record(
        "subcontract.moved",
        kept,
        actor=actor,
        now=now,
        payload={"parent": str(parent.pk) if parent else None},
    )
    rebuild_chain_view(declaration)
    return kept


def rebuild_chain_view(declaration: Declaration) -> None:
    """Write who sees whom on this declaration, and for which days, from the chain as it stands."""
    rows = [
        ChainView(
            declaration=declaration,
            viewer_id=viewer,
            member_id=member,
            valid_from=period.start,
            valid_to=period.until,
        )
        for (viewer, member), periods in chain.closure(chain_links(declaration)).items()
        for period in periods
    ]
    ChainView.objects.filter(declaration=declaration).delete()
    ChainView.objects.bulk_create(rows)


def chain_links(declaration: Declaration) -> list[chain.Link]:
    """The declarer and all places of the declaration, as the rules know them."""
    return [_root(declaration), *map(_link, Subcontract.objects.filter(declaration=declaration))]


def check_chain_within(declaration: Declaration) -> None:
    """Refuse a period of the declaration that a subcontract would stick out of.

    Raises DomainError `declaration.chainOutside` on the day that is at fault.
    """
    last = declaration.ends_on or date.max
    for place in Subcontract.objects.filter(declaration=declaration, parent=None).select_related("company"):
        if place.starts_on < declaration.starts_on:
            field = "starts_on"
        elif place.starts_on > last or (place.ends_on or last) > last:
            field = "ends_on"
        else:
            continue
        raise DomainError(
            "declaration.chainOutside",
            _("The subcontract with %(company)s lies partly outside these days. End or change it first."),
            field=field,
            params={"company": place.company.number},
        )


def _locked(subcontract: Subcontract) -> tuple[Declaration, Subcontract]:
    """The declaration, locked, and the place once more as it stands now."""
    works = Declaration.objects.select_for_update(of=("self",)).select_related("company")
    declaration = works.get(pk=subcontract.declaration_id)
    places = Subcontract.objects.select_related("company")
    return declaration, places.get(pk=subcontract.pk, declaration=declaration)


def _check_above(links: list[chain.Link], changed: chain.Link) -> None:
    """The changed place on its branch upwards only: who stands below is looked at elsewhere, or shortened."""
    below = {link.id for link in chain.descendants(links, changed.id)}
    _check_branch([*(link for link in links if link.id not in {changed.id, *below}), changed], changed.id)


def _check_below_within(place: Subcontract) -> None:
    """Raises DomainError `chain.belowOutside` with words that name who sticks out, and by which end."""
    last = place.ends_on or date.max
    for below in Subcontract.objects.filter(parent=place).select_related("company"):
        if below.starts_on < place.starts_on:
            field = "starts_on"
        elif below.starts_on > last or (below.ends_on or date.min) > last:
            field = "ends_on"
        else:
            continue
        raise DomainError(
            "chain.belowOutside",
            _(
                "The subcontract with %(company)s below it lies partly outside these days. "
                "End or change it first."
            ),
            field=field,
            params={"company": below.company.number},
        )


def _root(declaration: Declaration) -> chain.Link:
    return chain.Link(
        id=declaration.pk,
        company=declaration.company_id,
        parent=None,
        start=declaration.starts_on,
        end=declaration.ends_on,
    )


def _link(place: Subcontract) -> chain.Link:
    return chain.Link(
        id=place.pk,
        company=place.company_id,
        parent=place.parent_id or place.declaration_id,
        start=place.starts_on,
        end=place.ends_on,
    )


def _check_branch(links: list[chain.Link], link_id: UUID) -> None:
    """One place with everything above and below it; a fault elsewhere in the chain is not its own."""
    try:
        place = next(link for link in links if link.id == link_id)
        above = chain.ancestors(links, link_id)
        chain.check([place, *above, *chain.descendants(links, link_id)])
    except DomainError as error:
        raise error.on_field(FIELDS.get(error.field or "", "parent")) from None


def _check_facts(name: str, amount: Decimal | None, *, has_clause: bool, clause_since: date | None) -> None:
    if not name.strip():
        raise DomainError("subcontract.name", _("Give the subcontractor's name."), field="name")
    if amount is not None and amount < 0:
        raise DomainError("subcontract.amount", _("The amount cannot be less than zero."), field="amount")
    if clause_since is not None and not has_clause:
        raise DomainError(
            "subcontract.clauseDay",
            _("There is a day, but the clause is not ticked. Tick it as well, or empty the day."),
            field="clause_since",
        )


def _parsed_numbers(enterprise_number: str, foreign_vat_number: str) -> dict[str, str]:
    belgian, foreign = enterprise_number.strip(), foreign_vat_number.strip()
    if bool(belgian) == bool(foreign):
        raise DomainError(
            "subcontract.number",
            _("Give the enterprise number, or the VAT number of a foreign company."),
            field="number",
        )
    try:
        if belgian:
            return {"enterprise_number": parse_enterprise_number(belgian)}
        return {"foreign_vat_number": parse_foreign_vat(foreign)}
    except DomainError as error:
        raise error.on_field("number") from None


def _add_to_card(company: Company, subject: Company, name: str, email: str, phone: str) -> None:
    """What is left empty here does not wipe out what an earlier contract wrote on the card."""
    card = CompanyCard.objects.filter(company=company, subject=subject).first()
    write_card(
        company=company,
        subject=subject,
        name=name,
        contact_email=email or (card.contact_email if card else ""),
        contact_phone=phone or (card.contact_phone if card else ""),
    )
