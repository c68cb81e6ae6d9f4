"""How the place a worker gave compares with the workplace, in the office's words."""

from django.utils.translation import gettext_lazy as _

from declarations.models import Workplace
from registrations.models import RegistrationPlace
from registrations.rules.location import AT_THE_PLACE_M, NEAR_THE_PLACE_M, Nearness, Position, compare

_WORDS = {
    Nearness.AT: _("At the workplace (about %(metres)s m; at most %(at)s m counts)"),
    Nearness.NEAR: _("Near the workplace (about %(metres)s m; at most %(near)s m counts)"),
    Nearness.AWAY: _("Away from the workplace (about %(metres)s m)"),
    Nearness.UNKNOWN: _("Cannot be compared: the workplace has no coordinates, or the phone was too unsure."),
}


def nearness_words(place: RegistrationPlace, workplace: Workplace) -> list[str]:
    """One sentence for a position, none for a typed address: two addresses are compared by eye."""
    if place.latitude is None or place.longitude is None:
        return []
    position = Position(place.latitude, place.longitude, place.accuracy_m)
    found = compare(position, workplace.latitude, workplace.longitude)
    values = {"metres": found.metres, "at": AT_THE_PLACE_M, "near": NEAR_THE_PLACE_M}
    return [str(_WORDS[found.nearness]) % values]
