"""The demo: loads whenever it is started, stays alive on later days, and travels to the real simulator."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from ciao_portal.days import BRUSSELS, brussels_day
from ciao_portal.env import VAR_DIR
from ciao_portal.identifiers import (
    is_bis,
    parse_declaration_number,
    parse_enterprise_number,
    parse_ssin,
    parse_technical_reference,
)
from ciao_portal.models import Company, NssoCredentials, User
from ciao_portal.nsso.contract import RemarkCode
from ciao_portal.outbox import Loop
from ciao_portal.people import people_with_ssins
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration
from registrations.demo import loading, reference, story
from registrations.demo.cast import FIRMS, GINA, MAIN, PASSWORD, SIGN_INS, SUB, TYPES_BY_HAND, WORKERS, WORKS
from registrations.models import Employment, NssoPresence, PresenceState, Registration, Remark, Submission
from registrations.models.nsso import SubmissionState
from registrations.models.workers import WorkerStatus
from registrations.nsso.reading import ReadBackChannel
from registrations.querysets import missing_check_outs, present_now
from registrations.rules.deadlines import last_day
from tests.cast import MAIN_NUMBER, make_company
from tests.simulator import SimulatorProcess

NOBODY_LISTENS = "http://127.0.0.1:9/REST/presenceRegistration/v1"
MOST_REGISTRATIONS = 120

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BRUSSELS)
MOMENTS = {
    "noon": NOON,
    "just after midnight": datetime(2026, 11, 24, 0, 0, 20, tzinfo=BRUSSELS),
    "half past midnight": datetime(2026, 11, 24, 0, 30, tzinfo=BRUSSELS),
    "ten to midnight": datetime(2026, 11, 24, 23, 50, tzinfo=BRUSSELS),
    "a Sunday": datetime(2026, 11, 22, 9, 15, tzinfo=BRUSSELS),
    "a Monday": datetime(2026, 11, 23, 7, 0, tzinfo=BRUSSELS),
    "the short day": datetime(2026, 3, 29, 3, 10, tzinfo=BRUSSELS),
    "after the short day": datetime(2026, 3, 30, 0, 5, tzinfo=BRUSSELS),
    "the long day": datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BRUSSELS),
    "after the long day": datetime(2026, 10, 26, 0, 5, tzinfo=BRUSSELS),
}
at_any_moment = pytest.mark.parametrize("local", MOMENTS.values(), ids=MOMENTS)
at_odd_moments = pytest.mark.parametrize(
    "name", ["half past midnight", "ten to midnight", "a Sunday", "the long day"]
)


@pytest.fixture(autouse=True)
def _no_simulator(settings: Settings) -> None:
    """A simulator that happens to run on this machine is not told of a test's demo."""
    settings.NSSO_BASE_URL = NOBODY_LISTENS


def company(number: str) -> Company:
    return Company.objects.get(enterprise_number=number)


def registrations() -> list[Registration]:
    with unscoped(reason="a test counts everything"):
        return list(Registration.objects.order_by("happened_at", "id"))


def run(*options: str) -> str:
    out = StringIO()
    call_command("load_demo", *options, stdout=out)
    return out.getvalue()


def check_day(now: datetime) -> None:
    """Today looks like a day: people there, somebody forgotten, something to correct."""
    today = brussels_day(now)
    for firm, on_site in ((MAIN, 4), (SUB, 2)):
        seen_by = company(firm.number)
        with company_scope(seen_by):
            there = list(
                present_now(seen_by, now=now).values_list("last_registration__happened_day", "last_kind")
            )
            missing = missing_check_outs(seen_by, now=now, since=timedelta(days=2))
            assert {day for day, _kind in there} == {today}
            assert len(there) == on_site
            assert missing.count() == 1
    with unscoped(reason="a test looks at a declaration's presences"):
        assert PresenceState.objects.filter(last_kind="BREAK_START").count() == 1
    days = {last_day(one.happened_day) for one in registrations()}
    assert {today, today + timedelta(days=1)} <= days


def check_registrations(now: datetime) -> None:
    """Nothing in the future, everything on its way, nothing odd but the one who forgets to check out."""
    [forgetful] = people_with_ssins([GINA.ssin], now=now).values()
    with unscoped(reason="a test counts everything"):
        states = Counter(Submission.objects.values_list("state", flat=True))
        assert not Submission.objects.filter(due_at__gt=now).exists()
    made = registrations()
    assert set(states) == {SubmissionState.WAITING}
    odd = [(one.person_id, flag) for one in made for flag in one.flags if flag != "identityTyped"]
    assert set(odd) <= {(forgetful.pk, "checkOutMissing")}
    assert max(one.happened_at for one in made) <= now
    assert max(one.received_at for one in made) <= now


