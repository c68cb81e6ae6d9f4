"""Each check by its table: when it speaks, and when it keeps quiet."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from ciao_portal.nsso.contract import RemarkCode
from registrations.rules.hit_rate import HitRate, hit_rates
from registrations.rules.preflight import CHECKS, predicted_codes, troubles_of
from registrations.rules.preflight.facts import Filing, Shift, Worker, Works, is_expected

DAY = date(2026, 11, 27)
EVE = DAY - timedelta(days=1)
WEEK = timedelta(days=7)
WORKS = Works(UUID(int=1), date(2026, 1, 1), None, None, lacks_number=False, is_sent=True, taken_over_on=None)
FILED = Filing(is_needed=True, number="F1", ends_on=None)
NOT_NEEDED = Filing(is_needed=False, number="", ends_on=None)
WORKER = Worker(dimona=FILED, limosa=NOT_NEEDED, has_means=True)
POSTED = replace(WORKER, dimona=NOT_NEEDED, limosa=FILED)
SHIFT = Shift(
    UUID(int=2), UUID(int=3), DAY, WORKS, is_own=True, worker=WORKER, has_number=True, in_chain=True
)


def shift(
    *, works: dict[str, Any] | None = None, worker: dict[str, Any] | None = None, **changes: Any
) -> Shift:
    return replace(
        SHIFT, works=replace(WORKS, **(works or {})), worker=replace(WORKER, **(worker or {})), **changes
    )


def posted(**changes: Any) -> Shift:
    return replace(SHIFT, worker=replace(POSTED, **changes))


@pytest.mark.parametrize(
    ("found", "one"),
    [
        ([], SHIFT),
        ([], posted()),
        (["chain-missing"], shift(in_chain=False)),
        (["dimona-ended"], shift(worker={"dimona": replace(FILED, ends_on=EVE)})),
        (["dimona-ending"], shift(worker={"dimona": replace(FILED, ends_on=DAY)})),
        (["dimona-ending"], shift(worker={"dimona": replace(FILED, ends_on=DAY + WEEK)})),
        ([], shift(worker={"dimona": replace(FILED, ends_on=DAY + WEEK + timedelta(days=1))})),
        (["dimona-missing"], shift(worker={"dimona": replace(FILED, number="")})),
        ([], shift(worker={"dimona": NOT_NEEDED})),
        (["employment-missing"], replace(SHIFT, worker=None)),
        # Of other firms' people nothing is known, so nothing is missed.
        ([], replace(SHIFT, worker=None, is_own=False)),
        (["limosa-ended"], posted(limosa=replace(FILED, ends_on=EVE))),
        (["limosa-ending"], posted(limosa=replace(FILED, ends_on=DAY))),
        (["limosa-missing"], posted(limosa=replace(FILED, number=""))),
        (["means-missing"], shift(worker={"has_means": False})),
        (["number-missing"], shift(has_number=False)),
        (["two-employers"], shift(overlaps=True)),
        (["works-ending"], shift(works={"ends_on": DAY})),
        (["works-ending"], shift(works={"ends_on": DAY + WEEK})),
        ([], shift(works={"ends_on": DAY + WEEK + timedelta(days=1)})),
        (["works-not-running"], shift(works={"ends_on": EVE})),
        (["works-not-running"], shift(works={"ends_on": EVE}, in_chain=False)),
        (["works-not-running"], shift(works={"starts_on": DAY + timedelta(days=1)})),
        ([], shift(works={"starts_on": DAY})),
        (["works-not-running"], shift(works={"cancelled_on": DAY})),
        (["works-number-missing"], shift(works={"lacks_number": True})),
        (["works-taken-over"], shift(works={"taken_over_on": DAY})),
        ([], shift(works={"taken_over_on": DAY + timedelta(days=1)})),
    ],
)
def test_what_is_found(found: list[str], one: Shift) -> None:
    assert [check.key for check in troubles_of(one)] == found


def test_every_check_is_found_with_a_key_of_its_own_and_a_known_remark() -> None:
    keys = [check.key for check in CHECKS]
    assert len(keys) == len(set(keys)) == 15
    assert {check.predicts for check in CHECKS} - {""} <= {code.value for code in RemarkCode}


def test_what_is_foretold() -> None:
    assert predicted_codes(SHIFT) == set()
    both = shift(in_chain=False, works={"lacks_number": True})
    assert predicted_codes(both) == {"enterpriseNotOnDeclaration", "declarationMissing"}
    # What is not sent gets no remark.
    unsent = shift(in_chain=False, works={"is_sent": False})
    assert predicted_codes(unsent) == set()
    # Something to remind of, but no remark.
    assert predicted_codes(shift(works={"ends_on": DAY})) == set()


@pytest.mark.parametrize(
    ("ends_on", "registered_on", "expected"),
    [
        (None, date(2026, 11, 1), True),
        (DAY, date(2026, 11, 1), True),
        (EVE, date(2026, 11, 1), True),
        (DAY - WEEK, date(2026, 11, 1), True),
        (DAY - WEEK - timedelta(days=1), date(2026, 11, 1), False),
        (date(2026, 11, 10), date(2026, 11, 10), False),
        (date(2026, 11, 10), date(2026, 11, 11), True),
    ],
)
def test_works_long_over_wait_for_nobody(ends_on: date | None, registered_on: date, expected: bool) -> None:
    assert is_expected(replace(WORKS, ends_on=ends_on), registered_on=registered_on, day=DAY) is expected


def test_the_last_day_is_the_earliest_of_the_ends() -> None:
    assert WORKS.last_day is None
    assert replace(WORKS, cancelled_on=DAY).last_day == EVE
    assert replace(WORKS, ends_on=DAY, taken_over_on=DAY).last_day == EVE
    assert replace(WORKS, ends_on=EVE - WEEK, taken_over_on=DAY).last_day == EVE - WEEK


def test_precision_and_recall() -> None:
    rates = hit_rates([("a", 3), ("b", 2)], [("a", 4), ("c", 5)], [("a", 2)])
    assert rates == [HitRate("c", 0, 5, 0), HitRate("a", 3, 4, 2), HitRate("b", 2, 0, 0)]
    assert [(one.precision, one.recall) for one in rates] == [(None, 0), (67, 50), (0, None)]
