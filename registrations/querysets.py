"""Reads: what a company may see of registrations, presences and remarks.

The employer sees its own. The declarer sees everything on its declaration, also by a company outside the
chain that was named there. A company in the chain sees those below it, inside the period of their links.
Never sideways, never up.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex

from ciao_portal.models import Company
from ciao_portal.nsso.contract import PresenceType
from ciao_portal.prepared import KEYS, TODAY, VIEWER, Among, Day, Moment, Prepared, Viewer, totals
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView, Declaration
from registrations.models import (
    Employment,
    NssoPresence,
    PresenceState,
    Registration,
    Remark,
    Submission,
)
from registrations.models.nsso import SubmissionState
from registrations.rules.deadlines import CORRECTION_DAYS
from registrations.rules.flags import Doubt
from registrations.rules.presence import LONGEST_PRESENCE, Kind

# Not at the NSSO: on the way, waiting for somebody, or refused and in need of the office.
UNFINISHED_STATES = (
    SubmissionState.WAITING,
    SubmissionState.SENDING,
    SubmissionState.UNCERTAIN,
    SubmissionState.MISCONFIGURED,
    SubmissionState.HELD,
    SubmissionState.NUMBER_PENDING,
    SubmissionState.REFUSED,
)
# Up to so many declarations of others are a part of their own among the sources of a list.
MOST_PARTS = 5
# How long the office is reminded of a forgotten check-out: as long as a correction can be asked.
MISSING_CHECK_OUT_WINDOW = timedelta(days=CORRECTION_DAYS)


def seen_by(company: Viewer, *, day: str) -> Q:
    """The condition for rows with `employer`, `declaration` and a Brussels day in the column `day`."""
    return Q(employer=company) | Q(declaration__in=declared_by(company)) | _is_below(company, day=day)


def declared_by(company: Viewer) -> QuerySet[Declaration, Any]:
    """The keys of the company's own declarations."""
    with unscoped(reason="the declarer's own declarations, named by the company itself"):
        return Declaration.objects.filter(company=company).values("pk")


def registrations_visible_to(company: Viewer) -> QuerySet[Registration]:
    """All registrations this company may see, newest first; for lists see `registration_sources`."""
    with unscoped(reason="narrowed at once to what the company may see"):
        return Registration.objects.filter(_registered_for(company))


def _registered_for(company: Viewer) -> Q:
    """The condition for registrations and their journeys."""
    return Q(employer=company) | Q(declarer=company) | _is_below(company, day="happened_day")


def flagged(rows: QuerySet[Registration], flag: Doubt) -> QuerySet[Registration]:
    """Those of the rows that carry the flag; for rows narrowed down before, as flags have no index."""
    # Both databases read the list of flags as text.
    return rows.alias(
        flag_at=StrIndex(Cast("flags", TextField()), Value(f'"{flag.value}"', TextField()))
    ).filter(flag_at__gt=0)


def former_number_used(company: Viewer, today: Day) -> Q:
    """The condition for own declarations at which the number of the contractor before was used lately."""
    with unscoped(reason="registrations on the company's own declarations, named by the company itself"):
        used = Registration.objects.filter(
            declaration=OuterRef("pk"),
            employer=OuterRef("former_company"),
            happened_day__gte=today - timedelta(days=CORRECTION_DAYS),
        )
    # In this order: what is counted looks for registrations only where there was another contractor.
    taken_over = Q(company=company, former_company__isnull=False)
    return taken_over & Q(Exists(flagged(used, Doubt.FORMER_EMPLOYER)))


# By declaration of somebody else, the firms below a company in its chain.
Members = dict[UUID, set[UUID]]


def registration_sources(company: Company, members: Members | None = None) -> list[QuerySet[Registration]]:
    """`registrations_visible_to` in parts that may overlap, each with an index in order of time.

    Its own, those on its declarations, and those below it in the chains of others (`members`, where known).
    """
    with unscoped(reason="each part is narrowed at once to what the company may see"):
        everything = Registration.objects.all()
    below = everything.filter(_stands_below(company, day="happened_day"))
    members = members_below(company) if members is None else members
    if len(members) <= MOST_PARTS:
        parts = [below.filter(declaration=works, employer__in=firms) for works, firms in members.items()]
    else:
        parts = [below.filter(declaration__in=list(members), employer__in=set().union(*members.values()))]
    return [everything.filter(employer=company), everything.filter(declarer=company), *parts]


