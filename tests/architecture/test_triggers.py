"""Append-only tables are held by the database itself, on whatever database the tests run."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from ciao_portal.append_only import (
    append_only_tables,
    expected_triggers,
    install_triggers,
    present_triggers,
)
from ciao_portal.audit import Actor
from ciao_portal.models import AuditEvent, PurgePermit, PurgeProof, SentLetter
from ciao_portal.tenancy import unscoped
from declarations.models import Assessment
from registrations.models import (
    Agreement,
    Attempt,
    DeadlineWarning,
    Digest,
    ExpectedRemark,
    OutageNote,
    Registration,
    RegistrationPlace,
    SealLeaf,
    Statement,
)
from registrations.rules.location import TypedAddress
from registrations.services.agreements import note_informed
from registrations.services.declared_outages import add_to_outage, declare_outage
from registrations.services.registering import register
from registrations.services.statements import state_employer
from tests.cast import Cast, person
from tests.registrations.views.scene import accepted, remark_on
from tests.works import declare, tap_at

pytestmark = pytest.mark.django_db

APPEND_ONLY: tuple[type[Model], ...] = (
    Agreement,
    AuditEvent,
    PurgeProof,
    Assessment,
    Attempt,
    DeadlineWarning,
    ExpectedRemark,
    OutageNote,
    Registration,
    RegistrationPlace,
    SealLeaf,
    SentLetter,
    Statement,
)


@pytest.fixture
def rows(cast: Cast) -> None:
    """At least one row in every append-only table: a row trigger says nothing about an empty table."""
    now = timezone.now()
    arrived = replace(
        tap_at(declare(cast.main, now=now), person()), place=TypedAddress("Kouter", "9000", "Gent")
    )
    registration = register(arrived, now=now).registration
    PurgeProof.objects.create(
        company=cast.main, kind="places", term_days=90, before=now, count=1, digest="0" * 64, at=now
    )
    SentLetter.objects.create(company=cast.main, address="office@sub.example", at=now, is_taken=True)
    state_employer(registration=registration, employer=cast.sub, now=now)
    note_informed(company=cast.main, people=[(person(), "nl")], actor=Actor(cast.main), now=now)
    outage = declare_outage(
        company=cast.main,
        started_at=now - timedelta(hours=1),
        ended_at=None,
        note="The router is broken.",
        actor=Actor(cast.main),
        now=now,
    )
    add_to_outage(outage=outage, text="A new one is ordered.", actor=Actor(cast.main), now=now)
    Attempt.objects.create(
        submission=registration.submission,
        started_at=now,
        duration_ms=12,
        operation="registerInBulk",
        trace_id="0197f0c2-0000-7000-8000-000000000000",
        contract_version="1",
        outcome="created",
    )
    Assessment.objects.create(
        company=cast.main,
        title="Parking Noord",
        inputs={},
        rules="2026-11",
        duty="none",
        advice={},
        made_by=cast.office,
        made_at=now,
    )
    digest = Digest(company=cast.main, user=cast.office, day=registration.happened_day, claimed_at=now)
    digest.save()
    remark = remark_on(accepted(registration, nsso_id=17611), seen_at=now)
    DeadlineWarning.objects.create(digest=digest, remark=remark, warning_day=15)
    ExpectedRemark.objects.create(registration=registration, code="", expected_at=now)
    # PostgreSQL keeps some checks for the end; pending, they would refuse TRUNCATE before the trigger does.
    connection.check_constraints()


def test_the_list_of_append_only_tables_is_deliberate() -> None:
    assert append_only_tables() == sorted(model._meta.db_table for model in APPEND_ONLY)


def test_all_triggers_stand_after_all_migrations() -> None:
    assert present_triggers() == expected_triggers(connection.vendor)
    assert len(expected_triggers(connection.vendor)) == len(APPEND_ONLY) * (
        2 if connection.vendor == "sqlite" else 3
    )


def refused_statements(table: str) -> list[str]:
    """SQL as a shell or another program would send it, past the models."""
    statements = ["UPDATE {} SET id = id", "DELETE FROM {}"]
    if connection.vendor == "postgresql":
        statements.append("TRUNCATE {} CASCADE")
    return [statement.format(connection.ops.quote_name(table)) for statement in statements]


@pytest.mark.parametrize("model", APPEND_ONLY)
def test_rows_are_neither_changed_nor_deleted(rows: None, model: type[Model]) -> None:
    with unscoped(reason="a test counts everything"):
        before = model._base_manager.count()
        assert before > 0
        for statement in refused_statements(model._meta.db_table):
            with (
                connection.cursor() as cursor,
                pytest.raises(DatabaseError, match="append-only"),
                transaction.atomic(),
            ):
                cursor.execute(statement)
        assert model._base_manager.count() == before


def test_the_models_are_refused_as_well(rows: None) -> None:
    with unscoped(reason="a test breaks what must not break"):
        registration = Registration.objects.get()
        registration.happened_at -= timedelta(hours=1)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            registration.save()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Registration.objects.filter(pk=registration.pk).update(kind="OUT")


def test_a_dropped_trigger_is_missed_and_put_back() -> None:
    name, table = "keep_registrations_registration_delete", Registration._meta.db_table
    place = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{place}")
    assert expected_triggers(connection.vendor) - present_triggers() == {name}
    assert "ciao.E008" in [found.id for found in run_checks(databases=["default"])]

    install_triggers()

    assert present_triggers() == expected_triggers(connection.vendor)
    assert "ciao.E008" not in [found.id for found in run_checks(databases=["default"])]


def test_a_permit_lets_rows_of_its_own_table_go_and_no_change_through(rows: None) -> None:
    places = RegistrationPlace._meta.db_table
    with connection.cursor() as cursor, transaction.atomic():
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_current_xact_id()::text")
            number = cursor.fetchone()[0]
        else:
            number = ""
        PurgePermit.objects.create(table_name=places, transaction_id=number)
        change, delete = refused_statements(places)[:2]
        _change, delete_other = refused_statements(SealLeaf._meta.db_table)[:2]
        for statement in (change, delete_other):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(statement)
        cursor.execute(delete)
        PurgePermit.objects.all().delete()
    assert not RegistrationPlace.objects.exists()


def test_a_permit_of_another_transaction_is_worth_nothing(rows: None) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite a writer is alone: no other transaction can have left a permit.")
    table = RegistrationPlace._meta.db_table
    PurgePermit.objects.create(table_name=table, transaction_id="1")
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
    ):
        cursor.execute(refused_statements(table)[1])


def test_only_the_purge_writes_permits() -> None:
    """Whoever can write a permit can delete: the model is imported in one module."""
    root = Path(__file__).resolve().parents[2]
    writers = {
        path.relative_to(root).as_posix()
        for app in ("ciao_portal", "declarations", "registrations")
        for path in (root / app).rglob("*.py")
        if "PurgePermit" in path.read_text(encoding="utf-8") and "migrations" not in path.parts
    }
    assert writers == {
        "ciao_portal/models/__init__.py",
        "ciao_portal/models/retention.py",
        "ciao_portal/retention.py",
    }
