"""What a confirmation offers beside its questions: to tell the place, and to answer what was not yet."""

from dataclasses import dataclass
from datetime import datetime

from registrations.models import Means, Registration
from registrations.phone.identity import Identity
from registrations.rules.agreements import may_ask_place, unanswered
from registrations.rules.flags import Doubt
from registrations.rules.location import PLACE_WINDOW
from registrations.services.agreements import answers_of


@dataclass(frozen=True, slots=True)
class Beside:
    """`asks_place`: the script may ask the phone; `types_place`: an address can be typed."""

    asks_place: bool = False
    types_place: bool = False
    has_unanswered: bool = False


NOTHING = Beside()


def beside(registration: Registration, known: Identity | None, *, now: datetime) -> Beside:
    """What the person who made the registration may do beside it; one query, for a paired phone only.

    `registration` comes with its place and workplace fetched.
    """
    if known is None or known.person.pk != registration.person_id:
        return NOTHING
    is_open = getattr(registration, "place", None) is None and now - registration.happened_at <= PLACE_WINDOW
    is_vague = not registration.workplace.street or Doubt.WORKPLACE_ASSUMED in registration.flags
    if known.means != Means.PAIRED or known.device is None:
        return Beside(types_place=is_open and is_vague)
    answers = answers_of(registration.person, registration.employer)
    may_ask = may_ask_place(answers)
    return Beside(
        asks_place=is_open and may_ask and known.device.pk == registration.device_id,
        types_place=is_open and (may_ask or is_vague),
        has_unanswered=bool(unanswered(answers)),
    )
