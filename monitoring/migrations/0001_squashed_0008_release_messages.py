"""What monitoring is after 0008, in one step a table: fresh databases take this instead of the 8 that led here."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

_backups_and_shortfall = import_module("monitoring.migrations.0007_backups_and_shortfall")


class Migration(migrations.Migration):
    replaces = [
        ("monitoring", "0001_initial"),
        ("monitoring", "0002_failed_steps"),
        ("monitoring", "0003_in_charge_told"),
        ("monitoring", "0004_interviewers_day"),
        ("monitoring", "0005_dose_week"),
        ("monitoring", "0006_board_week"),
        ("monitoring", "0007_backups_and_shortfall"),
        ("monitoring", "0008_release_messages"),
    ]

    initial = True

    dependencies = [
        ("stations", "0006_crossings"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobHeartbeat",
            fields=[
                ("job", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("succeeded_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                ("runs", models.BigIntegerField(default=0)),
                ("failed_steps", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ("job",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("job", ""), _negated=True), name="monitoring_heartbeat_names_job"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannerLateness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField()),
                ("over_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-began_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("over_at",), name="monitoring_one_lateness_at_a_time", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("over_at", None), ("over_at__gte", models.F("began_at")), _connector="OR"),
                        name="monitoring_lateness_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("planner_late", "The planner is late"),
                            ("planner_back", "The planner is on time again"),
                            ("morning", "The morning in counts"),
                            ("surveys", "An interviewer’s day in counts"),
                            ("board_week", "The board’s week in counts"),
                            ("release_news", "News of a release"),
                            ("release_waiting", "A release to decide about"),
                        ],
                        max_length=16,
                    ),
                ),
                ("about", models.CharField(max_length=20)),
                ("to", models.CharField(max_length=40)),
                ("attempts", models.PositiveSmallIntegerField(default=1)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "about", "to"), name="monitoring_told_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "planner_late",
                                    "planner_back",
                                    "morning",
                                    "surveys",
                                    "board_week",
                                    "release_news",
                                    "release_waiting",
                                ),
                            )
                        ),
                        name="monitoring_message_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monday", models.DateField()),
                ("done", models.PositiveIntegerField()),
                ("refused", models.PositiveIntegerField()),
                ("unsafe", models.PositiveIntegerField()),
                ("not_met", models.PositiveIntegerField()),
                ("missed", models.PositiveIntegerField()),
                ("to_come", models.PositiveIntegerField()),
                ("on_time", models.PositiveIntegerField()),
                ("without_officers", models.PositiveIntegerField()),
                ("beside_plan", models.PositiveIntegerField()),
                ("women", models.PositiveIntegerField()),
                ("women_above_usual", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
                (
                    "station",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
                ("short", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ("monday", "station", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("station", "monday"), name="monitoring_dose_once_a_week"),
                    models.CheckConstraint(
                        condition=models.Q(("monday__iso_week_day", 1)), name="monitoring_dose_starts_monday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "on_time__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("done"), "+", models.F("refused")
                                        ),
                                        "+",
                                        models.F("unsafe"),
                                    ),
                                    "+",
                                    models.F("not_met"),
                                ),
                            )
                        ),
                        name="monitoring_dose_on_time_was_attempted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("women_above_usual__lte", models.F("women"))),
                        name="monitoring_dose_above_usual_among_women",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BackupReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("size_bytes", models.BigIntegerField()),
                ("place", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("restored_on", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-made_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("made_at", "sha256", "restored_on"),
                        name="monitoring_backup_reported_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size_bytes__gt", 0)),
                        name="monitoring_backup_has_a_size",
                        violation_error_message="A backup has at least one byte.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="monitoring_backup_has_its_hash",
                        violation_error_message="A SHA-256 has 64 hexadecimal digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_at__lte", models.F("recorded_at"))),
                        name="monitoring_backup_was_made",
                        violation_error_message="A backup cannot be of a time to come.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_backups_and_shortfall.APPEND_ONLY, _backups_and_shortfall.FREE),
    ]
