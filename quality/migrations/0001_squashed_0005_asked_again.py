"""What quality is after 0005, in one step a table: fresh databases take this instead of the 5 that led here."""

from importlib import import_module

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

_steps_stay = import_module("quality.migrations.0002_steps_stay")


class Migration(migrations.Migration):
    replaces = [
        ("quality", "0001_queries"),
        ("quality", "0002_steps_stay"),
        ("quality", "0003_note_marks"),
        ("quality", "0004_people"),
        ("quality", "0005_asked_again"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0020_told"),
        ("stations", "0006_crossings"),
        ("visits", "0012_logs_by_receipt"),
    ]

    operations = [
        migrations.CreateModel(
            name="QualityQuery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("late_log", "Log sent long after its visit"),
                            ("far_from_plan", "Visit far from its planned day"),
                            ("impossible_time", "Time that can hardly be"),
                            ("outside_part", "Visit outside of her time in the project"),
                            ("too_close", "Two visits of one person at the same time"),
                            ("twice", "One visit written down twice"),
                            ("event_day", "Day of what happened does not fit the visit"),
                            ("age_differs", "Age differs from that of enrolment"),
                            ("contradicts", "Two surveys contradict each other"),
                            ("straight_line", "The same answer throughout a scale"),
                            ("same_answers", "Two surveys with the same answers"),
                            ("duration", "Survey much shorter or longer than others"),
                            ("round_minutes", "Nearly all hours are round"),
                            ("all_met", "Every visit of a month went well"),
                            ("copied_notes", "The same note about several women"),
                            ("asked_again", "Another answer to somebody else"),
                        ],
                        max_length=24,
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                (
                    "desk",
                    models.CharField(
                        choices=[
                            ("station", "The station"),
                            ("interviewer", "Whoever asked"),
                            ("coordination", "Coordination"),
                        ],
                        max_length=16,
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=40)),
                ("happened_at", models.DateTimeField()),
                ("facts", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To answer"),
                            ("answered", "Answered"),
                            ("accepted", "Accepted as it is"),
                            ("closed", "Put right"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("state_changed_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quality_queries",
                        to="participants.participant",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(fields=["state", "due_on"], name="quality_query_waiting"),
                    models.Index(fields=["station", "state"], name="quality_query_station"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "key"), name="quality_one_query_a_finding"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "answered", "accepted", "closed"))),
                        name="quality_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("desk", "station"), ("station__isnull", False)),
                            models.Q(("desk", "interviewer"), ("person__isnull", False)),
                            ("desk", "coordination"),
                            _connector="OR",
                        ),
                        name="quality_query_has_owner",
                        violation_error_message="Say who is asked.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QueryStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Found"),
                            ("answered", "Answered"),
                            ("returned", "Asked again"),
                            ("accepted", "Accepted as it is"),
                            ("closed", "Found no more: the data are right"),
                            ("reopened", "Found again"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "query",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="quality.qualityquery"
                    ),
                ),
            ],
            options={
                "ordering": ("query", "at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", None), ("kind__in", ("opened", "reopened", "closed")), ("reason", "")),
                            models.Q(("by__isnull", False), ("kind", "returned"), ("reason", "")),
                            models.Q(
                                ("by__isnull", False),
                                ("kind__in", ("answered", "accepted")),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="quality_step_of_somebody_has_reason",
                        violation_error_message="Choose the reason.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed_sha256", models.CharField(max_length=64)),
                ("mark", models.CharField(blank=True, max_length=64)),
                (
                    "log",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="visits.visitlog"
                    ),
                ),
            ],
            options={
                "ordering": ("log",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("mark", ""), _negated=True), fields=["mark"], name="quality_note_marks"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("met", "She was met"),
                            ("not_wanted", "She did not want the visit"),
                            ("not_private", "They could not talk in private"),
                            ("no_note", "No note was written"),
                            ("sent_late", "Sent more than a day later"),
                            ("refused", "She preferred not to answer"),
                            ("in_part", "Answered in part"),
                            ("not_alone", "She was not alone when she was tried"),
                            ("short", "Took less than half the usual time"),
                            ("differs", "Told otherwise to somebody else"),
                        ],
                        max_length=16,
                    ),
                ),
                ("month", models.DateField()),
                ("cases", models.PositiveIntegerField()),
                ("hits", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "ordering": ("measure", "person", "month", "id"),
                "indexes": [models.Index(fields=["measure", "month"], name="quality_person_months")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("measure", "person", "station", "month"),
                        name="quality_person_once_a_month",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cases__gt", 0), ("hits__lte", models.F("cases"))),
                        name="quality_hits_among_cases",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_steps_stay.APPEND_ONLY, _steps_stay.FREE),
    ]
