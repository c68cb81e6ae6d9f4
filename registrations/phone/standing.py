"""Which buttons a phone shows, and which comes first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ciao_portal.models import Person
from ciao_portal.tenancy import unscoped
from registrations.models import Means, Registration
from registrations.phone.identity import Identity
from registrations.rules.presence import Kind, Presence, expected_next, other_actions

# Imperative and short: what the person does now.
WORDS: dict[Kind, Promise] = {
    Kind.IN: pgettext_lazy("button on the phone", "Start"),
    Kind.OUT: pgettext_lazy("button on the phone", "Stop"),
    Kind.BREAK_START: pgettext_lazy("button on the phone", "Break"),
    Kind.BREAK_END: pgettext_lazy("button on the phone", "Back from break"),
}
# What the confirmation says was registered.
DONE_WORDS: dict[Kind, Promise] = {
    Kind.IN: _("Start registered"),
    Kind.OUT: _("Stop registered"),
    Kind.BREAK_START: _("Break registered"),
    Kind.BREAK_END: _("End of break registered"),
}
ICONS = {Kind.IN: "in", Kind.OUT: "out", Kind.BREAK_START: "break", Kind.BREAK_END: "back"}


@dataclass(frozen=True, slots=True)
class Button:
    """One of the four actions; the primary one is drawn large."""

    kind: Kind
    words: Promise
    icon: str
    is_primary: bool


def buttons(known: Identity | None, *, now: datetime) -> list[Button]:
    """For a paired phone the expected action first; for everybody else four equal buttons.

    The four equal ones never tell whether a number is known, nor anything of the past.
    """
    if known is None or known.means != Means.PAIRED:
        return [_button(kind) for kind in (Kind.IN, Kind.BREAK_START, Kind.BREAK_END, Kind.OUT)]
    standing = _standing(known.person)
    first = _button(expected_next(standing, now), is_primary=True)
    return [first, *(_button(kind) for kind in other_actions(standing, now))]


def latest(person: Person) -> Registration | None:
    """The person's last registration, with whichever employer."""
    with unscoped(reason="a person's own last registration, shown on their own paired phone"):
        return (
            Registration.objects.filter(person=person)
            .select_related("workplace")
            .order_by("-received_at", "-id")
            .first()
        )


def _standing(person: Person) -> Presence:
    last = latest(person)
    return Presence.of(last.kind, last.happened_at) if last else Presence()


def _button(kind: Kind, *, is_primary: bool = False) -> Button:
    return Button(kind, WORDS[kind], ICONS[kind], is_primary)
