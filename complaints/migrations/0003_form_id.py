"""The page on which a complaint was written: sent twice, it is one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_steps_stay")]
    operations = [
        migrations.AddField(
            model_name="complaint",
            name="form_id",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        )
    ]
