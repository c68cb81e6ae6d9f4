"""Why the NSSO makes a remark, as far as the company's own data tell; who must act, and where.

The NSSO's own reasoning is not public: each cause is our reading of what the company keeps, never of what
another company keeps to itself. Where the data do not tell, the cause is `UNKNOWN` and nothing is guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from declarations.rules.chain import Period
from declarations.rules.thresholds import Sector, threshold_for


class Topic(StrEnum):
    """What a remark is about; `registrations.causes.topics` says which code is about what."""

    DIMONA = "dimona"
    LIMOSA = "limosa"
    IDENTITY = "identity"
    SELF_EMPLOYED = "selfEmployed"
    ENTERPRISE = "enterprise"
    ENTERPRISE_ACTIVE = "enterpriseActive"
    CHAIN = "chain"
    NUMBER = "number"
    PERIOD = "period"
    DUTY = "duty"
    TWICE = "twice"
    NO_OUT = "noOut"
    NO_IN = "noIn"
    OVERLAP = "overlap"


# These are about the registrations around the one that was remarked.
OF_SEQUENCE = frozenset({Topic.TWICE, Topic.NO_OUT, Topic.NO_IN, Topic.OVERLAP})


class Why(StrEnum):
    """What was found."""

    UNKNOWN = "unknown"
    # The worker's file.
    KEPT_ELSEWHERE = "keptElsewhere"
    NO_EMPLOYMENT = "noEmployment"
    EMPLOYMENT_ENDED = "employmentEnded"
    EMPLOYMENT_LATER = "employmentLater"
    POSTED = "posted"
    NOT_POSTED = "notPosted"
    SELF_EMPLOYED = "selfEmployed"
    NOT_SELF_EMPLOYED = "notSelfEmployed"
    DIMONA_MISSING = "dimonaMissing"
    DIMONA_KEPT = "dimonaKept"
    LIMOSA_MISSING = "limosaMissing"
    LIMOSA_KEPT = "limosaKept"
    NUMBER_TYPED = "numberTyped"
    BIS_NUMBER = "bisNumber"
    NUMBER_KEPT = "numberKept"
    # The enterprise.
    IN_OWN_SERVICE = "inOwnService"
    EMPLOYER_ASSUMED = "employerAssumed"
    NO_ENTERPRISE_NUMBER = "noEnterpriseNumber"
    OWN_NUMBER = "ownNumber"
    FORMER_CONTRACTOR = "formerContractor"
    LINK_LATER = "linkLater"
    LINK_ENDED = "linkEnded"
    LINK_KEPT = "linkKept"
    NOT_IN_CHAIN = "notInChain"
    # The declaration.
    DECLARATION_NOT_HERE = "declarationNotHere"
    NUMBER_NOT_YET = "numberNotYet"
    NUMBER_CAME_LATER = "numberCameLater"
    NUMBER_CHANGED = "numberChanged"
    NUMBER_AS_KEPT = "numberAsKept"
    BEFORE_PERIOD = "beforePeriod"
    AFTER_PERIOD = "afterPeriod"
    IN_PERIOD = "inPeriod"
    BELOW_THRESHOLD = "belowThreshold"
    ABOVE_THRESHOLD = "aboveThreshold"
    # The sequence of registrations.
    SENT_TWICE = "sentTwice"
    TAPPED_TWICE = "tappedTwice"
    OUT_UNDER_WAY = "outUnderWay"
    IN_UNDER_WAY = "inUnderWay"
    SAID_STOPPED = "saidStopped"
    NO_OUT = "noOut"
    NO_IN = "noIn"
    ALSO_ELSEWHERE = "alsoElsewhere"


class Who(StrEnum):
    """Who must act."""

    OFFICE = "office"
    EMPLOYER = "employer"
    DECLARER = "declarer"
    WORKER = "worker"
    NOBODY = "nobody"


class Way(StrEnum):
    """Where it is done: pages of the portal, and services of others."""

    WORKER = "worker"
    CHAIN = "chain"
    DECLARATION = "declaration"
    REQUEST = "request"
    REGISTRATION = "registration"
    REMIND = "remind"
    DIMONA = "dimona"
    LIMOSA = "limosa"
    ENTERPRISES = "enterprises"
    MANAGEMENT = "management"


class Status(StrEnum):
    """How somebody works for a company, as far as it matters here."""

    EMPLOYED = "employed"
    SELF_EMPLOYED = "selfEmployed"
    POSTED = "posted"


@dataclass(frozen=True, slots=True)
class Service:
    """One employment with the company that looks; numbers empty where none is kept."""

    period: Period
    status: Status = Status.EMPLOYED
    dimona: str = ""
    limosa: str = ""


@dataclass(frozen=True, slots=True)
class Works:
    """The declaration as it is kept now.

    `reference` is its technical reference; `links` are the days on which the enterprise that was used stands
    in its chain, as the company that looks sees it. `amount` is known to the declarer alone.
    """

    period: Period
    is_ours: bool
    reference: str = ""
    links: tuple[Period, ...] = ()
    amount: Decimal | None = None
    subcontractors: int = 0
    # The enterprise number of the contractor before this one, and the day on which the contract changed.
    former: str = ""
    taken_over_on: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the company that looks may know about one remark.

    `topic` is empty for a code nobody knows. `is_own`: registered for that company. `used`: the enterprise
    number that was sent, empty without one. `services` are those of the person with that company, all of
    them. `sent`: the reference that was sent.
    """

    topic: Topic | None
    day: date
    is_own: bool
    used: str
    services: tuple[Service, ...] = ()
    works: Works | None = None
    sent: str = ""
    # Of the registration: national number typed, a BIS number, an employer nobody chose.
    is_typed: bool = False
    is_bis: bool = False
    is_assumed: bool = False
    # A second number at the NSSO; a second tap of the same kind within minutes.
    is_twin: bool = False
    twice_at: datetime | None = None
    # The other half of the presence, kept here and not at the NSSO.
    under_way_at: datetime | None = None
    stated_stop: datetime | None = None
    # A registration on other works while this presence ran, and the name of those works.
    elsewhere_at: datetime | None = None
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause with what belongs into its sentence; a day stands in Brussels, a moment is UTC."""

    why: Why
    day: date | None = None
    at: datetime | None = None
    # A number or a name as it is kept.
    given: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Why, who must act, and where, the first way first."""

    cause: Cause
    who: Who
    ways: tuple[Way, ...]


