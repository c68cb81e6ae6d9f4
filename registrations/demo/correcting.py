"""Requests for a correction under way in the demo: begun once the NSSO's remarks are there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, User
from registrations.corrections.acts import Act, acts_of_remarks
from registrations.corrections.proposing import proposal_for
from registrations.corrections.querysets import corrections_visible_to
from registrations.corrections.remarks import possible_errors
from registrations.demo.cast import MAIN, SIGN_INS, SUB
from registrations.models import Correction
from registrations.querysets import open_remarks
from registrations.rules.corrections import Proposal
from registrations.services import correction_owners, corrections

# So many registrations go into one request.
MOST = 3
SENT_BEFORE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Wish:
    """Registrations with one error and one right value."""

    acts: list[Act]
    proposal: Proposal


@transaction.atomic
def begin(*, now: datetime) -> int:
    """Begin the demo's requests, once; answers how many. Call outside any company's scope.

    One in preparation, one ready, one sent, and one that the subcontractor offers the main contractor.
    """
    main, sub = (Company.objects.get(enterprise_number=firm.number, is_demo=True) for firm in (MAIN, SUB))
    if corrections_visible_to(main).exists():
        return 0
    own = [wish for wish in _wishes(main, now=now) if wish.acts[0].employer != sub]
    known = [wish for wish in own if wish.proposal.value]
    if not known:
        return 0
    actor = Actor(main, _office("Otto"))
    made = []
    if len(known) > 1:
        ready = _open(main, known[1], actor, now=now)
        corrections.prepare(correction=ready, actor=actor, now=now)
        made.append(ready)
    made.append(_send(main, known[0], actor, now=now))
    if free := next((wish for wish in [*known[2:], *own] if _is_free(wish, made)), None):
        made.append(_open(main, free, actor, now=now))
    offered = next((wish for wish in _wishes(sub, now=now) if _is_on_works_of(main, wish)), None)
    if offered is not None:
        made.append(_offer(sub, main, offered, now=now))
    return len(made)


def _wishes(company: Company, *, now: datetime) -> list[Wish]:
    """What the company could ask now, the nearest last day first; at most two wishes of one kind."""
    rows = open_remarks(company).filter(last_day__gte=brussels_day(now))
    kinds: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
    for pk, employer, code in rows.order_by("last_day", "id").values_list("pk", "employer", "code"):
        if possible_errors(code):
            kinds[employer, code].append(pk)
    portions = (some for keys in kinds.values() for some in (keys[:MOST], keys[MOST : 2 * MOST]) if some)
    found = []
    for keys in portions:
        acts = acts_of_remarks(rows.filter(pk__in=keys))
        try:
            found.append(Wish(acts, proposal_for(acts, company)))
        except DomainError:
            found.append(Wish(acts[:1], proposal_for(acts[:1], company)))
    return [wish for wish in found if wish.acts]


def _is_on_works_of(company: Company, wish: Wish) -> bool:
    """Whether the company declared the works of all of it: others see nothing of works of one's own."""
    return all(act.declaration is not None and act.declaration.company == company for act in wish.acts)


def _is_free(wish: Wish, made: list[Correction]) -> bool:
    taken = {line.registration_id for one in made for line in one.lines.all()}
    return not taken.intersection(act.registration.pk for act in wish.acts if act.registration)


def _open(company: Company, wish: Wish, actor: Actor, *, now: datetime) -> Correction:
    return corrections.open_correction(
        company=company,
        acts=wish.acts,
        error=wish.proposal.error,
        right_value=wish.proposal.value,
        actor=actor,
        now=now,
    )


def _send(company: Company, wish: Wish, actor: Actor, *, now: datetime) -> Correction:
    """Sent two days ago, but not before the registrations."""
    correction = _open(company, wish, actor, now=now)
    corrections.prepare(correction=correction, actor=actor, now=now)
    corrections.note_sent(
        correction=correction,
        sent_on=max(brussels_day(now - SENT_BEFORE), *(act.day for act in wish.acts)),
        sent_by=str(actor.user),
        reference="DEMO-2026-001",
        employer_agrees=True,
        actor=actor,
        now=now,
    )
    return correction


def _offer(company: Company, to: Company, wish: Wish, *, now: datetime) -> Correction:
    actor = Actor(company, _office("sub-office@"))
    correction = _open(company, wish, actor, now=now)
    correction_owners.offer(correction=correction, to=to, actor=actor, now=now)
    return correction


def _office(who: str) -> User:
    """Somebody of a demo office, by the beginning of the name or of the address."""
    return User.objects.get(
        email=next(one.email for one in SIGN_INS if one.name.startswith(who) or one.email.startswith(who))
    )
