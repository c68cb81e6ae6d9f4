"""Reading a month at once: what a newcomer sees, pages that take turns, senders that die on the way."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from ciao_portal.days import brussels_day, brussels_time
from ciao_portal.tenancy import unscoped
from registrations.models import NssoPresence, ReadBack, Remark
from registrations.nsso import reading
from registrations.nsso.read_backs import claim_older, spans
from registrations.nsso.reading import ReadBackChannel
from registrations.rules.deadlines import CORRECTION_DAYS
from tests.registrations.nsso.test_reading import elsewhere
from tests.registrations.nsso.world import (
    ANNA,
    BILAL,
    T0,
    World,
    at,
    open_codes,
    person_number,
    presences,
    read_backs,
    reference_data,
)

# The same on every database.
pytestmark = pytest.mark.once

TODAY = brussels_day(T0)


def ago(days: int, seconds: int = 0) -> int:
    """Seconds after T0 of the same hour so many days earlier, whatever the clocks did meanwhile."""
    then = brussels_time(T0) - timedelta(days=days)
    return round((then.astimezone(UTC) - T0).total_seconds()) + seconds


def at_nsso(world: World, *rows: dict[str, object]) -> None:
    world.simulator.put_reference(**{**reference_data(), "presences": list(rows)})


def busy(days: int, count: int) -> list[dict[str, object]]:
    """So many presences on a day so many days ago."""
    return [elsewhere(str(person_number(index).ssin), seconds=ago(days, index)) for index in range(count)]


def read_days() -> list[int]:
    """How many days ago the days are that count as read."""
    rows = ReadBack.objects.filter(read_at__isnull=False)
    return sorted((TODAY - day).days for day in rows.values_list("day", flat=True))


def drain(channel: ReadBackChannel, seconds: float, sender: str = "sender-1") -> int:
    return channel.drain(sender=sender, now=at(seconds))


def test_a_newcomer_sees_a_month_by_two_searches(world: World) -> None:
    at_nsso(
        world,
        elsewhere(ANNA, seconds=ago(30)),
        elsewhere(BILAL, seconds=ago(12)),
        elsewhere(BILAL, seconds=ago(1)),
        elsewhere(ANNA, seconds=ago(31)),
    )
    assert world.read(0) == 2
    assert [(TODAY - one.day).days for one in presences()] in ([30, 12, 1], [1, 30, 12])
    assert read_days() == list(range(CORRECTION_DAYS + 1))


def test_days_lost_with_an_older_backup_are_read_again(world: World) -> None:
    world.read(0)
    ReadBack.objects.filter(day__gte=TODAY - timedelta(days=5)).delete()
    ReadBack.objects.filter(day=TODAY - timedelta(days=CORRECTION_DAYS)).delete()
    world.reading = ReadBackChannel()
    world.read(60)
    assert read_days() == list(range(CORRECTION_DAYS + 1))


def test_neighbouring_days_come_to_share_one_search_a_day(world: World) -> None:
    world.read(0)
    older = ReadBack.objects.filter(day__lt=TODAY - timedelta(days=1))
    # As after days in which each was read at another time.
    for number, row in enumerate(older.order_by("day")):
        ReadBack.objects.filter(pk=row.pk).update(due_at=at(90_000 + number * 300))
    with unscoped(reason="tests look at everything"):
        [span] = claim_older(sender="sender-1", now=at(90_000), most=2)
    # The day of the story is two days old by then.
    assert len(span.days) == CORRECTION_DAYS


def test_a_search_is_cut_at_gaps_and_at_the_limit_of_the_nsso(world: World) -> None:
    [access] = {row.credentials for row in _opened(world)}
    ages = [*range(250, 130, -1), 100, 99, 3]
    rows = [ReadBack(credentials=access, day=TODAY - timedelta(days=age)) for age in ages]
    assert [len(span.days) for span in spans(rows)] == [100, 20, 2, 1]


def _opened(world: World) -> list[ReadBack]:
    world.read(0)
    return list(ReadBack.objects.select_related("credentials"))


def test_pages_are_kept_one_after_the_other_and_a_day_counts_with_its_last(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PORTION_S", 0.0)
    at_nsso(world, *busy(9, 300), *busy(8, 300), *busy(7, 10))
    kept, done = [], []
    while drain(world.reading, 60):
        kept.append(NssoPresence.objects.count())
        done.append(len(read_days()))
    # Today and yesterday; then 500 of the month, the rest.
    assert kept == [0, 500, 610]
    # With the first page the days before the one it ends in are read, and no other.
    assert done == [2, 2 + (CORRECTION_DAYS - 9) + 1, CORRECTION_DAYS + 1]


def test_a_sender_that_dies_in_the_middle_loses_no_more_than_the_day_in_hand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PORTION_S", 0.0)
    at_nsso(world, *busy(9, 300), *busy(8, 300), *busy(7, 10))
    dying = ReadBackChannel()
    drain(dying, 0, "dying")
    drain(dying, 0, "dying")
    dying.close()
    read = read_days()
    assert 9 in read
    assert not {8, 7, 2} & set(read)
    assert drain(world.reading, 5) == 0
    while drain(world.reading, 60):
        pass
    assert read_days() == list(range(CORRECTION_DAYS + 1))
    assert NssoPresence.objects.count() == 610


def test_a_failure_in_the_middle_keeps_what_was_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PORTION_S", 0.0)
    at_nsso(world, *busy(9, 600))
    drain(world.reading, 0)
    drain(world.reading, 0)
    world.simulator.kill()
    try:
        drain(world.reading, 1)
    finally:
        world.simulator.restart()
    errors = set(ReadBack.objects.exclude(last_error="").values_list("day", flat=True))
    assert max((TODAY - day).days for day in errors) == 9
    assert NssoPresence.objects.count() == 500
    while drain(world.reading, 900):
        pass
    assert NssoPresence.objects.count() == 600
    assert read_days() == list(range(CORRECTION_DAYS + 1))


def test_a_slow_reading_keeps_its_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PORTION_S", 0.0)
    at_nsso(world, *busy(9, 1100))
    drain(world.reading, 0)
    drain(world.reading, 0)
    other = ReadBackChannel()
    for seconds in (30, 60):
        drain(other, seconds, "sender-2")
        drain(world.reading, seconds)
    other.close()
    assert NssoPresence.objects.count() == 1100
    assert set(ReadBack.objects.values_list("claimed_by", flat=True)) == {"sender-1"}


def test_a_tap_is_looked_at_soon_then_hourly_then_daily_for_thirty_days(world: World) -> None:
    world.tap(ANNA)
    world.send(1)
    looks: list[datetime] = []
    row = read_backs()[0]
    while row.due_at is not None:
        moment = row.due_at
        looks.append(moment)
        while world.reading.drain(sender="sender-1", now=moment):
            pass
        row = ReadBack.objects.get(pk=row.pk)
    steps = [(later - earlier).total_seconds() for earlier, later in pairwise(looks)]
    hours = [step for step in steps if 3600 <= step < 3700]
    days = [step for step in steps if 86_400 <= step < 86_500]
    assert at(3) <= looks[0] < at(10)
    assert len(steps) - len(hours) - len(days) <= 4
    assert len(hours) <= 24
    assert CORRECTION_DAYS - 1 <= len(days) <= CORRECTION_DAYS + 1
    assert brussels_day(looks[-1]) - TODAY <= timedelta(days=CORRECTION_DAYS + 1)


def test_what_the_nsso_lists_no_longer_ends_its_remarks_and_says_why(world: World) -> None:
    without_dimona = {**reference_data(), "dimona": []}
    shown = elsewhere(BILAL, seconds=100)
    world.simulator.put_reference(**{**without_dimona, "presences": [shown]})
    world.read(300)
    world.read(4000)
    assert open_codes() == ["dimonaNotFound"]

    world.simulator.put_reference(**{**without_dimona, "presences": []})
    _read_again(world, 8000)
    [presence] = presences()
    assert presence.missed_since is not None
    # A list may shift while it is read: one reading proves nothing.
    assert open_codes() == ["dimonaNotFound"]
    _read_again(world, 8000 + 21 * 3600)
    [remark] = Remark.objects.all()
    assert remark.gone_with_presence
    assert remark.gone_at is not None

    world.simulator.put_reference(**{**without_dimona, "presences": [shown]})
    _read_again(world, 8000 + 22 * 3600)
    _read_again(world, 8000 + 23 * 3600)
    assert NssoPresence.objects.filter(missed_since__isnull=True).exists()
    assert open_codes() == ["dimonaNotFound"]
    assert Remark.objects.count() == 2


def test_what_is_missed_for_a_moment_only_keeps_its_remarks(world: World) -> None:
    shown = elsewhere(BILAL, seconds=100)
    world.simulator.put_reference(**{**reference_data(), "dimona": [], "presences": [shown]})
    world.read(300)
    world.read(4000)
    NssoPresence.objects.update(missed_since=at(5000))
    _read_again(world, 5000 + 30 * 3600)
    assert NssoPresence.objects.get().missed_since is None
    assert open_codes() == ["dimonaNotFound"]
    assert not Remark.objects.filter(gone_with_presence=True).exists()


def test_an_access_that_never_saw_it_does_not_miss_it(world: World) -> None:
    world.tap(ANNA)
    world.send(1)
    world.read(10)
    world.store_credentials(world.cast.stranger)
    _read_again(world, 4000)
    [presence] = presences()
    assert presence.missed_since is None
    assert presence.shown_by is not None
    assert presence.shown_by.company_id == world.cast.main.pk


def _read_again(world: World, seconds: float) -> None:
    """A reading of the day of the story by a new sender, and of the results it still awaits."""
    ReadBack.objects.filter(day=TODAY).update(due_at=at(seconds))
    world.reading = ReadBackChannel()
    world.read(seconds)
