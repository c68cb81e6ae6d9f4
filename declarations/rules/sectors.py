"""Kinds of work outside the NSSO's table of cleaning services: the edge cases of the sector guides.

A grey kind has no settled answer: it is shown with both readings, and the careful one is followed.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from declarations.rules.thresholds import Sector, Source


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work in a sector. `code` is stored on assessments and never changes its meaning."""

    code: str
    sector: Sector
    label: Promise
    in_scope: bool
    source: Source
    is_grey: bool = False
    note: Promise | None = None


WORKS = (
    Work(
        "immovableWorks",
        Sector.CONSTRUCTION,
        _("Works on immovable property: building, renovation, civil engineering"),
        in_scope=True,
        source=Source.NSSO_CHECKIN,
    ),
    Work(
        "structuralRepair",
        Sector.CONSTRUCTION,
        _("Repair that touches structural elements"),
        in_scope=True,
        source=Source.SECTOR_GUIDE,
    ),
    Work(
        "maintenanceOnly",
        Sector.CONSTRUCTION,
        _("Maintenance that does not touch the structure"),
        in_scope=False,
        source=Source.SECTOR_GUIDE,
        is_grey=True,
        note=_("Usually outside the duty. Write down what exactly is done, or register all the same."),
    ),
    Work(
        "restoration",
        Sector.CONSTRUCTION,
        _("Restoration, maintenance of infrastructure, short emergency works"),
        in_scope=True,
        source=Source.SECTOR_GUIDE,
        is_grey=True,
        note=_("The NSSO reads this carefully: when in doubt, register."),
    ),
    Work(
        "siteCabin",
        Sector.CONSTRUCTION,
        _("Office work in the site cabin"),
        in_scope=False,
        source=Source.SECTOR_GUIDE,
        note=_("Whoever walks onto the site itself does register."),
    ),
    Work(
        "offSiteOffice",
        Sector.CONSTRUCTION,
        _("Office work elsewhere than on the site"),
        in_scope=False,
        source=Source.SECTOR_GUIDE,
    ),
    Work(
        "consultancy",
        Sector.CONSTRUCTION,
        _("Advice only, without presence on the site"),
        in_scope=False,
        source=Source.SECTOR_GUIDE,
        note=_("Have it confirmed in writing when somebody does come to the site."),
    ),
    Work(
        "volunteers",
        Sector.CONSTRUCTION,
        _("Volunteers, unpaid"),
        in_scope=False,
        source=Source.SECTOR_GUIDE,
        note=_("Whoever is paid, even once, is within the duty from that moment."),
    ),
    Work(
        "meatEstablishment",
        Sector.MEAT,
        _("Work in a slaughterhouse or a processing establishment that the food agency supervises"),
        in_scope=True,
        source=Source.NSSO_CHECKIN,
    ),
    Work(
        "meatUnsupervised",
        Sector.MEAT,
        _("Work with meat elsewhere, such as in a butcher's shop"),
        in_scope=False,
        source=Source.NSSO_CHECKIN,
    ),
    Work(
        "concreteDelivery",
        Sector.CONCRETE,
        _("Delivery of ready-mixed concrete to a site"),
        in_scope=True,
        source=Source.NSSO_CHECKIN,
    ),
    Work(
        "greenSectors",
        Sector.OTHER,
        _("Agriculture, horticulture, forestry"),
        in_scope=False,
        source=Source.SECTOR_GUIDE,
    ),
    Work("elsewhere", Sector.OTHER, _("Any other sector"), in_scope=False, source=Source.NSSO_CHECKIN),
)

WORKS_BY_CODE = {work.code: work for work in WORKS}
