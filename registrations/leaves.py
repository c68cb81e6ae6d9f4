"""Seal leaves for stored registrations."""

from datetime import datetime

from registrations.models import Registration, SealLeaf
from registrations.rules.leaves import VERSION, Fact, leaf_digest


def leaf_of(registration: Registration, *, now: datetime) -> SealLeaf:
    """The (unsaved) leaf of a registration; written in the transaction that stores the registration."""
    return SealLeaf(
        registration_key=registration.pk,
        version=VERSION,
        digest=digest_of(registration),
        created_at=now,
    )


def digest_of(registration: Registration) -> str:
    """The leaf's hash as the row stands in the database now."""
    fact = Fact(
        registration=registration.pk,
        person=registration.person_id,
        employer=registration.employer_id,
        declaration=registration.declaration_id,
        workplace=registration.workplace_id,
        point=registration.point_id,
        device=registration.device_id,
        kind=str(registration.kind),
        means=str(registration.means),
        happened_at=registration.happened_at,
        claimed_at=registration.claimed_at,
        offset_ms=registration.offset_ms,
        received_at=registration.received_at,
        happened_day=registration.happened_day,
        client_key=registration.client_key,
        flags=tuple(registration.flags),
    )
    return leaf_digest(fact, salt=bytes(registration.salt))
