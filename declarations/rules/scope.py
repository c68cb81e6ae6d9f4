"""Which cleaning services must be registered: the NSSO's table, one row per service.

Source: NSSO, Check In and Out at Work, "which activities"; in force since 1 September 2024
(Programme Law of 26 December 2022, articles 22 to 48). "In scope" means: when the thresholds
for a declaration of works are met. A row tells the user what the table says; it never refuses.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(StrEnum):
    """The four headings of the table."""

    REGULAR = "regular"
    SPECIALISED = "specialised"
    EMERGENCY = "emergency"
    MAINTENANCE = "maintenance"


GROUP_LABELS: dict[Group, Promise] = {
    Group.REGULAR: _("Regular cleaning"),
    Group.SPECIALISED: _("Specialised cleaning"),
    Group.EMERGENCY: _("Emergency cleaning"),
    Group.MAINTENANCE: _("Maintenance"),
}


@dataclass(frozen=True, slots=True)
class Service:
    """A row of the table. ``code`` is stored on declarations and never changes its meaning."""

    code: str
    group: Group
    label: Promise
    in_scope: bool
    note: Promise | None = None


SERVICES = (
    Service("renovation", Group.REGULAR, _("Cleaning before or after a renovation"), in_scope=True),
    Service(
        "buildings",
        Group.REGULAR,
        _("Professional buildings and the common areas of private buildings"),
        in_scope=True,
    ),
    Service("serviceVouchers", Group.REGULAR, _("Cleaning paid with service vouchers"), in_scope=False),
    Service(
        "ownStaff", Group.REGULAR, _("Cleaning by the firm's own staff in its own buildings"), in_scope=False
    ),
    Service(
        "privatePurposes",
        Group.REGULAR,
        _("Private purposes, for individuals, outside service vouchers"),
        in_scope=True,
        note=_("The NSSO's table says yes, payroll offices say no: confirm with the NSSO."),
    ),
    Service("windows", Group.REGULAR, _("Windows, glass and walls"), in_scope=True),
    Service(
        "publicSpaces",
        Group.SPECIALISED,
        _("Other immovable property: streets, motorways, railways, parks, squares, markets"),
        in_scope=True,
    ),
    Service(
        "facades", Group.SPECIALISED, _("Roofs, façades and walls (graffiti, degreasing)"), in_scope=True
    ),
    Service(
        "cleanRooms",
        Group.SPECIALISED,
        _("Medical and pharmaceutical: clean rooms, laboratories"),
        in_scope=True,
    ),
    Service(
        "movableProperty",
        Group.SPECIALISED,
        _("Movable property: metro, bus, plane, car, tent, cabin, sofa"),
        in_scope=False,
    ),
    Service("ducts", Group.SPECIALISED, _("Ventilation ducts and chimneys"), in_scope=True),
    Service("floors", Group.SPECIALISED, _("Floors"), in_scope=True),
    Service("solarPanels", Group.SPECIALISED, _("Solar panels"), in_scope=True),
    Service("emergency", Group.EMERGENCY, _("Urgent emergency cleaning"), in_scope=True),
    Service(
        "emergencyInContract",
        Group.EMERGENCY,
        _("Urgent cleaning within a cleaning or maintenance contract"),
        in_scope=True,
    ),
    Service(
        "emergencyServices",
        Group.EMERGENCY,
        _("By, or at the urgent request of, civil protection, the emergency medical service or the police"),
        in_scope=False,
    ),
    Service("inspection", Group.MAINTENANCE, _("Inspection of pipes and sewers for leaks"), in_scope=False),
    Service("unblocking", Group.MAINTENANCE, _("Unblocking and descaling"), in_scope=True),
    Service("sewers", Group.MAINTENANCE, _("Sewers, septic tanks and wells"), in_scope=True),
    Service("snow", Group.MAINTENANCE, _("Snow clearing and gritting"), in_scope=False),
    Service("oilTanks", Group.MAINTENANCE, _("Emptying and neutralising fuel-oil tanks"), in_scope=False),
)

SERVICES_BY_CODE = {service.code: service for service in SERVICES}


def activity_choices() -> list[tuple[Promise, list[tuple[str, Promise]]]]:
    """Grouped choices for the activity field, in the order of the table."""
    return [
        (label, [(service.code, service.label) for service in SERVICES if service.group is group])
        for group, label in GROUP_LABELS.items()
    ]


def is_in_scope(code: str) -> bool | None:
    """What the table says of a service; None for a code it does not hold."""
    service = SERVICES_BY_CODE.get(code)
    return service.in_scope if service else None
