"""A few threads that work off jobs, each with a database connection of its own."""

import logging
import queue
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection

from ciao_portal.outbox import log_stumble

logger = logging.getLogger(__name__)

Job = Callable[[], None]


class Crew:
    """Does jobs in their order, as many at once as it has threads; with one, at once and by the caller.

    A job that raises is logged without its text and ends nothing. Jobs still waiting when the crew is closed
    are done as well: a job that must not begin any more knows that itself.
    """

    def __init__(self, size: int, *, name: str) -> None:
        self._size = size
        self._name = name
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()
        self._waiting = 0
        self._in_hand = 0
        self.changes = 0
        """Grows whenever a job is begun or done."""

    @property
    def has_waiting(self) -> bool:
        """Whether a job was given that nobody has begun yet."""
        return self._waiting > 0

    @property
    def is_busy(self) -> bool:
        return self._waiting + self._in_hand > 0

    def give(self, job: Job) -> None:
        if self._size == 1:
            _do(job)
            return
        if len(self._threads) < self._size:
            thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads) + 1}")
            self._threads.append(thread)
            thread.start()
        with self._changed:
            self._waiting += 1
        self._jobs.put(job)

    def wait(self, mark: int, seconds: float) -> None:
        """Until a job is begun or done since `changes` stood at `mark`, at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: self.changes != mark, seconds)

    def close(self) -> None:
        """Let every job end, then the threads and their connections."""
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _work(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                self._count(waiting=-1, in_hand=1)
                _do(job)
                self._count(waiting=0, in_hand=-1)
        finally:
            connection.close()

    def _count(self, *, waiting: int, in_hand: int) -> None:
        with self._changed:
            self._waiting += waiting
            self._in_hand += in_hand
            self.changes += 1
            self._changed.notify_all()


def _do(job: Job) -> None:
    try:
        job()
    except Exception as error:  # noqa: BLE001 - logged without its text, and the crew goes on
        log_stumble(logger, "A job stumbled", error)
    if connection.errors_occurred:
        close_old_connections()
