"""What is looked up about some remarks: only what the company that looks may know."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery, UUIDField

from ciao_portal.days import brussels_day
from ciao_portal.identifiers import is_bis
from ciao_portal.models import Company
from ciao_portal.nsso.contract import PresenceType
from ciao_portal.prepared import KEYS, VIEWER, Among, Given, Prepared
from ciao_portal.tenancy import unscoped
from declarations.models.declarations import Regime
from declarations.rules.chain import Period
from registrations.causes.topics import topic_of
from registrations.filter_choices import Offered
from registrations.models import Employment, Means, NssoPresence, Remark, Statement
from registrations.models.nsso import SubmissionState
from registrations.models.registrations import StatementKind
from registrations.models.workers import WorkerStatus
from registrations.naming import PeopleNames
from registrations.querysets import registrations_visible_to
from registrations.rules.causes import OF_SEQUENCE, Facts, Finding, Service, Status, Topic, Works, find
from registrations.rules.flags import Doubt
from registrations.rules.presence import LONGEST_PRESENCE, Kind, nsso_type

# So many presences are looked around at once: those of a page.
MOST_SPANS = 40
# Two taps of the same kind so close to each other are one act.
SAME_ACT = timedelta(minutes=10)
_STATUSES = {
    WorkerStatus.SELF_EMPLOYED.value: Status.SELF_EMPLOYED,
    WorkerStatus.POSTED.value: Status.POSTED,
}


class Near(NamedTuple):
    """A registration of the hours around a remark.

    `stated_stop` is when the worker says to have stopped, in the last word about it.
    """

    pk: UUID
    person: UUID
    employer: UUID
    declaration: UUID
    title: str
    kind: str
    happened_at: datetime
    state: str
    twins: list[int] | None
    stated_stop: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules say of a remark, and which pages the company has about it.

    `worker` is its own latest employment of the person, `sees_works` whether it gets into the declaration.
    """

    finding: Finding
    worker: UUID | None
    sees_works: bool


class Looking:
    """What is looked up once for some remarks; a fixed number of queries, however many remarks.

    Remarks the company may see, with `presence` (person and registration), `employer` and `declaration` (with
    `former_company`) fetched; used inside the company's scope.
    """

    def __init__(self, remarks: Sequence[Remark], *, offered: Offered) -> None:
        self.company, self.places = offered.company, offered.places
        self.jobs: dict[UUID, list[Employment]] = defaultdict(list)
        with unscoped(reason="the company's own employments, named by the company itself"):
            jobs = _JOBS.all(viewer=self.company.pk, keys={row.presence.person_id for row in remarks})
        for job in jobs:
            self.jobs[job.person_id].append(job)
        of_sequence = [row.presence for row in remarks if topic_of(row.code) in OF_SEQUENCE]
        self.around = _around(of_sequence, self.company)

    def names(self, *, today: date) -> PeopleNames:
        """The people of the remarks as the company calls them (see `registrations.naming`)."""
        known = {
            person: [str(job) for job in jobs if job.starts_on <= today] for person, jobs in self.jobs.items()
        }
        return PeopleNames({person: names[-1] for person, names in known.items() if names})

    def found(self, remark: Remark) -> Found:
        works, jobs = remark.declaration, self.jobs.get(remark.presence.person_id)
        return Found(
            finding=find(self._facts(remark)),
            worker=jobs[-1].pk if jobs else None,
            sees_works=works is not None and (works.company_id == self.company.pk or works.pk in self.places),
        )

    def _facts(self, remark: Remark) -> Facts:
        presence, topic = remark.presence, topic_of(remark.code)
        registration = presence.registration
        ssin = presence.person.ssin if topic is Topic.IDENTITY else None
        near = self.around.get(presence.person_id, []) if topic in OF_SEQUENCE else []
        elsewhere = _nearest(presence, (row for row in near if row.declaration != remark.declaration_id))
        return Facts(
            topic=topic,
            day=remark.happened_day,
            is_own=remark.employer_id == self.company.pk,
            used=remark.employer.enterprise_number or "",
            services=tuple(map(_service, self.jobs.get(presence.person_id, ()))),
            works=self._works(remark),
            sent=presence.reference,
            is_typed=registration is not None and registration.means == Means.TYPED,
            is_bis=ssin is not None and is_bis(ssin),
            is_assumed=registration is not None and Doubt.EMPLOYER_ASSUMED.value in registration.flags,
            is_twin=any(row.pk == presence.registration_id and row.twins for row in near),
            twice_at=_moment(_nearest(presence, (row for row in near if _is_same_act(row, presence)))),
            under_way_at=_moment(_nearest(presence, (row for row in near if _is_other_half(row, presence)))),
            stated_stop=next((row.stated_stop for row in near if row.pk == presence.registration_id), None),
            elsewhere_at=_moment(elsewhere),
            elsewhere=elsewhere.title if elsewhere else "",
        )

    def _works(self, remark: Remark) -> Works | None:
        works = remark.declaration
        if works is None:
            return None
        members = self.places.get(works.pk, {})
        is_ours = works.company_id == self.company.pk
        return Works(
            period=_period(works.starts_on, works.ends_on),
            is_ours=is_ours,
            reference=works.technical_reference,
            links=tuple(members.get(remark.employer_id, ())),
            amount=works.amount if is_ours and works.regime == Regime.CIAO else None,
            former=works.former_company.enterprise_number or "" if works.former_company else "",
            taken_over_on=brussels_day(works.takes_over_at) if works.takes_over_at else None,
            subcontractors=len(members.keys() - {works.company_id}),
        )


