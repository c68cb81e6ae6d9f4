"""Where a code leads whose contract was taken over: to the new declaration, from the minute on.

What belongs to a presence that still runs on the old one stays there. Nothing is refused: a code without a
counterpart on the new declaration goes on as that of an ended contract.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ciao_portal.days import brussels_day
from ciao_portal.models import Person
from ciao_portal.tenancy import unscoped
from declarations.rules.takeover import OldCodeTap, stays_on_old
from registrations.models import Registration
from registrations.phone.points import Site, successor_of
from registrations.rules.presence import LONGEST_PRESENCE, Kind, is_present
from registrations.rules.taps import KeyOrigin, KnownTap, Tap, decide


@dataclass(frozen=True, slots=True)
class Press:
    """A tap whose place is to be found. `at` is the time that counts, `received_at` now; both are aware.

    `employer` is the id of whoever was chosen on the page, as text; empty when nobody was.
    """

    person: Person
    kind: Kind
    client_key: UUID
    key_origin: KeyOrigin
    employer: str
    at: datetime
    received_at: datetime


def shown(site: Site, person: Person | None, *, now: datetime) -> Site:
    """The site the page of a code stands for; `person` only where the past may be told (a paired phone)."""
    found = site
    while _leads_on(found, now) and (onward := successor_of(found, day=brussels_day(now))):
        running = _running(found, person, employer="", at=now) if person else None
        if running is not None:
            return _going_on(found, running)
        found = onward
    return found


@contextmanager
def led_on(site: Site, press: Press) -> Iterator[Site]:
    """The site the tap belongs to; it is stored inside, one tap of a person after the other."""
    if not _leads_on(site, press.at):
        yield site
        return
    with transaction.atomic():
        # A copy of this tap that arrives meanwhile waits here, and then finds this one.
        Person.objects.select_for_update(no_key=True).get(pk=press.person.pk)
        yield _resolved(site, press)


def _leads_on(site: Site, at: datetime) -> bool:
    return site.taken_over_at is not None and site.taken_over_at <= at


def _resolved(site: Site, press: Press) -> Site:
    found = site
    while found.taken_over_at and (onward := successor_of(found, day=brussels_day(press.at))):
        running = _running(found, press.person, employer=press.employer, at=press.at)
        tap = OldCodeTap(
            press.at,
            begins=press.kind is Kind.IN,
            runs_on_old=running is not None,
            is_stored_on_old=_is_stored(found, press),
        )
        if stays_on_old(tap, found.taken_over_at):
            return _going_on(found, running) if running else found
        found = onward
    return found


def _going_on(site: Site, running: Registration) -> Site:
    """The old site as it was when the presence began: with its chain, for the same employer."""
    return replace(site, day=running.happened_day, is_by_old_code=True, running_for=running.employer)


def _is_stored(site: Site, press: Press) -> bool:
    """Whether the one door would take this for a tap that it stored at the point before."""
    with unscoped(reason="a person's own latest tap, and the one with the same key"):
        own = Registration.objects.filter(person=press.person)
        latest = own.order_by("-received_at", "-id").first()
        same_key = own.filter(client_key=press.client_key).first()
    new = Tap(
        press.client_key,
        press.key_origin,
        press.person.pk,
        press.kind,
        site.point.pk,
        press.at,
        press.received_at,
    )
    return decide(new, _known(latest), _known(same_key)).same_as is not None


def _known(row: Registration | None) -> KnownTap | None:
    if row is None:
        return None
    return KnownTap(row.pk, row.person_id, Kind(row.kind), row.point_id, row.happened_at, row.received_at)


def _running(site: Site, person: Person, *, employer: str, at: datetime) -> Registration | None:
    """The last registration of the person's presence that runs on the site's declaration at that moment."""
    with unscoped(reason="a person's own registrations on the declaration whose code is known"):
        rows = list(
            Registration.objects.filter(
                person=person,
                declaration=site.declaration,
                happened_at__lte=at,
                happened_at__gte=at - LONGEST_PRESENCE,
            )
            .select_related("employer")
            .order_by("happened_at", "id")
        )
    wanted = employer or (str(site.point.company_id) if site.point.company_id else "")
    last = {str(row.employer_id): row for row in rows if wanted in ("", str(row.employer_id))}
    running = [row for row in last.values() if is_present(row.kind, row.happened_at, at)]
    return max(running, key=lambda row: (row.happened_at, row.pk), default=None)
