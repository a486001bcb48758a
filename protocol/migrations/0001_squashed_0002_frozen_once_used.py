"""What protocol is after 0002, in one step a table: fresh databases take this instead of the 2 that led here."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_frozen_once_used = import_module("protocol.migrations.0002_frozen_once_used")


class Migration(migrations.Migration):
    replaces = [("protocol", "0001_initial"), ("protocol", "0002_frozen_once_used")]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProtocolVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=32)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("source", models.TextField()),
                ("is_active", models.BooleanField(default=False)),
                ("amendment_reason", models.TextField(blank=True)),
                ("loaded_at", models.DateTimeField()),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "loaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"),
                        name="protocol_version_unique",
                        violation_error_message="This version of the protocol is already loaded with another content.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("is_active",),
                        name="protocol_one_active_version",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_frozen_once_used.FORWARD, _frozen_once_used.BACKWARD),
    ]
