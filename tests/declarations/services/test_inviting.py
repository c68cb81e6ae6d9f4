"""A company above invites the first owner of one below; nobody gets an account that is not theirs."""

import pytest

from ciao_portal import invitations
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Membership, Role, User
from ciao_portal.tenancy import company_scope
from declarations.models import ChainInvitation, Declaration
from declarations.services.inviting import invite_from_chain
from tests.cast import NOW, STRANGER_NUMBER, SUBSUB_NUMBER, Cast, make_user
from tests.declarations.works import make_chain, make_subcontract, make_works

NEW = "An.Nieuw@klein.example"


@pytest.fixture
def works(cast: Cast) -> Declaration:
    works = make_works(cast.main)
    make_chain(cast, works)
    return works


def invited(inviter: Company, company: Company, by: User, email: str = NEW) -> tuple[ChainInvitation, str]:
    with company_scope(inviter):
        return invite_from_chain(
            inviter=inviter, company=company, email=email, language="nl", invited_by=by, now=NOW
        )


def refusal(inviter: Company, company: Company, by: User, email: str = NEW) -> str:
    with pytest.raises(DomainError) as caught:
        invited(inviter, company, by, email)
    assert str(caught.value)
    return caught.value.code


def accepted(secret: str) -> Membership:
    return invitations.accept_with_new_account(
        secret=secret, name="An Nieuw", password="x", language="nl", now=NOW
    )


def test_who_accepts_owns_that_company_and_no_other(cast: Cast, works: Declaration) -> None:
    sent, secret = invited(cast.main, cast.subsub, cast.office)
    assert not cast.subsub.memberships.exists()
    membership = accepted(secret)
    assert (membership.company, membership.role) == (cast.subsub, Role.OWNER)
    assert membership.user.email == NEW.lower()
    assert membership.user.memberships.count() == 1
    sent.refresh_from_db()
    assert sent.inviter == cast.main


def test_a_company_between_may_invite_those_below_it(cast: Cast, works: Declaration) -> None:
    _sent, secret = invited(cast.sub, cast.subsub, cast.sub_office)
    assert accepted(secret).company == cast.subsub


def test_a_company_that_has_people_is_not_given_away(cast: Cast, works: Declaration) -> None:
    assert refusal(cast.main, cast.sub, cast.office) == "company.hasPeople"
    # Also when everybody left: it had an owner once.
    Membership.objects.filter(company=cast.sub).update(ended_at=NOW)
    assert refusal(cast.main, cast.sub, cast.office) == "company.hasPeople"


def test_nobody_invites_for_a_company_above_or_elsewhere(cast: Cast, works: Declaration) -> None:
    Membership.objects.filter(company__in=[cast.main, cast.stranger]).delete()
    assert refusal(cast.sub, cast.main, cast.sub_office) == "chain.notBelow"
    assert refusal(cast.main, cast.stranger, cast.office) == "chain.notBelow"
    assert refusal(cast.main, cast.main, cast.office) == "chain.notBelow"


def test_a_company_in_other_chains_too_is_not_for_one_to_give(cast: Cast, works: Declaration) -> None:
    """Whoever put a rival's subcontractor into a chain of its own would read the rival's registrations."""
    others = make_works(cast.stranger, declared_number="", technical_reference="")
    make_subcontract(others, SUBSUB_NUMBER, "Klein")
    assert refusal(cast.stranger, cast.subsub, cast.stranger_office) == "chain.alsoElsewhere"
    assert refusal(cast.main, cast.subsub, cast.office) == "chain.alsoElsewhere"


def test_two_are_invited_and_one_accepts(cast: Cast, works: Declaration) -> None:
    _first, by_main = invited(cast.main, cast.subsub, cast.office)
    _second, by_sub = invited(cast.sub, cast.subsub, cast.sub_office, "other@klein.example")
    accepted(by_main)
    with pytest.raises(DomainError) as caught:
        accepted(by_sub)
    assert caught.value.code == "invitation.withdrawn"
    assert cast.subsub.memberships.count() == 1


def test_an_invitation_from_outside_is_worthless_once_there_are_people(
    cast: Cast, works: Declaration
) -> None:
    _sent, secret = invited(cast.main, cast.subsub, cast.office)
    make_user("operator-made@klein.example", cast.subsub, Role.OWNER)
    with pytest.raises(DomainError) as caught:
        accepted(secret)
    assert caught.value.code == "company.hasPeople"
    assert not User.objects.filter(email=NEW.lower()).exists()


def test_one_open_invitation_until_it_is_withdrawn(cast: Cast, works: Declaration) -> None:
    sent, secret = invited(cast.main, cast.subsub, cast.office)
    assert refusal(cast.main, cast.subsub, cast.office, "other@klein.example") == "invitation.open"
    with company_scope(cast.main):
        invitations.withdraw(invitation=sent.invitation, actor=Actor(cast.main, cast.office), now=NOW)
    with pytest.raises(DomainError) as caught:
        accepted(secret)
    assert caught.value.code == "invitation.withdrawn"
    invited(cast.main, cast.subsub, cast.office, "other@klein.example")


def test_an_own_invitation_still_works_after_the_founding(cast: Cast, works: Declaration) -> None:
    _sent, secret = invited(cast.main, cast.subsub, cast.office)
    owner = accepted(secret).user
    with company_scope(cast.subsub):
        _invitation, second = invitations.invite(
            company=cast.subsub,
            email="second@klein.example",
            role=Role.OFFICE,
            language="nl",
            invited_by=owner,
            now=NOW,
        )
    assert accepted(second).role == Role.OFFICE


def test_a_stranger_is_not_in_the_chain(cast: Cast, works: Declaration) -> None:
    make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    assert refusal(cast.stranger, cast.subsub, cast.stranger_office) == "chain.notBelow"
