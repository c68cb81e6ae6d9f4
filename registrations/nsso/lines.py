"""How traffic goes, kept in the database: senders of every host rest together and find out together.

`registrations.rules.breaker` decides; here it is read and written. A failure is written at once, a success
only now and then while all goes well.
"""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from ciao_portal.nsso.auth import TokenTimes
from ciao_portal.nsso.errors import Exchange, NssoCode, NssoError, NssoLater
from registrations.models import NssoLine
from registrations.rules import breaker
from registrations.rules.breaker import Passage, Trouble

# So often a success is written while all goes well. The service's more often: a success between the failures
# of several accesses tells that the service works.
SUCCESS_EVERY = timedelta(seconds=5)
SERVICE_SUCCESS_EVERY = timedelta(seconds=1)
# An access that spoke with the NSSO within this time counts as in use.
IN_USE = timedelta(days=1)
# These are an access's own trouble and say nothing of the service.
OWN_TROUBLE = frozenset(
    {
        NssoCode.TOKEN_REFUSED,
        NssoCode.TOKEN_NOT_ACCEPTED,
        NssoCode.PERMISSION_MISSING,
        NssoCode.PRIVATE_KEY_UNREADABLE,
        NssoCode.NOT_FOUND,
        NssoCode.NOT_VISIBLE,
    }
)
# With these the NSSO may have said how long this access is to wait, whatever others may do.
_TOLD_TO_WAIT = (NssoCode.TOO_MANY_REQUESTS, NssoCode.SERVICE_UNAVAILABLE)


def probe_time() -> timedelta:
    """How long a probe may take; afterwards its sender counts as dead and the next one probes."""
    seconds: float = 3 * settings.NSSO_TIMEOUT_S + 10
    return timedelta(seconds=seconds)


@dataclass(frozen=True)
class Traffic:
    """The lines in trouble, as they stood at one moment."""

    now: datetime
    service: Trouble
    accesses: Mapping[UUID, Trouble]

    @property
    def passage(self) -> Passage:
        """What the service as a whole lets pass."""
        return breaker.passage(self.service, now=self.now)

    @property
    def resting(self) -> frozenset[UUID]:
        """Accesses that must not be used yet for reasons of their own."""
        return frozenset(access for access in self.accesses if self._of(access) is Passage.RESTING)

    def rest_of(self, access: UUID) -> datetime | None:
        """The end of this access's own rest; None when it may be used."""
        return self.accesses[access].rest_until if self._of(access) is Passage.RESTING else None

    def rows_allowed(self, access: UUID, most: int) -> int:
        return breaker.rows_allowed(self.accesses.get(access, Trouble()), most)

    def _of(self, access: UUID) -> Passage:
        return breaker.passage(self.accesses.get(access, Trouble()), now=self.now)


def look(now: datetime) -> Traffic:
    """One query over the few lines in trouble."""
    rows = {row.credentials_id: _trouble(row) for row in NssoLine.objects.filter(failures__gt=0)}
    service = rows.pop(None, Trouble())
    return Traffic(now, service, {access: one for access, one in rows.items() if access is not None})


def take_probe(now: datetime) -> datetime | None:
    """The caller, and nobody else, may try now whether the service works again; None when somebody does.

    Answers until when that holds, for `give_probe_back`.
    """
    until = now + probe_time()
    free = _of(None).filter(Q(rest_until__lte=now) | Q(rest_until__isnull=True), failures__gt=0)
    return until if free.update(rest_until=until) else None


def give_probe_back(until: datetime, *, now: datetime) -> None:
    """The probe is over: unless it succeeded or failed, which is written, the next one may follow at once."""
    _of(None).filter(failures__gt=0, rest_until=until).update(rest_until=now)


@dataclass(frozen=True)
class Permit:
    """For a single call: when to come back (None: it may go now), and whether it goes as a probe."""

    rest_until: datetime | None = None
    probe_until: datetime | None = None

    @property
    def is_probe(self) -> bool:
        return self.probe_until is not None


def may_ask(access: UUID, now: datetime) -> Permit:
    """Whether one call may go under this access. A permit for a probe is to be given back afterwards."""
    traffic = look(now)
    rest = traffic.rest_of(access)
    if rest is None and traffic.passage is Passage.RESTING:
        rest = traffic.service.rest_until
    if rest is not None or traffic.passage is Passage.FREE:
        return Permit(rest_until=rest)
    probe_until = take_probe(now)
    return Permit(probe_until=probe_until) if probe_until else Permit(rest_until=now + SUCCESS_EVERY)


