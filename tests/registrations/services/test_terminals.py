"""Tablets: pairing by a link that works once, revoking at once, being seen."""

from datetime import timedelta

import pytest

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from declarations.models import RegistrationPoint
from registrations.models import Terminal
from registrations.services import terminals
from tests.cast import NOW, Cast
from tests.tablets import add, paired
from tests.works import Works, declare, subcontract_to

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def works(cast: Cast) -> Works:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    return works


def stored(cast: Cast) -> Terminal:
    with company_scope(cast.main):
        return Terminal.objects.get()


def test_a_link_pairs_once_and_only_hashes_are_kept(cast: Cast, works: Works) -> None:
    terminal, link = add(cast.main, works.point())

    secret = terminals.pair_terminal(secret=link, now=LATER)

    found = terminals.terminal_with_secret(secret)
    assert found == terminal
    row = stored(cast)
    assert (row.paired_at, row.last_seen_at, row.link_hash) == (LATER, LATER, None)
    assert not {link, secret} & {row.secret_hash, row.link_hash}
    with pytest.raises(DomainError) as refused:
        terminals.pair_terminal(secret=link, now=LATER)
    assert refused.value.code == "terminal.link_unknown"


def test_a_link_lasts_three_days(cast: Cast, works: Works) -> None:
    _terminal, link = add(cast.main, works.point())

    terminals.open_link(link, now=NOW + timedelta(days=3, seconds=-1))
    with pytest.raises(DomainError) as refused:
        terminals.pair_terminal(secret=link, now=NOW + timedelta(days=3))
    assert refused.value.code == "terminal.link_expired"


def test_a_new_link_kills_the_old_one_and_moves_the_tablet(cast: Cast, works: Works) -> None:
    terminal, first = add(cast.main, works.point())
    with company_scope(cast.main):
        second = terminals.offer_link(terminal=terminal, actor=Actor(cast.main), now=NOW)
    with pytest.raises(DomainError):
        terminals.open_link(first, now=NOW)
    before = terminals.pair_terminal(secret=second, now=NOW)
    with company_scope(cast.main):
        third = terminals.offer_link(terminal=terminal, actor=Actor(cast.main), now=LATER)
    assert terminals.terminal_with_secret(before) is not None, "works until the new link is used"

    after = terminals.pair_terminal(secret=third, now=LATER)

    assert terminals.terminal_with_secret(before) is None
    assert terminals.terminal_with_secret(after) == terminal


def test_revoking_works_at_once_for_cookie_and_link(cast: Cast, works: Works) -> None:
    terminal, secret = paired(cast.main, works.point(), now=NOW)
    with company_scope(cast.main):
        link = terminals.offer_link(terminal=terminal, actor=Actor(cast.main), now=NOW)
        terminals.revoke_terminal(terminal=terminal, actor=Actor(cast.main), now=LATER)
        terminals.revoke_terminal(terminal=terminal, actor=Actor(cast.main), now=LATER + timedelta(days=1))
        with pytest.raises(DomainError) as refused:
            terminals.offer_link(terminal=terminal, actor=Actor(cast.main), now=LATER)

    assert refused.value.code == "terminal.revoked"
    assert terminals.terminal_with_secret(secret) is None
    with pytest.raises(DomainError):
        terminals.pair_terminal(secret=link, now=LATER)
    assert stored(cast).revoked_at == LATER
    assert list(
        AuditEvent.objects.filter(action__startswith="terminal.")
        .values_list("action", flat=True)
        .order_by("id")
    ) == [
        "terminal.added",
        "terminal.paired",
        "terminal.link_made",
        "terminal.revoked",
    ]


def test_a_tablet_hangs_at_a_workplace_of_ones_own(cast: Cast, works: Works) -> None:
    def is_allowed(point: RegistrationPoint) -> bool:
        return terminals.hangs_codes_of(cast.sub, point)

    assert is_allowed(works.point(0, cast.sub))
    assert not is_allowed(works.point(0))
    assert not is_allowed(works.point(None, cast.sub))
    with pytest.raises(DomainError) as refused:
        add(cast.stranger, works.point())
    assert refused.value.code == "terminal.point"


def test_it_is_seen_once_a_minute(cast: Cast, works: Works) -> None:
    _terminal, secret = paired(cast.main, works.point(), now=NOW)

    for seconds, expected in ((30, 0), (60, 60), (90, 60), (120, 120)):
        terminal = terminals.terminal_with_secret(secret)
        assert terminal
        terminals.mark_seen(terminal, now=NOW + timedelta(seconds=seconds))
        assert stored(cast).last_seen_at == NOW + timedelta(seconds=expected)


def test_nobody_is_known_without_a_secret(cast: Cast, works: Works) -> None:
    add(cast.main, works.point())
    assert terminals.terminal_with_secret("") is None
    assert terminals.terminal_with_secret("x" * 32) is None
