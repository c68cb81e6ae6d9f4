"""Draining rows that must reach somebody else.

A channel is a class named in `settings.OUTBOX_CHANNELS`. The loop asks each channel in turn to do one portion
of work; rows are claimed by one sender at a time, and a claim older than its lease belongs to a sender that
died. Nothing the NSSO or the network does ends the loop.
"""

import logging
import os
import socket
import threading
from collections.abc import Sequence
from datetime import datetime
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
    """One kind of rows and what is done with them."""

    def drain(self, *, sender: str, now: datetime) -> int:
        """Do one portion of the work that is due; answer how many rows were taken."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def sender_name() -> str:
    """A name no other running sender has."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def lock_due(rows: "models.QuerySet[Row]", *, now: datetime, limit: int) -> list[Row]:
    """Due rows that nobody holds, locked until the end of the transaction (call inside `atomic`).

    PostgreSQL passes over rows another sender has locked; on SQLite the IMMEDIATE transaction is the lock.
    """
    due = rows.filter(due_at__lte=now, in_flight_since__isnull=True)
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    return list(due[:limit])


def mark_in_flight(rows: Sequence[OutboxRow], *, sender: str, now: datetime) -> None:
    """Note on locked rows who took them and when (not saved)."""
    for row in rows:
        row.in_flight_since = now
        row.claimed_by = sender
        row.attempt_count += 1


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
        """Drain until stopped. Errors of our own are logged with their traceback and tried again."""
        logger.info("Sender %s started", self.sender)
        while not self.stopping.is_set():
            try:
                taken = self.drain_once()
            except Exception:
                logger.exception("The sender stumbled and goes on")
                close_old_connections()
                self.stopping.wait(TROUBLE_SECONDS)
                continue
            if not taken:
                self.stopping.wait(IDLE_SECONDS)
        self.close()
        logger.info("Sender %s ended", self.sender)

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
