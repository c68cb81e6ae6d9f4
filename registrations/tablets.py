"""How a company's tablets stand, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ciao_portal.companies import names_of_companies
from ciao_portal.models import Company
from declarations.models import RegistrationPoint
from declarations.querysets import points_visible_to
from registrations import cells
from registrations.models import Terminal

# A tablet tells every minute that it lives; after so long it is worth a look.
SILENT_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class State:
    """A word with its signal (see elements/badge.html), and the moment that explains it."""

    signal: str
    words: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TabletRow:
    """One tablet as the list shows it."""

    terminal: Terminal
    place: str
    works: str
    last_seen: str
    state: State


def state_of(terminal: Terminal, *, now: datetime) -> State:
    """How the tablet stands."""
    if terminal.revoked_at is not None:
        return State("quiet", _("Revoked"), cells.moment(terminal.revoked_at))
    if terminal.last_seen_at is not None:
        if now - terminal.last_seen_at <= SILENT_AFTER:
            return State("ok", _("In use"))
        seen = cells.moment(terminal.last_seen_at)
        return State("wait", _("Silent"), _("not seen since %(moment)s") % {"moment": seen})
    if terminal.link_expires_at is not None and terminal.link_expires_at > now:
        until = cells.moment(terminal.link_expires_at)
        return State("info", _("Not paired yet"), _("link until %(moment)s") % {"moment": until})
    return State("wait", _("The link ran out"), _("make a new one"))


def rows(*, now: datetime) -> list[TabletRow]:
    """The company's tablets, those in use first. Call inside the company's scope."""
    found = Terminal.objects.select_related("point__workplace", "point__declaration")
    ordered = sorted(found, key=lambda terminal: terminal.revoked_at is not None)
    return [
        TabletRow(
            terminal,
            terminal.point.workplace.name if terminal.point.workplace else "",
            terminal.point.declaration.title,
            cells.moment(terminal.last_seen_at) if terminal.last_seen_at else "",
            state_of(terminal, now=now),
        )
        for terminal in ordered
    ]


def points_for(company: Company, *, today: date) -> "QuerySet[RegistrationPoint]":
    """Where the company may hang a tablet: at the workplaces of works that have not ended."""
    goes_on = Q(declaration__ends_on__isnull=True) | Q(declaration__ends_on__gte=today)
    own = Q(company__isnull=True) | Q(company=company)
    points = points_visible_to(company).filter(goes_on, own, workplace__isnull=False)
    return points.order_by("workplace__name", "declaration__title", "id")


def other_declarers(points: Iterable[RegistrationPoint], company: Company) -> dict[Company, str]:
    """How the company calls the other firms on whose works these points are."""
    declarers = {point.declaration.company for point in points}
    return names_of_companies(company, declarers - {company})


def point_words(point: RegistrationPoint, others: Mapping[Company, str]) -> str:
    """The workplace, the works and, when they are another firm's, whose (see `other_declarers`)."""
    words = f"{point.workplace} · {point.declaration.title}"
    declarer = others.get(point.declaration.company)
    return f"{words} · {declarer}" if declarer else words