def find(facts: Facts) -> Finding:
    """What the data say about a remark; for a code nobody knows, where to look it up."""
    if facts.topic is None:
        return Finding(Cause(Why.UNKNOWN), _resolved(Who.EMPLOYER, facts), (Way.MANAGEMENT,))
    rule = RULES[facts.topic]
    cause = rule.look(facts)
    who = _resolved(WHO_ASIDE.get(cause.why, rule.who), facts)
    return Finding(cause, who, _ways(rule, cause, who))


def _resolved(who: Who, facts: Facts) -> Who:
    """The company that looks, when it is the one meant; others speak to their own workers themselves."""
    if who in (Who.NOBODY, Who.OFFICE):
        return who
    if who is Who.DECLARER:
        return Who.OFFICE if facts.works and facts.works.is_ours else who
    return (Who.OFFICE if who is Who.EMPLOYER else who) if facts.is_own else Who.EMPLOYER


def _ways(rule: "Rule", cause: Cause, who: Who) -> tuple[Way, ...]:
    if who is Who.EMPLOYER:
        return (Way.REMIND, Way.MANAGEMENT)
    if who is Who.DECLARER:
        return (Way.DECLARATION,)
    return ASIDE.get(cause.why, rule.ways)


def _on(periods: tuple[Period, ...], day: date) -> Period | None:
    return next((one for one in periods if one.start <= day <= one.end), None)


def _before(periods: tuple[Period, ...], day: date) -> Period | None:
    """The last one that had ended."""
    return max((one for one in periods if one.end < day), key=lambda one: one.end, default=None)


def _after(periods: tuple[Period, ...], day: date) -> Period | None:
    """The first one still to begin."""
    return min((one for one in periods if one.start > day), key=lambda one: one.start, default=None)


def _service(facts: Facts) -> Service | Cause:
    """The employment of that day, or why there is none to look at."""
    if not facts.is_own:
        return Cause(Why.KEPT_ELSEWHERE)
    found = next((one for one in facts.services if one.period.start <= facts.day <= one.period.end), None)
    if found:
        return found
    periods = tuple(one.period for one in facts.services)
    if ended := _before(periods, facts.day):
        return Cause(Why.EMPLOYMENT_ENDED, ended.end)
    if later := _after(periods, facts.day):
        return Cause(Why.EMPLOYMENT_LATER, later.start)
    return Cause(Why.NO_EMPLOYMENT)


