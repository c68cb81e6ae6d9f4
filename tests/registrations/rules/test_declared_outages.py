"""When an outage may be declared."""

from datetime import timedelta

import pytest

from ciao_portal.errors import DomainError
from registrations.rules.declared_outages import LONGEST_AGO, check_declared
from tests.cast import NOW

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("start", "end", "code", "field"),
    [
        (SECOND, None, "outage.startAhead", "started_at"),
        (-LONGEST_AGO - SECOND, None, "outage.startLongAgo", "started_at"),
        (-HOUR, SECOND, "outage.endAhead", "ended_at"),
        (-HOUR, -HOUR, "outage.order", "ended_at"),
        (-HOUR, -2 * HOUR, "outage.order", "ended_at"),
    ],
)
def test_times_that_cannot_be(start: timedelta, end: timedelta | None, code: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_declared(NOW + start, None if end is None else NOW + end, now=NOW)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert "%" not in str(refused.value)


@pytest.mark.parametrize(("start", "end"), [(-HOUR, None), (-LONGEST_AGO, -HOUR), (timedelta(), None)])
def test_times_that_can(start: timedelta, end: timedelta | None) -> None:
    check_declared(NOW + start, None if end is None else NOW + end, now=NOW)
