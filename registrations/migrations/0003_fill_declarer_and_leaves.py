"""Gives registrations that exist already their declarer, a salt of their own and their seal leaf."""

import secrets

from django.db import migrations
from django.utils import timezone

from registrations.rules.leaves import VERSION, Fact, leaf_digest

PORTION = 1000
FIELDS = (
    "person",
    "employer",
    "declaration",
    "workplace",
    "point",
    "device",
    "kind",
    "means",
    "happened_at",
    "claimed_at",
    "offset_ms",
    "received_at",
    "happened_day",
    "client_key",
)


def fill(apps, schema_editor):
    # Registrations refuse every change by their triggers; they are put back after the migrations.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "DROP TRIGGER IF EXISTS keep_registrations_registration_update ON registrations_registration"
        )
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS keep_registrations_registration_update")
    registrations = apps.get_model("registrations", "Registration")
    leaves = apps.get_model("registrations", "SealLeaf")
    now = timezone.now()
    # Not through the manager, which asks for a company.
    rows = registrations._base_manager.filter(declarer__isnull=True).select_related("declaration")
    while portion := list(rows.order_by("pk")[:PORTION]):
        for row in portion:
            row.declarer_id = row.declaration.company_id
            row.salt = secrets.token_bytes(16)
        registrations._base_manager.bulk_update(portion, ["declarer", "salt"])
        leaves.objects.bulk_create(
            leaves(registration_key=row.pk, version=VERSION, digest=_digest(row), created_at=now)
            for row in portion
        )


def _digest(row):
    values = {name: getattr(row, _column(row, name)) for name in FIELDS}
    return leaf_digest(Fact(registration=row.pk, flags=tuple(row.flags), **values), salt=bytes(row.salt))


def _column(row, name):
    """`person_id` for `person`: a leaf holds ids."""
    return row._meta.get_field(name).attname


class Migration(migrations.Migration):
    dependencies = [("registrations", "0002_exports_places_leaves")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
