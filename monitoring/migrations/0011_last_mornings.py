"""How much waited for a person on her last morning, so that the next says how it was the day before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0010_quiet_mornings")]

    operations = [
        migrations.RenameModel(old_name="QuietMorning", new_name="LastMorning"),
        migrations.AddField(
            model_name="lastmorning",
            name="counts",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