_JOBS = Prepared(
    lambda: (
        Employment.objects.filter(Among("person", KEYS), company=VIEWER)
        .order_by("starts_on")
        .only(
            *("person", "first_name", "last_name", "starts_on", "ends_on"),
            *("status", "dimona_number", "limosa_number"),
        )
    )
)


def _service(job: Employment) -> Service:
    return Service(
        _period(job.starts_on, job.ends_on),
        _STATUSES.get(job.status, Status.EMPLOYED),
        dimona=job.dimona_number,
        limosa=job.limosa_number,
    )


def _period(first: date, last: date | None) -> Period:
    return Period(first, last or date.max)


def _around(presences: Sequence[NssoPresence], company: Company) -> dict[UUID, list[Near]]:
    """By person, the registrations the company sees of the hours around these presences."""
    found: dict[UUID, dict[UUID, Near]] = defaultdict(dict)
    for first in range(0, len(presences), MOST_SPANS):
        for near in _near(presences[first : first + MOST_SPANS], company):
            found[near.person][near.pk] = near
    return {person: sorted(near.values(), key=_by_time) for person, near in found.items()}


def _by_time(near: Near) -> tuple[datetime, UUID]:
    return near.happened_at, near.pk


def _near(presences: Sequence[NssoPresence], company: Company) -> list[Near]:
    values: dict[str, Any] = {"viewer": company.pk}
    for number in range(MOST_SPANS):
        # One query for however many: the last one fills the places that are left.
        row = presences[min(number, len(presences) - 1)]
        values[f"person_{number}"] = row.person_id
        values[f"since_{number}"] = row.registered_at - LONGEST_PRESENCE
        values[f"until_{number}"] = row.registered_at + LONGEST_PRESENCE
    with unscoped(reason="around these presences, what the company may see"):
        return [Near._make(row) for row in _NEAR.all(**values)]


def _within_spans() -> QuerySet[Any, Any]:
    """Each person's own hours: all people of a page in all its days would be hundreds of rows."""
    spans = [
        Q(
            person=Given(f"person_{number}", UUIDField()),
            happened_at__gte=Given(f"since_{number}", DateTimeField()),
            happened_at__lte=Given(f"until_{number}", DateTimeField()),
        )
        for number in range(MOST_SPANS)
    ]
    said = Statement.objects.filter(registration=OuterRef("pk"), kind=StatementKind.STOPPED_AT)
    last_word = said.filter(stopped_at__isnull=False).order_by("-given_at", "-id").values("stopped_at")
    rows = registrations_visible_to(VIEWER).filter(reduce(or_, spans)).order_by()
    return rows.values_list(
        *("pk", "person", "employer", "declaration", "declaration__title", "kind", "happened_at"),
        *("submission__state", "submission__twin_nsso_ids", Subquery(last_word[:1])),
    )


_NEAR = Prepared(_within_spans)


def _is_same_act(row: Near, presence: NssoPresence) -> bool:
    return (
        row.pk != presence.registration_id
        and nsso_type(Kind(row.kind)) == presence.type
        and row.employer == presence.employer_id
        and row.declaration == presence.declaration_id
        and abs(row.happened_at - presence.registered_at) <= SAME_ACT
    )


def _is_other_half(row: Near, presence: NssoPresence) -> bool:
    """The OUT after an IN, or the IN before an OUT, that the NSSO does not have."""
    is_later = row.happened_at > presence.registered_at
    return (
        nsso_type(Kind(row.kind)) != presence.type
        and is_later == (presence.type == PresenceType.IN.value)
        and row.employer == presence.employer_id
        and row.declaration == presence.declaration_id
        and row.state not in (SubmissionState.ACCEPTED, SubmissionState.NOT_DUE)
    )


def _nearest(presence: NssoPresence, rows: Iterable[Near]) -> Near | None:
    close = (row for row in rows if abs(row.happened_at - presence.registered_at) <= LONGEST_PRESENCE)
    return min(close, key=lambda row: abs(row.happened_at - presence.registered_at), default=None)


def _moment(row: Near | None) -> datetime | None:
    return row.happened_at if row else None
