"""How the places of a chain stand on a day."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration, Subcontract


class PlaceState(TextChoices):
    """How a place stands on a day, with the ends of those above it."""

    RUNNING = "running", _("Running")
    LATER = "later", _("Starts later")
    OVER = "over", _("Ended")


def states_of(
    declaration: Declaration, subcontracts: Collection[Subcontract], today: date
) -> dict[UUID, PlaceState]:
    """How each place stands on the Brussels day. One without a last day ends with the place above it."""
    by_id = {place.pk: place for place in subcontracts}
    lasts: dict[UUID | None, date] = {None: declaration.ends_on or date.max}

    def last_of(key: UUID | None) -> date:
        if key not in by_id:
            return lasts[None]
        if key not in lasts:
            place = by_id[key]
            lasts[key] = min(place.ends_on or date.max, last_of(place.parent_id))
        return lasts[key]

    return {place.pk: _state(place.starts_on, last_of(place.pk), today) for place in subcontracts}


def _state(first: date, last: date, today: date) -> PlaceState:
    if last < today or last < first:
        return PlaceState.OVER
    return PlaceState.LATER if first > today else PlaceState.RUNNING
