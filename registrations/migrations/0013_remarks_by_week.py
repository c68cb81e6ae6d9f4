from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0012_corrections"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="remark",
            index=models.Index(fields=["employer", "happened_day", "code"], name="remark_employer_day"),
        ),
    ]
