"""What complaints is after 0003, in one step a table: fresh databases take this instead of the 3 that led here."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_steps_stay = import_module("complaints.migrations.0002_steps_stay")


class Migration(migrations.Migration):
    replaces = [("complaints", "0001_complaints"), ("complaints", "0002_steps_stay"), ("complaints", "0003_form_id")]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0020_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("herself", "A participant"),
                            ("near_her", "Somebody near a participant"),
                            ("staff", "Somebody who works with us"),
                            ("other", "Somebody else"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("treatment", "How somebody was treated"),
                            ("reached", "When or how somebody was reached"),
                            ("privacy", "Somebody learned what had to stay private"),
                            ("pressed", "Somebody felt pressed to take part or to answer"),
                            ("questions", "What was asked"),
                            ("nobody_came", "Nobody came, or nobody answered"),
                            ("data", "What is kept about somebody"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("ordinary", "Ordinary"), ("serious", "Serious: somebody could come to harm")],
                        max_length=16,
                    ),
                ),
                (
                    "desk",
                    models.CharField(
                        choices=[("coordination", "Coordination"), ("safety", "Safety officer")], max_length=16
                    ),
                ),
                ("told_on", models.DateField()),
                ("written_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("in_hand", "Being looked into"),
                            ("answered", "Answered"),
                            ("closed", "Closed"),
                        ],
                        default="received",
                        max_length=16,
                    ),
                ),
                ("state_changed_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("changed", "It was right, and something was changed"),
                            ("not_changed", "It was right, and could not be changed"),
                            ("not_found", "It was looked into, and nothing of it was found"),
                            ("taken_back", "Whoever complained took it back"),
                            ("not_reached", "Whoever complained could not be told safely"),
                        ],
                        max_length=16,
                    ),
                ),
                ("made_case", models.BooleanField(default=False)),
                ("sealed_by_study", models.BooleanField()),
                ("sealed_text", models.BinaryField()),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="participants.participant",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("form_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
            ],
            options={
                "ordering": ("due_on", "id"),
                "indexes": [models.Index(fields=["state", "due_on"], name="complaints_waiting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("received", "in_hand", "answered", "closed"))),
                        name="complaints_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handler", None), ("state", "received")),
                            models.Q(models.Q(("state", "received"), _negated=True), ("handler__isnull", False)),
                            _connector="OR",
                        ),
                        name="complaints_in_somebodys_hands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), models.Q(("outcome", ""), _negated=True)),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("outcome", "")),
                            _connector="OR",
                        ),
                        name="complaints_closed_with_outcome",
                        violation_error_message="Say how it ended.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("participant", None), ("sealed_by_study", True)),
                            models.Q(("participant__isnull", False), ("sealed_by_study", False)),
                            _connector="OR",
                        ),
                        name="complaints_sealed_with_her_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_case", False), ("participant__isnull", False), _connector="OR"),
                        name="complaints_case_is_of_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("told_on"))), name="complaints_due_after_told"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("taken", "Taken in hand"),
                            ("noted", "Looked into"),
                            ("answered", "Whoever complained was answered"),
                            ("closed", "Closed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ("complaint", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("noted", "answered")), _negated=True),
                            ("sealed_note__isnull", False),
                            _connector="OR",
                        ),
                        name="complaints_step_says_what",
                        violation_error_message="Write what was found, or what was answered.",
                    )
                ],
            },
        ),
        migrations.RunSQL(_steps_stay.APPEND_ONLY, _steps_stay.FREE),
    ]
