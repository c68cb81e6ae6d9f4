"""Declare work, change what was declared, add a workplace."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import day_label
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_declaration_number, parse_technical_reference
from ciao_portal.models import Company
from declarations.models import AgreedAmount, Client, Declaration, DeclarationWorkplace, Workplace
from declarations.models.declarations import Regime
from declarations.rules.scope import SERVICES_BY_CODE
from declarations.services.chain import check_chain_within, rebuild_chain_view
from declarations.services.clients import check_client
from declarations.services.points import ensure_points

CHANGEABLE = (
    "title",
    "declared_number",
    "technical_reference",
    "regime",
    "starts_on",
    "ends_on",
)
# Years that a day of works can lie in; others are slips of the keyboard.
PLAUSIBLE_YEARS = (1990, 2199)


@transaction.atomic
def declare_work(
    *,
    company: Company,
    client: Client,
    title: str,
    activity: str,
    amount: Decimal,
    starts_on: date,
    ends_on: date | None = None,
    workplaces: Sequence[Workplace],
    declared_number: str = "",
    technical_reference: str = "",
    regime: str = Regime.CIAO,
    amount_per_year: bool = False,
    actor: Actor,
    now: datetime,
) -> Declaration:
    """Keep a declaration of works with its workplaces and registration points; the declarer sees itself.

    Both numbers may be as typed, or empty when the NSSO has not given them yet. `amount` is in euro
    without VAT; both days are inclusive, no last day means open.

    Raises DomainError `client.foreign`, `workplace.foreign`, `workplace.otherClient`,
    `declaration.noWorkplace`, `declaration.workplaceTwice`, `declaration.title`, `declaration.activity`,
    `declaration.regime`, `declaration.amount`, `declaration.period`, `declaration.farDay`,
    `declaration.numberTaken`, `declaration.referenceTaken`, and the codes of `ciao_portal.identifiers` for
    either number.
    """
    check_client(company, client)
    _check_workplaces(company, client, workplaces)
    declaration = Declaration(
        company=company,
        client=client,
        title=title.strip(),
        declared_number=_number(declared_number),
        technical_reference=_reference(technical_reference),
        regime=regime,
        activity=activity,
        amount=amount,
        amount_per_year=amount_per_year,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=now,
    )
    _check_facts(declaration)
    declaration.save(force_insert=True)
    DeclarationWorkplace.objects.bulk_create(
        DeclarationWorkplace(declaration=declaration, workplace=workplace, position=position)
        for position, workplace in enumerate(workplaces, start=1)
    )
    audit.record("declaration.declared", declaration, actor=actor, now=now)
    ensure_points(declaration=declaration, actor=actor, now=now)
    rebuild_chain_view(declaration)
    return declaration


@transaction.atomic
def change_declaration(
    *, declaration: Declaration, actor: Actor, now: datetime, **changes: Any
) -> Declaration:
    """Change title, numbers, duty or period; what is not named stays. Numbers may be entered later.

    Another duty counts for what is registered from now on. Amounts change by `agree_amount`.
    Raises DomainError as `declare_work`, `declaration.chainOutside` when a subcontract would stick out of the
    new period, and `declaration.amountOutside` when an amount agreed for a later day would precede it;
    TypeError for a column that does not change this way.
    """
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"Not changeable: {sorted(unknown)}")
    kept = Declaration.objects.select_for_update().get(pk=declaration.pk)
    if "declared_number" in changes:
        changes["declared_number"] = _number(changes["declared_number"])
    if "technical_reference" in changes:
        changes["technical_reference"] = _reference(changes["technical_reference"])
    changed = sorted(name for name, value in changes.items() if getattr(kept, name) != value)
    if not changed:
        return kept
    values = {name: [_plain(getattr(kept, name)), _plain(changes[name])] for name in changed}
    for name in changed:
        setattr(kept, name, changes[name])
    _check_facts(kept)
    # Places agreed for after a takeover have no days left here: a new name asks nothing of them.
    if {"starts_on", "ends_on"} & set(changed):
        check_chain_within(kept)
    _check_amounts_within(kept)
    kept.save(update_fields=changed)
    rebuild_chain_view(kept)
    payload = {"changed": changed, "values": values}
    audit.record("declaration.changed", kept, actor=actor, now=now, payload=payload)
    return kept


@transaction.atomic
def add_workplace(
    *, declaration: Declaration, workplace: Workplace, actor: Actor, now: datetime
) -> DeclarationWorkplace:
    """Put one more workplace under a declaration, with points for everybody in the chain.

    Raises DomainError `workplace.foreign`, `workplace.otherClient`, `declaration.workplaceTwice`.
    """
    kept = Declaration.objects.select_for_update().select_related("company", "client").get(pk=declaration.pk)
    places = DeclarationWorkplace.objects.filter(declaration=kept)
    present = [place.workplace for place in places.select_related("workplace")]
    _check_workplaces(kept.company, kept.client, [*present, workplace])
    last = places.order_by("-position").values_list("position", flat=True).first() or 0
    place = DeclarationWorkplace.objects.create(declaration=kept, workplace=workplace, position=last + 1)
    audit.record(
        "declaration.changed", kept, actor=actor, now=now, payload={"workplace_added": str(workplace.pk)}
    )
    ensure_points(declaration=kept, actor=actor, now=now)
    return place


def check_workplace(company: Company, client: Client, workplace: Workplace) -> None:
    """Raises DomainError `workplace.foreign`, `workplace.otherClient`."""
    if workplace.company_id != company.pk:
        raise DomainError(
            "workplace.foreign",
            _("This workplace belongs to another company. Choose one of your own or type a new one."),
            field="workplace",
        )
    if workplace.client_id != client.pk:
        raise DomainError(
            "workplace.otherClient",
            _("%(workplace)s belongs to another client. Choose one of this client or type a new one."),
            field="workplace",
            params={"workplace": workplace.name},
        )


def _check_workplaces(company: Company, client: Client, workplaces: Sequence[Workplace]) -> None:
    if not workplaces:
        raise DomainError(
            "declaration.noWorkplace",
            _("Give at least one workplace: people register where they work."),
            field="workplaces",
        )
    for workplace in workplaces:
        check_workplace(company, client, workplace)
    if len({workplace.pk for workplace in workplaces}) < len(workplaces):
        raise DomainError(
            "declaration.workplaceTwice",
            _("The same workplace stands on this declaration twice. Once is enough."),
            field="workplace",
        )


def _check_facts(declaration: Declaration) -> None:
    if not declaration.title:
        raise DomainError("declaration.title", _("Give the works a name."), field="title")
    if declaration.activity not in SERVICES_BY_CODE:
        raise DomainError("declaration.activity", _("Choose an activity of the list."), field="activity")
    if declaration.regime not in Regime:
        raise DomainError("declaration.regime", _("Choose one of the duties of the list."), field="regime")
    if declaration.amount < 0:
        raise DomainError("declaration.amount", _("The amount cannot be less than zero."), field="amount")
    check_period(declaration)
    _check_numbers_are_free(declaration)


def check_period(declaration: Declaration, *, field: str = "ends_on") -> None:
    """Refuse days that cannot be meant; `field` is the one in which the last day is typed.

    Raises DomainError `declaration.period`, `declaration.farDay`.
    """
    if declaration.ends_on is not None and declaration.ends_on < declaration.starts_on:
        raise DomainError(
            "declaration.period",
            _("The last day is before the first day. Leave it empty when the end is not known."),
            field=field,
        )
    for name, day in (("starts_on", declaration.starts_on), (field, declaration.ends_on)):
        if day is not None and not PLAUSIBLE_YEARS[0] <= day.year <= PLAUSIBLE_YEARS[1]:
            raise DomainError(
                "declaration.farDay",
                _("Look at the year %(year)s again: works begin and end between %(first)s and %(last)s."),
                field=name,
                params={
                    "year": day.year,
                    "first": PLAUSIBLE_YEARS[0],
                    "last": PLAUSIBLE_YEARS[1],
                },
            )


def _check_amounts_within(declaration: Declaration) -> None:
    early = AgreedAmount.objects.filter(declaration=declaration, from_day__lte=declaration.starts_on)
    if found := early.first():
        raise DomainError(
            "declaration.amountOutside",
            _("Another amount was agreed from %(day)s on. Choose a first day before it."),
            field="starts_on",
            params={"day": day_label(found.from_day)},
        )


def _check_numbers_are_free(declaration: Declaration) -> None:
    """Each of the two numbers belongs to one declaration of the company."""
    if not declaration.declared_number and not declaration.technical_reference:
        return
    # One tenant's declarations are numbered one after the other, so that two people cannot take a number
    # at the same moment.
    Company.objects.select_for_update().get(pk=declaration.company_id)
    others = Declaration.objects.filter(company_id=declaration.company_id).exclude(pk=declaration.pk)
    taken = {
        "declared_number": (
            "declaration.numberTaken",
            _("Your declaration %(title)s has this number already. Each declaration has its own."),
        ),
        "technical_reference": (
            "declaration.referenceTaken",
            _("Your declaration %(title)s has this reference already. Each declaration has its own."),
        ),
    }
    for field, (code, words) in taken.items():
        number = getattr(declaration, field)
        if number and (other := others.filter(**{field: number}).first()):
            raise DomainError(code, words, field=field, params={"title": other.title})


def _plain(value: object) -> str:
    """A value of a declaration as the audit keeps it; empty for none."""
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _number(text: str) -> str:
    try:
        return parse_declaration_number(text) if text.strip() else ""
    except DomainError as error:
        raise error.on_field("declared_number") from None


def _reference(text: str) -> str:
    try:
        return parse_technical_reference(text) if text.strip() else ""
    except DomainError as error:
        raise error.on_field("technical_reference") from None
