"""Two people who decide about the same thing at one moment."""

from collections.abc import Callable

import pytest

from ciao_portal.audit import Actor
from ciao_portal.invitations import accept_with_new_account, invite
from ciao_portal.members import end_membership
from ciao_portal.models import Membership, Role, User
from ciao_portal.tenancy import company_scope
from tests.at_once import both_at_once
from tests.cast import NOW, Cast, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_owners_who_take_each_other_out(cast: Cast) -> None:
    second = make_user("second@main.example", cast.main, Role.OWNER)

    def take_out(victim: User, by: User) -> Callable[[], None]:
        membership = Membership.objects.get(user=victim)
        return lambda: end_membership(membership=membership, actor=Actor(cast.main, by), now=NOW)

    refused = both_at_once(take_out(second, cast.owner), take_out(cast.owner, second))

    assert refused == ["member.lastOwner"]
    assert Membership.objects.current(NOW).filter(company=cast.main, role=Role.OWNER).count() == 1


def test_one_link_opened_twice(cast: Cast) -> None:
    with company_scope(cast.main):
        _invitation, secret = invite(
            company=cast.main,
            email="new@main.example",
            role=Role.OFFICE,
            language="nl",
            invited_by=cast.owner,
            now=NOW,
        )

    def accept(name: str) -> Callable[[], Membership]:
        return lambda: accept_with_new_account(
            secret=secret, name=name, password="zonder-stof-2026", language="nl", now=NOW
        )

    refused = both_at_once(accept("A"), accept("B"))

    assert refused == ["invitation.used"]
    assert Membership.objects.filter(user__email="new@main.example").count() == 1
