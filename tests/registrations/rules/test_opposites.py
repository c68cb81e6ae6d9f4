"""Two taps that undo each other within two minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from registrations.rules.opposites import is_quick_opposite
from registrations.rules.presence import Kind

AT = datetime(2026, 11, 23, 5, 2, 11, tzinfo=UTC)
OPPOSITES = {(Kind.IN, Kind.OUT), (Kind.OUT, Kind.IN), (Kind.BREAK_START, Kind.BREAK_END)}
OPPOSITES |= {(after, before) for before, after in OPPOSITES}


@pytest.mark.parametrize("before", Kind)
@pytest.mark.parametrize("after", Kind)
def test_only_opposites_count(before: Kind, after: Kind) -> None:
    found = is_quick_opposite(before, AT, after, AT + timedelta(seconds=20))
    assert found is ((before, after) in OPPOSITES)


@pytest.mark.parametrize(("seconds", "counts"), [(-1, False), (0, True), (120, True), (121, False)])
def test_within_two_minutes(seconds: int, counts: bool) -> None:
    assert is_quick_opposite(Kind.IN, AT, Kind.OUT, AT + timedelta(seconds=seconds)) is counts
