"""What the company's own data say about each remark of the NSSO."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from declarations.rules.chain import Period
from registrations.rules.causes import (
    RULES,
    Cause,
    Facts,
    Finding,
    Service,
    Status,
    Topic,
    Way,
    Who,
    Why,
    Works,
    find,
)

DAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 1, 1), date(2026, 9, 30)
LATER = date(2026, 12, 1)
AT = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)
RUNNING, ENDED, PLANNED = Period(FIRST, date.max), Period(FIRST, LAST), Period(LATER, date.max)
FORMER = "0206731645"
REFERENCE, OTHER = "1Y1003SQ5VSSZ", "1Y1003SQ5VSSY"

OWN = Facts(topic=None, day=DAY, is_own=True, used=FORMER)
THEIRS = replace(OWN, is_own=False)
OURS = Works(RUNNING, is_ours=True, reference=REFERENCE)


def employed(period: Period = RUNNING, **given: object) -> tuple[Service, ...]:
    return (Service(period, **given),)  # type: ignore[arg-type]  # the fields of a service


CASES: list[tuple[Topic, Facts, Cause]] = [
    # Dimona: whose it is, whether there is an employment, what is kept of it.
    (Topic.DIMONA, THEIRS, Cause(Why.KEPT_ELSEWHERE)),
    (Topic.DIMONA, OWN, Cause(Why.NO_EMPLOYMENT)),
    (Topic.DIMONA, replace(OWN, services=employed(ENDED)), Cause(Why.EMPLOYMENT_ENDED, LAST)),
    (
        Topic.DIMONA,
        replace(OWN, services=employed(PLANNED)),
        Cause(Why.EMPLOYMENT_LATER, LATER),
    ),
    # The nearest of several counts.
    (
        Topic.DIMONA,
        replace(OWN, services=(*employed(Period(FIRST, date(2026, 2, 1))), *employed(ENDED))),
        Cause(Why.EMPLOYMENT_ENDED, LAST),
    ),
    (Topic.DIMONA, replace(OWN, services=employed()), Cause(Why.DIMONA_MISSING)),
    (
        Topic.DIMONA,
        replace(OWN, services=employed(dimona="D-77")),
        Cause(Why.DIMONA_KEPT, FIRST, given="D-77"),
    ),
    (
        Topic.DIMONA,
        replace(OWN, services=employed(status=Status.POSTED)),
        Cause(Why.POSTED),
    ),
    (
        Topic.DIMONA,
        replace(OWN, services=employed(status=Status.SELF_EMPLOYED)),
        Cause(Why.SELF_EMPLOYED),
    ),
    # Limosa.
    (Topic.LIMOSA, THEIRS, Cause(Why.KEPT_ELSEWHERE)),
    (Topic.LIMOSA, replace(OWN, services=employed()), Cause(Why.NOT_POSTED)),
    (
        Topic.LIMOSA,
        replace(OWN, services=employed(status=Status.POSTED)),
        Cause(Why.LIMOSA_MISSING),
    ),
    (
        Topic.LIMOSA,
        replace(OWN, services=employed(status=Status.POSTED, limosa="L1-9")),
        Cause(Why.LIMOSA_KEPT, FIRST, given="L1-9"),
    ),
    # Who it is.
    (Topic.IDENTITY, replace(THEIRS, is_typed=True), Cause(Why.NUMBER_TYPED)),
    (Topic.IDENTITY, replace(OWN, is_bis=True), Cause(Why.BIS_NUMBER)),
    (Topic.IDENTITY, OWN, Cause(Why.NUMBER_KEPT)),
    (Topic.IDENTITY, THEIRS, Cause(Why.KEPT_ELSEWHERE)),
    (
        Topic.SELF_EMPLOYED,
        replace(OWN, services=employed(status=Status.SELF_EMPLOYED)),
        Cause(Why.SELF_EMPLOYED),
    ),
    (Topic.SELF_EMPLOYED, replace(OWN, services=employed()), Cause(Why.NOT_SELF_EMPLOYED)),
    (Topic.SELF_EMPLOYED, OWN, Cause(Why.NO_EMPLOYMENT)),
    # The enterprise.
    (Topic.ENTERPRISE, OWN, Cause(Why.OWN_NUMBER, given=FORMER)),
    (Topic.ENTERPRISE, THEIRS, Cause(Why.UNKNOWN, given=FORMER)),
    (Topic.ENTERPRISE, replace(THEIRS, used=""), Cause(Why.NO_ENTERPRISE_NUMBER)),
    (
        Topic.ENTERPRISE_ACTIVE,
        replace(THEIRS, services=employed()),
        Cause(Why.IN_OWN_SERVICE, FIRST, given=FORMER),
    ),
    (
        Topic.ENTERPRISE_ACTIVE,
        replace(OWN, is_assumed=True, services=employed()),
        Cause(Why.EMPLOYER_ASSUMED, given=FORMER),
    ),
    # Its place in the chain: that of the contractor before, from the day of the change on.
    (
        Topic.CHAIN,
        replace(THEIRS, works=replace(OURS, former=FORMER, taken_over_on=DAY), services=employed()),
        Cause(Why.FORMER_CONTRACTOR, DAY, given=FORMER),
    ),
    (
        Topic.ENTERPRISE_ACTIVE,
        replace(THEIRS, works=replace(OURS, former=FORMER, taken_over_on=LATER)),
        Cause(Why.UNKNOWN, given=FORMER),
    ),
    (
        Topic.CHAIN,
        replace(THEIRS, works=replace(OURS, former="0202239951", taken_over_on=DAY)),
        Cause(Why.NOT_IN_CHAIN, given=FORMER),
    ),
    (
        Topic.CHAIN,
        replace(THEIRS, services=employed(), works=OURS),
        Cause(Why.IN_OWN_SERVICE, FIRST, given=FORMER),
    ),
    (
        Topic.CHAIN,
        replace(THEIRS, works=replace(OURS, links=(ENDED,))),
        Cause(Why.LINK_ENDED, LAST, given=FORMER),
    ),
    (
        Topic.CHAIN,
        replace(THEIRS, works=replace(OURS, links=(PLANNED,))),
        Cause(Why.LINK_LATER, LATER, given=FORMER),
    ),
    (
        Topic.CHAIN,
        replace(THEIRS, works=replace(OURS, links=(ENDED, RUNNING))),
        Cause(Why.LINK_KEPT, FIRST, given=FORMER),
    ),
    (
        Topic.CHAIN,
        replace(THEIRS, works=OURS),
        Cause(Why.NOT_IN_CHAIN, given=FORMER),
    ),
    (
        Topic.CHAIN,
        replace(THEIRS, sent=OTHER),
        Cause(Why.DECLARATION_NOT_HERE, given=OTHER),
    ),
    # The number of the declaration.
    (Topic.NUMBER, OWN, Cause(Why.DECLARATION_NOT_HERE)),
    (
        Topic.NUMBER,
        replace(OWN, works=replace(OURS, reference="")),
        Cause(Why.NUMBER_NOT_YET),
    ),
    (
        Topic.NUMBER,
        replace(OWN, works=OURS),
        Cause(Why.NUMBER_CAME_LATER, given=REFERENCE),
    ),
    (
        Topic.NUMBER,
        replace(OWN, works=OURS, sent=OTHER),
        Cause(Why.NUMBER_CHANGED, given=OTHER),
    ),
    (
        Topic.NUMBER,
        replace(OWN, works=OURS, sent=REFERENCE),
        Cause(Why.NUMBER_AS_KEPT, given=REFERENCE),
    ),
    # Its period, first and last day included.
    (
        Topic.PERIOD,
        replace(OWN, works=replace(OURS, period=PLANNED)),
        Cause(Why.BEFORE_PERIOD, LATER),
    ),
    (
        Topic.PERIOD,
        replace(OWN, works=replace(OURS, period=ENDED)),
        Cause(Why.AFTER_PERIOD, LAST),
    ),
    (
        Topic.PERIOD,
        replace(OWN, works=replace(OURS, period=Period(FIRST, DAY))),
        Cause(Why.IN_PERIOD, FIRST),
    ),
    (
        Topic.PERIOD,
        replace(OWN, sent=OTHER),
        Cause(Why.DECLARATION_NOT_HERE, given=OTHER),
    ),
    # Whether the duty applies: only the declarer knows the amount.
    (
        Topic.DUTY,
        replace(OWN, works=replace(OURS, amount=Decimal("29999.99"))),
        Cause(Why.BELOW_THRESHOLD),
    ),
    (
        Topic.DUTY,
        replace(OWN, works=replace(OURS, amount=Decimal(30_000))),
        Cause(Why.ABOVE_THRESHOLD),
    ),
    (
        Topic.DUTY,
        replace(OWN, works=replace(OURS, amount=Decimal(29_000), subcontractors=1)),
        Cause(Why.ABOVE_THRESHOLD),
    ),
    (Topic.DUTY, replace(OWN, works=replace(OURS, is_ours=False)), Cause(Why.UNKNOWN)),
    # The sequence of registrations.
    (Topic.TWICE, replace(OWN, is_twin=True, twice_at=AT), Cause(Why.SENT_TWICE)),
    (Topic.TWICE, replace(OWN, twice_at=AT), Cause(Why.TAPPED_TWICE, at=AT)),
    (Topic.TWICE, OWN, Cause(Why.UNKNOWN)),
    (
        Topic.NO_OUT,
        replace(OWN, under_way_at=AT, stated_stop=AT),
        Cause(Why.OUT_UNDER_WAY, at=AT),
    ),
    (Topic.NO_OUT, replace(OWN, stated_stop=AT), Cause(Why.SAID_STOPPED, at=AT)),
    (Topic.NO_OUT, OWN, Cause(Why.NO_OUT)),
    (Topic.NO_IN, replace(OWN, under_way_at=AT), Cause(Why.IN_UNDER_WAY, at=AT)),
    (Topic.NO_IN, OWN, Cause(Why.NO_IN)),
    (
        Topic.OVERLAP,
        replace(OWN, elsewhere_at=AT, elsewhere="School"),
        Cause(Why.ALSO_ELSEWHERE, at=AT, given="School"),
    ),
    (Topic.OVERLAP, OWN, Cause(Why.UNKNOWN)),
]


@pytest.mark.parametrize(("topic", "facts", "cause"), CASES)
def test_what_the_data_say(topic: Topic, facts: Facts, cause: Cause) -> None:
    assert find(replace(facts, topic=topic)).cause == cause


def test_every_remark_has_its_rule_and_every_cause_occurs() -> None:
    assert set(RULES) == set(Topic) == {topic for topic, *_rest in CASES}
    assert {cause.why for *_rest, cause in CASES} == set(Why)


def test_a_remark_nobody_knows_is_not_guessed() -> None:
    found = find(OWN)
    assert found == Finding(Cause(Why.UNKNOWN), Who.OFFICE, (Way.MANAGEMENT,))


@pytest.mark.parametrize(
    ("topic", "facts", "who", "ways"),
    [
        # The employer's own affair, else that of the firm the registration was made for.
        (Topic.DIMONA, OWN, Who.OFFICE, (Way.WORKER, Way.DIMONA)),
        (Topic.DIMONA, THEIRS, Who.EMPLOYER, (Way.REMIND, Way.MANAGEMENT)),
        # The declarer's affair, whoever was registered.
        (
            Topic.CHAIN,
            replace(THEIRS, works=OURS),
            Who.OFFICE,
            (Way.CHAIN, Way.REQUEST),
        ),
        (
            Topic.CHAIN,
            replace(OWN, works=replace(OURS, is_ours=False)),
            Who.DECLARER,
            (Way.DECLARATION,),
        ),
        # Ones own worker used the number of another firm.
        (
            Topic.ENTERPRISE_ACTIVE,
            replace(THEIRS, services=employed()),
            Who.OFFICE,
            (Way.REQUEST, Way.MANAGEMENT),
        ),
        # One talks to ones own workers only.
        (Topic.NO_OUT, OWN, Who.WORKER, (Way.REGISTRATION, Way.WORKER)),
        (Topic.NO_OUT, THEIRS, Who.EMPLOYER, (Way.REMIND, Way.MANAGEMENT)),
        (Topic.NO_OUT, replace(OWN, under_way_at=AT), Who.OFFICE, (Way.REGISTRATION,)),
        (Topic.TWICE, THEIRS, Who.NOBODY, (Way.REGISTRATION, Way.MANAGEMENT)),
        (
            Topic.NUMBER,
            replace(OWN, works=replace(OURS, reference="")),
            Who.OFFICE,
            (Way.DECLARATION, Way.REQUEST),
        ),
        (
            Topic.LIMOSA,
            replace(OWN, services=employed()),
            Who.OFFICE,
            (Way.WORKER, Way.DIMONA),
        ),
    ],
)
def test_who_must_act_and_where(topic: Topic, facts: Facts, who: Who, ways: tuple[Way, ...]) -> None:
    found = find(replace(facts, topic=topic))
    assert (found.who, found.ways) == (who, ways)


@pytest.mark.parametrize("topic", list(Topic))
@pytest.mark.parametrize("facts", [OWN, THEIRS])
def test_nobody_is_left_without_a_way(topic: Topic, facts: Facts) -> None:
    assert find(replace(facts, topic=topic)).ways
