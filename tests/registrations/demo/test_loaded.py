"""A loaded demo: five weeks of it, told once for all tests of this file, each of which is undone.

The moment is real, because the simulator takes nothing from the future.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker, Settings

from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.nsso.contract import RemarkCode
from ciao_portal.outbox import Loop
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration
from declarations.models.declarations import DeclarationState
from declarations.services.declaring import change_declaration
from registrations.demo import heartbeat, loading, reference
from registrations.demo.cast import MAIN, STRANGER, SUB, SUBSUB, WITH_CARD
from registrations.models import (
    Agreement,
    Correction,
    Device,
    Employment,
    ErrorReport,
    Means,
    NssoPresence,
    PairingCode,
    PresenceState,
    Registration,
    Remark,
    SealLeaf,
    Statement,
    Submission,
)
from registrations.models.nsso import SubmissionState
from registrations.models.registrations import StatementKind
from registrations.nsso.reading import ReadBackChannel
from registrations.querysets import missing_check_outs, present_now
from registrations.rules.deadlines import last_day
from registrations.rules.flags import Doubt
from registrations.rules.presence import Flag
from registrations.services.presence import rebuild_all
from tests.simulator import SimulatorProcess

# The five weeks are told once, so by one of the workers that share the tests.
# The same on every database.
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("a loaded demo")]

NOBODY_LISTENS = "http://127.0.0.1:9/REST/presenceRegistration/v1"
# Long enough for a deadline today, one tomorrow and some that have passed.
HISTORY_DAYS = 36
LATER = (timedelta(hours=25), timedelta(days=2, hours=14))


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """The moment at which the demo was loaded."""
    now = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load(now=now, history_days=HISTORY_DAYS)
        yield now
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _undone(loaded: datetime, db: None, settings: Settings) -> None:
    """Each test in a transaction of its own; no simulator that happens to run is told anything."""
    settings.NSSO_BASE_URL = NOBODY_LISTENS


def company(number: str) -> Company:
    return Company.objects.get(enterprise_number=number)


def registrations() -> list[Registration]:
    with unscoped(reason="a test looks at everything"):
        return list(Registration.objects.order_by("happened_at", "id"))


def states() -> list[tuple[object, ...]]:
    columns = ("person", "employer", "declaration", "workplace", "last_registration", "last_kind", "last_at")
    with unscoped(reason="a test looks at everything"):
        return sorted(PresenceState.objects.values_list(*columns, "since"))


def check_day(now: datetime) -> None:
    """Today looks like a day: people there, a check-out forgotten, something to correct; no future."""
    today = brussels_day(now)
    for firm in (MAIN, SUB):
        seen_by = company(firm.number)
        with company_scope(seen_by):
            assert present_now(seen_by, now=now).exists()
    with company_scope(company(MAIN.number)):
        assert missing_check_outs(company(MAIN.number), now=now, since=timedelta(days=3)).exists()
    made = registrations()
    assert {today, today + timedelta(days=1)} <= {last_day(one.happened_day) for one in made}
    assert max(one.happened_at for one in made) <= now
    assert max(one.received_at for one in made) <= now
    assert len({(one.person_id, one.kind, one.happened_at, one.point_id) for one in made}) == len(made)
    assert not any("outOfOrder" in one.flags for one in made)


def test_a_loaded_day_looks_like_a_day(loaded: datetime) -> None:
    check_day(loaded)
    assert len(registrations()) > HISTORY_DAYS * 50


def test_the_maintained_presences_are_those_of_a_rebuild() -> None:
    maintained = states()
    assert rebuild_all() == len(maintained)
    assert states() == maintained


def test_everything_is_on_its_way_and_sealed() -> None:
    with unscoped(reason="a test counts everything"):
        found = Counter(Submission.objects.values_list("state", flat=True))
        leaves = set(SealLeaf.objects.values_list("registration_key", flat=True))
    assert set(found) == {SubmissionState.WAITING, SubmissionState.NOT_DUE}
    assert found[SubmissionState.WAITING] > 20 * found[SubmissionState.NOT_DUE] > 0
    assert leaves >= {one.pk for one in registrations()}


def test_it_holds_whatever_an_office_meets(loaded: datetime) -> None:
    made = registrations()
    flags = {flag for one in made for flag in one.flags}
    assert flags >= {
        *(Flag.IN_WHILE_PRESENT, Flag.OUT_WITHOUT_IN, Flag.CHECK_OUT_MISSING),
        *(Doubt.IDENTITY_TYPED, Doubt.DECLARATION_ENDED, Doubt.DECLARATION_WITHOUT_NUMBER),
    }
    assert {one.means for one in made} == {"paired", "typed", "card"}
    assert {one.kind for one in made} == {"IN", "OUT", "BREAK_START", "BREAK_END"}
    with unscoped(reason="a test looks at everything"):
        assert Statement.objects.exists()
        assert Statement.objects.filter(kind=StatementKind.MISTAKE).exists()
        reported = {one.kind: bool(one.answered_at) for one in ErrorReport.objects.all()}
        assert reported == {"forgotten": True, "time": False}
        answers = set(Agreement.objects.values_list("kind", "answer"))
        informed = set(Agreement.objects.filter(kind="informed").values_list("person", flat=True))
        employed = Counter(Employment.objects.values_list("person", flat=True))
        assert sorted(employed.values())[-2:] == [1, 2]
        assert answers == {("informed", "accepted")} | {
            (subject, answer) for subject in ("own_phone", "place") for answer in ("accepted", "refused")
        }
        assert 0 < len(set(employed) - informed) < len(informed)
        assert Employment.objects.filter(agency__isnull=False).count() == 2
        declared = {one.state_on(brussels_day(loaded)) for one in Declaration.objects.all()}
    assert declared == set(DeclarationState)


def test_the_stranger_has_works_and_people_of_its_own() -> None:
    stranger = company(STRANGER.number)
    with company_scope(stranger):
        assert Declaration.objects.count() == 1
        assert Employment.objects.count() == 2
        assert Registration.objects.exists()


def test_telling_again_adds_nothing_and_asks_little(
    loaded: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    before = len(registrations())
    with django_assert_max_num_queries(12):
        assert loading.keep_alive(now=loaded, history_days=HISTORY_DAYS) == 0
    assert len(registrations()) == before


@pytest.mark.parametrize("later", LATER, ids=str)
def test_it_goes_on_after_a_while(later: timedelta, loaded: datetime) -> None:
    assert loading.keep_alive(now=loaded + later, history_days=HISTORY_DAYS) > 0
    check_day(loaded + later)
    assert loading.keep_alive(now=loaded + later, history_days=HISTORY_DAYS) == 0


def test_it_goes_on_whatever_the_office_changed(loaded: datetime) -> None:
    main = company(MAIN.number)
    with company_scope(main):
        for declaration in Declaration.objects.filter(technical_reference__startswith="1Y1DEM0"):
            other = {"title": f"Nieuw: {declaration.title}", "technical_reference": ""}
            change_declaration(declaration=declaration, actor=Actor(main), now=loaded, **other)
    with unscoped(reason="a test takes every phone away"):
        Device.objects.update(revoked_at=loaded)
    assert loading.keep_alive(now=loaded + timedelta(hours=25), history_days=HISTORY_DAYS) > 0
    check_day(loaded + timedelta(hours=25))


def test_in_steps_or_at_once_it_is_the_same_story(loaded: datetime) -> None:
    told = []
    for moments in ((26,), (7, 15, 26)):
        point = transaction.savepoint()
        for hours in moments:
            loading.keep_alive(now=loaded + timedelta(hours=hours), history_days=HISTORY_DAYS)
        told.append([(one.person_id, one.kind, one.happened_at, tuple(one.flags)) for one in registrations()])
        transaction.savepoint_rollback(point)
    assert told[0] == told[1]


def test_the_demo_travels_to_the_simulator(tmp_path: Path, settings: Settings, loaded: datetime) -> None:
    with SimulatorProcess(tmp_path) as simulator:
        settings.NSSO_BASE_URL, settings.NSSO_TOKEN_URL = simulator.base_url, simulator.token_url
        assert reference.tell_simulator(reference.reference_data(now=loaded))
        loop = Loop()
        loop.drain_all()
        loop.close()
        read_back(timezone.now() + timedelta(minutes=1))
        check_at_the_nsso()
        # As on some days: the main contractor begins with what the subcontractor asks as well, and that one
        # has nearer things to correct, on works of its own.
        make_most_pressing(loaded, employer=company(SUBSUB.number))
        make_most_pressing(loaded, employer=company(SUB.number), code=RemarkCode.DECLARATION_UNKNOWN)
        solve(loaded + reference.FILED_AFTER_LOADING)


def check_at_the_nsso() -> None:
    with unscoped(reason="a test looks at everything"):
        found = Counter(Submission.objects.values_list("state", flat=True))
        codes = Counter(Remark.objects.filter(gone_at=None).values_list("code", flat=True))
        elsewhere = NssoPresence.objects.filter(registration=None).count()
        days = set(Remark.objects.filter(gone_at=None).values_list("last_day", flat=True))
    assert set(found) == {SubmissionState.ACCEPTED, SubmissionState.NOT_DUE}
    assert set(codes) == {code.value for code in RemarkCode}
    assert elsewhere == 2 * len(reference.ELSEWHERE_DAYS)
    today = brussels_day(timezone.now())
    assert {today, today + timedelta(days=1)} <= days
    assert min(days) < today


def make_most_pressing(now: datetime, **remarks: object) -> None:
    """Move the last day of these remarks to today, and of all others that end today to tomorrow."""
    today = brussels_day(now)
    with unscoped(reason="a test moves last days"):
        standing = Remark.objects.filter(gone_at=None)
        standing.filter(last_day=today).update(last_day=today + timedelta(days=1))
        assert standing.filter(**remarks).update(last_day=today)


def solve(now: datetime) -> None:
    """Some minutes after loading the Dimona of the last days are filed, and their remarks go."""
    with unscoped(reason="a test counts everything"):
        standing = Remark.objects.filter(gone_at=None, code=RemarkCode.DIMONA_NOT_FOUND).count()
    heartbeat.keep_alive(now=now)
    read_back(now + timedelta(minutes=1))
    with unscoped(reason="a test counts everything"):
        gone = Remark.objects.filter(gone_at__isnull=False, code=RemarkCode.DIMONA_NOT_FOUND)
        assert gone.exists()
        assert gone.count() < standing
        begun = Correction.objects.values_list(
            "state", "owner__enterprise_number", "offered_to__enterprise_number"
        )
        assert set(begun) == {
            ("draft", MAIN.number, None),
            ("ready", MAIN.number, None),
            ("sent", MAIN.number, None),
            ("draft", SUB.number, MAIN.number),
        }


def read_back(soon: datetime) -> None:
    """Everything that is due by then, and the looks at what is still being checked in the minutes after."""
    channel = ReadBackChannel()
    for minutes in range(3):
        while channel.drain(sender="a test", now=soon + timedelta(minutes=minutes)):
            pass
    channel.close()


def test_some_show_a_card_and_one_waits_for_a_code(loaded: datetime) -> None:
    with unscoped(reason="a test looks at the demo's own firms"):
        by_card = Registration.objects.filter(means=Means.CARD)
        assert by_card.count() > 10
        assert not by_card.filter(badge__isnull=True).exists()
        assert by_card.values("person").distinct().count() == len(WITH_CARD)
        assert PairingCode.objects.get().expires_at > loaded
