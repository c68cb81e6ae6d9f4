"""The demo's command: what it loads, what it leaves alone, and where it refuses."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django_q.models import OrmQ, Schedule
from pytest_django import Settings

from ciao_portal.access import make_spare_key
from ciao_portal.audit import Actor
from ciao_portal.days import BRUSSELS
from ciao_portal.env import VAR_DIR
from ciao_portal.models import Company, NssoCredentials, User
from ciao_portal.tenancy import unscoped
from declarations.models import Declaration
from registrations.demo import founding, heartbeat, loading, reference
from registrations.demo.cast import FIRMS, PASSWORD, SIGN_INS, SMALL_FIRMS
from registrations.management.commands import load_demo
from registrations.models import Registration
from tests.cast import MAIN_NUMBER, make_company

NOBODY_LISTENS = "http://127.0.0.1:9/REST/presenceRegistration/v1"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BRUSSELS).astimezone(UTC)


@pytest.fixture(autouse=True)
def _no_simulator(settings: Settings) -> None:
    """A simulator that happens to run on this machine is not told of a test's demo."""
    settings.NSSO_BASE_URL = NOBODY_LISTENS


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make run` waits a moment only: the first person's story."""
    monkeypatch.setattr(load_demo, "AT_ONCE_S", 0.0)


quick = pytest.mark.usefixtures("_quick")


def run(*options: str) -> str:
    out = StringIO()
    call_command("load_demo", *options, stdout=out)
    return out.getvalue()


def count() -> int:
    with unscoped(reason="a test counts everything"):
        return Registration.objects.count()


def test_everybody_can_sign_in(db: None) -> None:
    founding.found(now=NOON)
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
    founding.found(now=NOON)
    assert Company.objects.count() == len(FIRMS) + len(SMALL_FIRMS)
    assert Company.objects.filter(is_demo=True).count() == Company.objects.count()


def test_an_interrupted_founding_leaves_nothing(db: None) -> None:
    User.objects.create_user(SIGN_INS[-1].email)
    with pytest.raises(IntegrityError):
        loading.load(now=NOON)
    assert not Company.objects.exists()


@quick
def test_the_command_loads_an_empty_database_and_goes_on_bit_by_bit(db: None) -> None:
    said = run("--if-empty")
    assert "registrations wait to be sent" in said
    with unscoped(reason="a test looks up a code"):
        codes = set(Declaration.objects.values_list("points__code", flat=True))
    assert any(f"http://portal.test/r/{code}/ (type 85.07.30-033.28)" in said for code in codes)
    first = count()
    assert first > 0
    assert "The demo goes on" in run("--if-empty")
    assert count() > first


@quick
def test_the_worker_is_asked_to_keep_the_demo_alive(db: None) -> None:
    run("--if-empty")
    run("--if-empty")
    assert Schedule.objects.get(func=heartbeat.TASK).minutes == heartbeat.EVERY_MINUTES
    assert OrmQ.objects.count() == 2, "once each time, as soon as the worker runs"


def test_a_heartbeat_without_a_demo_touches_nothing(settings: Settings, db: None) -> None:
    make_company("Schoon", MAIN_NUMBER)
    heartbeat.beat()
    assert count() == 0
    founding.found(now=NOON)
    settings.NSSO_ENVIRONMENT = "production"
    heartbeat.beat()
    assert count() == 0


def test_the_command_leaves_a_database_in_use_alone(db: None) -> None:
    make_company("Schoon", MAIN_NUMBER)
    assert "stays as it is" in run("--if-empty")
    with pytest.raises(CommandError, match="not empty"):
        run()
    assert Company.objects.count() == 1
    assert not Schedule.objects.filter(func=heartbeat.TASK).exists()


@pytest.mark.parametrize("name", ["simulation", "production"])
@pytest.mark.parametrize("options", [["--if-empty"], ["--scale", "1000"]], ids=" ".join)
def test_a_real_environment_gets_no_demo(options: list[str], name: str, settings: Settings, db: None) -> None:
    settings.NSSO_ENVIRONMENT = name
    with pytest.raises(CommandError, match="simulator only"):
        run(*options)
    assert not Company.objects.exists()


def test_a_real_environment_does_not_start_with_demo_data(settings: Settings, db: None) -> None:
    founding.found(now=NOON)
    assert "ciao.E009" not in problems()
    settings.NSSO_ENVIRONMENT = "simulation"
    assert "ciao.E009" in problems()


def problems() -> set[str | None]:
    return {problem.id for problem in run_checks(databases=["default"])}


def test_the_reference_data_hold_each_firms_key_and_stay_the_same(db: None) -> None:
    founding.found(now=NOON)
    (Path(VAR_DIR) / reference.FILE_NAME).unlink(missing_ok=True)
    assert set(reference.write(VAR_DIR, now=NOON)) == set(reference.reference_data(now=NOON))
    written = json.loads((Path(VAR_DIR) / reference.FILE_NAME).read_text(encoding="utf-8"))
    with unscoped(reason="a test looks up keys"):
        keys = dict(NssoCredentials.objects.values_list("client_id", "public_key_pem"))
    assert {one["clientId"]: one["publicKeyPem"] for one in written["clients"]} == keys
    assert len(keys) == 4
    assert reference.write(VAR_DIR, now=NOON) == {}


def test_the_simulator_is_told_of_a_second_key_too(db: None) -> None:
    founding.found(now=NOON)
    reference.write(VAR_DIR, now=NOON)
    with unscoped(reason="a test acts for a firm of the demo"):
        access = NssoCredentials.objects.order_by("id")[0]
        spare = make_spare_key(access=access, actor=Actor(access.company), now=NOON)
    changed = reference.write(VAR_DIR, now=NOON)
    assert set(changed) == {"clients"}
    assert spare.public_key_pem in str(changed["clients"]).replace("\\n", "\n")


def test_each_day_the_simulator_is_told_of_late_dimona_only(db: None) -> None:
    founding.found(now=NOON)
    reference.write(VAR_DIR, now=NOON)
    for days in range(1, 4):
        assert set(reference.write(VAR_DIR, now=NOON + reference.FILED_AFTER * days)) == {"dimona"}