def parts_visible_to(company: Company) -> list[QuerySet[Registration]]:
    """`registrations_visible_to` in parts that share no row: own, declared for others, below in a chain."""
    with unscoped(reason="each part is narrowed at once to what the company may see"):
        everything = Registration.objects.all()
    others = everything.exclude(employer=company)
    return [
        everything.filter(employer=company),
        others.filter(declarer=company),
        others.filter(_is_below(company, day="happened_day")).exclude(declarer=company),
    ]


def remark_sources(company: Company, members: Members | None = None) -> list[QuerySet[Remark]]:
    """`remarks_visible_to` in parts that may overlap, as `registration_sources` does."""
    below = Remark.objects.filter(_stands_below(company, day="happened_day"))
    members = members_below(company) if members is None else members
    parts = [below.filter(declaration__in=list(members))] if members else []
    return [
        Remark.objects.filter(employer=company),
        Remark.objects.filter(declaration__company=company),
        *parts,
    ]


def _is_below(company: Viewer, *, day: str) -> Q:
    """As `_stands_below`, for rows that nothing else narrows down.

    Works at which the company sees nobody are told apart at once, before anything is looked up for a row.
    """
    chains = ChainView.objects.filter(viewer=company).exclude(member=company)
    return Q(declaration__in=chains.values("declaration")) & _stands_below(company, day=day)


def _stands_below(company: Viewer, *, day: str) -> Q:
    """Rows of firms below the company on the row's declaration, on the row's day."""
    below = ChainView.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef(day)),
        viewer=company,
        declaration=OuterRef("declaration_id"),
        member=OuterRef("employer_id"),
        valid_from__lte=OuterRef(day),
    )
    return Q(Exists(below))


def members_below(company: Company) -> Members:
    """By declaration of somebody else, the firms the company sees below itself."""
    rows = ChainView.objects.filter(viewer=company).exclude(member=company)
    members: Members = {}
    for works, firm in rows.exclude(declaration__company=company).values_list("declaration", "member"):
        members.setdefault(works, set()).add(firm)
    return members


def remarks_visible_to(company: Viewer) -> QuerySet[Remark]:
    """All remarks this company may see, the nearest last day first."""
    return Remark.objects.filter(seen_by(company, day="happened_day"))


def present_now(company: Company, *, now: datetime) -> QuerySet[PresenceState]:
    """People on site now (on break counts): their last registration is no OUT and younger than 16 hours.

    Whoever registered elsewhere after that stands in `present_elsewhere`, or has left.
    """
    return not_out(company, now=now).filter(last_at__gt=now - LONGEST_PRESENCE)


def missing_check_outs(company: Company, *, now: datetime, since: timedelta) -> QuerySet[PresenceState]:
    """People whose last registration is no OUT and older than 16 hours, but not older than `since`."""
    return not_out(company, now=now).filter(last_at__lte=now - LONGEST_PRESENCE, last_at__gt=now - since)


def not_out(company: Viewer, *, now: Moment) -> QuerySet[PresenceState]:
    """People whose last registration, here or elsewhere, was made here and is no OUT, however old."""
    later = NssoPresence.objects.filter(
        _listed_elsewhere(now),
        person=OuterRef("person"),
        employer=OuterRef("employer"),
        declaration=OuterRef("declaration"),
        registered_at__gt=OuterRef("last_at"),
    )
    states = PresenceState.objects.alias(day=F("last_registration__happened_day"))
    return states.filter(
        seen_by(company, day="day"), ~Q(last_kind=Kind.OUT.value), ~Exists(later), last_at__lte=now
    )


def _listed_elsewhere(now: Moment) -> Q:
    """What the NSSO lists and we did not register, up to now."""
    return Q(registration__isnull=True, missed_since__isnull=True, registered_at__lte=now)


