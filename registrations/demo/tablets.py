"""The demo's tablets: one at work, one that waits for its link to be opened."""

from datetime import datetime

from ciao_portal.audit import Actor
from ciao_portal.models import Company
from declarations.models import RegistrationPoint
from registrations.demo.works import GENT, HOSPITAL, NORTH, OFFICES, Place, Works
from registrations.models import Terminal
from registrations.services.terminals import add_terminal, mark_seen, pair_terminal, terminal_with_secret


def hang_up(company: Company, actor: Actor, *, then: datetime, now: datetime) -> None:
    """The first one pairs with a browser that exists in the story only: nobody keeps its secret."""
    north, gent = _point(company, HOSPITAL, NORTH), _point(company, OFFICES, GENT)
    _working, link = add_terminal(company=company, point=north, name="Ingang noord", actor=actor, now=then)
    terminal = terminal_with_secret(pair_terminal(secret=link, now=then))
    if terminal is not None:
        mark_seen(terminal, now=now)
    add_terminal(company=company, point=gent, name="Onthaal", actor=actor, now=now)


def terminals_by_point() -> dict[object, Terminal]:
    """The tablets at work, by the id of their point. Call outside any company's scope."""
    paired = Terminal.objects.filter(company__is_demo=True, paired_at__isnull=False, revoked_at__isnull=True)
    return {terminal.point_id: terminal for terminal in paired}


def _point(company: Company, works: Works, place: Place) -> RegistrationPoint:
    return RegistrationPoint.objects.select_related("declaration").get(
        declaration__title=works.title,
        declaration__company=company,
        workplace__name=place.name,
        company__isnull=True,
    )
