"""How much waited for a person on her last morning: she is asked for once a day, and reads how it was the day before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("monitoring", "0009_written_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="LastMorning",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("day", models.DateField()),
                ("counts", models.JSONField(blank=True, default=dict)),
            ],
            options={"ordering": ("user",)},
        ),
    ]
