"""The loop that drains the outbox: nothing ends it but a word, and its log holds nothing personal."""

import logging
import threading
import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from ciao_portal import outbox
from ciao_portal.outbox import Loop, Watch, log_stumble, sender_name

NOW = datetime(2026, 11, 23, 5, 2, 11, tzinfo=UTC)
SECRET = "85073003328"


class Counting:
    """Has so many portions to do, then nothing."""

    rest_factor = 0.0

    def __init__(self, portions: int) -> None:
        self.left = portions
        self.closed = False

    def drain(self, *, sender: str, now: datetime) -> int:
        assert sender
        assert now.tzinfo is not None
        if not self.left:
            return 0
        self.left -= 1
        return 1

    def close(self) -> None:
        self.closed = True


class Stumbling:
    """Fails every time, with something in its text that no log may hold."""

    rest_factor = 0.0

    def __init__(self) -> None:
        self.times = 0

    def drain(self, *, sender: str, now: datetime) -> int:
        self.times += 1
        raise RuntimeError(f"{SECRET} {sender} {now}")

    def close(self) -> None:
        pass


def test_draining_once_goes_on_until_nothing_is_due() -> None:
    one, other = Counting(3), Counting(1)
    loop = Loop([one, other])
    assert loop.drain_all() == 4
    loop.close()
    assert one.closed
    assert other.closed


class Stopping(Counting):
    """Tells the loop to stop once the other channel has stumbled so often."""

    loop: Loop
    other: Stumbling

    def drain(self, *, sender: str, now: datetime) -> int:
        if self.other.times >= 3 and not self.left:
            self.loop.stop()
        return super().drain(sender=sender, now=now)


def test_a_channel_that_stumbles_ends_neither_the_loop_nor_the_others(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "TROUBLE_SECONDS", 0.0)
    monkeypatch.setattr(outbox, "IDLE_SECONDS", 0.0)
    stopping = Stopping(2)
    stopping.other = Stumbling()
    stopping.loop = Loop([stopping.other, stopping])
    stopping.loop.run()
    assert stopping.other.times >= 3
    assert (stopping.left, stopping.closed) == (0, True)
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


class Blocking(Counting):
    """Comes to an end only when the other channel has done its work, and then stops the loop."""

    loop: Loop
    other_is_done = threading.Event()

    def drain(self, *, sender: str, now: datetime) -> int:
        assert self.other_is_done.wait(10)
        self.loop.stop()
        return super().drain(sender=sender, now=now)


class Telling(Counting):
    """Tells the blocking one when it has nothing left."""

    blocking: Blocking

    def drain(self, *, sender: str, now: datetime) -> int:
        taken = super().drain(sender=sender, now=now)
        if not self.left:
            self.blocking.other_is_done.set()
        return taken


def test_a_channel_that_takes_long_holds_up_no_other() -> None:
    telling = Telling(50)
    telling.blocking = Blocking(1)
    telling.blocking.loop = Loop([telling.blocking, telling])
    telling.blocking.loop.run()
    assert (telling.blocking.left, telling.left) == (0, 0)


class Slow(Counting):
    """Takes its time for a portion, then rests twice as long; stops the loop at the third."""

    rest_factor = 2.0
    takes_s = 0.05
    loop: Loop

    def __init__(self) -> None:
        super().__init__(3)
        self.begun: list[float] = []

    def drain(self, *, sender: str, now: datetime) -> int:
        self.begun.append(time.monotonic())
        while time.monotonic() < self.begun[-1] + self.takes_s:
            threading.Event().wait(0.01)
        if self.left == 1:
            self.loop.stop()
        return super().drain(sender=sender, now=now)


def test_a_channel_rests_as_long_as_it_is_told_to() -> None:
    slow = Slow()
    slow.loop = Loop([slow])
    slow.loop.run()
    gaps = [later - earlier for earlier, later in pairwise(slow.begun)]
    assert len(gaps) == 2
    assert min(gaps) >= slow.takes_s * (1 + slow.rest_factor)


def test_a_loop_told_to_stop_takes_nothing_more() -> None:
    counting = Counting(5)
    loop = Loop([counting])
    loop.stop()
    loop.run()
    assert (counting.left, counting.closed) == (5, True)


def test_a_stumble_is_logged_with_its_places_and_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def fail(number: str) -> None:
        raise ValueError(number)

    try:
        fail(SECRET)
    except ValueError as error:
        log_stumble(logging.getLogger("test"), "Something stumbled", error)
    assert "Something stumbled: ValueError" in caplog.text
    assert "in fail" in caplog.text
    assert SECRET not in caplog.text


def test_a_watch_goes_on_from_the_moment_it_was_given() -> None:
    watch = Watch(NOW)
    first, second = watch.now(), watch.now()
    assert NOW <= first <= second
    assert watch.elapsed_s() < 60


def test_every_sender_has_a_name_of_its_own() -> None:
    assert sender_name() != sender_name()
    assert len(sender_name()) <= 80
