"""The checks after intake: which remarks a registration earns. Pure; times and reference data come in.

The rules are ours, modelled on the remarks of the older service: the NSSO's own are not public.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ciao_portal.nsso.contract import Employer, Enterprise, ForeignVat, PresenceType, RemarkCode, Validity
from ciao_portal.nsso.simulator.reference import Declaration, Person, Reference

BRUSSELS = ZoneInfo("Europe/Brussels")
UNPAIRED_AFTER = timedelta(hours=16)

# How far around a registration others of the same worker can matter: an IN of another declaration begun up to
# 16 hours before or after, and the OUT that belongs to it.
LOOK_BACK = UNPAIRED_AFTER
LOOK_AHEAD = 2 * UNPAIRED_AFTER


@dataclass(frozen=True)
class Known:
    """A registration with its number, as the checks see it. ``moment`` is aware UTC."""

    id: int
    ssin: str
    moment: datetime
    type: PresenceType
    employer: Employer
    reference: str | None

    @property
    def side(self) -> tuple[object, ...]:
        """What an IN and its OUT have in common."""
        return (self.employer, self.reference)


def remarks_for(one: Known, of_worker: Sequence[Known], reference: Reference, now: datetime) -> list[str]:
    """All remark codes of ``one``. ``of_worker`` holds the worker's registrations around it, itself included;
    ``now`` is the validation clock in aware UTC."""
    day = one.moment.astimezone(BRUSSELS).date()
    return [
        *_worker(one, reference, day),
        *_enterprise(one, reference, day),
        *_declaration(one, reference, day),
        *_among_others(one, of_worker, now),
    ]


def validity_of(codes: Sequence[str]) -> str:
    """A presence of nobody known is invalid; every other remark leaves it valid."""
    if RemarkCode.WORKER_UNKNOWN in codes:
        return Validity.INVALID
    return Validity.VALID_WITH_REMARKS if codes else Validity.VALID


def _worker(one: Known, reference: Reference, day: date) -> Iterator[str]:
    person = reference.people.get(one.ssin)
    if person is None:
        yield RemarkCode.WORKER_UNKNOWN
    elif person.posted or isinstance(one.employer, ForeignVat):
        yield from _limosa(one, reference, day)
    else:
        yield from _dimona(one, person, reference, day)


def _limosa(one: Known, reference: Reference, day: date) -> Iterator[str]:
    notices = reference.limosa.get(one.ssin, [])
    if not notices:
        yield RemarkCode.LIMOSA_NOT_FOUND
    elif not any(notice.period.holds(day) for notice in notices):
        yield RemarkCode.LIMOSA_NOT_ACTIVE


def _dimona(one: Known, person: Person, reference: Reference, day: date) -> Iterator[str]:
    employer = one.employer.number
    notices = reference.dimona.get(one.ssin, [])
    if any(notice.enterprise == employer and notice.period.holds(day) for notice in notices):
        return
    if person.self_employed_for is not None or any(notice.self_employed for notice in notices):
        if employer not in (person.self_employed_for or ()):
            yield RemarkCode.SELF_EMPLOYED_NOT_KNOWN
    else:
        yield RemarkCode.DIMONA_NOT_FOUND


def _enterprise(one: Known, reference: Reference, day: date) -> Iterator[str]:
    if not isinstance(one.employer, Enterprise):
        return
    entries = reference.enterprises.get(one.employer.number, [])
    if not entries:
        yield RemarkCode.ENTERPRISE_UNKNOWN
    elif not any(entry.period.holds(day) for entry in entries):
        yield RemarkCode.ENTERPRISE_NOT_ACTIVE


def _declaration(one: Known, reference: Reference, day: date) -> Iterator[str]:
    if one.reference is None:
        yield RemarkCode.DECLARATION_MISSING
        return
    declaration = reference.declarations.get(one.reference)
    if declaration is None:
        yield RemarkCode.DECLARATION_UNKNOWN
    else:
        yield from _on_declaration(one, declaration, day)


def _on_declaration(one: Known, declaration: Declaration, day: date) -> Iterator[str]:
    if not declaration.period.holds(day):
        yield RemarkCode.DECLARATION_NOT_ACTIVE
    if not declaration.subject:
        yield RemarkCode.SITE_NOT_SUBJECT
    if not declaration.takes_part(one.employer.number, day):
        yield RemarkCode.ENTERPRISE_NOT_ON_DECLARATION


def _among_others(one: Known, of_worker: Sequence[Known], now: datetime) -> Iterator[str]:
    if any(other.id < one.id and _same_act(other, one) for other in of_worker):
        yield RemarkCode.DUPLICATE_REGISTRATION
        return
    events = _without_duplicates(of_worker)
    if now >= one.moment + UNPAIRED_AFTER:
        yield from _unpaired(one, events)
    if one.type is PresenceType.IN and _overlaps(one, events):
        yield RemarkCode.OVERLAPPING_REGISTRATIONS


def _same_act(left: Known, right: Known) -> bool:
    return left.type is right.type and left.moment == right.moment


def _without_duplicates(of_worker: Sequence[Known]) -> list[Known]:
    """The worker's acts in order of time, each once: the first to arrive stands for its doubles."""
    first: dict[tuple[datetime, PresenceType], Known] = {}
    for one in sorted(of_worker, key=lambda known: known.id):
        first.setdefault((one.moment, one.type), one)
    return sorted(first.values(), key=_order)


def _order(one: Known) -> tuple[datetime, int]:
    """Order of acts: several within one second stand as they came in."""
    return (one.moment, one.id)


def _unpaired(one: Known, events: Sequence[Known]) -> Iterator[str]:
    same_side = [event for event in events if event.side == one.side]
    place = same_side.index(one)
    if one.type is PresenceType.IN:
        if _partner(same_side[place + 1 : place + 2], one, PresenceType.OUT) is None:
            yield RemarkCode.MISSING_OUT
    elif _partner(same_side[place - 1 : place] if place else [], one, PresenceType.IN) is None:
        yield RemarkCode.MISSING_IN


def _partner(neighbours: Sequence[Known], one: Known, wanted: PresenceType) -> Known | None:
    for other in neighbours:
        if other.type is wanted and abs(other.moment - one.moment) <= UNPAIRED_AFTER:
            return other
    return None


def _overlaps(one: Known, events: Sequence[Known]) -> bool:
    """Whether the worker is present on another declaration during this stay."""
    if one.reference is None:
        return False
    end = _end_of_stay(one, events)
    others = (
        event
        for event in events
        if event.type is PresenceType.IN and event.reference not in (None, one.reference)
    )
    return any(other.moment < end and one.moment < _end_of_stay(other, events) for other in others)


def _end_of_stay(entry: Known, events: Sequence[Known]) -> datetime:
    """The next act on the same side ends a stay; without one it is over after 16 hours."""
    limit = entry.moment + UNPAIRED_AFTER
    later = (event.moment for event in events if event.side == entry.side and _order(event) > _order(entry))
    return min(next(later, limit), limit)
