"""Which buttons a phone shows, and which comes first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ciao_portal.models import Person
from ciao_portal.prepared import PERSON, Prepared
from ciao_portal.tenancy import unscoped
from registrations.models import Means, Registration
from registrations.phone.identity import Identity
from registrations.phone.points import Site
from registrations.rules.presence import Kind, Presence, expected_next, is_present, other_actions

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

_LATEST = Prepared(
    lambda: (
        Registration.objects.filter(person=PERSON)
        .select_related("workplace")
        .order_by("-received_at", "-id")[:1]
    )
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a point's page offers: its buttons, and the presence that still runs somewhere else, if any."""

    buttons: list["Button"]
    elsewhere: Registration | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """One of the four actions; the primary one is drawn large."""

    kind: Kind
    words: Promise
    icon: str
    is_primary: bool


def offer(known: Identity | None, site: Site, *, now: datetime) -> Offer:
    """For a paired phone the expected action first; for everybody else four equal buttons.

    The four equal ones never tell whether a number is known, nor anything of the past.
    """
    if known is None or known.means != Means.PAIRED:
        return Offer(equal_buttons())
    last = latest(known.person)
    found = _expected_first(last, now=now)
    return Offer(found, last if last and _runs_elsewhere(last, site, now=now) else None)


def expected_first(person: Person, *, now: datetime) -> list[Button]:
    """What is expected of the person now, drawn large, then the three others. For whoever proved to be it."""
    return _expected_first(latest(person), now=now)


def equal_buttons() -> list[Button]:
    """All four, none before the others."""
    return [_button(kind) for kind in (Kind.IN, Kind.BREAK_START, Kind.BREAK_END, Kind.OUT)]


def _expected_first(last: Registration | None, *, now: datetime) -> list[Button]:
    standing = Presence.of(last.kind, last.happened_at) if last else Presence()
    first = _button(expected_next(standing, now), is_primary=True)
    return [first, *(_button(kind) for kind in other_actions(standing, now))]


def _runs_elsewhere(last: Registration, site: Site, *, now: datetime) -> bool:
    """Whether a stop pressed at this point would leave that presence running."""
    if site.running_for is not None or not is_present(last.kind, last.happened_at, now):
        return False
    if last.declaration_id != site.declaration.pk:
        return True
    return not site.has_several_companies and last.employer_id != site.first_company.pk


def latest(person: Person) -> Registration | None:
    """The person's last registration, with whichever employer."""
    with unscoped(reason="a person's own last registration, shown on their own paired phone"):
        return _LATEST.first(person=person.pk)


def _button(kind: Kind, *, is_primary: bool = False) -> Button:
    return Button(kind, WORDS[kind], ICONS[kind], is_primary)
