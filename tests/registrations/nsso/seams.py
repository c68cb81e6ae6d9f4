"""Where a test breaks the sender: at its transport, and before any statement of its database."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import requests
from django.db import connection, transaction

from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.contract import VERSION
from ciao_portal.nsso.environment import NssoEnvironment
from ciao_portal.nsso.errors import NssoError
from ciao_portal.nsso.transport import Call, NssoTransport, Reply, _no_answer, _Trace
from registrations.nsso.clients import Clients
from registrations.nsso.sending import SubmissionChannel


class Crash(BaseException):
    """The sender dies here: nothing of ours catches it."""


@dataclass
class Wire:
    """What happens to the next call that registers; `late` holds calls that will arrive after all."""

    before: list[Callable[[], None]] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)
    hold: bool = False
    late: list[tuple["BreakableTransport", Call]] = field(default_factory=list)
    # How often each item was held back, by worker and moment as they stand in the call.
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    # What the NSSO did not take from a call of which it took the rest, likewise.
    left_out: set[tuple[str, str]] = field(default_factory=set)

    def clear(self) -> None:
        self.before.clear()
        self.after.clear()
        self.hold = False

    def note_left_out(self, reply: Reply) -> None:
        """Items that were malformed in the NSSO's eyes; those from the future may come again at once."""
        document: dict[str, Any] = reply.document or {}
        for result in document.get("items", []):
            refused = result.get("notCreatedPresenceRegistration")
            places = [issue["name"] for issue in refused["problem"]["issues"]] if refused else []
            if refused and not any(place.endswith("registrationDate") for place in places):
                item = refused["presenceRegistration"]
                self.left_out.add((item["ssin"], item["registrationDate"]))

    def deliver_late(self) -> None:
        """What was held back arrives now; nobody hears the answer."""
        for transport, call in self.late:
            with suppress(NssoError):
                self.note_left_out(NssoTransport.send(transport, call))
        self.late.clear()


class BreakableTransport(NssoTransport):
    """The real transport; a test may act just before and just after a call, or hold it back."""

    def __init__(self, environment: NssoEnvironment, wire: Wire) -> None:
        super().__init__(environment, real_performance=False)
        self._wire = wire

    def send(self, call: Call) -> Reply:
        if not call.writes:
            return super().send(call)
        if self._wire.hold:
            self._wire.hold = False
            self._wire.late.append((self, call))
            items = json.loads(call.body or b"{}")["items"]
            self._wire.held.update((item["ssin"], item["registrationDate"]) for item in items)
            raise _no_answer(requests.ReadTimeout(), call, _Trace(call, VERSION))
        while self._wire.before:
            self._wire.before.pop()()
        reply = super().send(call)
        self._wire.note_left_out(reply)
        while self._wire.after:
            self._wire.after.pop()()
        return reply


class BreakableClients(Clients):
    """Clients whose calls go through a `BreakableTransport`."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def get(self, credentials: NssoCredentials, *, is_practice: bool) -> NssoClient:
        client = super().get(credentials, is_practice=is_practice)
        if not isinstance(client._transport, BreakableTransport):
            client._transport.close()
            client._transport = BreakableTransport(client._transport.environment, self._wire)
        return client


class BreakableChannel(SubmissionChannel):
    """A sender whose calls a test can break; of one thread, unless told otherwise."""

    def __init__(self, wire: Wire, *, threads: int = 1) -> None:
        super().__init__(threads=threads)
        self._clients = BreakableClients(wire)


SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@contextmanager
def crash_before_statement(number: int) -> Iterator[None]:
    """Die just before the n-th statement; what was committed stays, what was not is gone.

    Never at a savepoint: the history lies in a transaction of its own, which Django would give up with it. To
    a database that is the same as dying before the statement ahead of it.
    """
    count = 0

    def step(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        nonlocal count
        if not sql.startswith(SAVEPOINTS):
            count += 1
            if count == number:
                raise Crash
        return execute(sql, *arguments)

    with connection.execute_wrapper(step):
        try:
            yield
        except Crash:
            # A statement such as `bulk_create` has a transaction of its own when there is none. Here there is
            # the history's, and Django would give it up, though nothing of the statement was done.
            transaction.set_rollback(False)
            raise
