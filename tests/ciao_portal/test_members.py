"""Roles, leaving, and the owner a company always keeps."""

from datetime import timedelta

import pytest

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member
from ciao_portal.errors import DomainError
from ciao_portal.members import change_role, end_membership, note_sign_in
from ciao_portal.models import AuditEvent, Membership, Role, User
from tests.cast import NOW, Cast, make_user


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user, ended_at=None)


def test_a_role_is_changed_and_told(cast: Cast) -> None:
    change_role(
        membership=membership_of(cast.office),
        role=Role.AUDITOR,
        actor=Actor(cast.main, cast.owner),
        now=NOW,
    )
    assert membership_of(cast.office).role == Role.AUDITOR
    event = AuditEvent.objects.get(action="member.changed")
    assert (event.company, event.user, event.payload) == (
        cast.main,
        cast.owner,
        {"from": "office", "to": "auditor"},
    )


def test_the_same_role_again_is_no_deed(cast: Cast) -> None:
    actor = Actor(cast.main, cast.owner)
    change_role(membership=membership_of(cast.owner), role=Role.OWNER, actor=actor, now=NOW)
    assert not AuditEvent.objects.filter(action="member.changed").exists()


def test_the_last_owner_stays_owner(cast: Cast) -> None:
    actor, membership = Actor(cast.main, cast.owner), membership_of(cast.owner)
    with pytest.raises(DomainError, match="somebody else owner first") as lowered:
        change_role(membership=membership, role=Role.OFFICE, actor=actor, now=NOW)
    with pytest.raises(DomainError) as left:
        end_membership(membership=membership, actor=actor, now=NOW)
    assert lowered.value.code == left.value.code == "member.lastOwner"
    assert membership_of(cast.owner).role == Role.OWNER


@pytest.mark.parametrize("second", ["left", "elsewhere"])
def test_an_owner_who_left_or_owns_another_company_does_not_count(cast: Cast, second: str) -> None:
    company = cast.main if second == "left" else cast.sub
    other = membership_of(make_user("second@main.example", company, Role.OWNER))
    if second == "left":
        end_membership(membership=other, actor=Actor(cast.main, cast.owner), now=NOW - timedelta(seconds=1))
    with pytest.raises(DomainError, match="at least one owner"):
        end_membership(membership=membership_of(cast.owner), actor=Actor(cast.main, cast.owner), now=NOW)


def test_with_a_second_owner_the_first_may_leave(cast: Cast) -> None:
    second = make_user("second@main.example", cast.main, Role.OWNER)
    end_membership(membership=membership_of(cast.owner), actor=Actor(cast.main, cast.owner), now=NOW)
    assert not Membership.objects.current(NOW).filter(user=cast.owner).exists()
    assert AuditEvent.objects.get(action="member.left").payload == {"role": "owner"}
    with pytest.raises(DomainError, match="at least one owner"):
        end_membership(membership=membership_of(second), actor=Actor(cast.main, second), now=NOW)


def test_nobody_leaves_twice(cast: Cast) -> None:
    membership, actor = membership_of(cast.office), Actor(cast.main, cast.owner)
    end_membership(membership=membership, actor=actor, now=NOW)
    with pytest.raises(DomainError) as again:
        end_membership(membership=membership, actor=actor, now=NOW + timedelta(days=1))
    assert again.value.code == "member.left"
    assert Membership.objects.get(pk=membership.pk).ended_at == NOW


def test_whoever_left_may_come_back(cast: Cast) -> None:
    end_membership(membership=membership_of(cast.office), actor=Actor(cast.main, cast.owner), now=NOW)
    later = NOW + timedelta(days=1)
    add_member(company=cast.main, user=cast.office, role=Role.AUDITOR, actor=Actor(cast.main), now=later)
    assert membership_of(cast.office).role == Role.AUDITOR


def test_a_sign_in_is_told_to_each_company_one_works_for_now(cast: Cast) -> None:
    add_member(company=cast.sub, user=cast.office, role=Role.OFFICE, actor=Actor(cast.sub), now=NOW)
    add_member(company=cast.subsub, user=cast.office, role=Role.OFFICE, actor=Actor(cast.subsub), now=NOW)
    gone = Membership.objects.get(user=cast.office, company=cast.subsub)
    end_membership(membership=gone, actor=Actor(cast.subsub), now=NOW)
    note_sign_in(user=cast.office, now=NOW)
    told = AuditEvent.objects.filter(action="user.signed_in", user=cast.office)
    assert {event.company for event in told} == {cast.main, cast.sub}
