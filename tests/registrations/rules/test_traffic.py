"""Every state the page can tell, from the facts that lead to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from registrations.rules.traffic import TABLE, Line, Signal, State, Topic, Traffic, judge

NOW = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


HELD = Line(
    last_success_at=ago(0.1), skew_s=0.4, token_fetched_at=ago(10), token_ends_at=NOW + timedelta(minutes=20)
)
WELL = Traffic(access=HELD, service=Line(last_success_at=ago(0.1), skew_s=0.4), read_at=ago(3))
FAILING = replace(HELD, last_success_at=ago(20), last_failure_at=ago(0.2))
IDLE = Traffic(access=Line(last_success_at=ago(60)), read_at=ago(50))

TOLD: list[tuple[Traffic, State]] = [
    (WELL, State.ACCESS_OWN),
    (replace(WELL, is_own=False), State.ACCESS_BORROWED),
    (Traffic(), State.ACCESS_MISSING),
    (Traffic(missing_access=True), State.ACCESS_MISSED),
    (WELL, State.ANSWERS),
    (Traffic(access=Line(), read_at=ago(3)), State.ANSWERS),
    (Traffic(access=Line()), State.NOT_ASKED),
    (Traffic(), State.NOT_ASKED),
    (replace(WELL, access=replace(FAILING, failing_since=ago(4.9))), State.STUMBLES),
    (replace(WELL, access=replace(FAILING, failing_since=ago(5))), State.SILENT),
    (replace(WELL, service=replace(FAILING, failing_since=ago(30))), State.SILENT),
    (replace(WELL, access=replace(FAILING, failing_since=ago(0.1), must_be_solved=True)), State.REFUSES),
    # A cause of long ago is no trouble while it works.
    (replace(WELL, access=replace(HELD, must_be_solved=True)), State.ANSWERS),
    (WELL, State.NOTHING_WAITS),
    (replace(WELL, waiting_since=ago(4.9)), State.WAITS),
    (replace(WELL, waiting_since=ago(5)), State.WAITS_LONG),
    (WELL, State.SENDER_WORKS),
    (replace(IDLE, taken_at=ago(0.1)), State.SENDER_WORKS),
    (replace(IDLE, access=replace(FAILING, failing_since=ago(20))), State.SENDER_WORKS),
    (IDLE, State.SENDER_IDLE),
    (Traffic(), State.SENDER_IDLE),
    (replace(IDLE, untaken_since=ago(4)), State.SENDER_IDLE),
    (replace(IDLE, untaken_since=ago(5)), State.SENDER_STOPPED),
    (Traffic(untaken_since=ago(5)), State.SENDER_STOPPED),
    # Whoever rests takes nothing.
    (
        replace(IDLE, untaken_since=ago(9), service=Line(rest_until=NOW + timedelta(hours=1))),
        State.SENDER_IDLE,
    ),
    (WELL, State.RUNS),
    (replace(WELL, access=replace(HELD, rest_until=NOW)), State.RUNS),
    (replace(WELL, access=replace(HELD, rest_until=NOW + timedelta(seconds=1))), State.ACCESS_RESTS),
    (replace(WELL, service=Line(rest_until=NOW + timedelta(seconds=1))), State.SERVICE_RESTS),
    (WELL, State.TOKEN_HELD),
    (replace(WELL, access=replace(HELD, token_ends_at=NOW)), State.TOKEN_ENDED),
    (Traffic(access=Line()), State.TOKEN_NEVER),
    (WELL, State.CLOCK_RIGHT),
    (replace(WELL, access=replace(HELD, skew_s=-5.0)), State.CLOCK_RIGHT),
    (replace(WELL, access=replace(HELD, skew_s=-5.1)), State.CLOCK_DOUBTFUL),
    (replace(WELL, access=replace(HELD, skew_s=60.0)), State.CLOCK_DOUBTFUL),
    (replace(WELL, access=replace(HELD, skew_s=60.1)), State.CLOCK_WRONG),
    (replace(WELL, access=Line(), service=Line(skew_s=-61)), State.CLOCK_WRONG),
    (Traffic(access=Line()), State.CLOCK_UNKNOWN),
    (WELL, State.READ),
    (replace(WELL, reading_due_since=ago(4.9)), State.READING_NOW),
    (replace(WELL, reading_due_since=ago(5)), State.READING_WAITS),
    (Traffic(access=Line()), State.NOT_READ_YET),
    (Traffic(access=Line(), reading_due_since=ago(1)), State.READING_NOW),
]


@pytest.mark.parametrize(("traffic", "state"), TOLD)
def test_the_facts_lead_to_the_state(traffic: Traffic, state: State) -> None:
    assert (state, TABLE[state][1]) in judge(traffic, now=NOW)


def test_every_state_is_reached() -> None:
    assert {state for _traffic, state in TOLD} == set(State) == set(TABLE)


@pytest.mark.parametrize(("traffic", "_state"), TOLD)
def test_one_finding_a_topic_and_the_worst_first(traffic: Traffic, _state: State) -> None:
    found = judge(traffic, now=NOW)
    topics = [TABLE[state][0] for state, _signal in found]
    assert len(set(topics)) == len(topics)
    places = [list(Signal).index(signal) for _state, signal in found]
    assert places == sorted(places)


@pytest.mark.parametrize("traffic", [replace(WELL, is_own=False), Traffic()])
def test_token_and_readings_of_others_are_not_told(traffic: Traffic) -> None:
    topics = {TABLE[state][0] for state, _signal in judge(traffic, now=NOW)}
    assert topics == set(Topic) - {Topic.TOKEN, Topic.READING}
