from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from registrations.rules.presence import Kind
from registrations.rules.taps import KEY_REUSED, KeyOrigin, KnownTap, Tap, TapDecision, decide

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
PERSON, OTHER_PERSON, POINT, OTHER_POINT, KEY = (UUID(int=value) for value in range(5))
KNOWN = KnownTap(UUID(int=10), PERSON, Kind.IN, POINT, NOW, NOW)
LATER = KnownTap(
    UUID(int=11), PERSON, Kind.OUT, POINT, NOW + timedelta(minutes=5), NOW + timedelta(minutes=5)
)
NEW = TapDecision()
REUSED = TapDecision(flags=frozenset({KEY_REUSED}))


def tap(seconds: float, origin: KeyOrigin = KeyOrigin.TAP, kind: Kind = Kind.IN) -> Tap:
    at = NOW + timedelta(seconds=seconds)
    return Tap(KEY, origin, PERSON, kind, POINT, at, at)


def test_a_first_tap_is_new() -> None:
    assert decide(tap(0), None, None) == NEW


@pytest.mark.parametrize("latest", [KNOWN, LATER, None])
def test_a_key_made_at_the_tap_vouches_for_ever(latest: KnownTap | None) -> None:
    assert decide(tap(86_400 * 20), latest, KNOWN).same_as == KNOWN


@pytest.mark.parametrize(
    ("seconds", "latest", "decision"),
    [
        (0, KNOWN, TapDecision(same_as=KNOWN)),
        (600, KNOWN, TapDecision(same_as=KNOWN)),
        (601, KNOWN, REUSED),
        (86_400, KNOWN, REUSED),  # the page of yesterday, restored by the phone
        (400, LATER, REUSED),  # an OUT in between: the worker really comes in again
    ],
)
def test_a_key_from_the_page_vouches_for_ten_minutes(
    seconds: int, latest: KnownTap, decision: TapDecision
) -> None:
    assert decide(tap(seconds, KeyOrigin.PAGE), latest, KNOWN) == decision


@pytest.mark.parametrize("origin", list(KeyOrigin))
def test_a_key_with_other_content_is_a_new_tap(origin: KeyOrigin) -> None:
    known = KNOWN
    assert decide(tap(300, origin, Kind.OUT), known, known) == REUSED
    assert decide(replace(tap(5, origin), person=OTHER_PERSON), None, known) == REUSED
    assert decide(replace(tap(5, origin), point=OTHER_POINT), known, known) == REUSED


def test_a_double_tap_on_a_restored_page_is_stored_once() -> None:
    stored_again = replace(KNOWN, id=UUID(int=12), happened_at=tap(86_400).happened_at)
    assert decide(tap(86_405, KeyOrigin.PAGE), stored_again, KNOWN).same_as == stored_again


@pytest.mark.parametrize(("seconds", "same"), [(0, True), (60, True), (-60, True), (61, False), (-61, False)])
def test_another_key_within_60_seconds_is_the_same_tap(seconds: int, *, same: bool) -> None:
    assert decide(tap(seconds), KNOWN, None) == (TapDecision(same_as=KNOWN) if same else NEW)


def test_the_60_seconds_count_when_it_happened_not_when_it_arrived() -> None:
    replayed = replace(tap(3600), received_at=KNOWN.received_at)
    assert decide(replayed, KNOWN, None) == NEW


@pytest.mark.parametrize(
    "other",
    [
        replace(KNOWN, kind=Kind.OUT),
        replace(KNOWN, point=OTHER_POINT),
        replace(KNOWN, person=OTHER_PERSON),
    ],
)
def test_four_taps_within_seconds_are_four(other: KnownTap) -> None:
    assert decide(tap(2), other, None) == NEW