class Lines:
    """Notes how calls went. One per channel; safe between its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[UUID | None, datetime] = {}
        self._in_trouble: frozenset[UUID | None] = frozenset()

    def look(self, now: datetime) -> Traffic:
        """As `look`; from now on a success that ends a known trouble is written at once."""
        traffic = look(now)
        service = {None} if traffic.service.failures else set()
        with self._lock:
            self._in_trouble = frozenset({*traffic.accesses, *service})
        return traffic

    def succeeded(
        self,
        access: UUID,
        *,
        now: datetime,
        exchange: Exchange,
        token: TokenTimes | None,
    ) -> None:
        """The NSSO answered under this access: its trouble is over, and the service's."""
        fine = {"failures": 0, "rest_until": None, "failing_since": None, "last_success_at": now}
        if self._is_news(access, now):
            _write(access, {**fine, **_seen(exchange), **_token(token)})
        if self._is_news(None, now):
            was_down = _of(None).filter(failures__gt=0).exists()
            _write(None, fine)
            if was_down:
                _let_everybody_go()

    def failed(self, access: UUID, error: NssoError, *, now: datetime, is_probe: bool) -> datetime:
        """Count a failure of this access, and of the service when it is its; answers when to try again."""
        self._forget(access)
        again = _fail(access, error, now=now)
        if not isinstance(error, NssoLater) or error.code in OWN_TROUBLE:
            return again
        return max(again, _fail_service(error, now=now, is_probe=is_probe) or again)

    def _is_news(self, access: UUID | None, now: datetime) -> bool:
        """Whether a success is worth a write; counted as written."""
        with self._lock:
            last = self._noted.get(access)
            every = SERVICE_SUCCESS_EVERY if access is None else SUCCESS_EVERY
            is_news = last is None or now - last >= every or bool(self._in_trouble & {access, None})
            if is_news:
                self._noted[access] = now
            return is_news

    def _forget(self, access: UUID) -> None:
        """The next success is news again."""
        with self._lock:
            self._noted.pop(access, None)
            self._noted.pop(None, None)
            self._in_trouble |= {access}


def _of(access: UUID | None) -> QuerySet[NssoLine]:
    if access is None:
        return NssoLine.objects.filter(credentials__isnull=True)
    return NssoLine.objects.filter(credentials=access)


def _write(access: UUID | None, values: Mapping[str, Any]) -> None:
    if not _of(access).update(**values):
        NssoLine.objects.bulk_create([NssoLine(credentials_id=access, **values)], ignore_conflicts=True)


def _locked(access: UUID | None) -> NssoLine:
    """The line, locked (call inside `atomic`); made when there is none yet."""
    row = _of(access).select_for_update().first()
    if row is None:
        NssoLine.objects.bulk_create([NssoLine(credentials_id=access)], ignore_conflicts=True)
        row = _of(access).select_for_update().get()
    return row


@transaction.atomic
def _fail(access: UUID, error: NssoError, *, now: datetime) -> datetime:
    """Note a failure on the access's line; answers when it may be tried again."""
    row = _locked(access)
    if isinstance(error, NssoLater):
        trouble = breaker.after_failure(
            _trouble(row), now=now, spread=_spread(), retry_after_s=error.retry_after
        )
    else:
        trouble = breaker.after_misconfigured(_trouble(row), now=now)
    _keep(row, trouble, error, now=now)
    return trouble.rest_until or now


@transaction.atomic
def _fail_service(error: NssoLater, *, now: datetime, is_probe: bool) -> datetime | None:
    """Note a failure on the service's line; answers the end of its rest, if it rests."""
    row = _locked(None)
    trouble = _trouble(row)
    if trouble.failures == 0:
        failing = _failing_since(row.last_success_at)
        recently = Q(last_success_at__gte=now - IN_USE) | Q(last_failure_at__gte=now - IN_USE)
        in_use = NssoLine.objects.filter(recently, credentials__isnull=False).count()
        if not breaker.is_service_down(failing=len(failing), in_use=in_use):
            _keep(row, trouble, error, now=now)
            return None
        trouble = Trouble(failing_since=min(failing, default=now))
    wait_s = breaker.service_wait_s(error.retry_after)
    trouble = breaker.after_failure(
        trouble, now=now, spread=_spread(), retry_after_s=wait_s, is_probe=is_probe
    )
    _keep(row, trouble, error, now=now)
    return trouble.rest_until


def _failing_since(last_success: datetime | None) -> list[datetime]:
    """Since when each access fails that failed for a reason of the service after its last success."""
    rows = NssoLine.objects.filter(credentials__isnull=False, failures__gt=0).exclude(
        last_failure__in=OWN_TROUBLE
    )
    if last_success is not None:
        rows = rows.filter(last_failure_at__gt=last_success)
    return [since for since in rows.values_list("failing_since", flat=True) if since is not None]


def _let_everybody_go() -> None:
    """The service works again: what rested because of it need not rest on."""
    rows = NssoLine.objects.filter(credentials__isnull=False, failures__gt=0)
    rows.exclude(last_failure__in=(*OWN_TROUBLE, *_TOLD_TO_WAIT)).update(rest_until=None)


def _keep(row: NssoLine, trouble: Trouble, error: NssoError, *, now: datetime) -> None:
    values = {
        "failures": trouble.failures,
        "rest_until": trouble.rest_until,
        "failing_since": trouble.failing_since,
        "last_failure_at": now,
        "last_failure": error.code.value,
        **(_seen(error.exchange) if row.credentials_id is not None else {}),
    }
    NssoLine.objects.filter(pk=row.pk).update(**values)


def _trouble(row: NssoLine) -> Trouble:
    return Trouble(row.failures, row.rest_until, row.failing_since)


def _seen(exchange: Exchange | None) -> dict[str, Any]:
    if exchange is None or exchange.clock_skew_s is None:
        return {}
    return {"clock_skew_s": exchange.clock_skew_s}


def _token(token: TokenTimes | None) -> dict[str, Any]:
    return {} if token is None else {"token_fetched_at": token.fetched_at, "token_ends_at": token.ends_at}


def _spread() -> float:
    return random.random()  # noqa: S311 - spreads load, no secret
