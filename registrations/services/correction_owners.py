"""Which of the two companies has a request in hand: offered, claimed, taken back. One owner at a time."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from declarations.models import Declaration, Subcontract
from registrations.models import Correction
from registrations.rules.corrections import may_claim
from registrations.services.corrections import acts_of, hand_over, locked, may_change_hands, owned


def can_be_offered_to(correction: Correction) -> QuerySet[Company]:
    """The other one of the two; while there is none: whoever the employer knows above it and sees it all.

    Only companies that have people here: nobody else could claim it.
    """
    with_people = Company.objects.filter(memberships__isnull=False).distinct()
    if other := correction.parties.other(correction.owner_id):
        return with_people.filter(pk=other)
    above = [_above(correction.employer_id, act.declaration) for act in acts_of(correction)]
    return with_people.filter(pk__in=set.intersection(*above) - {correction.employer_id})


def _above(employer: UUID, declaration: Declaration | None) -> set[UUID]:
    """The declarer, and the firms directly above the employer: those an employer knows."""
    if declaration is None:
        return set()
    with unscoped(reason="the employer's own places in the chain, and whom it works for"):
        places = Subcontract.objects.filter(declaration=declaration, company=employer, parent__isnull=False)
        parents: Iterable[UUID] = list(places.values_list("parent__company", flat=True))
    return {declaration.company_id, *parents}


@transaction.atomic
def offer(*, correction: Correction, to: Company, actor: Actor, now: datetime) -> None:
    """Ask the other company to take the request over; until it does, nothing changes.

    Raises DomainError `correction.notOwner`, `correction.closed` or `correction.nobody`.
    """
    kept = _changing_hands(owned(correction, actor))
    if not can_be_offered_to(kept).filter(pk=to.pk).exists():
        words = _("This company does not see these registrations, or has nobody here who could take it over.")
        raise DomainError("correction.nobody", words, field="company")
    if kept.partner is None:
        kept.partner = to
    kept.offered_to = to
    kept.save()
    audit.record("correction.offered", kept, actor=actor, now=now, payload={"company": str(to.pk)})


@transaction.atomic
def claim(*, correction: Correction, actor: Actor, now: datetime) -> None:
    """Take the request over: by whom it was offered to, or by the employer, who must ask.

    Raises DomainError `correction.closed` or `correction.notOffered`.
    """
    kept = _changing_hands(locked(correction))
    company = actor.company
    if company is None or not may_claim(kept.parties, company.pk):
        words = _("This request was not offered to your company, or somebody was faster.")
        raise DomainError("correction.notOffered", words)
    if kept.owner_id == kept.employer_id:
        # The employer itself offered it: so it agrees that the other one asks.
        kept.agreed_at = now
    else:
        kept.agreed_at = None
    hand_over(kept, company, now=now)
    kept.save()
    audit.record("correction.claimed", kept, actor=actor, now=now)


@transaction.atomic
def end_offer(*, correction: Correction, actor: Actor, now: datetime) -> None:
    """Take an offer back, or decline it. Raises DomainError `correction.notOffered` when there is none."""
    kept = locked(correction)
    if kept.offered_to_id is None or actor.company is None:
        raise DomainError("correction.notOffered", _("There is no offer any more."))
    if actor.company.pk not in (kept.owner_id, kept.offered_to_id):
        raise DomainError("correction.notOffered", _("There is no offer any more."))
    kept.offered_to = None
    kept.save()
    audit.record("correction.offer_ended", kept, actor=actor, now=now)


def _changing_hands(kept: Correction) -> Correction:
    if not may_change_hands(kept):
        words = _("This request is on its way or closed: it stays with the company that has it in hand.")
        raise DomainError("correction.closed", words)
    return kept
