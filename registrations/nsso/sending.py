"""The channel that brings registrations to the NSSO: in batches, in order, each once as far as can be known.

A claim is committed before a byte is sent. The answer decides what becomes of it: the NSSO has it, refuses
it, wants it later, or nobody knows, and then it is looked up before it is sent again.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.contract import Created, Item, PresenceRegistration
from ciao_portal.nsso.errors import NssoCode, NssoError, NssoLater, NssoMisconfigured, NssoRefused
from ciao_portal.outbox import Watch, log_stumble
from ciao_portal.tenancy import unscoped
from registrations.models import Submission
from registrations.nsso import claims, results, searching
from registrations.nsso.claims import Batch
from registrations.nsso.clients import Clients
from registrations.nsso.items import NumberPendingError, NumberUnreadableError, UnsendableError, build_item
from registrations.nsso.pauses import MISCONFIGURED_PAUSE, Pauses
from registrations.nsso.presences import keep_presences
from registrations.nsso.refusals import Reason
from registrations.nsso.results import Claim
from registrations.nsso.searching import Lookup
from registrations.nsso.states import MISCONFIGURED, NUMBER_PENDING, UNCERTAIN, WAITING

logger = logging.getLogger(__name__)

# After so long the other companies get their turn before this portion goes on.
PORTION_S = 5.0
# An error of our own on a submission: it is tried again, but not in a hot loop.
STUMBLED_PAUSE = timedelta(minutes=5)
STUMBLED = "internalError"
NUMBER_UNREADABLE = "numberUnreadable"
# After a look for lost answers that failed (seconds), unless the NSSO asks for more.
LOOK_AGAIN_S = 10.0
# Refusals of the whole request that no splitting can cure: the address or the rights are wrong.
_NOT_ABOUT_THE_ITEMS = (NssoCode.NOT_FOUND, NssoCode.NOT_VISIBLE)


class SubmissionChannel:
    """Looks up what is uncertain, then sends what waits. One per sender, not for several threads."""

    def __init__(self) -> None:
        self._clients = Clients()
        self._pauses = Pauses()

    def drain(self, *, sender: str, now: datetime) -> int:
        """One portion; answers how many submissions were taken."""
        with unscoped(reason="the sender brings the registrations of every company to the NSSO"):
            watch = Watch(now)
            claims.give_up_claims_of_the_dead(now=now)
            lookups = searching.claim_lookups(sender=sender, now=now)
            for lookup in lookups:
                _Search(self._clients, sender, watch).run(lookup)
            batches = claims.claim(sender=sender, now=now, pauses=self._pauses)
            send = _Send(self._clients, self._pauses, sender, watch)
            for place, batch in enumerate(batches):
                # The first one always goes, however long the looks took.
                if place and watch.elapsed_s() > PORTION_S:
                    claims.release(batch.submissions, sender=sender, now=watch.now())
                else:
                    send.run(batch)
            looked_up = sum(len(lookup.submissions) for lookup in lookups)
            return looked_up + sum(len(batch.submissions) for batch in batches)

    def close(self) -> None:
        self._clients.close()


class _Send:
    """Sends one batch."""

    def __init__(self, clients: Clients, pauses: Pauses, sender: str, watch: Watch) -> None:
        self._clients = clients
        self._pauses = pauses
        self._sender = sender
        self._watch = watch

    def run(self, batch: Batch) -> None:
        if self._pauses.until(batch.credentials.pk, self._watch.now()) is not None:
            claims.release(batch.submissions, sender=self._sender, now=self._watch.now())
            return
        try:
            items = self._items(batch)
            if sendable := [one for one in batch.submissions if one.pk in items]:
                self._open_and_send(batch, sendable, items)
        except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
            # What was under way when it stumbled is uncertain: the claim runs out and is looked up then.
            log_stumble(logger, "A batch stumbled", error)

    def _open_and_send(
        self, batch: Batch, submissions: Sequence[Submission], items: Mapping[UUID, Item]
    ) -> None:
        try:
            client = self._clients.get(batch.credentials, is_practice=batch.is_practice)
            client.prepare()
        except NssoError as error:
            self._keep_error(batch, submissions, error)
        else:
            self._send(batch, client, submissions, items)

    def _items(self, batch: Batch) -> dict[UUID, Item]:
        """The items by submission; what makes none is put aside, so that it never blocks the others."""
        items: dict[UUID, Item] = {}
        unsendable: dict[UUID, Reason] = {}
        for one in batch.submissions:
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
                later = self._watch.now() + STUMBLED_PAUSE
                results.keep_unsent(self._claim([one]), WAITING, due_at=later, reason=STUMBLED)
        results.keep_unsendable(self._claim(batch.submissions), unsendable)
        return items

    def _send(
        self, batch: Batch, client: NssoClient, submissions: Sequence[Submission], items: Mapping[UUID, Item]
    ) -> None:
        """One call; a request refused as a whole is halved until the culprit stands alone."""
        ours = claims.renew(submissions, sender=self._sender, now=self._watch.now())
        if not ours:
            return
        try:
            answer = client.register_in_bulk([items[one.pk] for one in ours])
        except NssoRefused as error:
            if len(ours) == 1 or error.code in _NOT_ABOUT_THE_ITEMS:
                self._keep_error(batch, ours, error)
                return
            middle = len(ours) // 2
            self._send(batch, client, ours[:middle], items)
            self._send(batch, client, ours[middle:], items)
        except NssoError as error:
            self._keep_error(batch, ours, error)
        else:
            self._pauses.succeeded(batch.credentials.pk)
            results.keep_answer(self._claim(ours), answer, now=self._watch.now())
            created = [one.registration for one in answer.results if isinstance(one, Created)]
            _keep_shown(created, batch, now=self._watch.now())

    def _keep_error(self, batch: Batch, submissions: Sequence[Submission], error: NssoError) -> None:
        claim, now, access = self._claim(submissions), self._watch.now(), batch.credentials.pk
        if isinstance(error, NssoLater) and error.outcome_unknown:
            self._pauses.failed(access, now=now, retry_after=error.retry_after)
            results.keep_lost_answer(claim, error, search_at=now + claims.search_after())
        elif isinstance(error, NssoLater):
            again = self._pauses.failed(access, now=now, retry_after=error.retry_after)
            results.keep_later(claim, error, due_at=again)
        elif isinstance(error, NssoRefused) and error.code not in _NOT_ABOUT_THE_ITEMS:
            results.keep_refused(claim, error)
        else:
            # Without an exchange nothing was sent: it concerns this kind of data, not the whole access.
            if error.exchange is not None:
                self._pauses.misconfigured(access, now=now)
            results.keep_misconfigured(claim, error, due_at=now + MISCONFIGURED_PAUSE)

    def _claim(self, submissions: Sequence[Submission]) -> Claim:
        return Claim(self._sender, submissions)


class _Search:
    """Looks up the uncertain submissions of one access and day."""

    def __init__(self, clients: Clients, sender: str, watch: Watch) -> None:
        self._clients = clients
        self._sender = sender
        self._watch = watch

    def run(self, lookup: Lookup) -> None:
        claim = Claim(self._sender, lookup.submissions, UNCERTAIN)
        if self._watch.elapsed_s() > PORTION_S:
            searching.postpone(claim, due_at=self._watch.now(), reason="")
            return
        try:
            self._look(lookup, claim)
        except NssoError as error:
            wait_s = getattr(error, "retry_after", None) or LOOK_AGAIN_S
            if isinstance(error, NssoMisconfigured):
                wait_s = MISCONFIGURED_PAUSE.total_seconds()
            again = self._watch.now() + timedelta(seconds=wait_s)
            searching.keep_not_searched(claim, error, due_at=again)
        except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
            log_stumble(logger, "A look for lost answers stumbled", error)
            searching.postpone(claim, due_at=self._watch.now() + STUMBLED_PAUSE, reason=STUMBLED)

    def _look(self, lookup: Lookup, claim: Claim) -> None:
        items = {one.pk: item for one in lookup.submissions if (item := self._item(one, claim))}
        client = self._clients.get(lookup.credentials, is_practice=lookup.is_practice)
        answer = client.search(lookup.day, lookup.day)
        wanted = replace(claim, submissions=[one for one in lookup.submissions if one.pk in items])
        found = searching.keep_found(wanted, answer, items, now=self._watch.now())
        batch = Batch(lookup.credentials, lookup.is_practice, lookup.submissions)
        _keep_shown(found, batch, now=self._watch.now())

    def _item(self, submission: Submission, claim: Claim) -> Item | None:
        try:
            return build_item(submission)
        except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
            log_stumble(logger, "A submission stumbled", error)
            alone = replace(claim, submissions=[submission])
            searching.postpone(alone, due_at=self._watch.now() + STUMBLED_PAUSE, reason=STUMBLED)
            return None


def _keep_shown(registrations: Sequence[PresenceRegistration], batch: Batch, *, now: datetime) -> None:
    """Keep them as presences at once. When that fails, the reading back of the day makes up for it."""
    try:
        keep_presences(registrations, reader=batch.credentials.company, read_at=now, now=now)
    except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
        log_stumble(logger, "Presences were not kept and will be read back", error)
