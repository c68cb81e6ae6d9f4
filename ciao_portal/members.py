"""The people of a company: their roles, and how they leave. A company keeps at least one owner."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Membership, Role, User


@transaction.atomic
def change_role(*, membership: Membership, role: str, actor: Actor, now: datetime) -> Membership:
    """Give somebody another role; the same role again changes nothing.

    Raises DomainError `member.left` or `member.lastOwner`.
    """
    kept = _locked(membership, now=now)
    if kept.role == role:
        return kept
    _keep_an_owner(kept, now=now)
    before, kept.role = kept.role, role
    kept.save(update_fields=["role"])
    audit.record("member.changed", kept, actor=actor, now=now, payload={"from": before, "to": role})
    return kept


@transaction.atomic
def end_membership(*, membership: Membership, actor: Actor, now: datetime) -> None:
    """Let somebody leave, or make them; memberships are read at each request, so it holds at once.

    Raises DomainError `member.left` or `member.lastOwner`.
    """
    kept = _locked(membership, now=now)
    _keep_an_owner(kept, now=now)
    kept.ended_at = now
    kept.save(update_fields=["ended_at"])
    audit.record("member.left", kept, actor=actor, now=now, payload={"role": kept.role})


@transaction.atomic
def choose_digest(*, membership: Membership, wants: bool, actor: Actor, now: datetime) -> None:
    """Switch the morning letter about last days on or off; the same choice again changes nothing."""
    others = Membership.objects.current(now).filter(pk=membership.pk).exclude(wants_digest=wants)
    if others.update(wants_digest=wants):
        audit.record("member.digest_chosen", membership, actor=actor, now=now, payload={"wants": wants})


@transaction.atomic
def note_sign_in(*, user: User, now: datetime) -> None:
    """Tell each of the person's companies, since the session opens all of them."""
    for membership in Membership.objects.current(now).of(user):
        audit.record("user.signed_in", membership, actor=Actor(membership.company, user), now=now)


def is_last_owner(membership: Membership, *, now: datetime) -> bool:
    """Whether the company would be without an owner if this person left."""
    owners = Membership.objects.current(now).filter(company=membership.company_id, role=Role.OWNER)
    return membership.role == Role.OWNER and not owners.exclude(pk=membership.pk).exists()


def _locked(membership: Membership, *, now: datetime) -> Membership:
    # The company, not the membership: two owners who remove each other at one moment must take turns.
    Company.objects.select_for_update().get(pk=membership.company_id)
    current = Membership.objects.current(now).filter(pk=membership.pk).first()
    if current is None:
        raise DomainError("member.left", _("This person does not belong to the company any more."))
    return current


def _keep_an_owner(membership: Membership, *, now: datetime) -> None:
    if is_last_owner(membership, now=now):
        words = _("A company keeps at least one owner. Make somebody else owner first.")
        raise DomainError("member.lastOwner", words, field="role")
