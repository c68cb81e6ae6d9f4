"""Where a registration was made, told after it: by the phone with an agreement on file, or typed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.people import lock_person
from registrations.models import Registration, RegistrationPlace
from registrations.places import place_of
from registrations.rules.agreements import may_ask_place
from registrations.rules.location import PLACE_WINDOW, GivenPlace, Position
from registrations.services.agreements import answers_of

# The worker need not know which of our rules it was.
NOT_KEPT = _("The place was not kept.")


@transaction.atomic
def keep_place(*, registration: Registration, given: GivenPlace, now: datetime) -> RegistrationPlace:
    """Keep the place beside the registration: one, once, within ten minutes of the tap.

    Sending never waits for it: the NSSO is told what stands there when its turn comes, else the workplace.
    Raises DomainError `place.agreement` for a position without an agreement on file, `place.unusable` for
    what is no place, `place.late` and `place.already`.
    """
    if isinstance(given, Position) and not may_ask_place(
        answers_of(registration.person, registration.employer)
    ):
        raise DomainError("place.agreement", NOT_KEPT)
    if not given.is_usable:
        raise DomainError("place.unusable", _("Type the street, the post code and the town."), field="street")
    # Of the tap itself: one that was kept on the phone arrives when its owner is somewhere else.
    if now - registration.happened_at > PLACE_WINDOW:
        raise DomainError("place.late", NOT_KEPT)
    # Two answers of one phone may arrive at once: one after the other, per person.
    lock_person(registration.person_id)
    if RegistrationPlace.objects.filter(registration=registration).exists():
        raise DomainError("place.already", NOT_KEPT)
    place = place_of(registration, given, now=now)
    place.save(force_insert=True)
    actor = Actor(registration.employer)
    audit.record(
        "place.given", registration, actor=actor, now=now, payload={"typed": not isinstance(given, Position)}
    )
    return place