@at_any_moment
def test_somebody_is_there_whenever_the_demo_is_loaded(local: datetime, db: None) -> None:
    now = local.astimezone(UTC)
    made = loading.load(now=now)
    assert made == len(registrations()) <= MOST_REGISTRATIONS
    check_day(now)
    check_registrations(now)
    assert loading.keep_alive(now=now) == 0


@at_odd_moments
def test_somebody_is_there_whenever_the_demo_goes_on(name: str, db: None) -> None:
    now = MOMENTS[name].astimezone(UTC)
    loading.load(now=now)
    for later in (timedelta(hours=25), timedelta(days=8, hours=5), timedelta(days=47)):
        assert loading.keep_alive(now=now + later) > 0
        check_day(now + later)
        check_registrations(now + later)
        before = len(registrations())
        assert loading.keep_alive(now=now + later + timedelta(minutes=3)) == 0
        assert len(registrations()) == before


def test_who_came_just_after_midnight_is_not_taken_for_present_in_the_evening(db: None) -> None:
    night = MOMENTS["half past midnight"].astimezone(UTC)
    loading.load(now=night)
    evening = MOMENTS["ten to midnight"].astimezone(UTC)
    loading.keep_alive(now=evening)
    seen_by = company(MAIN.number)
    with company_scope(seen_by):
        assert present_now(seen_by, now=evening).count() == 4
    check_registrations(evening)


def test_who_came_late_in_the_evening_went_home_when_the_day_changed(db: None) -> None:
    evening = MOMENTS["ten to midnight"].astimezone(UTC)
    loading.load(now=evening)
    night = evening + timedelta(minutes=25)
    loading.keep_alive(now=night)
    check_day(night)
    check_registrations(night)


def test_just_after_midnight_everything_still_happens_one_after_the_other() -> None:
    shifts = story.today(MOMENTS["half past midnight"].astimezone(UTC))
    for shift in shifts:
        moments = [step.at for step in shift.steps]
        assert moments == sorted(set(moments))
    assert len({shift.begins for shift in shifts}) == len(shifts)


def test_five_working_days_are_told(db: None) -> None:
    loading.load(now=NOON.astimezone(UTC))
    told = {one.happened_day for one in registrations()}
    assert {date(2026, 11, day) for day in (17, 18, 19, 20, 23, 24)} <= told


def test_the_story_is_the_same_for_the_same_moment() -> None:
    now = NOON.astimezone(UTC)
    for part in (story.history, story.forgotten, story.with_deadlines, story.today):
        assert part(now) == part(now)
    begins = [shift.begins.astimezone(BRUSSELS).time() for shift in story.history(now)]
    assert len(set(begins)) == len(begins)


def test_numbers_are_well_formed() -> None:
    today = brussels_day(NOON)
    assert [parse_ssin(one.ssin, today=today) for one in WORKERS] == [one.ssin for one in WORKERS]
    assert [parse_enterprise_number(one.number) for one in FIRMS] == [one.number for one in FIRMS]
    for works in WORKS:
        assert parse_declaration_number(works.declared_number) == works.declared_number
        assert parse_technical_reference(works.reference) == works.reference


def test_the_workers_are_of_every_kind(db: None) -> None:
    loading.load(now=NOON.astimezone(UTC))
    with unscoped(reason="a test counts everything"):
        statuses = Counter(Employment.objects.values_list("status", flat=True))
        firms = set(Employment.objects.values_list("company__name", flat=True))
    assert sum(statuses.values()) == 10
    assert {WorkerStatus.POSTED, WorkerStatus.SELF_EMPLOYED, WorkerStatus.TEMPORARY} <= set(statuses)
    assert any(is_bis(worker.ssin) for worker in WORKERS)
    assert firms == {firm.name for firm in FIRMS[:3]}


def test_everybody_can_sign_in(db: None) -> None:
    loading.load(now=NOON.astimezone(UTC))
    roles = {}
    for one in SIGN_INS:
        user = authenticate(email=one.email, password=PASSWORD)
        assert isinstance(user, User)
        roles[one.email] = [(held.company.name, held.role) for held in user.memberships.all()]
    assert roles == {
        "owner@demo.example": [("Demo Helder NV", "owner")],
        "office@demo.example": [("Demo Helder NV", "office")],
        "auditor@demo.example": [("Demo Helder NV", "auditor")],
        "sub-office@demo.example": [("Demo Propre SRL", "office")],
    }


