"""Tables whose rows are never changed nor deleted: held by triggers in the database itself.

A model names itself append-only by `append_only = True`. Triggers, not Python, refuse the change: a bug, a
shell and another program are stopped as well. A row whose retention is over may be deleted, and only while
a permit for its table stands in the same transaction (`ciao_portal.retention` writes it).
"""

from typing import Any

from django.apps import apps
from django.db import connections, models

_SQLITE = """
CREATE TRIGGER {name} BEFORE {event} ON "{table}" {unless_permitted}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# Only a writer is inside a transaction on SQLite, so a permit that stands is the running purge's own.
_SQLITE_PERMIT = """
WHEN NOT EXISTS (SELECT 1 FROM ciao_portal_purgepermit WHERE table_name = '{table}')
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM ciao_portal_purgepermit
        WHERE table_name = TG_TABLE_NAME AND transaction_id = pg_current_xact_id()::text
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_POSTGRES = (
    'CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON "{table}" {each} EXECUTE FUNCTION refuse_change()'
)
_PERMITS = "ciao_portal_purgepermit"
# TRUNCATE slips past row triggers, so PostgreSQL gets a statement trigger for it.
_EVENTS = {
    "sqlite": (("update", ""), ("delete", "")),
    "postgresql": (
        ("update", "FOR EACH ROW"),
        ("delete", "FOR EACH ROW"),
        ("truncate", "FOR EACH STATEMENT"),
    ),
}


def append_only_tables() -> list[str]:
    """Names of all append-only tables, sorted."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False) is True
    )


def expected_triggers(vendor: str) -> set[str]:
    """Names of the triggers that must stand in a database of this vendor."""
    return {_name(table, event) for table in append_only_tables() for event, _each in _EVENTS[vendor]}


def present_triggers(using: str = "default") -> set[str]:
    """Names of our triggers that stand in the database now."""
    connection = connections[using]
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall() if row[0].startswith("keep_")}


def install_triggers(*, using: str = "default", **_signal: Any) -> None:
    """Install every trigger as it is meant now; tables that do not exist yet are passed over."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    if _PERMITS not in existing:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Two processes migrating at once would both try to replace the same function.
            cursor.execute("SELECT pg_advisory_xact_lock(20240901)")
            cursor.execute(_POSTGRES_FUNCTION)
        for table in append_only_tables():
            if table not in existing:
                continue
            for event, each in _EVENTS[connection.vendor]:
                name = _name(table, event)
                if connection.vendor == "sqlite":
                    permit = _SQLITE_PERMIT.format(table=table) if event == "delete" else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                    cursor.execute(
                        _SQLITE.format(name=name, event=event, table=table, unless_permitted=permit)
                    )
                else:
                    cursor.execute(_POSTGRES.format(name=name, event=event, table=table, each=each))


def _name(table: str, event: str) -> str:
    return f"keep_{table}_{event}"


class AppendOnly(models.Model):
    """Base of tables that only grow."""

    append_only = True

    class Meta:
        abstract = True
