"""Draining rows that must reach somebody else.

A channel is a class named in `settings.OUTBOX_CHANNELS`. The loop asks each channel again and again to do one
portion of work, each in a thread of its own. Rows are claimed by one sender at a time, and a claim older than
its lease belongs to a sender that died. Nothing the NSSO or the network does ends the loop.
"""

import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import close_old_connections, connection, models
from django.utils import timezone
from django.utils.module_loading import import_string

from ciao_portal.models.outbox import OutboxRow

logger = logging.getLogger(__name__)

# How long the loop rests when no channel had anything to do: short, because a worker is waiting for the
# NSSO's number on the screen.
IDLE_SECONDS = 0.3
# After an error of our own (a database that restarts, a bug) the loop waits before it tries again.
TROUBLE_SECONDS = 2.0

Row = TypeVar("Row", bound=OutboxRow)


class Channel(Protocol):
    """One kind of rows and what is done with them.

    `rest_factor` is how many times as long as a portion took the channel then rests: what may take long and
    can wait leaves the processor to the others.
    """

    @property
    def rest_factor(self) -> float: ...

    def drain(self, *, sender: str, now: datetime) -> int:
        """Do one portion of the work that is due; answer how many rows were taken."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def sender_name() -> str:
    """A name no other running sender has."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def lock_free(rows: "models.QuerySet[Row]") -> "models.QuerySet[Row]":
    """Those that nobody holds, locked until the end of the transaction (call inside `atomic`).

    PostgreSQL passes over rows another sender has locked; on SQLite the IMMEDIATE transaction is the lock.
    """
    free = rows.filter(in_flight_since__isnull=True)
    if connection.features.has_select_for_update_skip_locked:
        free = free.select_for_update(skip_locked=True, of=("self",))
    return free


def lock_due(rows: "models.QuerySet[Row]", *, now: datetime, limit: int) -> list[Row]:
    """The due ones that nobody holds, locked like in `lock_free`."""
    return list(lock_free(rows.filter(due_at__lte=now))[:limit])


def mark_in_flight(rows: Sequence[OutboxRow], *, sender: str, now: datetime) -> None:
    """Note on locked rows who took them and when (not saved)."""
    for row in rows:
        row.in_flight_since = now
        row.claimed_by = sender
        row.attempt_count += 1


class Watch:
    """A clock that starts at a given moment and goes on from there: a portion of work may take a while."""

    def __init__(self, now: datetime) -> None:
        self._started = now
        self._begun = time.monotonic()

    def elapsed_s(self) -> float:
        return time.monotonic() - self._begun

    def now(self) -> datetime:
        return self._started + timedelta(seconds=self.elapsed_s())


def log_stumble(log: logging.Logger, what: str, error: BaseException) -> None:
    """Log an error of our own with the places it went through, but without its text.

    The text of an exception may repeat a value, and a value may be a national number.
    """
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__name__, places)


class Loop:
    """The resident sender: runs until told to stop, finishing the portion in hand."""

    def __init__(self, channels: Sequence[Channel] | None = None) -> None:
        paths: list[str] = settings.OUTBOX_CHANNELS
        self.channels: Sequence[Channel] = channels or [import_string(path)() for path in paths]
        self.sender = sender_name()
        self.stopping = threading.Event()

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Drain until stopped, every channel in a thread of its own, so that none waits for another's calls.

        Errors of our own are logged and tried again.
        """
        logger.info("Sender %s started", self.sender)
        threads = [
            threading.Thread(target=self._keep_draining, args=(channel,), name=type(channel).__name__)
            for channel in self.channels
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.close()
        logger.info("Sender %s ended", self.sender)

    def _keep_draining(self, channel: Channel) -> None:
        while not self.stopping.is_set():
            begun = time.monotonic()
            taken = self._drain(channel)
            if taken is None:
                self.stopping.wait(TROUBLE_SECONDS)
            elif not taken:
                self.stopping.wait(IDLE_SECONDS)
            else:
                self.stopping.wait((time.monotonic() - begun) * channel.rest_factor)
        connection.close()

    def _drain(self, channel: Channel) -> int | None:
        """One portion of one channel; None when it stumbled, which stops neither the loop nor the others."""
        try:
            return channel.drain(sender=self.sender, now=timezone.now())
        except Exception as error:  # noqa: BLE001 - logged without its text, and the loop goes on
            log_stumble(logger, "The sender stumbled and goes on", error)
            close_old_connections()
            return None

    def drain_once(self) -> int:
        """One portion of every channel; answers how many rows were taken."""
        return sum(channel.drain(sender=self.sender, now=timezone.now()) for channel in self.channels)

    def drain_all(self) -> int:
        """Portions until nothing is due any more; answers how many rows were taken."""
        total = 0
        while taken := self.drain_once():
            total += taken
        return total

    def close(self) -> None:
        for channel in self.channels:
            channel.close()