def test_all_firms_are_marked_as_demo(db: None) -> None:
    loading.load(now=NOON.astimezone(UTC))
    assert Company.objects.filter(is_demo=True).count() == Company.objects.count() == 4


def test_an_interrupted_load_leaves_nothing(db: None) -> None:
    User.objects.create_user(SIGN_INS[-1].email)
    with pytest.raises(IntegrityError):
        loading.load(now=NOON.astimezone(UTC))
    assert not Company.objects.exists()
    assert not registrations()


def test_going_on_asks_little_of_the_database(
    db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = NOON.astimezone(UTC)
    loading.load(now=now)
    with django_assert_max_num_queries(25):
        loading.keep_alive(now=now)


def test_the_command_loads_an_empty_database_and_then_keeps_it(db: None) -> None:
    said = run("--if-empty")
    assert "registrations wait to be sent" in said
    with unscoped(reason="a test looks up a code"):
        codes = set(Declaration.objects.values_list("points__code", flat=True))
    assert any(f"http://portal.test/r/{code}/ (type 85.07.30-033.28)" in said for code in codes)
    before = [one.pk for one in registrations()]
    assert "0 new registrations" in run("--if-empty")
    assert [one.pk for one in registrations()] == before


def test_the_command_leaves_a_database_in_use_alone(db: None) -> None:
    make_company("Schoon", MAIN_NUMBER)
    assert "stays as it is" in run("--if-empty")
    with pytest.raises(CommandError, match="not empty"):
        run()
    assert Company.objects.count() == 1


@pytest.mark.parametrize("name", ["simulation", "production"])
def test_a_real_environment_gets_no_demo(name: str, settings: Settings, db: None) -> None:
    settings.NSSO_ENVIRONMENT = name
    with pytest.raises(CommandError, match="simulator only"):
        run("--if-empty")
    assert not Company.objects.exists()


def test_a_real_environment_does_not_start_with_demo_data(settings: Settings, db: None) -> None:
    loading.load(now=NOON.astimezone(UTC))
    assert "ciao.E009" not in problems()
    settings.NSSO_ENVIRONMENT = "simulation"
    assert "ciao.E009" in problems()


def problems() -> set[str | None]:
    return {problem.id for problem in run_checks(databases=["default"])}


def test_the_reference_data_hold_each_firms_key_and_stay_the_same(db: None) -> None:
    run()
    path = Path(VAR_DIR) / reference.FILE_NAME
    written = path.read_text(encoding="utf-8")
    with unscoped(reason="a test looks up keys"):
        keys = dict(NssoCredentials.objects.values_list("client_id", "public_key_pem"))
    assert {one["clientId"]: one["publicKeyPem"] for one in json.loads(written)["clients"]} == keys
    assert len(keys) == 4
    run("--if-empty")
    assert path.read_text(encoding="utf-8") == written


def test_the_demo_travels_to_the_simulator(tmp_path: Path, settings: Settings, db: None) -> None:
    with SimulatorProcess(tmp_path) as simulator:
        settings.NSSO_BASE_URL, settings.NSSO_TOKEN_URL = simulator.base_url, simulator.token_url
        assert "The simulator knows" in run()
        loop = Loop()
        loop.drain_all()
        loop.close()
        with unscoped(reason="a test counts everything"):
            states = Counter(Submission.objects.values_list("state", flat=True))
        assert states == {SubmissionState.ACCEPTED: len(registrations())}
        sent = {(one["ssin"], one["registrationDate"], one["type"]) for one in simulator.registrations()}
        read_back()
    assert len(sent) == len(registrations())
    assert TYPES_BY_HAND.ssin in {ssin for ssin, _at, _type in sent}
    with unscoped(reason="a test counts everything"):
        remarks = list(Remark.objects.filter(gone_at=None))
        elsewhere = NssoPresence.objects.filter(registration=None).count()
    assert {one.code for one in remarks} == {
        RemarkCode.DIMONA_NOT_FOUND,
        RemarkCode.LIMOSA_NOT_FOUND,
        RemarkCode.ENTERPRISE_NOT_ON_DECLARATION,
        RemarkCode.MISSING_OUT,
    }
    today = brussels_day(max(one.happened_at for one in registrations()))
    assert {today, today + timedelta(days=1)} <= {one.last_day for one in remarks}
    assert elsewhere == 2


def read_back() -> None:
    """Everything that is due a minute after it was sent."""
    channel = ReadBackChannel()
    soon = timezone.now() + timedelta(minutes=1)
    while channel.drain(sender="a test", now=soon):
        pass
    channel.close()
