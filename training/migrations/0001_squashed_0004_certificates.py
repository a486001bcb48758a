"""What training is after 0004, in one step a table: fresh databases take this instead of the 4 that led here."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("training", "0001_initial"),
        ("training", "0002_planned_sessions"),
        ("training", "0003_rules_of_sessions"),
        ("training", "0004_certificates"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("stations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField()),
                ("deviation_reason", models.TextField(blank=True)),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_sessions",
                        to="stations.station",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("regular", "For everybody"), ("catch_up", "Catch-up")],
                        default="regular",
                        max_length=16,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("withdrawn", "Withdrawn")],
                        default="planned",
                        max_length=16,
                    ),
                ),
                (
                    "modules",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None),
                ),
                ("start_time", models.TimeField(blank=True, null=True)),
                ("place", models.CharField(blank=True, max_length=120)),
                (
                    "trainers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                ("withdrawal_reason", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ("held_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("regular", "catch_up")), ("status__in", ("planned", "held", "withdrawn"))
                        ),
                        name="training_session_kind_and_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("modules__len__gt", 0)), name="training_session_has_module"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "withdrawn"), models.Q(("withdrawal_reason", ""), _negated=True)),
                            models.Q(models.Q(("status", "withdrawn"), _negated=True), ("withdrawal_reason", "")),
                            _connector="OR",
                        ),
                        name="training_session_withdrawn_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "withdrawn"), _negated=True),
                        fields=("station", "held_on", "start_time"),
                        name="training_session_once_at_a_time",
                        violation_error_message="There is a session at this station at that day and hour already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score_before", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("score_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="stations.officer"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="training.session"
                    ),
                ),
                ("module", models.PositiveSmallIntegerField()),
                ("came", models.BooleanField()),
                ("minutes_late", models.PositiveSmallIntegerField(default=0)),
                (
                    "absence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_duty", "On duty"),
                            ("on_leave", "On leave"),
                            ("ill", "Ill"),
                            ("other", "Another reason"),
                        ],
                        max_length=16,
                    ),
                ),
                ("counts", models.BooleanField()),
            ],
            options={
                "ordering": ("session", "module", "officer"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("score_before", None), ("score_before__lte", 100), _connector="OR"),
                            models.Q(("score_after", None), ("score_after__lte", 100), _connector="OR"),
                        ),
                        name="training_scores_to_100",
                        violation_error_message="A score lies between 0 and 100.",
                    ),
                    models.UniqueConstraint(fields=("session", "officer", "module"), name="training_attended_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("came", True), ("absence", "")),
                            models.Q(
                                ("came", False),
                                ("counts", False),
                                ("minutes_late", 0),
                                ("score_after", None),
                                ("score_before", None),
                            ),
                            _connector="OR",
                        ),
                        name="training_absent_has_no_more",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("absence__in", ("", "on_duty", "on_leave", "ill", "other"))),
                        name="training_absence_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=16, unique=True)),
                ("hours", models.PositiveSmallIntegerField()),
                ("issued_at", models.DateTimeField()),
                (
                    "attendance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="training.attendance",
                    ),
                ),
                (
                    "issued_by",
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
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z2-7]{16}$")), name="training_certificate_code_shape"
                    )
                ],
            },
        ),
    ]
