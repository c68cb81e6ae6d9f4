"""Sending one batch, and what becomes of it by the answer.

The NSSO has it, refuses it, wants it later, or nobody knows: then it is looked up before it is sent again.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError

from ciao_portal.nsso.client import BulkAnswer, NssoClient
from ciao_portal.nsso.contract import Created, Item, PresenceRegistration
from ciao_portal.nsso.errors import Exchange, NssoCode, NssoError, NssoLater, NssoRefused
from ciao_portal.outbox import Watch, log_stumble
from registrations.models import Submission
from registrations.nsso import claims, results
from registrations.nsso.claims import Batch
from registrations.nsso.clients import Clients
from registrations.nsso.items import (
    NUMBER_UNREADABLE,
    NumberPendingError,
    NumberUnreadableError,
    UnsendableError,
    build_item,
)
from registrations.nsso.lines import Lines
from registrations.nsso.presences import keep_presences
from registrations.nsso.refusals import Reason
from registrations.nsso.results import Claim
from registrations.nsso.searching import Lookup
from registrations.nsso.states import MISCONFIGURED, NUMBER_PENDING
from registrations.rules.breaker import MISCONFIGURED_PAUSE

logger = logging.getLogger(__name__)

# Refusals of the whole request that no splitting can cure: the address or the rights are wrong.
_NOT_ABOUT_THE_ITEMS = (NssoCode.NOT_FOUND, NssoCode.NOT_VISIBLE)


@dataclass(frozen=True)
class Desk:
    """What the jobs of one portion have at hand; `is_probe` when they try whether the service works again."""

    clients: Clients
    lines: Lines
    sender: str
    watch: Watch
    is_probe: bool = False

    def succeeded(self, work: Batch | Lookup, exchange: Exchange) -> None:
        access = work.credentials
        token = self.clients.token_times(access)
        self.lines.succeeded(access.pk, now=self.watch.now(), exchange=exchange, token=token)


class Sending:
    """Sends one batch."""

    def __init__(self, desk: Desk, batch: Batch) -> None:
        self._desk = desk
        self._batch = batch
        self._watch = desk.watch

    def run(self) -> None:
        try:
            items = self._items()
            if sendable := [one for one in self._batch.submissions if one.pk in items]:
                self._open_and_send(sendable, items)
        except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
            log_stumble(logger, "A batch stumbled", error)
            self._keep_stumble(self._batch.submissions, error)

    def _open_and_send(self, submissions: Sequence[Submission], items: Mapping[UUID, Item]) -> None:
        try:
            client = self._desk.clients.get(self._batch.credentials, is_practice=self._batch.is_practice)
            client.prepare()
        except NssoError as error:
            self._keep_error(submissions, error)
        else:
            self._send(client, submissions, items)

    def _items(self) -> dict[UUID, Item]:
        """The items by submission; what makes none is put aside, so that it never blocks the others."""
        items: dict[UUID, Item] = {}
        unsendable: dict[UUID, Reason] = {}
        for one in self._batch.submissions:
            try:
                items[one.pk] = build_item(one)
            except UnsendableError as error:
                unsendable[one.pk] = error.reason
            except NumberPendingError:
                results.keep_unsent(self._claim([one]), NUMBER_PENDING, due_at=None, reason="")
            except NumberUnreadableError:
                later = self._watch.now() + MISCONFIGURED_PAUSE
                results.keep_unsent(self._claim([one]), MISCONFIGURED, due_at=later, reason=NUMBER_UNREADABLE)
            except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
                log_stumble(logger, "A submission stumbled", error)
                results.keep_unprepared(self._claim([one]), error, now=self._watch.now())
        results.keep_unsendable(self._claim(self._batch.submissions), unsendable)
        return items

    def _send(
        self, client: NssoClient, submissions: Sequence[Submission], items: Mapping[UUID, Item]
    ) -> None:
        """One call; a request refused as a whole is halved until the culprit stands alone."""
        ours = claims.renew(submissions, sender=self._desk.sender, now=self._watch.now())
        if not ours:
            return
        try:
            answer = client.register_in_bulk([items[one.pk] for one in ours])
        except NssoRefused as error:
            if len(ours) == 1 or error.code in _NOT_ABOUT_THE_ITEMS:
                self._keep_error(ours, error)
                return
            middle = len(ours) // 2
            self._send(client, ours[:middle], items)
            self._send(client, ours[middle:], items)
        except NssoError as error:
            self._keep_error(ours, error)
        else:
            self._desk.succeeded(self._batch, answer.exchange)
            self._keep_answer(ours, answer)
            self._show(answer, of=len(ours))

    def _show(self, answer: BulkAnswer, *, of: int) -> None:
        """Keep as presences what the NSSO made of them, unless there is a backlog.

        A full portion tells of one: then the next portion is more urgent, and the reading back of the day,
        which is due anyway, keeps them.
        """
        if of < settings.NSSO_BATCH_SIZE:
            created = [one.registration for one in answer.results if isinstance(one, Created)]
            keep_shown(created, self._batch, self._watch)

    def _keep_answer(self, ours: Sequence[Submission], answer: BulkAnswer) -> None:
        """All at once; when that fails, each alone, so that one that cannot be kept blocks no other."""
        try:
            results.keep_answer(self._claim(ours), answer, now=self._watch.now())
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
            log_stumble(logger, "An answer stumbled", error)
            for one, result in zip(ours, answer.results, strict=True):
                self._keep_alone(one, BulkAnswer((result,), answer.exchange))

    def _keep_alone(self, one: Submission, answer: BulkAnswer) -> None:
        try:
            results.keep_answer(self._claim([one]), answer, now=self._watch.now())
        except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
            self._keep_stumble([one], error)

    def _keep_stumble(self, submissions: Sequence[Submission], error: Exception) -> None:
        """Have them looked up. When even that fails, the claim runs out and they are looked up then."""
        now = self._watch.now()
        search_at = now + claims.search_after()
        try:
            results.keep_stumbled(self._claim(submissions), error, search_at=search_at, now=now)
        except Exception as another:  # noqa: BLE001 - logged without its text, the others go on
            log_stumble(logger, "A stumble was not kept", another)

    def _keep_error(self, submissions: Sequence[Submission], error: NssoError) -> None:
        claim, now = self._claim(submissions), self._watch.now()
        if isinstance(error, NssoRefused) and error.code not in _NOT_ABOUT_THE_ITEMS:
            if error.exchange is not None:
                self._desk.succeeded(self._batch, error.exchange)
            results.keep_refused(claim, error)
            return
        if error.exchange is None:
            # Nothing was sent: it concerns this kind of data or this key, no line to the NSSO.
            results.keep_misconfigured(claim, error, due_at=now + MISCONFIGURED_PAUSE)
            return
        access, is_probe = self._batch.credentials.pk, self._desk.is_probe
        again = self._desk.lines.failed(access, error, now=now, is_probe=is_probe)
        if isinstance(error, NssoLater) and error.outcome_unknown:
            results.keep_lost_answer(claim, error, search_at=now + claims.search_after())
        elif isinstance(error, NssoLater):
            results.keep_later(claim, error, due_at=again)
        else:
            results.keep_misconfigured(claim, error, due_at=again)

    def _claim(self, submissions: Sequence[Submission]) -> Claim:
        return Claim(self._desk.sender, submissions)


def keep_shown(registrations: Sequence[PresenceRegistration], work: Batch | Lookup, watch: Watch) -> None:
    """Keep them as presences at once. When that fails, the reading back of the day makes up for it."""
    now = watch.now()
    try:
        keep_presences(registrations, reader=work.credentials.company, read_at=now, now=now)
    except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
        log_stumble(logger, "Presences were not kept and will be read back", error)