def present_elsewhere(company: Viewer, *, now: Moment) -> QuerySet[NssoPresence]:
    """People on site now whose last registration was made elsewhere: it is an IN and younger than 16 hours.

    One row for each person, employer and declaration; whoever registered here after that is in `present_now`.
    """
    listed = NssoPresence.objects.filter(_listed_elsewhere(now), registered_at__gt=now - LONGEST_PRESENCE)
    later = listed.filter(
        Q(registered_at__gt=OuterRef("registered_at"))
        | Q(registered_at=OuterRef("registered_at"), nsso_id__gt=OuterRef("nsso_id")),
        person=OuterRef("person"),
        employer=OuterRef("employer"),
        reference=OuterRef("reference"),
    )
    ours = PresenceState.objects.filter(
        person=OuterRef("person"),
        employer=OuterRef("employer"),
        declaration=OuterRef("declaration"),
        last_at__gte=OuterRef("registered_at"),
    )
    visible = listed_elsewhere(company, listed)
    return visible.filter(~Exists(later), ~Exists(ours), type=PresenceType.IN.value)


def listed_elsewhere(company: Viewer, rows: QuerySet[NssoPresence]) -> QuerySet[NssoPresence]:
    """Of these rows, registered elsewhere and narrowed to a time, those the company may see.

    Looked up in parts, each by an index of its own.
    """
    own = rows.filter(employer=company)
    declared = rows.filter(declaration__in=declared_by(company))
    below = rows.filter(_is_below(company, day="day"))
    return rows.filter(
        Q(pk__in=own.values("pk")) | Q(pk__in=declared.values("pk")) | Q(pk__in=below.values("pk"))
    )


def open_remarks(company: Viewer) -> QuerySet[Remark]:
    """Remarks that still stand at the NSSO."""
    return remarks_visible_to(company).filter(gone_at__isnull=True)


def open_remarks_count(company: Company) -> int:
    """How many remarks still stand; the figure in the navigation, on every page of the office."""
    with unscoped(reason="counts what the company may see"):
        return sum(count for (count,) in _OPEN_REMARKS.all(viewer=company.pk))


def totals_of_open_remarks(**counts: Count) -> QuerySet[Any, Any]:
    """Rows to be added up, one for each of `remark_parts`."""
    parts = remark_parts(Remark.objects.filter(gone_at__isnull=True))
    first, *others = [totals(part, **counts) for part in parts]
    return first.union(*others, all=True)


def remark_parts(rows: QuerySet[Remark]) -> tuple[QuerySet[Remark], ...]:
    """What `VIEWER` may see of these rows, in parts that share no remark, each with an index of its own."""
    chains = ChainView.objects.filter(viewer=VIEWER).exclude(declaration__company=VIEWER)
    of_others = rows.exclude(employer=VIEWER)
    below = of_others.filter(
        _stands_below(VIEWER, day="happened_day"),
        declaration__in=chains.exclude(member=VIEWER).values("declaration"),
    )
    return rows.filter(employer=VIEWER), of_others.filter(declaration__company=VIEWER), below


# Rows, not keys: so the index of the open remarks of an employer answers by itself.
_OPEN_REMARKS = Prepared(lambda: totals_of_open_remarks(number=Count("*")))


def journeys_visible_to(company: Viewer) -> QuerySet[Submission]:
    """The journeys of `registrations_visible_to`, found without looking at the registrations."""
    return Submission.objects.filter(_registered_for(company))


def unfinished_journeys(company: Viewer) -> QuerySet[Submission]:
    """Those of the visible registrations that are not at the NSSO, refused ones included."""
    return journeys_visible_to(company).filter(state__in=UNFINISHED_STATES)


def employed_on(day: Day) -> Q:
    """The condition for employments that run on this Brussels day."""
    return Q(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


def names_of(people: Iterable[UUID], *, company: Company, day: date) -> dict[UUID, str]:
    """Names by person id, as the company's own employments give them; people of other firms stay nameless.

    The latest employment wins, so that somebody who left keeps a name in the history.
    """
    with unscoped(reason="the company's own employments, named by the company itself"):
        rows = _NAMED.all(viewer=company.pk, keys=set(people), today=day)
    return {row.person_id: str(row) for row in rows}


_NAMED = Prepared(
    lambda: (
        Employment.objects.filter(Among("person", KEYS), company=VIEWER, starts_on__lte=TODAY)
        .order_by("starts_on")
        .only("person", "first_name", "last_name")
    )
)
