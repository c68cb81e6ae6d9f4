"""Buttons for screens that are nobody's own: four equal ones, or the expected one first."""

from datetime import datetime

from ciao_portal.models import Person
from registrations.phone.standing import ICONS, WORDS, Button, latest
from registrations.rules.presence import Kind, Presence, expected_next, other_actions

EQUAL = (Kind.IN, Kind.BREAK_START, Kind.BREAK_END, Kind.OUT)


def equal_buttons() -> list[Button]:
    """They tell nothing: neither whether a number is known, nor anything of the past."""
    return [_button(kind) for kind in EQUAL]


def expected_first(person: Person, *, now: datetime) -> list[Button]:
    """What is expected of the person now, drawn large, then the others. For whoever proved to be it."""
    last = latest(person)
    standing = Presence.of(last.kind, last.happened_at) if last else Presence()
    first = _button(expected_next(standing, now), is_primary=True)
    return [first, *(_button(kind) for kind in other_actions(standing, now))]


def _button(kind: Kind, *, is_primary: bool = False) -> Button:
    return Button(kind, WORDS[kind], ICONS[kind], is_primary)
