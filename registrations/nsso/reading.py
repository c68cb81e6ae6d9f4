"""The channel that reads back what the NSSO says: validity, remarks, presences registered by other means."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from ciao_portal.access import usable_accesses
from ciao_portal.days import brussels_day
from ciao_portal.nsso.contract import Validity
from ciao_portal.nsso.errors import NssoError, NssoLater
from ciao_portal.outbox import Watch, lock_due, log_stumble, mark_in_flight
from ciao_portal.tenancy import unscoped
from registrations.models import NssoPresence, ReadBack, Submission
from registrations.nsso.claims import search_after
from registrations.nsso.clients import Clients
from registrations.nsso.columns import save_columns
from registrations.nsso.lines import Lines, give_probe_back, may_ask
from registrations.nsso.presences import keep_presences
from registrations.nsso.read_backs import next_reading
from registrations.nsso.states import ACCEPTED

logger = logging.getLogger(__name__)

# A few days per portion, so that reading never keeps sending waiting for long.
DAYS_PER_PORTION = 3
PORTION_S = 3.0
TROUBLE_PAUSE = timedelta(minutes=10)
TODAY_EVERY = timedelta(minutes=1)
SAVED = ("due_at", "in_flight_since", "claimed_by", "attempt_count", "last_error", "pending", "read_at")
STUMBLED = "internalError"


class ReadBackChannel:
    """Reads back the days that are due. One per sender, not for several threads."""

    def __init__(self) -> None:
        self._clients = Clients()
        self._lines = Lines()
        self._looked_at_today: datetime | None = None

    def drain(self, *, sender: str, now: datetime) -> int:
        """One portion; answers how many days were read."""
        with unscoped(reason="the sender reads back what the NSSO says to every company with access"):
            watch = Watch(now)
            self._open_today(now)
            claimed = _claim(sender=sender, now=now)
            for row in claimed:
                self._read(row, watch)
            return len(claimed)

    def close(self) -> None:
        self._clients.close()

    def _open_today(self, now: datetime) -> None:
        """Today is read for every access, also where nobody registers through us but by other means."""
        if self._looked_at_today is not None and now - self._looked_at_today < TODAY_EVERY:
            return
        today = brussels_day(now)
        opened = ReadBack.objects.filter(day=today).values("credentials")
        ReadBack.objects.bulk_create(
            [
                ReadBack(credentials=access, day=today, due_at=now)
                for access in usable_accesses().exclude(pk__in=opened)
            ],
            ignore_conflicts=True,
        )
        self._looked_at_today = now

    def _read(self, row: ReadBack, watch: Watch) -> None:
        if watch.elapsed_s() > PORTION_S:
            _finish(row, due_at=watch.now(), error=row.last_error)
            return
        permit = may_ask(row.credentials_id, watch.now())
        if permit.rest_until is not None:
            _finish(row, due_at=permit.rest_until, error=row.last_error)
            return
        self._try(row, watch, is_probe=permit.is_probe)
        if permit.probe_until is not None:
            give_probe_back(permit.probe_until, now=watch.now())

    def _try(self, row: ReadBack, watch: Watch, *, is_probe: bool) -> None:
        access = row.credentials_id
        try:
            self._ask(row, watch)
        except NssoLater as error:
            again = self._lines.failed(access, error, now=watch.now(), is_probe=is_probe)
            _finish(row, due_at=again, error=error.code.value)
        except NssoError as error:
            if error.exchange is not None:
                self._lines.failed(access, error, now=watch.now(), is_probe=is_probe)
            _finish(row, due_at=watch.now() + TROUBLE_PAUSE, error=error.code.value)
        except Exception as error:  # noqa: BLE001 - logged without its text, the other days go on
            log_stumble(logger, "Reading back a day stumbled", error)
            _finish(row, due_at=watch.now() + TROUBLE_PAUSE, error=STUMBLED)

    def _ask(self, row: ReadBack, watch: Watch) -> None:
        company = row.credentials.company
        client = self._clients.get(row.credentials, is_practice=company.is_demo)
        began = watch.now()
        answer = client.search(row.day, row.day)
        now = watch.now()
        self._lines.succeeded(
            row.credentials_id,
            now=now,
            exchange=answer.exchanges[-1],
            token=self._clients.token_times(row.credentials),
        )
        keep_presences(answer.registrations, reader=company, read_at=began, now=now)
        row.pending = _pending(row, [view.id for view in answer.registrations])
        row.attempt_count = row.attempt_count if row.pending else 0
        row.read_at = now
        again = next_reading(day=row.day, now=now, pending=row.pending, readings=row.attempt_count)
        _finish(row, due_at=again, error="")


def _claim(*, sender: str, now: datetime) -> list[ReadBack]:
    """Take a few due days, the longest due first. While it is read a row has no due time, so that a
    registration accepted meanwhile can ask for another look."""
    dead = ReadBack.objects.filter(in_flight_since__lt=now - search_after())
    if dead.exists():
        dead.update(in_flight_since=None, due_at=now)
    due = ReadBack.objects.select_related("credentials__company").order_by("due_at")
    if not due.filter(due_at__lte=now, in_flight_since__isnull=True).exists():
        return []
    with transaction.atomic():
        rows = lock_due(due, now=now, limit=DAYS_PER_PORTION)
        mark_in_flight(rows, sender=sender, now=now)
        for row in rows:
            row.due_at = None
        save_columns(rows, SAVED)
    return rows


@transaction.atomic
def _finish(row: ReadBack, *, due_at: datetime | None, error: str) -> None:
    """Write the reading down, unless another sender took it over."""
    stored = ReadBack.objects.select_for_update().get(pk=row.pk)
    if stored.claimed_by != row.claimed_by or stored.in_flight_since is None:
        return
    if stored.due_at is not None:
        # Somebody asked for another look while this one was under way.
        due_at = min(stored.due_at, due_at) if due_at is not None else stored.due_at
        row.attempt_count = 0
    row.due_at, row.in_flight_since, row.last_error = due_at, None, error
    row.save(update_fields=SAVED)


def _pending(row: ReadBack, shown: list[int]) -> int:
    """Results still awaited: of what was shown, and of what the NSSO took and does not show yet."""
    waiting = Submission.objects.filter(
        credentials=row.credentials,
        registration__happened_day=row.day,
        state=ACCEPTED,
        validity=Validity.PENDING.value,
    )
    presences = NssoPresence.objects.filter(nsso_id__in=shown, validity=Validity.PENDING.value)
    return len({*waiting.values_list("nsso_id", flat=True), *presences.values_list("nsso_id", flat=True)})
