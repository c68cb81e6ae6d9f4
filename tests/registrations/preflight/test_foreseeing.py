"""Remarks foretold once for each registration, and compared with what the NSSO said."""

from datetime import timedelta

import pytest

from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration
from registrations.models import ExpectedRemark, Registration
from registrations.preflight.foreseeing import foretell, rates_of
from registrations.rules.hit_rate import HitRate
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.phone.afterwards import words
from tests.registrations.views.scene import accepted, remark_on, set_clock
from tests.works import Works, declare, tap

pytestmark = pytest.mark.django_db
TODAY = brussels_day(NOW)


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def expected() -> list[tuple[Registration, str]]:
    rows = ExpectedRemark.objects.order_by("registration__received_at", "code").select_related("registration")
    with unscoped(reason="a test counts everything"):
        return [(row.registration, row.code) for row in rows]


def rates(company: Company) -> list[HitRate]:
    with company_scope(company):
        return rates_of(company, today=TODAY)


def test_each_registration_is_judged_once_and_for_good(cast: Cast, works: Works) -> None:
    good = tap(works, make_worker(cast.main, SSINS[0]).person).registration
    stranger = tap(works, make_worker(cast.sub, SSINS[1]).person, now=NOW + timedelta(minutes=1)).registration
    assert foretell(now=NOW) == 2
    assert expected() == [(good, ""), (stranger, "dimonaNotFound")]
    with unscoped(reason="a test takes the number away"):
        Declaration.objects.update(declared_number="", technical_reference="")
    assert foretell(now=NOW) == 0
    assert len(expected()) == 2


def test_the_firm_outside_the_chain_and_the_missing_number(cast: Cast, works: Works) -> None:
    with unscoped(reason="a test takes the number away"):
        Declaration.objects.update(declared_number="", technical_reference="")
    worker = make_worker(cast.sub, SSINS[0])
    tap(works, worker.person, employer=cast.sub)
    foretell(now=NOW)
    assert [code for _row, code in expected()] == ["declarationMissing", "enterpriseNotOnDeclaration"]


def test_registrations_of_long_ago_are_left_alone(cast: Cast, works: Works) -> None:
    worker = make_worker(cast.main, SSINS[0])
    tap(works, worker.person, now=NOW - timedelta(days=2))
    tap(works, worker.person, now=NOW - timedelta(days=1))
    assert foretell(now=NOW) == 1


def test_precision_and_recall_from_real_outcomes(
    cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = [make_worker(cast.sub, ssin).person for ssin in SSINS[:3]]
    known = make_worker(cast.main, SSINS[3]).person
    rows = [tap(works, person).registration for person in (*unknown, known)]
    foretell(now=NOW)
    # Came as foretold, did not come, is not checked yet; and one that nobody foretold, twice.
    remark_on(accepted(rows[0], nsso_id=1, validity="validWithRemarks"))
    accepted(rows[1], nsso_id=2)
    accepted(rows[2], nsso_id=3, validity="pending")
    presence = accepted(rows[3], nsso_id=4, validity="validWithRemarks")
    remark_on(presence, "missingOut", gone_at=NOW)
    remark_on(presence, "missingOut")
    assert rates(cast.main) == [HitRate("dimonaNotFound", 2, 1, 1), HitRate("missingOut", 0, 1, 0)]
    assert rates(cast.sub) == []
    set_clock(monkeypatch, NOW)
    shown = words(cast.browser(cast.office).get("/workers/tomorrow/"))
    assert "No Dimona declaration for this day 2 1 1 50 % 100 %" in shown
    assert "Check-out missing 0 1 0 – 0 %" in shown


def test_few_queries_however_many_registrations(cast: Cast, works: Works) -> None:
    for ssin in SSINS[:4]:
        tap(works, make_worker(cast.main, ssin).person)
    with at_most_queries(7):
        foretell(now=NOW)
