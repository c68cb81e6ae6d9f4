"""Trying one company's access step by step, so that whoever must act is known when it does not work.

The steps run in the process that answers a page, where they hold up one of its few workers. So each call has
short time-outs, and all together end after about ten seconds: what is left of them is shared out as they run.
(Finding the address of a name has a limit of its own, in the resolver of the machine.) Nothing is written at
the NSSO.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial

from ciao_portal.crypto import DecryptionError
from ciao_portal.nsso.auth import Credentials, read_private_key, shared_token_source
from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.contract import HealthStatus
from ciao_portal.nsso.environment import NssoEnvironment, environment
from ciao_portal.nsso.errors import Exchange, NssoCode, NssoError, NssoLater, NssoMisconfigured

LONGEST_S = 10.0
# One call: to connect, and again to hear something. The NSSO usually answers within half a second.
CALL_S = 2.5
# A call lasts at most so many times its time-out: connecting, the first byte, the last one.
_TIMEOUTS_IN_A_CALL = 3
_LEAST_S = 0.05


class StepName(StrEnum):
    """In the order in which they are taken."""

    SETTINGS = "settings"
    SERVICE = "service"
    KEY = "key"
    TOKEN = "token"  # noqa: S105 - a step, no secret
    PERMISSION = "permission"


@dataclass(frozen=True)
class Step:
    """How one step went: done without ``code``, failed with one, or not reached."""

    name: StepName
    is_reached: bool = True
    code: NssoCode | None = None
    exchange: Exchange | None = None


@dataclass(frozen=True)
class Failure:
    """Where it stopped, and why."""

    step: StepName
    code: NssoCode


@dataclass(frozen=True)
class Report:
    """All five steps."""

    steps: tuple[Step, ...]

    @property
    def failure(self) -> Failure | None:
        return next((Failure(step.name, step.code) for step in self.steps if step.code), None)


def probe(client_id: str, private_key: Callable[[], str], *, real_performance: bool, today: date) -> Report:
    """Take the steps until one fails; never raises for what can go wrong with the NSSO.

    ``private_key`` gives the key in clear or raises ``DecryptionError``; ``today`` is a Brussels day.
    """
    try:
        known = environment()
        known.refuse_practice(real_performance=real_performance)
    except NssoError as error:
        steps = [_failed(StepName.SETTINGS, error)]
    else:
        attempt = _Attempt(known, client_id, private_key, real_performance=real_performance)
        steps = [Step(StepName.SETTINGS), *attempt.steps(today)]
    return Report((*steps, *(Step(name, is_reached=False) for name in list(StepName)[len(steps) :])))


class _Attempt:
    """The steps that speak with the NSSO, and the key they speak with."""

    def __init__(
        self,
        known: NssoEnvironment,
        client_id: str,
        private_key: Callable[[], str],
        *,
        real_performance: bool,
    ) -> None:
        self._environment = known
        self._credentials = Credentials(client_id, "")
        self._private_key = private_key
        self._real_performance = real_performance
        self._ends = time.monotonic() + LONGEST_S

    def steps(self, today: date) -> Iterator[Step]:
        """Each step once it was taken, up to the first that failed."""
        for name, take in (
            (StepName.SERVICE, self._reach),
            (StepName.KEY, self._read_key),
            (StepName.TOKEN, self._fetch_token),
            (StepName.PERMISSION, partial(self._look_at, today)),
        ):
            try:
                yield Step(name, exchange=take())
            except NssoError as error:
                yield _failed(name, error)
                return

    def _reach(self) -> Exchange:
        with self._client() as client:
            answer = client.health()
        if answer.status is HealthStatus.DOWN:
            raise NssoLater(NssoCode.SERVICE_UNAVAILABLE, "it says it is down", exchange=answer.exchange)
        return answer.exchange

    def _read_key(self) -> None:
        try:
            self._credentials = replace(self._credentials, private_key_pem=self._private_key())
        except DecryptionError as error:
            why = "the private key was encrypted under a field key that is missing"
            raise NssoMisconfigured(NssoCode.PRIVATE_KEY_UNREADABLE, why, exchange=None) from error
        read_private_key(self._credentials.private_key_pem)

    def _fetch_token(self) -> None:
        with self._client() as client:
            # One of ten minutes ago would prove nothing about now.
            shared_token_source(self._environment, self._credentials).forget()
            client.prepare()

    def _look_at(self, day: date) -> Exchange:
        with self._client() as client:
            return client.look_at(day)

    def _client(self) -> NssoClient:
        left_s = (self._ends - time.monotonic()) / _TIMEOUTS_IN_A_CALL
        if left_s < _LEAST_S:
            raise NssoLater(NssoCode.TIMEOUT, "no time is left for this step", exchange=None)
        short = replace(self._environment, timeout_s=min(CALL_S, self._environment.timeout_s, left_s))
        return NssoClient(short, self._credentials, real_performance=self._real_performance)


def _failed(name: StepName, error: NssoError) -> Step:
    return Step(name, code=error.code, exchange=error.exchange)
