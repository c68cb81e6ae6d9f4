from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given

from ciao_portal.days import BRUSSELS
from registrations.rules.intervals import Break, Interval, Pairing, pair, pair_by_group
from registrations.rules.presence import LONGEST_PRESENCE, Event, Flag, Kind, in_order
from tests.registrations.rules.test_presence import HISTORIES

IN, OUT, PAUSE, BACK = Kind.IN, Kind.OUT, Kind.BREAK_START, Kind.BREAK_END
FAR = datetime(2030, 1, 1, tzinfo=UTC)


def moment(text: str, month: int = 11) -> datetime:
    """``21 06:00`` in Brussels, in 2026."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime(2026, month, int(day), int(hour), int(minute), tzinfo=BRUSSELS).astimezone(UTC)


def paired(*rows: tuple[str, Kind], at: str | None = None, month: int = 11) -> Pairing:
    events = [Event(UUID(int=place), kind, moment(text, month)) for place, (text, kind) in enumerate(rows)]
    return pair(events, moment(at, month) if at else FAR)


def only(pairing: Pairing) -> Interval:
    assert len(pairing.intervals) == 1
    return pairing.intervals[0]


def test_a_day_with_a_break() -> None:
    day = only(paired(("21 06:00", IN), ("21 09:00", PAUSE), ("21 09:15", BACK), ("21 12:00", OUT)))
    assert (day.start, day.end) == (moment("21 06:00"), moment("21 12:00"))
    assert day.breaks == (Break(moment("21 09:00"), moment("21 09:15")),)
    assert day.worked == timedelta(hours=5, minutes=45)
    assert not day.flags


def test_a_night_shift_belongs_to_the_day_it_started() -> None:
    night = only(paired(("21 22:00", IN), ("22 06:00", OUT)))
    assert night.day == date(2026, 11, 21)
    assert night.worked == timedelta(hours=8)


def test_nights_of_the_clock_change_have_their_true_length() -> None:
    assert only(paired(("24 22:00", IN), ("25 06:00", OUT), month=10)).worked == timedelta(hours=9)
    assert only(paired(("28 22:00", IN), ("29 06:00", OUT), month=3)).worked == timedelta(hours=7)


def test_a_forgotten_check_out_does_not_corrupt_the_next_day() -> None:
    first, second = paired(("21 06:00", IN), ("22 06:00", IN), ("22 12:00", OUT)).intervals
    assert (first.end, first.worked) == (None, None)
    assert first.flags == {Flag.CHECK_OUT_MISSING}
    assert second.worked == timedelta(hours=6)
    assert not second.flags


def test_somebody_still_there_is_not_a_forgotten_check_out() -> None:
    assert only(paired(("21 06:00", IN), at="21 20:00")).flags == set()
    assert only(paired(("21 06:00", IN), at="21 23:00")).flags == {Flag.CHECK_OUT_MISSING}


def test_a_second_in_does_not_restart() -> None:
    day = only(paired(("21 06:00", IN), ("21 08:00", IN), ("21 12:00", OUT)))
    assert day.worked == timedelta(hours=6)
    assert day.flags == {Flag.IN_WHILE_PRESENT}


def test_an_in_ends_a_break() -> None:
    day = only(paired(("21 06:00", IN), ("21 09:00", PAUSE), ("21 10:00", IN), ("21 12:00", OUT)))
    assert day.worked == timedelta(hours=5)


def test_going_home_from_a_break_ends_the_break_too() -> None:
    day = only(paired(("21 06:00", IN), ("21 09:00", PAUSE), ("21 12:00", OUT)))
    assert day.worked == timedelta(hours=3)
    assert day.breaks == (Break(moment("21 09:00"), moment("21 12:00")),)
    assert day.flags == {Flag.OUT_DURING_BREAK}


def test_what_has_no_partner_is_kept_beside() -> None:
    pairing = paired(("21 06:00", OUT), ("21 07:00", PAUSE), ("21 07:15", BACK), ("21 12:00", OUT))
    assert [event.kind for event in pairing.loose] == [OUT, PAUSE]
    assert only(pairing).start == moment("21 07:15")


def test_an_event_sent_late_falls_into_place() -> None:
    rows = [("21 06:00", IN), ("21 13:00", IN), ("21 17:00", OUT), ("21 12:00", OUT)]
    first, second = paired(*rows).intervals
    assert (first.worked, second.worked) == (timedelta(hours=6), timedelta(hours=4))


def test_groups_do_not_touch_each_other() -> None:
    start = moment("21 06:00")
    rows = [("a", Event(UUID(int=1), IN, start)), ("b", Event(UUID(int=2), OUT, start))]
    groups = pair_by_group(rows, FAR)
    assert groups["a"].intervals[0].end is None
    assert [event.kind for event in groups["b"].loose] == [OUT]


@given(HISTORIES)
def test_intervals_are_never_negative_nor_overlapping(events: list[Event]) -> None:
    pairing = pair(events, FAR)
    edge = datetime.min.replace(tzinfo=UTC)
    for interval in pairing.intervals:
        assert edge <= interval.start <= interval.last_at
        edge = interval.end or interval.last_at
        assert edge == interval.last_at
        assert interval.worked is None or timedelta() <= interval.worked <= edge - interval.start
        assert (interval.end is None) == (Flag.CHECK_OUT_MISSING in interval.flags)
        rest = interval.start
        for pause in interval.breaks:
            assert rest <= pause.start <= (pause.end or edge) <= edge
            rest = pause.end or edge


@given(HISTORIES)
def test_no_event_is_dropped(events: list[Event]) -> None:
    pairing = pair(events, FAR)
    for event in in_order(events):
        inside = any(one.start <= event.at <= one.last_at for one in pairing.intervals)
        assert inside or event in pairing.loose


@given(HISTORIES)
def test_no_interval_bridges_16_silent_hours(events: list[Event]) -> None:
    ordered = in_order(events)
    for interval in pair(events, FAR).intervals:
        moments = [event.at for event in ordered if interval.start <= event.at <= interval.last_at]
        assert all(b - a <= LONGEST_PRESENCE for a, b in pairwise(moments))
