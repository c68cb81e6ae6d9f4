from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.presence import (
    LONGEST_PRESENCE,
    Event,
    Flag,
    Kind,
    Presence,
    State,
    after,
    expected_next,
    in_order,
    is_present,
    nsso_type,
    other_actions,
    replay,
)

START = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
IN, OUT, PAUSE, BACK = Kind.IN, Kind.OUT, Kind.BREAK_START, Kind.BREAK_END

MOMENTS = st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31), timezones=st.just(UTC))  # noqa: DTZ001
HISTORIES = st.lists(
    st.builds(
        Event, st.integers(0, 2**64).map(lambda value: UUID(int=value)), st.sampled_from(Kind), MOMENTS
    ),
    unique_by=lambda event: event.id,
    max_size=30,
)


@pytest.mark.parametrize(("kind", "wire"), [(IN, "IN"), (OUT, "OUT"), (PAUSE, "OUT"), (BACK, "IN")])
def test_a_break_is_an_out_and_an_in_at_the_nsso(kind: Kind, wire: str) -> None:
    assert nsso_type(kind) == wire


@pytest.mark.parametrize(
    ("state", "kind", "then", "flag"),
    [
        (State.OUT, IN, State.PRESENT, None),
        (State.OUT, OUT, State.OUT, Flag.OUT_WITHOUT_IN),
        (State.OUT, PAUSE, State.ON_BREAK, Flag.BREAK_WITHOUT_IN),
        (State.OUT, BACK, State.PRESENT, Flag.BREAK_END_WITHOUT_BREAK),
        (State.PRESENT, IN, State.PRESENT, Flag.IN_WHILE_PRESENT),
        (State.PRESENT, OUT, State.OUT, None),
        (State.PRESENT, PAUSE, State.ON_BREAK, None),
        (State.PRESENT, BACK, State.PRESENT, Flag.BREAK_END_WITHOUT_BREAK),
        (State.ON_BREAK, IN, State.PRESENT, Flag.IN_WHILE_PRESENT),
        (State.ON_BREAK, OUT, State.OUT, Flag.OUT_DURING_BREAK),
        (State.ON_BREAK, PAUSE, State.ON_BREAK, Flag.BREAK_DURING_BREAK),
        (State.ON_BREAK, BACK, State.PRESENT, None),
    ],
)
def test_every_state_accepts_every_kind(state: State, kind: Kind, then: State, flag: Flag | None) -> None:
    presence, flags = after(Presence(state, START), kind, START + HOUR)
    assert presence == Presence(then, START + HOUR)
    assert flags == ({flag} if flag else set())


@pytest.mark.parametrize(
    ("late", "kind", "flags"),
    [
        (LONGEST_PRESENCE, OUT, set()),
        (LONGEST_PRESENCE + timedelta(seconds=1), IN, {Flag.CHECK_OUT_MISSING}),
        (LONGEST_PRESENCE + timedelta(seconds=1), OUT, {Flag.CHECK_OUT_MISSING, Flag.OUT_WITHOUT_IN}),
    ],
)
def test_a_forgotten_check_out_restarts_after_16_hours(late: timedelta, kind: Kind, flags: set[Flag]) -> None:
    assert after(Presence(State.PRESENT, START), kind, START + late)[1] == flags


def test_being_out_for_long_is_nothing_odd() -> None:
    assert after(Presence(State.OUT, START), IN, START + 100 * HOUR)[1] == set()


def test_an_older_event_leaves_the_state_alone() -> None:
    now = Presence(State.PRESENT, START)
    assert after(now, OUT, START - HOUR) == (now, frozenset({Flag.OUT_OF_ORDER}))


@pytest.mark.parametrize(
    ("last", "hours", "present"),
    [
        (None, 0, False),
        (IN, 1, True),
        (IN, 16, True),
        (IN, 16.1, False),
        (PAUSE, 1, True),
        (PAUSE, 17, False),
        (BACK, 1, True),
        (OUT, 1, False),
    ],
)
def test_is_present(last: Kind | None, hours: float, *, present: bool) -> None:
    last_at = None if last is None else START
    assert is_present(last, last_at, START + hours * HOUR) is present


@pytest.mark.parametrize(
    ("presence", "hours", "kind"),
    [
        (Presence(), 0, IN),
        (Presence(State.OUT, START), 1, IN),
        (Presence(State.PRESENT, START), 1, OUT),
        (Presence(State.ON_BREAK, START), 1, BACK),
        (Presence(State.PRESENT, START), 17, IN),
        (Presence(State.ON_BREAK, START), 17, IN),
    ],
)
def test_the_phone_offers_all_four_with_the_expected_one_first(
    presence: Presence, hours: int, kind: Kind
) -> None:
    at = START + hours * HOUR
    assert expected_next(presence, at) is kind
    assert {kind, *other_actions(presence, at)} == set(Kind)
    assert len(other_actions(presence, at)) == 3


def test_the_expected_action_is_never_odd() -> None:
    for last in Kind:
        for hours in (1, 17):
            presence, at = Presence.of(last, START), START + hours * HOUR
            assert not after(presence, expected_next(presence, at), at)[1] - {Flag.CHECK_OUT_MISSING}


@given(HISTORIES, st.randoms())
def test_any_history_is_accepted_in_any_order(events: list[Event], random: object) -> None:
    presence, flags = replay(events)
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert replay(shuffled) == (presence, flags)
    assert set(flags) == {event.id for event in events}
    expected = Presence()
    for last in in_order(events)[-1:]:
        expected = Presence.of(last.kind, last.at)
    assert presence == expected


@given(HISTORIES)
def test_events_arriving_in_any_order_end_in_the_state_of_the_sorted_ones(events: list[Event]) -> None:
    live = Presence()
    arrived: list[Event] = []
    for event in events:
        arrived.append(event)
        live, flags = after(live, event.kind, event.at)
        if Flag.OUT_OF_ORDER in flags:
            assert replay(arrived)[0].last_at == live.last_at
    moments = [event.at for event in events]
    if len(set(moments)) == len(moments):
        assert live == replay(events)[0]
