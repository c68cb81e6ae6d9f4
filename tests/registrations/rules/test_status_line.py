"""What the chain is told, from the facts that lead to it."""

from datetime import UTC, datetime, timedelta

import pytest

from registrations.rules.status_line import Public, public_line
from registrations.rules.traffic import Line

NOW = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


WELL = Line(last_success_at=ago(1))
BRIEFLY = Line(failing_since=ago(4))
SILENT = Line(failing_since=ago(20))
REFUSED = Line(failing_since=ago(10), must_be_solved=True)


@pytest.mark.parametrize(
    ("lines", "outage_since", "success_at", "expected"),
    [
        ([WELL, WELL], None, ago(1), (Public.ARRIVES, None)),
        ([Line(), Line()], None, None, (Public.KEPT, None)),
        ([BRIEFLY, WELL], None, ago(9), (Public.ARRIVES, None)),
        ([SILENT, WELL], None, ago(21), (Public.SILENT, ago(20))),
        ([WELL, SILENT], ago(19), ago(21), (Public.SILENT, ago(20))),
        ([REFUSED, WELL], None, ago(21), (Public.DELAYED, ago(10))),
        ([REFUSED, SILENT], ago(30), ago(40), (Public.DELAYED, ago(30))),
        ([WELL, WELL], ago(8), ago(1), (Public.DELAYED, ago(8))),
        ([Line(), Line()], ago(8), None, (Public.DELAYED, ago(8))),
    ],
)
def test_what_is_told(
    lines: list[Line],
    outage_since: datetime | None,
    success_at: datetime | None,
    expected: tuple[Public, datetime | None],
) -> None:
    assert public_line(lines, outage_since=outage_since, success_at=success_at, now=NOW) == expected
