"""One contract after another: the company's own renewed, or one that another contractor had."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.companies import company_with_number, write_card
from ciao_portal.days import day_bounds, day_label
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_enterprise_number
from ciao_portal.models import CompanyCard
from declarations.models import AgreedMeans, Declaration, Subcontract, TakeoverStep, Workplace
from declarations.rules import chain
from declarations.rules.takeover import days_of_new, first_day_of_new, last_day_of_old
from declarations.services.chain import chain_links, rebuild_chain_view
from declarations.services.declaring import declare_work
from declarations.services.points import ensure_points


@transaction.atomic
def take_over(
    *,
    old: Declaration,
    at: datetime,
    title: str,
    amount: Decimal,
    amount_per_year: bool,
    ends_on: date | None,
    workplaces: Sequence[Workplace],
    places: Iterable[Subcontract],
    declared_number: str = "",
    technical_reference: str = "",
    actor: Actor,
    now: datetime,
) -> Declaration:
    """Declare the works anew from the minute `at` (aware), which may lie in the past; the old codes lead on.

    The old declaration and its chain end on their last day with time left; client, activity and duty are
    those of the old one. `workplaces` and `places` are what is taken over of it. Nothing that was registered
    moves.

    Raises DomainError as `declare_work`, and `takeover.twice`, `takeover.early` (before the old one began),
    `takeover.period`, `takeover.workplace`, `takeover.place`, `takeover.parentLeft`.
    """
    kept = Declaration.objects.select_for_update().select_related("company", "client").get(pk=old.pk)
    check_takeover(kept, at=at, ends_on=ends_on, workplaces=workplaces)
    new = declare_work(
        company=kept.company,
        client=kept.client,
        title=title,
        activity=kept.activity,
        regime=kept.regime,
        amount=amount,
        amount_per_year=amount_per_year,
        starts_on=first_day_of_new(at),
        ends_on=ends_on,
        workplaces=workplaces,
        declared_number=declared_number,
        technical_reference=technical_reference,
        actor=actor,
        now=now,
    )
    new.takes_over, new.takes_over_at = kept, at
    new.save(update_fields=["takes_over", "takes_over_at"])
    _carry_chain(kept, new, places, at=at, actor=actor, now=now)
    _end(kept, at=at)
    payload = {"by": str(new.pk), "at": at.isoformat()}
    audit.record("declaration.taken_over", kept, actor=actor, now=now, payload=payload)
    return new


@transaction.atomic
def note_former_company(
    *,
    declaration: Declaration,
    enterprise_number: str,
    name: str = "",
    at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Declaration:
    """Keep which contractor had these works before, until the minute `at` (else the start of the first day).

    The number may be as typed. The name goes on the company's own card of that firm, unless it has one.
    Raises DomainError `former.own`, `former.renewed`, and the codes of `parse_enterprise_number`.
    """
    kept = Declaration.objects.select_for_update().select_related("company").get(pk=declaration.pk)
    if kept.takes_over_id is not None:
        raise DomainError(
            "former.renewed",
            _("This declaration takes over one of your own, so there was no other contractor before it."),
            field="former_number",
        )
    try:
        number = parse_enterprise_number(enterprise_number)
    except DomainError as error:
        raise error.on_field("former_number") from None
    former = company_with_number(enterprise_number=number, now=now)
    if former.pk == kept.company_id:
        raise DomainError(
            "former.own",
            _("This is your own number. Give that of the company that had the contract before you."),
            field="former_number",
        )
    if name.strip() and not CompanyCard.objects.filter(company=kept.company, subject=former).exists():
        write_card(company=kept.company, subject=former, name=name.strip())
    kept.former_company = former
    kept.takes_over_at = at or day_bounds(kept.starts_on)[0]
    kept.save(update_fields=["former_company", "takes_over_at"])
    payload = {"company": str(former.pk)}
    audit.record("declaration.former_noted", kept, actor=actor, now=now, payload=payload)
    return kept


@transaction.atomic
def mark_step(
    *, declaration: Declaration, workplace: Workplace | None, is_done: bool, actor: Actor, now: datetime
) -> None:
    """Note that the new poster hangs at the workplace (None: that the staff was told), or take that back.

    Who noted it first stays. Raises DomainError `takeover.workplace` for a workplace of other works.
    """
    kept = Declaration.objects.select_for_update().get(pk=declaration.pk)
    if workplace is not None and not kept.places.filter(workplace=workplace).exists():
        raise _not_of_these_works()
    steps = TakeoverStep.objects.filter(declaration=kept, workplace=workplace)
    if steps.exists() == is_done or actor.user is None:
        return
    if is_done:
        TakeoverStep.objects.create(declaration=kept, workplace=workplace, done_by=actor.user, done_at=now)
    else:
        steps.delete()
    action = "takeover.step_done" if is_done else "takeover.step_undone"
    payload = {"workplace": str(workplace.pk)} if workplace else {}
    audit.record(action, kept, actor=actor, now=now, payload=payload)


def check_takeover(
    old: Declaration, *, at: datetime, ends_on: date | None, workplaces: Iterable[Workplace]
) -> None:
    """Whether the old one can be taken over at that minute; raises as `take_over`, which asks again."""
    # Whoever comes second finds the first one's declaration: both locked the old one.
    if other := Declaration.objects.filter(takes_over=old).first():
        raise DomainError(
            "takeover.twice",
            _("Your declaration %(title)s takes this one over already. Open that one instead."),
            params={"title": other.title},
        )
    if last_day_of_old(at) < old.starts_on:
        raise DomainError(
            "takeover.early",
            _("The old contract began on %(day)s. Choose a minute after that."),
            field="at",
            params={"day": day_label(old.starts_on)},
        )
    if ends_on is not None and ends_on < first_day_of_new(at):
        raise DomainError(
            "takeover.period",
            _("The last day lies before the takeover. Leave it empty when the end is not known."),
            field="ends_on",
        )
    own = set(old.places.values_list("workplace", flat=True))
    if {workplace.pk for workplace in workplaces} - own:
        raise _not_of_these_works()


def _not_of_these_works() -> DomainError:
    return DomainError(
        "takeover.workplace", _("This workplace does not stand on the declaration."), field="workplaces"
    )


def _carry_chain(
    old: Declaration,
    new: Declaration,
    places: Iterable[Subcontract],
    *,
    at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    """The chosen places of the old chain on the new one, each below the one it stood below."""
    wanted = {place.pk for place in places}
    every = {
        place.pk: place for place in Subcontract.objects.filter(declaration=old).select_related("company")
    }
    if wanted - every.keys():
        words = _("This place does not stand in the chain of the declaration.")
        raise DomainError("takeover.place", words, field="places")
    carried: dict[UUID, Subcontract] = {}
    for link in chain.descendants(chain_links(old), old.pk):
        days = link.period.shared(days_of_new(at, new.ends_on))
        if link.id in wanted and days is not None:
            carried[link.id] = _carried(every[link.id], new, carried, days, now=now)
    if not carried:
        return
    Subcontract.objects.bulk_create(carried.values())
    _carry_means(carried)
    for place in carried.values():
        payload = {"declaration": str(new.pk), "company": str(place.company_id)}
        audit.record("subcontract.added", place, actor=actor, now=now, payload=payload)
    ensure_points(declaration=new, actor=actor, now=now)
    rebuild_chain_view(new)


def _carry_means(carried: dict[UUID, Subcontract]) -> None:
    """What was agreed on how the companies register holds on, with the same written agreements."""
    agreed = AgreedMeans.objects.filter(subcontract__in=carried, withdrawn_at=None)
    AgreedMeans.objects.bulk_create(
        AgreedMeans(
            subcontract=carried[one.subcontract_id],
            means=one.means,
            system=one.system,
            agreed_on=one.agreed_on,
            paper_id=one.paper_id,
            created_at=one.created_at,
        )
        for one in agreed
    )


def _carried(
    place: Subcontract,
    new: Declaration,
    carried: dict[UUID, Subcontract],
    days: chain.Period,
    *,
    now: datetime,
) -> Subcontract:
    if place.parent_id is not None and place.parent_id not in carried:
        raise DomainError(
            "takeover.parentLeft",
            _("The company %(company)s works below one that is left out. Take over both, or neither."),
            field="places",
            params={"company": place.company.number},
        )
    return Subcontract(
        declaration=new,
        company_id=place.company_id,
        parent=carried[place.parent_id] if place.parent_id else None,
        amount=place.amount,
        starts_on=days.start,
        ends_on=days.until,
        has_clause=place.has_clause,
        clause_since=place.clause_since,
        created_at=now,
    )


def _end(old: Declaration, *, at: datetime) -> None:
    """The old contract and its chain end with the minute; what had ended before stays as it was."""
    last = last_day_of_old(at)
    Subcontract.objects.filter(declaration=old, starts_on__lte=last, ends_on__gt=last).update(ends_on=last)
    if old.ends_on is None or old.ends_on > last:
        old.ends_on = last
        old.save(update_fields=["ends_on"])
    rebuild_chain_view(old)
