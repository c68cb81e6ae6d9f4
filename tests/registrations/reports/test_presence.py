"""The lines of a report: nothing lost, nothing made up, every total the sum of what is printed."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ciao_portal.days import BRUSSELS, brussels_day
from registrations.reports.presence import Fact, Line, Span, WorkerLines, lines_of
from registrations.reports.wording import (
    FLAG_LETTERS,
    FLAG_WORDS,
    hours,
    legend,
    numbered_remarks,
    signs,
    times,
)
from registrations.rules.presence import Event, Kind, in_order, nsso_type
from registrations.wording import FLAGS
from tests.registrations.rules.test_presence import HISTORIES

IN, OUT, PAUSE, BACK = Kind.IN, Kind.OUT, Kind.BREAK_START, Kind.BREAK_END
FAR = datetime(2040, 1, 1, tzinfo=UTC)
ALWAYS = (date(2000, 1, 1), date(2039, 1, 1))


def moment(text: str, month: int = 11) -> datetime:
    """``21 06:00`` or ``21 06:00:30`` in Brussels, in 2026."""
    day, clock = text.split()
    return datetime.combine(date(2026, month, int(day)), time.fromisoformat(clock), BRUSSELS).astimezone(UTC)


def facts(*rows: tuple[str, Kind], month: int = 11, **more: object) -> list[tuple[str, Fact]]:
    return [
        ("ada", Fact(Event(UUID(int=place), kind, moment(text, month)), **more))  # type: ignore[arg-type]
        for place, (text, kind) in enumerate(rows)
    ]


def lines(rows: list[tuple[str, Fact]], days: tuple[date, date] = ALWAYS) -> list[Line]:
    found: list[WorkerLines[str]] = lines_of(rows, first_day=days[0], last_day=days[1], at=FAR)
    return [line for one in found for line in one.lines]


def only(rows: list[tuple[str, Fact]]) -> Line:
    (line,) = lines(rows)
    return line


def test_a_day_with_a_break_is_two_spans() -> None:
    line = only(facts(("21 06:02", IN), ("21 12:10", PAUSE), ("21 12:41", BACK), ("21 15:30", OUT)))
    assert times(line) == "06:02–12:10 · 12:41–15:30"
    assert (hours(line.minutes), hours(line.break_minutes)) == ("8:57", "0:31")
    assert (line.registrations, line.is_open) == (4, False)


def test_seconds_are_cut_off_as_they_are_on_paper() -> None:
    line = only(facts(("21 06:02:59", IN), ("21 12:10:01", OUT)))
    assert (times(line), hours(line.minutes)) == ("06:02–12:10", "6:08")


def test_a_night_belongs_to_the_day_it_started() -> None:
    night = facts(("21 22:00", IN), ("22 06:00", OUT))
    line = only(night)
    assert (line.day, times(line), hours(line.minutes)) == (date(2026, 11, 21), "22:00–06:00⁺¹", "8:00")
    assert lines(night, (date(2026, 11, 22), date(2026, 11, 22))) == []
    assert len(lines(night, (date(2026, 11, 21), date(2026, 11, 21)))) == 1
    assert legend([line], {})[0].sign == "⁺¹"


@pytest.mark.parametrize(
    ("rows", "month", "shown", "length"),
    [
        ([("24 22:00", IN), ("25 06:00", OUT)], 10, "22:00–06:00⁺¹", "9:00"),
        ([("28 22:00", IN), ("29 06:00", OUT)], 3, "22:00–06:00⁺¹", "7:00"),
        ([("25 02:30", IN), ("25 08:00", OUT)], 10, "02:30 +02:00–08:00", "6:30"),
    ],
)
def test_nights_of_the_clock_change(
    rows: list[tuple[str, Kind]], month: int, shown: str, length: str
) -> None:
    line = only(facts(*rows, month=month))
    assert (times(line), hours(line.minutes)) == (shown, length)


def test_a_missing_check_out_is_open_and_has_no_made_up_end() -> None:
    first, second = lines(facts(("21 06:00", IN), ("22 06:00", IN), ("22 12:00", OUT)))
    assert (times(first), first.minutes, first.flags) == ("06:00–…", 0, {"checkOutMissing"})
    assert (times(second), second.minutes, second.flags) == ("06:00–12:00", 360, set())


def test_what_ended_before_the_gap_counts() -> None:
    line = only(facts(("21 06:00", IN), ("21 09:00", PAUSE), ("21 09:15", BACK)))
    assert (times(line), line.minutes, line.is_open) == ("06:00–09:00 · 09:15–…", 180, True)


def test_a_stop_without_a_start_stands_alone() -> None:
    line = only(facts(("21 12:00", OUT)))
    assert (times(line), line.minutes, line.registrations) == ("…–12:00", 0, 1)


def test_what_the_nsso_and_the_registrations_say_stands_on_the_line() -> None:
    rows = facts(("21 06:00", IN), has_nsso_number=True, flags=frozenset({"identityTyped"}), workplace="A")
    late = Fact(
        Event(UUID(int=9), OUT, moment("21 12:00")), "B", is_elsewhere=True, remarks=frozenset({"x", "a"})
    )
    line = only([*rows, ("ada", late)])
    assert (line.at_nsso, line.registrations, line.workplaces) == (1, 2, ["A", "B"])
    numbers = numbered_remarks([line])
    assert numbers == {"a": 1, "x": 2}
    assert signs(line, numbers) == "TX 1 2"
    assert [one.sign for one in legend([line], numbers)] == ["T", "X", "1", "2"]


def test_every_flag_has_a_letter_of_its_own_and_words() -> None:
    assert set(FLAG_LETTERS) == set(FLAGS) == set(FLAG_WORDS)
    letters = [*FLAG_LETTERS.values(), "X", "?"]
    assert len(letters) == len(set(letters))


def test_two_stays_that_touch_keep_their_own_registrations() -> None:
    line = only(facts(("21 06:00", IN), ("21 12:00", OUT), ("21 12:00", IN), ("21 15:00", OUT)))
    assert (times(line), line.registrations) == ("06:00–12:00 · 12:00–15:00", 4)


@given(HISTORIES, st.sampled_from(["nl", "fr", "de", "en"]))
def test_totals_are_the_sum_of_the_registrations(events: list[Event], language: str) -> None:
    """Invariant 6, against a second way to count: IN and OUT as the NSSO has them, folded one by one."""
    rows = [("ada", Fact(event)) for event in events]
    with translation.override(language):
        found: list[WorkerLines[str]] = lines_of(rows, first_day=ALWAYS[0], last_day=ALWAYS[1], at=FAR)
        printed = [hours(line.minutes) for one in found for line in one.lines]
        total = sum(one.minutes for one in found)
    assert total == sum(int(text.partition(":")[0]) * 60 + int(text.partition(":")[2]) for text in printed)
    assert total == folded(events)
    assert sum(line.registrations for one in found for line in one.lines) == len(events)


def folded(events: list[Event]) -> int:
    minutes, since, last = 0, None, None
    for event in in_order(events):
        if last and event.at - last > timedelta(hours=16):
            since = None
        last = event.at
        at = event.at.replace(second=0, microsecond=0)
        if nsso_type(event.kind) == "IN":
            since = since or at
        elif since:
            minutes += (at - since) // timedelta(minutes=1)
            since = None
    return minutes


@given(HISTORIES, st.integers(0, 30))
def test_a_line_does_not_depend_on_the_period_it_is_shown_in(events: list[Event], shift: int) -> None:
    rows = [("ada", Fact(event)) for event in events]
    whole = lines(rows)
    if not events:
        assert whole == []
        return
    day = brussels_day(min(event.at for event in events)) + timedelta(days=shift)
    assert lines(rows, (day, day)) == [line for line in whole if line.day == day]


def test_a_span_without_both_ends_has_no_length() -> None:
    assert Span(None, FAR).minutes == Span(FAR, None).minutes == 0
