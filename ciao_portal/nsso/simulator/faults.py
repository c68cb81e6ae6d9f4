"""Faults to play, in the order given, each for the next ``times`` calls.

They are given as ``{"faults": [{"kind": "serviceUnavailable", "times": 3, "retryAfter": 1}, ...]}``.
``tokenRefused`` meets calls for a token, every other kind calls that register. ``retryAfter`` (seconds) goes
into the header: for ``tooManyRequests`` 1 unless given, for ``serviceUnavailable`` no header unless given.
``seconds`` is how long a time-out holds the connection (60 unless given), when the late write lands (60), and
how long a slow answer takes (5).

- ``tokenRefused``: ``invalid_client``.
- ``tokenExpired``: the token used is expired from now on.
- ``tooManyRequests``, ``serviceUnavailable``: refused, nothing is stored.
- ``timeoutAfterWrite``: stored at once, never answered.
- ``timeoutBeforeLateWrite``: never answered; stored when ``seconds`` have passed.
- ``slow``: stored at once, answered late.
- ``malformedItem``: one item, the middle one, is not created as if it were malformed; the others are.
- ``unknownValidity``, ``unknownRemark``: stored; the checks give a validity or a remark code never seen.
- ``connectionReset``: nothing is stored, the connection is reset.
- ``truncatedJson``: stored; half of the answer arrives.
- ``htmlAnswer``: nothing is stored; a web page arrives with status 200.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ciao_portal.nsso.contract import ContractError, JsonObject


class FaultKind(StrEnum):
    TOKEN_REFUSED = "tokenRefused"  # noqa: S105 - a kind, no secret
    TOKEN_EXPIRED = "tokenExpired"  # noqa: S105 - a kind, no secret
    TOO_MANY_REQUESTS = "tooManyRequests"
    SERVICE_UNAVAILABLE = "serviceUnavailable"
    TIMEOUT_AFTER_WRITE = "timeoutAfterWrite"
    TIMEOUT_BEFORE_LATE_WRITE = "timeoutBeforeLateWrite"
    SLOW = "slow"
    MALFORMED_ITEM = "malformedItem"
    UNKNOWN_VALIDITY = "unknownValidity"
    UNKNOWN_REMARK = "unknownRemark"
    CONNECTION_RESET = "connectionReset"
    TRUNCATED_JSON = "truncatedJson"
    HTML_ANSWER = "htmlAnswer"


_DEFAULT_SECONDS = {FaultKind.SLOW: 5.0}


@dataclass(frozen=True)
class Fault:
    kind: FaultKind
    times: int
    retry_after: int | None
    seconds: float

    def to_json(self) -> JsonObject:
        shown: JsonObject = {"kind": self.kind.value, "times": self.times, "seconds": self.seconds}
        return shown if self.retry_after is None else {**shown, "retryAfter": self.retry_after}


class FaultList:
    """The faults still to come; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def replace(self, faults: Sequence[Fault]) -> None:
        with self._lock:
            self._faults = list(faults)

    def to_json(self) -> JsonObject:
        with self._lock:
            return {"faults": [fault.to_json() for fault in self._faults]}

    def take(self, *, for_token: bool) -> Fault | None:
        """The next fault for such a call, counted as played; None when all goes well."""
        with self._lock:
            for place, fault in enumerate(self._faults):
                if (fault.kind is FaultKind.TOKEN_REFUSED) is for_token:
                    left = replace(fault, times=fault.times - 1)
                    self._faults[place : place + 1] = [left] if left.times else []
                    return fault
        return None


def parse_faults(document: object) -> list[Fault]:
    """Read the document of a PUT. Raises ``ContractError`` when it is malformed or a kind is unknown."""
    rows = document.get("faults") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise ContractError("there is no list of faults")
    return [_fault(row, f"faults[{index}]") for index, row in enumerate(rows)]


def _fault(row: object, where: str) -> Fault:
    if not isinstance(row, dict):
        raise ContractError(f"{where} is not an object")
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in set(FaultKind):
        raise ContractError(f"{where}.kind is not known")
    kind = FaultKind(kind)
    retry_after = row.get("retryAfter")
    return Fault(
        kind=kind,
        times=int(_amount(row.get("times", 1), f"{where}.times", least=1)),
        retry_after=None
        if retry_after is None
        else int(_amount(retry_after, f"{where}.retryAfter", least=0)),
        seconds=_amount(row.get("seconds", _DEFAULT_SECONDS.get(kind, 60.0)), f"{where}.seconds", least=0),
    )


def _amount(value: object, where: str, *, least: int) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= 1_000_000:
        raise ContractError(f"{where} is not a number from {least} up")
    return float(value)
