"""A journey knows whose registration it is, and a backlog is found by its access."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

COPIED = ("employer", "declarer", "declaration", "happened_day")


def copy_from_registrations(apps: Any, _schema_editor: Any) -> None:
    registrations = apps.get_model("registrations", "Registration").objects.filter(
        pk=OuterRef("registration")
    )
    apps.get_model("registrations", "Submission").objects.update(
        **{name: Subquery(registrations.values(name)[:1]) for name in COPIED}
    )


def copied_key(to: str, *, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ciao_portal", "0007_digest_choice"),
        ("declarations", "0006_posters"),
        ("registrations", "0015_deadlines"),
    ]

    operations = [
        migrations.AddField("submission", "employer", copied_key("ciao_portal.company", null=True)),
        migrations.AddField("submission", "declarer", copied_key("ciao_portal.company", null=True)),
        migrations.AddField("submission", "declaration", copied_key("declarations.declaration", null=True)),
        migrations.AddField("submission", "happened_day", models.DateField(null=True)),
        migrations.RunPython(copy_from_registrations, migrations.RunPython.noop),
        migrations.AlterField("submission", "employer", copied_key("ciao_portal.company", null=False)),
        migrations.AlterField("submission", "declarer", copied_key("ciao_portal.company", null=False)),
        migrations.AlterField(
            "submission", "declaration", copied_key("declarations.declaration", null=False)
        ),
        migrations.AlterField("submission", "happened_day", models.DateField()),
    ]