def _dimona(facts: Facts) -> Cause:
    service = _service(facts)
    if isinstance(service, Cause):
        return service
    if service.status is Status.POSTED:
        return Cause(Why.POSTED)
    if service.status is Status.SELF_EMPLOYED:
        return Cause(Why.SELF_EMPLOYED)
    if service.dimona:
        return Cause(Why.DIMONA_KEPT, service.period.start, given=service.dimona)
    return Cause(Why.DIMONA_MISSING)


def _limosa(facts: Facts) -> Cause:
    service = _service(facts)
    if isinstance(service, Cause):
        return service
    if service.limosa:
        return Cause(Why.LIMOSA_KEPT, service.period.start, given=service.limosa)
    return Cause(Why.LIMOSA_MISSING if service.status is Status.POSTED else Why.NOT_POSTED)


def _self_employed(facts: Facts) -> Cause:
    service = _service(facts)
    if isinstance(service, Cause):
        return service
    known = service.status is Status.SELF_EMPLOYED
    return Cause(Why.SELF_EMPLOYED if known else Why.NOT_SELF_EMPLOYED)


def _identity(facts: Facts) -> Cause:
    if facts.is_typed:
        return Cause(Why.NUMBER_TYPED)
    if facts.is_bis:
        return Cause(Why.BIS_NUMBER)
    return Cause(Why.NUMBER_KEPT if facts.is_own else Why.KEPT_ELSEWHERE)


def _used_wrongly(facts: Facts) -> Cause | None:
    """That of the former contractor, or not that of the worker's employer, or nobody said for whom."""
    employed = _on(tuple(one.period for one in facts.services), facts.day)
    works = facts.works
    if works and works.taken_over_on and works.former == facts.used and works.taken_over_on <= facts.day:
        return Cause(Why.FORMER_CONTRACTOR, works.taken_over_on, given=facts.used)
    if employed and not facts.is_own:
        return Cause(Why.IN_OWN_SERVICE, employed.start, given=facts.used)
    return Cause(Why.EMPLOYER_ASSUMED, given=facts.used) if facts.is_assumed else None


def _enterprise(facts: Facts) -> Cause:
    if wrong := _used_wrongly(facts):
        return wrong
    if not facts.used:
        return Cause(Why.NO_ENTERPRISE_NUMBER)
    return Cause(Why.OWN_NUMBER if facts.is_own else Why.UNKNOWN, given=facts.used)


def _chain(facts: Facts) -> Cause:
    if wrong := _used_wrongly(facts):
        return wrong
    if facts.works is None:
        return Cause(Why.DECLARATION_NOT_HERE, given=facts.sent)
    links = facts.works.links
    if place := _on(links, facts.day):
        return Cause(Why.LINK_KEPT, place.start, given=facts.used)
    if ended := _before(links, facts.day):
        return Cause(Why.LINK_ENDED, ended.end, given=facts.used)
    if later := _after(links, facts.day):
        return Cause(Why.LINK_LATER, later.start, given=facts.used)
    return Cause(Why.NOT_IN_CHAIN, given=facts.used)


def _number(facts: Facts) -> Cause:
    """Of a number that is missing, or that the NSSO does not know."""
    works = facts.works
    if works is None:
        return Cause(Why.DECLARATION_NOT_HERE, given=facts.sent)
    if facts.sent:
        changed = facts.sent != works.reference
        return Cause(Why.NUMBER_CHANGED if changed else Why.NUMBER_AS_KEPT, given=facts.sent)
    if works.reference:
        return Cause(Why.NUMBER_CAME_LATER, given=works.reference)
    return Cause(Why.NUMBER_NOT_YET)


def _period(facts: Facts) -> Cause:
    works = facts.works
    if works is None:
        return Cause(Why.DECLARATION_NOT_HERE, given=facts.sent)
    if facts.day < works.period.start:
        return Cause(Why.BEFORE_PERIOD, works.period.start)
    if facts.day > works.period.end:
        return Cause(Why.AFTER_PERIOD, works.period.end)
    return Cause(Why.IN_PERIOD, works.period.start)


def _duty(facts: Facts) -> Cause:
    works = facts.works
    if works is None or works.amount is None:
        return Cause(Why.UNKNOWN)
    threshold = threshold_for(
        Sector.CLEANING, subcontractors=works.subcontractors, starts_on=works.period.start
    )
    is_below = threshold is not None and works.amount < threshold.amount
    return Cause(Why.BELOW_THRESHOLD if is_below else Why.ABOVE_THRESHOLD)


