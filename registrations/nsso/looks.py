"""Looking up the uncertain submissions of one access and day."""

import logging
from dataclasses import replace
from datetime import timedelta

from ciao_portal.nsso.contract import Item
from ciao_portal.nsso.errors import NssoError, NssoMisconfigured
from ciao_portal.outbox import log_stumble
from registrations.models import Submission
from registrations.nsso import searching
from registrations.nsso.batches import Desk, keep_shown
from registrations.nsso.items import build_item
from registrations.nsso.results import STUMBLED_PAUSE, Claim
from registrations.nsso.searching import Lookup
from registrations.nsso.states import UNCERTAIN
from registrations.rules.breaker import MISCONFIGURED_PAUSE

logger = logging.getLogger(__name__)

# After a look that failed (seconds), unless the NSSO asks for more or its line rests longer.
LOOK_AGAIN_S = 10.0


class Looking:
    """Runs one lookup."""

    def __init__(self, desk: Desk, lookup: Lookup) -> None:
        self._desk = desk
        self._lookup = lookup
        self._watch = desk.watch
        self._claim = Claim(desk.sender, lookup.submissions, UNCERTAIN)

    def run(self) -> None:
        try:
            self._look()
        except NssoError as error:
            self._keep_error(error)
        except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
            log_stumble(logger, "A look for lost answers stumbled", error)
            self._stumble(self._claim, error)

    def postpone(self) -> None:
        """Give them back; they are looked up with the next portion."""
        searching.postpone(self._claim, due_at=self._watch.now(), reason="")

    def _look(self) -> None:
        lookup = self._lookup
        items = {one.pk: item for one in lookup.submissions if (item := self._item(one))}
        if not items:
            return
        client = self._desk.clients.get(lookup.credentials, is_practice=lookup.is_practice)
        answer = client.search(lookup.day, lookup.day)
        self._desk.succeeded(lookup, answer.exchanges[-1])
        wanted = replace(self._claim, submissions=[one for one in lookup.submissions if one.pk in items])
        found = searching.keep_found(wanted, answer, items, now=self._watch.now())
        keep_shown(found, lookup, self._watch)

    def _keep_error(self, error: NssoError) -> None:
        now = self._watch.now()
        wait_s = getattr(error, "retry_after", None) or LOOK_AGAIN_S
        if isinstance(error, NssoMisconfigured):
            wait_s = MISCONFIGURED_PAUSE.total_seconds()
        again = now + timedelta(seconds=wait_s)
        if error.exchange is not None:
            access, is_probe = self._lookup.credentials.pk, self._desk.is_probe
            again = max(again, self._desk.lines.failed(access, error, now=now, is_probe=is_probe))
        searching.keep_not_searched(self._claim, error, due_at=again)

    def _item(self, submission: Submission) -> Item | None:
        try:
            return build_item(submission)
        except Exception as error:  # noqa: BLE001 - logged without its text, the others go on
            log_stumble(logger, "A submission stumbled", error)
            self._stumble(replace(self._claim, submissions=[submission]), error)
            return None

    def _stumble(self, claim: Claim, error: Exception) -> None:
        now = self._watch.now()
        searching.keep_stumbled(claim, error, due_at=now + STUMBLED_PAUSE, now=now)
