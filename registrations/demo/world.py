"""The demo as it stands in the database, and how its people register there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from ciao_portal.models import Company
from ciao_portal.people import people_with_ssins
from declarations.models import RegistrationPoint
from registrations.demo.cast import FIRMS, MAIN, WORKERS, WORKS, Firm, Place, Worker, Works
from registrations.demo.story import Shift, Step
from registrations.models import Device, Means, PresenceState
from registrations.rules.presence import Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import TapAtPoint, register


@dataclass(frozen=True, slots=True)
class LastStep:
    """A worker's last registration on some works."""

    kind: Kind
    at: datetime


class World:
    """Firms, people, phones and codes, looked up once. Use it outside any company's scope."""

    def __init__(self, *, now: datetime) -> None:
        by_number = {
            one.enterprise_number: one
            for one in Company.objects.filter(enterprise_number__in=[firm.number for firm in FIRMS])
        }
        self._companies = {firm: by_number[firm.number] for firm in FIRMS}
        self._people = people_with_ssins((worker.ssin for worker in WORKERS), now=now)
        devices = Device.objects.filter(person__in=self._people.values(), revoked_at__isnull=True)
        self._devices = {device.person_id: device for device in devices}
        points = RegistrationPoint.objects.filter(
            declaration__company=self._companies[MAIN],
            declaration__technical_reference__in=[works.reference for works in WORKS],
        )
        self._points = {
            (point.declaration.technical_reference, point.workplace.name, point.company_id): point
            for point in points.select_related("declaration__company", "workplace")
            if point.workplace is not None
        }

    def point(self, works: Works, place: Place, firm: Firm) -> RegistrationPoint:
        """The code that hangs there for the people of this firm."""
        company = None if firm == MAIN else self._companies[firm].pk
        return self._points[works.reference, place.name, company]

    def last_step(self, worker: Worker, works: Works) -> LastStep | None:
        """The last thing the worker registered on these works for their own firm."""
        state = PresenceState.objects.filter(
            person=self._people[worker.ssin],
            employer=self._companies[worker.firm],
            declaration__technical_reference=works.reference,
        ).first()
        return LastStep(Kind(state.last_kind), state.last_at) if state else None

    def register(self, shift: Shift, step: Step) -> None:
        """Through the one door, at the moment of the story."""
        worker = shift.worker
        person = self._people[worker.ssin]
        device = self._devices.get(person.pk)
        point = self.point(shift.works, shift.place, worker.firm)
        if point.workplace is None:
            raise ValueError("The demo's people register at a workplace.")
        tap = TapAtPoint(
            person=person,
            kind=step.kind,
            point=point,
            employer=self._companies[worker.firm],
            workplace=point.workplace,
            means=Means.PAIRED if device else Means.TYPED,
            client_key=uuid4(),
            key_origin=KeyOrigin.TAP,
            device=device,
            flags=frozenset() if device else frozenset({"identityTyped"}),
        )
        register(tap, now=step.at)
