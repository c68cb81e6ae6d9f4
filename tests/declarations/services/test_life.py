"""The decisions about a declaration: the table of moves, what each keeps, and what is refused."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from declarations.models import Cancellation, ChainView, Declaration
from declarations.models.declarations import MOVES, DeclarationState, Move, Regime
from declarations.querysets import ending_soon, in_state, number_pressing, papers_missing
from declarations.services.life import Decision, decide
from tests.cast import NOW, SUB_NUMBER, SUBSUB_NUMBER, Cast
from tests.declarations.works import make_subcontract, make_works

TODAY = brussels_day(NOW)
DAY = timedelta(days=1)
WHY = "The client stopped the works."


@pytest.fixture(autouse=True)
def declarers_scope(cast: Cast) -> Iterator[None]:
    with company_scope(cast.main):
        yield


def works_in(cast: Cast, state: str) -> Declaration:
    """Works that stand in this state today."""
    facts: dict[str, dict[str, Any]] = {
        "draft": {"declared_number": "", "technical_reference": ""},
        "planned": {"starts_on": TODAY + DAY},
        "active": {},
        "ended": {"ends_on": TODAY - DAY},
        "cancelled": {},
    }
    works = make_works(cast.main, **facts[state])
    if state == "cancelled":
        works = make(cast, works, Move.CANCEL, day=TODAY, reason=WHY)
    assert works.state_on(TODAY) == state
    return works


def make(cast: Cast, works: Declaration, move: Move, **words: Any) -> Declaration:
    actor = Actor(cast.main, cast.office)
    return decide(declaration=works, decision=Decision(move, **words), actor=actor, now=NOW)


def refusal(cast: Cast, works: Declaration, move: Move, **words: Any) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as info:
        make(cast, works, move, **words)
    assert str(info.value)
    works.refresh_from_db()
    return info.value.code, info.value.field


# What each move needs to be made.
WORDS: dict[Move, dict[str, Any]] = {
    Move.RENEW: {"day": date(2029, 12, 31)},
    Move.END: {"day": TODAY},
    Move.REOPEN: {"day": None},
    Move.CANCEL: {"day": TODAY, "reason": WHY},
    Move.TAKE_BACK: {},
}


@pytest.mark.parametrize("state", DeclarationState.values)
def test_the_table_says_which_moves_there_are(cast: Cast, state: str) -> None:
    works = works_in(cast, state)
    for move in Move:
        if move not in MOVES[DeclarationState(state)]:
            assert refusal(cast, works, move, **WORDS[move]) == ("declaration.move", None)
    assert works.moves_on(TODAY) == MOVES[DeclarationState(state)]


@pytest.mark.parametrize(
    ("state", "move", "words", "follows"),
    [
        ("active", Move.RENEW, {"day": date(2029, 12, 31)}, "active"),
        ("active", Move.RENEW, {"day": None}, "active"),
        ("active", Move.END, {"day": TODAY - DAY}, "ended"),
        ("active", Move.END, {"day": TODAY}, "active"),
        ("draft", Move.END, {"day": TODAY - DAY}, "ended"),
        ("ended", Move.REOPEN, {"day": TODAY}, "active"),
        ("ended", Move.REOPEN, {"day": None}, "active"),
        ("planned", Move.CANCEL, {"day": TODAY, "reason": WHY}, "cancelled"),
        ("active", Move.CANCEL, {"day": TODAY - 3 * DAY, "reason": WHY}, "cancelled"),
        ("cancelled", Move.TAKE_BACK, {}, "active"),
    ],
)
def test_a_move_leads_to_its_state(
    cast: Cast, state: str, move: Move, words: dict[str, Any], follows: str
) -> None:
    works = make(cast, works_in(cast, state), move, **words)
    works.refresh_from_db()
    assert works.state_on(TODAY) == follows
    for other in DeclarationState.values:
        assert in_state(Declaration.objects.all(), other, TODAY).exists() is (other == follows)


@pytest.mark.parametrize(
    ("state", "move", "words", "refused"),
    [
        ("active", Move.END, {"day": date(2025, 12, 31)}, ("declaration.period", "day")),
        ("active", Move.END, {"day": date(2028, 1, 1)}, ("declaration.endLater", "day")),
        ("active", Move.END, {}, ("declaration.period", "day")),
        ("active", Move.RENEW, {"day": date(2027, 12, 31)}, ("declaration.renewDay", "day")),
        ("active", Move.RENEW, {"day": date(2270, 12, 31)}, ("declaration.farDay", "day")),
        ("ended", Move.REOPEN, {"day": TODAY - DAY}, ("declaration.renewDay", "day")),
        ("active", Move.CANCEL, {"day": TODAY + DAY, "reason": WHY}, ("declaration.cancelDay", "day")),
        ("active", Move.CANCEL, {"day": TODAY, "reason": " "}, ("declaration.cancelReason", "reason")),
    ],
)
def test_what_cannot_be_meant_is_refused(
    cast: Cast, state: str, move: Move, words: dict[str, Any], refused: tuple[str, str]
) -> None:
    works = works_in(cast, state)
    assert refusal(cast, works, move, **words) == refused
    assert works.state_on(TODAY) == state


def test_moves_that_would_change_nothing_are_not_offered(cast: Cast) -> None:
    endless = make_works(cast.main, ends_on=None)
    assert endless.moves_on(TODAY) == (Move.END, Move.CANCEL)
    unbegun = make_works(cast.main, declared_number="", technical_reference="", starts_on=TODAY + DAY)
    assert unbegun.moves_on(TODAY) == (Move.RENEW, Move.CANCEL)


def test_a_cancellation_is_taken_back_until_the_last_day(cast: Cast) -> None:
    works = make_works(cast.main, ends_on=TODAY)
    cancelled = make(cast, works, Move.CANCEL, day=TODAY, reason=WHY)
    assert cancelled.moves_on(TODAY) == (Move.TAKE_BACK,)
    assert cancelled.moves_on(TODAY + DAY) == ()


def test_who_cancelled_and_why_stays_readable(cast: Cast) -> None:
    works = works_in(cast, "cancelled")
    make(cast, works, Move.TAKE_BACK)
    (row,) = Cancellation.objects.filter(declaration=works)
    assert (row.reason, row.made_by, row.from_day) == (WHY, cast.office, TODAY)
    events = AuditEvent.objects.filter(subject_id=str(works.pk), user=cast.office)
    assert [event.action for event in events.order_by("id")] == [
        "declaration.cancelled",
        "declaration.taken_back",
    ]
    # What was typed does not stand in the audit.
    assert WHY not in str([event.payload for event in events])


def test_the_days_before_a_cancellation_keep_their_state(cast: Cast) -> None:
    works = make(cast, works_in(cast, "active"), Move.CANCEL, day=TODAY, reason=WHY)
    assert works.state_on(TODAY - DAY) == "active"
    rows = Declaration.objects.all()
    assert in_state(rows, DeclarationState.ACTIVE, TODAY - DAY).exists()
    assert not in_state(rows, DeclarationState.CANCELLED, TODAY - DAY).exists()


def test_the_chain_ends_with_the_works(cast: Cast) -> None:
    works = make_works(cast.main)
    open_end = make_subcontract(works, SUB_NUMBER, "Zuiver")
    longer = make_subcontract(works, SUBSUB_NUMBER, "Klein", parent=open_end, ends_on=date(2027, 6, 30))
    make(cast, works, Move.END, day=TODAY)
    open_end.refresh_from_db()
    longer.refresh_from_db()
    assert (open_end.ends_on, longer.ends_on) == (None, TODAY)
    assert set(ChainView.objects.filter(declaration=works).values_list("valid_to", flat=True)) == {TODAY}


def test_a_company_that_would_begin_later_is_named_instead_of_dropped(cast: Cast) -> None:
    works = make_works(cast.main)
    make_subcontract(works, SUB_NUMBER, "Zuiver", starts_on=TODAY + DAY)
    assert refusal(cast, works, Move.END, day=TODAY) == ("declaration.chainOutside", "day")


def test_called_off_works_are_on_nobodys_list(cast: Cast) -> None:
    works = make_works(cast.main, declared_number="", technical_reference="", ends_on=TODAY)
    rows = Declaration.objects.all()
    conditions = (ending_soon(TODAY), papers_missing(cast.main, TODAY), number_pressing(cast.main, TODAY))
    assert [rows.filter(condition).exists() for condition in conditions] == [True, True, True]
    make(cast, works, Move.CANCEL, day=TODAY, reason=WHY)
    assert [rows.filter(condition).exists() for condition in conditions] == [False, False, False]


@pytest.mark.parametrize(
    ("changes", "pressing"),
    [
        ({"starts_on": TODAY + 7 * DAY}, True),
        ({"starts_on": TODAY + 8 * DAY}, False),
        ({"regime": Regime.HOURS_ONLY}, False),
        ({"declared_number": "9B0003SQ5VSSZ"}, False),
    ],
)
def test_a_first_shift_without_a_number_presses_within_a_week(
    cast: Cast, changes: dict[str, Any], pressing: bool
) -> None:
    make_works(cast.main, **{"declared_number": "", "technical_reference": ""} | changes)
    assert Declaration.objects.filter(number_pressing(cast.main, TODAY)).exists() is pressing
    assert not Declaration.objects.filter(number_pressing(cast.stranger, TODAY)).exists()
