"""The one line that a company's chain may see of its traffic with the NSSO. Pure."""

from datetime import datetime
from enum import StrEnum

from registrations.rules.traffic import Line, is_late


class Public(StrEnum):
    """What is told. Short troubles are not: they pass before anybody could do something about them."""

    ARRIVES = "arrives"
    KEPT = "kept"
    SILENT = "silent"
    DELAYED = "delayed"


def public_line(
    lines: list[Line], *, outage_since: datetime | None, success_at: datetime | None, now: datetime
) -> tuple[Public, datetime | None]:
    """The state, and since when it lasts where that is known.

    `lines` are those of the access and of the service; `outage_since` is the start of the outage that lasts.
    """
    failing = [line for line in lines if is_late(line.failing_since, now=now)]
    since = min((line.failing_since for line in failing if line.failing_since), default=None)
    if failing and not any(line.must_be_solved for line in failing):
        return Public.SILENT, since
    if failing or outage_since is not None:
        return Public.DELAYED, min(moment for moment in (since, outage_since) if moment is not None)
    return (Public.ARRIVES if success_at is not None else Public.KEPT), None
