"""The demo as it stands in the database, and how its people register there."""

import random
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Max

from ciao_portal.models import Company, Person
from ciao_portal.people import people_with_ssins
from declarations.models import DeclarationWorkplace, RegistrationPoint
from registrations.demo.cast import FIRMS, SMALL_FIRMS, WORKERS, Firm, Worker
from registrations.demo.founding import founded_works
from registrations.demo.story import SEED, Step
from registrations.demo.tablets import terminals_by_point
from registrations.demo.works import Place, Works
from registrations.models import Badge, Device, Means, PresenceState, Registration
from registrations.rules.flags import Doubt
from registrations.rules.presence import Flag, Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import TapAtPoint, register
from registrations.services.statements import forgotten_presence, state_slip, state_stop, undone_by

# How often somebody with a phone of their own types the number all the same, and how often somebody who
# forgot to check out says afterwards when that was.
TYPES_ANYWAY = 0.04
SAYS_AFTERWARDS = 0.6
USUAL_STAY = timedelta(hours=2, minutes=30)


class World:
    """Firms, people, phones and codes, looked up once. Use it outside any company's scope."""

    def __init__(self, *, now: datetime) -> None:
        firms = (*FIRMS, *SMALL_FIRMS)
        known = Company.objects.filter(enterprise_number__in=[firm.number for firm in firms], is_demo=True)
        by_number = {one.enterprise_number: one for one in known}
        self._companies = {firm: by_number[firm.number] for firm in firms}
        self._people = people_with_ssins((worker.ssin for worker in WORKERS), now=now)
        devices = Device.objects.filter(person__in=self._people.values(), revoked_at__isnull=True)
        self._devices = {device.person_id: device for device in devices}
        badges = Badge.objects.filter(person__in=self._people.values(), revoked_at__isnull=True)
        self._badges = {badge.person_id: badge for badge in badges}
        self._points = _points()
        self._terminals = terminals_by_point()

    def point(self, works: Works, place: Place, firm: Firm) -> RegistrationPoint:
        """The code that hangs there for the people of this firm."""
        company = None if firm == works.declarer else self._companies[firm].pk
        return self._points[works, place, company]

    def person(self, worker: Worker) -> Person:
        return self._people[worker.ssin]

    def last_moments(self) -> dict[UUID, datetime]:
        """When each of the people registered last, by the person's id."""
        states = PresenceState.objects.filter(person__in=self._people.values()).order_by()
        return dict(states.values_list("person").annotate(last=Max("last_at")))

    def register(self, step: Step) -> None:
        """Through the one door, at the moment of the story."""
        person = self.person(step.worker)
        dice = random.Random(f"{SEED} {step.worker.ssin} {step.at}")  # noqa: S311 - a story, not a secret
        types = dice.random() < TYPES_ANYWAY
        device = None if types else self._devices.get(person.pk)
        badge = None if types or device else self._badges.get(person.pk)
        point = self.point(step.works, step.place, step.firm)
        if point.workplace is None:
            raise ValueError("The demo's people register at a workplace.")
        tap = TapAtPoint(
            person=person,
            kind=step.kind,
            point=point,
            employer=self._companies[step.firm],
            workplace=point.workplace,
            means=Means.PAIRED if device else Means.CARD if badge else Means.TYPED,
            client_key=uuid4(),
            key_origin=KeyOrigin.TAP,
            device=device,
            badge=badge,
            # Whoever has no phone registers on the tablet, where one hangs.
            terminal=None if device else self._terminals.get(point.pk),
            flags=frozenset() if device or badge else frozenset({Doubt.IDENTITY_TYPED.value}),
        )
        registration = register(tap, now=step.at).registration
        if Flag.CHECK_OUT_MISSING.value in registration.flags and dice.random() < SAYS_AFTERWARDS:
            _say_when(registration, now=step.at)
        if device and step.kind is Kind.BREAK_END and (before := undone_by(registration)):
            state_slip(registration=registration, slip=before, now=step.at)


def _points() -> dict[tuple[Works, Place, UUID | None], RegistrationPoint]:
    """By works, place and company of the chain."""
    works_of = founded_works()
    # The first workplaces of each, in the order in which they were entered.
    place_of: dict[tuple[UUID, UUID | None], Place] = {
        (row.declaration_id, row.workplace_id): works_of[row.declaration_id].places[row.position - 1]
        for row in DeclarationWorkplace.objects.filter(declaration__in=works_of)
        if row.position <= len(works_of[row.declaration_id].places)
    }
    points = RegistrationPoint.objects.filter(declaration__in=works_of, workplace__isnull=False)
    return {
        (
            works_of[point.declaration_id],
            place_of[point.declaration_id, point.workplace_id],
            point.company_id,
        ): point
        for point in points.select_related("declaration__company", "workplace")
        if (point.declaration_id, point.workplace_id) in place_of
    }


def _say_when(registration: Registration, *, now: datetime) -> None:
    """The worker tells when the forgotten shift ended."""
    forgotten = forgotten_presence(registration)
    if forgotten is not None:
        state_stop(registration=registration, stopped_at=forgotten.happened_at + USUAL_STAY, now=now)
