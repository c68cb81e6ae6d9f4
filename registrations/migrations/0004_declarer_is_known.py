import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0003_fill_declarer_and_leaves")]
    operations = [
        migrations.AlterField(
            model_name="registration",
            name="declarer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ciao_portal.company"
            ),
        )
    ]