def _twice(facts: Facts) -> Cause:
    if facts.is_twin:
        return Cause(Why.SENT_TWICE)
    return Cause(Why.TAPPED_TWICE, at=facts.twice_at) if facts.twice_at else Cause(Why.UNKNOWN)


def _no_out(facts: Facts) -> Cause:
    if facts.under_way_at:
        return Cause(Why.OUT_UNDER_WAY, at=facts.under_way_at)
    if facts.stated_stop:
        return Cause(Why.SAID_STOPPED, at=facts.stated_stop)
    return Cause(Why.NO_OUT)


def _no_in(facts: Facts) -> Cause:
    if facts.under_way_at:
        return Cause(Why.IN_UNDER_WAY, at=facts.under_way_at)
    return Cause(Why.NO_IN)


def _overlap(facts: Facts) -> Cause:
    if facts.elsewhere_at is None:
        return Cause(Why.UNKNOWN)
    return Cause(Why.ALSO_ELSEWHERE, at=facts.elsewhere_at, given=facts.elsewhere)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one remark is looked into, who must act on it, and where the company itself does so."""

    look: Callable[[Facts], Cause]
    who: Who
    ways: tuple[Way, ...]


_TALK = (Way.REGISTRATION, Way.WORKER)
_ASK = (Way.REQUEST, Way.MANAGEMENT)
RULES: dict[Topic, Rule] = {
    Topic.DIMONA: Rule(_dimona, Who.EMPLOYER, (Way.WORKER, Way.DIMONA)),
    Topic.IDENTITY: Rule(_identity, Who.EMPLOYER, (Way.WORKER,)),
    Topic.ENTERPRISE: Rule(_enterprise, Who.EMPLOYER, _ASK),
    Topic.ENTERPRISE_ACTIVE: Rule(_enterprise, Who.EMPLOYER, (*_ASK, Way.ENTERPRISES)),
    Topic.CHAIN: Rule(_chain, Who.DECLARER, (Way.CHAIN, Way.REQUEST)),
    Topic.NUMBER: Rule(_number, Who.EMPLOYER, _ASK),
    Topic.PERIOD: Rule(_period, Who.DECLARER, (Way.DECLARATION, Way.REQUEST)),
    Topic.DUTY: Rule(_duty, Who.DECLARER, (Way.DECLARATION,)),
    Topic.TWICE: Rule(_twice, Who.NOBODY, (Way.REGISTRATION, Way.MANAGEMENT)),
    Topic.LIMOSA: Rule(_limosa, Who.EMPLOYER, (Way.WORKER, Way.LIMOSA)),
    Topic.SELF_EMPLOYED: Rule(_self_employed, Who.EMPLOYER, (Way.WORKER, Way.ENTERPRISES)),
    Topic.NO_OUT: Rule(_no_out, Who.WORKER, _TALK),
    Topic.NO_IN: Rule(_no_in, Who.WORKER, _TALK),
    Topic.OVERLAP: Rule(_overlap, Who.WORKER, _TALK),
}
# Causes that are another one's affair than their remark usually is.
WHO_ASIDE: dict[Why, Who] = {
    Why.IN_OWN_SERVICE: Who.OFFICE,
    Why.FORMER_CONTRACTOR: Who.DECLARER,
    Why.OUT_UNDER_WAY: Who.EMPLOYER,
    Why.IN_UNDER_WAY: Who.EMPLOYER,
}
# Causes that lead the company elsewhere than their remark usually does.
ASIDE: dict[Why, tuple[Way, ...]] = {
    Why.POSTED: (Way.WORKER, Way.LIMOSA),
    Why.NOT_POSTED: (Way.WORKER, Way.DIMONA),
    Why.NOT_SELF_EMPLOYED: (Way.WORKER, Way.DIMONA),
    Why.IN_OWN_SERVICE: (Way.REQUEST, Way.MANAGEMENT),
    Why.FORMER_CONTRACTOR: (Way.REQUEST, Way.MANAGEMENT),
    Why.EMPLOYER_ASSUMED: (Way.REQUEST, Way.MANAGEMENT),
    Why.NUMBER_NOT_YET: (Way.DECLARATION, Way.REQUEST),
    Why.DECLARATION_NOT_HERE: _ASK,
    Why.OUT_UNDER_WAY: (Way.REGISTRATION,),
    Why.IN_UNDER_WAY: (Way.REGISTRATION,),
}
