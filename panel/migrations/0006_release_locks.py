"""A release says under which locks its rows stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("panel", "0005_checks_and_pictures"),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="locks",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
