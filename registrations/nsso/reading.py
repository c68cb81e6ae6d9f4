"""The channel that reads back what the NSSO says: validity, remarks, presences registered by other means.

A search is read page by page, and each page is kept before the next is asked for: memory does not grow with
the day, sending gets its turn in between, and a sender that dies loses no more than the day in hand.
"""

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from ciao_portal.days import brussels_day
from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.client import PageAnswer
from ciao_portal.nsso.contract import Validity
from ciao_portal.nsso.errors import NssoError, NssoLater
from ciao_portal.outbox import Watch, log_stumble
from ciao_portal.tenancy import unscoped
from registrations.models import NssoPresence, ReadBack, Submission
from registrations.nsso.clients import Clients
from registrations.nsso.lines import Lines, give_probe_back, may_ask
from registrations.nsso.missed import note_missed
from registrations.nsso.presences import keep_presences
from registrations.nsso.read_backs import (
    Span,
    claim_older,
    claim_recent,
    finish,
    free_the_dead,
    keep_hold,
    next_reading,
    open_days,
)
from registrations.nsso.states import ACCEPTED

logger = logging.getLogger(__name__)

# Searches in hand at once, a page of each in turn: today goes on while a newcomer's month is read.
MOST_RECENT = 4
MOST_OLDER = 2
# So reading never keeps sending waiting for long.
PORTION_S = 3.0
TROUBLE_PAUSE = timedelta(minutes=10)
OPEN_EVERY = timedelta(minutes=1)
STUMBLED = "internalError"


@dataclass
class _Reading:
    """A search in hand: the days still to come and when it began."""

    access: NssoCredentials
    days: list[ReadBack]
    is_recent: bool
    pages: Iterator[PageAnswer] | None = None
    began: datetime | None = None

    @classmethod
    def of(cls, span: Span, *, is_recent: bool) -> "_Reading":
        return cls(span.access, span.days, is_recent)

    def read_by(self, page: PageAnswer) -> list[ReadBack]:
        """The days that are complete with this page: pages come in order of time."""
        if page.is_last:
            return self.days
        reached = brussels_day(page.registrations[-1].registration_date)
        return [row for row in self.days if row.day < reached]


@dataclass
class ReadBackChannel:
    """Reads back the days that are due. One per sender, not for several threads."""

    # At most a quarter of the time: a busy day is read again and again while registrations come in.
    rest_factor: ClassVar[float] = 3.0

    _clients: Clients = field(default_factory=Clients)
    _lines: Lines = field(default_factory=Lines)
    _opened_at: datetime | None = None
    _in_hand: deque[_Reading] = field(default_factory=deque)

    def drain(self, *, sender: str, now: datetime) -> int:
        """One portion; answers how many pages were asked for."""
        with unscoped(reason="the sender reads back what the NSSO says to every company with access"):
            watch = Watch(now)
            if self._opened_at is None or now - self._opened_at >= OPEN_EVERY:
                open_days(now=now)
                self._opened_at = now
            self._take(sender=sender, now=now)
            asked = 0
            while self._in_hand and (not asked or watch.elapsed_s() < PORTION_S):
                reading = self._in_hand.popleft()
                self._read(reading, watch)
                asked += 1
                if reading.days:
                    self._in_hand.append(reading)
            return asked

    def close(self) -> None:
        """What is in hand is taken over when its claim has run out."""
        self._clients.close()

    def _take(self, *, sender: str, now: datetime) -> None:
        """Renew the claims in hand, then take what is due as far as hands are free."""
        keep_hold((row for reading in self._in_hand for row in reading.days), sender=sender, now=now)
        free_the_dead(now=now)
        recent = sum(reading.is_recent for reading in self._in_hand)
        older = len(self._in_hand) - recent
        if recent < MOST_RECENT:
            found = claim_recent(sender=sender, now=now, most=MOST_RECENT - recent)
            self._in_hand.extend(_Reading.of(span, is_recent=True) for span in found)
        if older < MOST_OLDER:
            found = claim_older(sender=sender, now=now, most=MOST_OLDER - older)
            self._in_hand.extend(_Reading.of(span, is_recent=False) for span in found)

    def _read(self, reading: _Reading, watch: Watch) -> None:
        permit = may_ask(reading.access.pk, watch.now())
        if permit.rest_until is not None:
            _leave(reading, due_at=permit.rest_until)
            return
        self._try(reading, watch, is_probe=permit.is_probe)
        if permit.probe_until is not None:
            give_probe_back(permit.probe_until, now=watch.now())

    def _try(self, reading: _Reading, watch: Watch, *, is_probe: bool) -> None:
        access = reading.access.pk
        try:
            self._ask(reading, watch)
        except NssoLater as error:
            again = self._lines.failed(access, error, now=watch.now(), is_probe=is_probe)
            _leave(reading, due_at=again, error=error.code.value)
        except NssoError as error:
            if error.exchange is not None:
                self._lines.failed(access, error, now=watch.now(), is_probe=is_probe)
            _leave(reading, due_at=watch.now() + TROUBLE_PAUSE, error=error.code.value)
        except Exception as error:  # noqa: BLE001 - logged without its text, the other days go on
            log_stumble(logger, "Reading back a day stumbled", error)
            _leave(reading, due_at=watch.now() + TROUBLE_PAUSE, error=STUMBLED)

    def _ask(self, reading: _Reading, watch: Watch) -> None:
        company = reading.access.company
        asked_at = watch.now()
        if reading.pages is None or reading.began is None:
            client = self._clients.get(reading.access, is_practice=company.is_demo)
            reading.pages = client.pages(reading.days[0].day, reading.days[-1].day)
            reading.began = asked_at
        page = next(reading.pages)
        self._lines.succeeded(
            reading.access.pk,
            now=watch.now(),
            exchange=page.exchange,
            token=self._clients.token_times(reading.access),
        )
        keep_presences(
            page.registrations, reader=company, shown_by=reading.access, read_at=asked_at, now=watch.now()
        )
        read = reading.read_by(page)
        _complete(read, began=reading.began, now=watch.now())
        reading.days = [row for row in reading.days if row not in read]


def _complete(rows: Iterable[ReadBack], *, began: datetime, now: datetime) -> None:
    """These days are read: all their pages are kept."""
    done = list(rows)
    for row in done:
        note_missed(row, began=began, now=now)
        row.pending = _pending(row)
        row.attempt_count = row.attempt_count if row.pending else 0
        row.read_at, row.last_error = now, ""
        row.due_at = next_reading(day=row.day, now=now, pending=row.pending, readings=row.attempt_count)
    finish(done)


def _leave(reading: _Reading, *, due_at: datetime, error: str | None = None) -> None:
    """Give up what is left of the search, to be asked for again; what was read before stays read."""
    for row in reading.days:
        row.due_at = due_at
        row.last_error = row.last_error if error is None else error
    finish(reading.days)
    reading.days = []


def _pending(row: ReadBack) -> int:
    """Results still awaited: of what was shown, and of what the NSSO took and does not show yet."""
    waiting = Submission.objects.filter(
        credentials=row.credentials,
        registration__happened_day=row.day,
        state=ACCEPTED,
        validity=Validity.PENDING.value,
    )
    shown = NssoPresence.objects.filter(
        shown_by=row.credentials, day=row.day, validity=Validity.PENDING.value, missed_since__isnull=True
    )
    return len({*waiting.values_list("nsso_id", flat=True), *shown.values_list("nsso_id", flat=True)})
