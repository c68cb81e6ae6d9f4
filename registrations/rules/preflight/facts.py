"""What a check looks at: one worker expected on a day, under one declaration, for one employer.

Our own rules, for want of a norm; `predicts` names the remark of the NSSO that the trouble would bring.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise

# How long before its last day something is called to mind: time enough to prolong it.
ENDING = timedelta(days=7)


class About(StrEnum):
    """Of what a trouble is: it stands once for each of these, however many people it concerns."""

    WORKER = "worker"
    WORKS = "works"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Works:
    """The declaration. `is_sent`: registrations under it go to the NSSO. All days are Brussels days."""

    key: UUID
    starts_on: date
    ends_on: date | None
    cancelled_on: date | None
    lacks_number: bool
    is_sent: bool
    # The first day on which another declaration has taken these works over.
    taken_over_on: date | None

    def runs_on(self, day: date) -> bool:
        """Whether the day lies within the period of a declaration that was not cancelled by then."""
        is_over = self.ends_on is not None and self.ends_on < day
        is_cancelled = self.cancelled_on is not None and self.cancelled_on <= day
        return self.starts_on <= day and not is_over and not is_cancelled

    @property
    def last_day(self) -> date | None:
        """The last day on which people rightly register here; None as long as no end is known."""
        firsts_after = [day for day in (self.cancelled_on, self.taken_over_on) if day is not None]
        ends = [day - timedelta(days=1) for day in firsts_after]
        return min([*ends, *([self.ends_on] if self.ends_on else [])], default=None)


@dataclass(frozen=True, slots=True)
class Filing:
    """A Dimona or a Limosa declaration as written down; `ends_on` is inclusive, None without a known end."""

    is_needed: bool
    number: str
    ends_on: date | None

    @property
    def is_missing(self) -> bool:
        return self.is_needed and not self.number

    def has_ended(self, day: date) -> bool:
        """Whether it is over before this day."""
        return self.is_needed and self.ends_on is not None and self.ends_on < day

    def ends_soon(self, day: date) -> bool:
        """Whether it ends on this day or within a week after it."""
        return self.is_needed and ends_soon(self.ends_on, day)


@dataclass(frozen=True, slots=True)
class Worker:
    """The employment that runs on the day."""

    dimona: Filing
    limosa: Filing
    has_means: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """`is_own`: the employer looks itself, so its employments are known; without one, `worker` is empty."""

    person: UUID
    employer: UUID
    day: date
    works: Works
    is_own: bool
    worker: Worker | None
    has_number: bool
    in_chain: bool
    # At the usual hours the person is expected by another employer as well.
    overlaps: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: whether the shift is in trouble, in words, and the remark it would bring (empty: none)."""

    key: str
    about: About
    title: Promise
    advice: Promise
    is_in_trouble: Callable[[Shift], bool]
    predicts: str = ""


def is_expected(works: Works, *, registered_on: date, day: date) -> bool:
    """Whether somebody who registered here last on that day may come again on `day`.

    Works that were over for a week, and where nobody registered since, wait for nobody.
    """
    last = works.last_day
    return last is None or registered_on > last or day <= last + ENDING


def ends_soon(last: date | None, day: date) -> bool:
    """Whether a period ends on this day or within a week after it."""
    return last is not None and day <= last <= day + ENDING
