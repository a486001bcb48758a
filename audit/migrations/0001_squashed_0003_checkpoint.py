"""What audit is after 0003, in one step a table: fresh databases take this instead of the 3 that led here."""

from importlib import import_module

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

_chain = import_module("audit.migrations.0002_chain")
_checkpoint = import_module("audit.migrations.0003_checkpoint")


class Migration(migrations.Migration):
    replaces = [("audit", "0001_initial"), ("audit", "0002_chain"), ("audit", "0003_checkpoint")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("actor_role", models.CharField(blank=True, max_length=32)),
                ("action", models.CharField(max_length=64)),
                ("object_type", models.CharField(blank=True, max_length=64)),
                ("object_id", models.CharField(blank=True, max_length=64)),
                ("reason", models.TextField(blank=True)),
                ("details", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["object_type", "object_id", "id"], name="audit_event_object"),
                    models.Index(fields=["actor", "id"], name="audit_event_actor"),
                    django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="audit_event_at_brin"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("actor", ""), _negated=True), models.Q(("action", ""), _negated=True)
                        ),
                        name="audit_event_names_actor_and_action",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="link", to="audit.event"
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)), name="audit_link_position_from_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("rows", models.BigIntegerField()),
                ("head", models.CharField(max_length=64)),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField()),
                ("signature", models.BinaryField(max_length=64)),
                ("key", models.CharField(max_length=16)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("rows__gte", 0)), name="audit_checkpoint_rows"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("text", ""), _negated=True), models.Q(("key", ""), _negated=True)),
                        name="audit_checkpoint_is_signed",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_chain.FORWARD, _chain.BACKWARD),
        migrations.RunSQL(_checkpoint.FORWARD, _checkpoint.BACKWARD),
    ]
