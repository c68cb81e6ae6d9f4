"""A request as the simulator's operations see it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from ciao_portal.nsso.contract import ContractError, Issue, IssueType, ProblemType
from ciao_portal.nsso.simulator.problems import Refusal

_JSON_RANGES = {"", "*/*", "application/*", "application/json", "application/problem+json"}


@dataclass(frozen=True)
class Request:
    """``path`` is without query; the names in ``headers`` are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def takes_json(self) -> bool:
        """Whether the client accepts the only thing there is."""
        ranges = self.headers.get("accept", "*/*").split(",")
        return any(one.partition(";")[0].strip().lower() in _JSON_RANGES for one in ranges)

    def json(self) -> object:
        """The body as JSON; raises ``Refusal`` when it is none."""
        try:
            return json.loads(self.body, parse_constant=_no_constant, parse_float=_finite)
        except (ValueError, RecursionError):
            raise bad_request([Issue(IssueType.SCHEMA_VIOLATION, location="body")]) from None


def bad_request(issues: list[Issue]) -> Refusal:
    return Refusal(ProblemType.BAD_REQUEST, issues=issues)


def malformed(violation: ContractError) -> Refusal:
    """For the control addresses: says in words what is wrong with the document."""
    issue = Issue(IssueType.SCHEMA_VIOLATION, location="body", detail=str(violation))
    return Refusal(ProblemType.BAD_REQUEST, issues=[issue], detail=str(violation))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("no JSON can hold this number")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
