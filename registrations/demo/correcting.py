"""Requests for a correction under way in the demo: begun once the NSSO's remarks are there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Role, User
from registrations.corrections.acts import Act, acts_of_remarks
from registrations.corrections.proposing import proposal_for
from registrations.corrections.querysets import corrections_visible_to
from registrations.corrections.remarks import possible_errors
from registrations.demo.cast import MAIN, SIGN_INS, SUB
from registrations.models import Correction, CorrectionLine
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
def begin(*, now: datetime) -> None:
    """Begin the demo's requests, once. Call outside any company's scope.

    One sent, one ready, one in preparation, and one that the subcontractor offers the main contractor.
    """
    main, sub = (Company.objects.get(enterprise_number=firm.number, is_demo=True) for firm in (MAIN, SUB))
    if corrections_visible_to(main).exists():
        return
    own = [wish for wish in _wishes(main, now=now) if wish.acts[0].employer != sub]
    known = [wish for wish in own if wish.proposal.value]
    if not known:
        return
    theirs = [wish for wish in _wishes(sub, now=now) if _can_be_offered(wish, sub, to=main)]
    for ask, company, wishes in (
        (_send, main, known),
        (_prepare, main, known),
        (_open, main, [*known, *own]),
        (partial(_offer, to=main), sub, theirs),
    ):
        wish = next((one for one in wishes if _is_free(one)), None)
        if wish is not None:
            ask(wish, company, now=now)


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


def _can_be_offered(wish: Wish, company: Company, *, to: Company) -> bool:
    """Only what a firm registered itself, on works that the other one declared and so sees."""
    return all(
        act.employer == company and act.declaration is not None and act.declaration.company == to
        for act in wish.acts
    )


def _is_free(wish: Wish) -> bool:
    """Whether no request is about any of it."""
    registrations = [act.registration for act in wish.acts if act.registration]
    presences = [act.presence for act in wish.acts if act.presence]
    asked = CorrectionLine.objects.filter(Q(registration__in=registrations) | Q(presence__in=presences))
    return not asked.exists()


def _open(wish: Wish, company: Company, *, now: datetime) -> Correction:
    return corrections.open_correction(
        company=company,
        acts=wish.acts,
        error=wish.proposal.error,
        right_value=wish.proposal.value,
        actor=_office(company),
        now=now,
    )


def _prepare(wish: Wish, company: Company, *, now: datetime) -> Correction:
    correction = _open(wish, company, now=now)
    corrections.prepare(correction=correction, actor=_office(company), now=now)
    return correction


def _send(wish: Wish, company: Company, *, now: datetime) -> None:
    """Sent two days ago, but not before the registrations."""
    correction = _prepare(wish, company, now=now)
    actor = _office(company)
    corrections.note_sent(
        correction=correction,
        sent_on=max(brussels_day(now - SENT_BEFORE), *(act.day for act in wish.acts)),
        sent_by=str(actor.user),
        reference="DEMO-2026-001",
        employer_agrees=True,
        actor=actor,
        now=now,
    )


def _offer(wish: Wish, company: Company, *, to: Company, now: datetime) -> None:
    correction = _open(wish, company, now=now)
    correction_owners.offer(correction=correction, to=to, actor=_office(company), now=now)


def _office(company: Company) -> Actor:
    """Somebody of a demo firm's office."""
    email = next(
        one.email
        for one in SIGN_INS
        if one.firm.number == company.enterprise_number and one.role == Role.OFFICE
    )
    return Actor(company, User.objects.get(email=email))
