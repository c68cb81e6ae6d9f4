"""Registrations under the number of the contractor that had the works before, and how to have them corrected.

They were kept and sent as they were made; only the NSSO can change the number.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ciao_portal.days import brussels_day, moment_label
from ciao_portal.languages import language_of
from ciao_portal.models import Company
from declarations.models import Declaration
from registrations.models import NssoPresence, Registration
from registrations.naming import PeopleNames
from registrations.querysets import flagged, registrations_visible_to, seen_by
from registrations.rules.deadlines import days_left, last_day
from registrations.rules.flags import Doubt

MOST = 50


@dataclass(frozen=True, slots=True)
class FormerUse:
    """A registration under the former contractor's number, with the days left to ask for a correction.

    `request` is the text to ask with; `url` is empty for what was registered elsewhere.
    """

    at: str
    worker: str
    where: str
    url: str
    days_left: int
    request: str


def former_uses(
    company: Company, declaration: Declaration, at: datetime, *, now: datetime
) -> list[FormerUse]:
    """Those made here and those the NSSO shows from elsewhere; the most recent first."""
    here = _made_here(company, declaration, at).select_related("person", "workplace", "submission")
    elsewhere = NssoPresence.objects.filter(
        seen_by(company, day="day"),
        declaration=declaration,
        employer=declaration.former_company_id,
        registration__isnull=True,
        registered_at__gte=at,
    ).select_related("person")
    own, others = list(here[:MOST]), list(elsewhere.order_by("-registered_at")[:MOST])
    today = brussels_day(now)
    people = {row.person for row in own} | {row.person for row in others}
    names = PeopleNames.of(people, company=company, day=today)
    uses = [
        FormerUse(
            at=moment_label(row.happened_at),
            worker=names[row.person],
            where=row.workplace.name,
            url=reverse("registrations:registration-detail", args=[row.pk]),
            days_left=days_left(last_day(row.happened_day), today),
            # Of somebody else's worker we do not know who employs it: that company asks.
            request=_request(company, declaration, row.happened_at, row.submission.nsso_id)
            if names.has(row.person)
            else "",
        )
        for row in own
    ]
    # Somebody else's worker may still work for the former contractor.
    uses += [
        FormerUse(
            at=moment_label(row.registered_at),
            worker=names[row.person],
            where=_("registered elsewhere"),
            url="",
            days_left=days_left(last_day(row.day), today),
            request=_request(company, declaration, row.registered_at, row.nsso_id),
        )
        for row in others
        if names.has(row.person)
    ]
    return uses


def _request(company: Company, declaration: Declaration, at: datetime, nsso_id: int | None) -> str:
    """The words to ask the NSSO with, in the company's language; they hold no name and no national number."""
    former = declaration.former_company
    with translation.override(language_of(company.language)):
        words = _(
            "Registration of %(moment)s, number %(nsso)s, declaration of works %(declaration)s. It carries "
            "the enterprise number %(former)s of the contractor before us. Since %(since)s the works are "
            "ours and the worker is employed by us: please correct the enterprise number to %(own)s."
        )
        since = moment_label(declaration.takes_over_at) if declaration.takes_over_at else ""
        return words % {
            "moment": moment_label(at),
            "nsso": nsso_id or "–",
            "declaration": declaration.declared_number or declaration.technical_reference or "–",
            "former": former.number if former else "",
            "since": since,
            "own": company.number,
        }


def _made_here(company: Company, declaration: Declaration, at: datetime) -> QuerySet[Registration]:
    rows = registrations_visible_to(company).filter(declaration=declaration, happened_at__gte=at)
    return flagged(rows, Doubt.FORMER_EMPLOYER)
