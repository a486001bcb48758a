"""What risk is after 0006, in one step a table: fresh databases take this instead of the 6 that led here."""

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_kept_as_assessed = import_module("risk.migrations.0006_kept_as_assessed")


class Migration(migrations.Migration):
    replaces = [
        ("risk", "0001_initial"),
        ("risk", "0002_lowering"),
        ("risk", "0003_alerts_become_cases"),
        ("risk", "0004_sheets_from_phones"),
        ("risk", "0005_sheets_seen"),
        ("risk", "0006_kept_as_assessed"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0013_status_history"),
        ("safety", "0001_cases"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32)),
                ("version", models.CharField(max_length=32)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("content", models.JSONField()),
                ("loaded_at", models.DateTimeField()),
                ("effective_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ("code", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"),
                        name="risk_scale_version_unique",
                        violation_error_message="This version of the scale is already loaded with another content.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assessed_at", models.DateTimeField()),
                ("answers", models.JSONField()),
                ("overrides", models.JSONField(default=dict)),
                ("score", models.SmallIntegerField()),
                ("is_complete", models.BooleanField()),
                ("computed_level", models.CharField(blank=True, max_length=16)),
                ("level", models.CharField(blank=True, max_length=16)),
                ("level_rank", models.PositiveSmallIntegerField(default=0)),
                (
                    "raised_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new_incident", "There was a new incident"),
                            ("weapon", "He has, or could get, a weapon"),
                            ("separation", "She is leaving him or has just left"),
                            ("threats", "Threats to her, her children or others"),
                            ("her_fear", "She fears more than the sheet shows"),
                            ("other", "Another reason, in the note"),
                        ],
                        max_length=16,
                    ),
                ),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
                ("own_rating", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "assessed_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="participants.participant",
                    ),
                ),
                (
                    "scale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="risk.scale"
                    ),
                ),
                ("content_hmac", models.CharField(blank=True, max_length=64)),
                ("form_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("missing", models.PositiveSmallIntegerField(default=0)),
                ("officer_level", models.CharField(blank=True, max_length=16)),
                ("reference", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "ordering": ("participant", "-assessed_at", "-id"),
                "indexes": [models.Index(fields=["participant", "-assessed_at"], name="risk_assessment_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("own_rating", None), ("own_rating__lte", 10), _connector="OR"),
                        name="risk_own_rating_to_10",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "raised_reason__in",
                                ("", "new_incident", "weapon", "separation", "threats", "her_fear", "other"),
                            )
                        ),
                        name="risk_raised_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_complete", False), models.Q(("computed_level", ""), _negated=True), _connector="OR"
                        ),
                        name="risk_complete_form_has_level",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CurrentRisk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=16)),
                ("level_rank", models.PositiveSmallIntegerField()),
                ("since", models.DateTimeField()),
                ("reassess_due_on", models.DateField()),
                ("replan_pending", models.BooleanField(default=False)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="risk.assessment"
                    ),
                ),
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="current_risk",
                        to="participants.participant",
                    ),
                ),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "escalated_to",
                    models.CharField(
                        blank=True,
                        choices=[("supervisor", "The supervisor"), ("safety_officer", "The safety officer")],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "ordering": ("participant",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("replan_pending", True)), fields=["participant"], name="risk_replan_pending"
                    ),
                    models.Index(fields=["reassess_due_on"], name="risk_reassess_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level", ""), _negated=True), name="risk_current_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("escalated_to__in", ("", "supervisor", "safety_officer"))),
                        name="risk_escalation_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lowering",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_level", models.CharField(max_length=16)),
                ("from_rank", models.PositiveSmallIntegerField()),
                ("to_level", models.CharField(max_length=16)),
                ("to_rank", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To decide"),
                            ("confirmed", "Lowered"),
                            ("declined", "Left as it was"),
                            ("superseded", "A newer sheet came"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=16)),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lowering", to="risk.assessment"
                    ),
                ),
                (
                    "decided_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lowerings",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "ordering": ("due_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("participant",),
                        name="risk_one_lowering_waits",
                        violation_error_message="A lower level already waits for a decision.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_rank__lt", models.F("from_rank"))), name="risk_lowering_is_lower"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("reason", ""), ("state", "waiting")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by", None),
                                ("reason", ""),
                                ("state", "superseded"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                (
                                    "reason__in",
                                    ("he_is_away", "protected", "safe_place", "no_incidents", "corrected", "other"),
                                ),
                                ("state", "confirmed"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("reason__in", ("her_fear", "recent_incident", "not_private", "other")),
                                ("state", "declined"),
                            ),
                            _connector="OR",
                        ),
                        name="risk_lowering_decided_with_reason",
                        violation_error_message="Whoever decides says why.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScalePack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.JSONField()),
                ("licensed_until", models.DateField(blank=True, null=True)),
                ("loaded_at", models.DateTimeField()),
                (
                    "scale",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pack", to="risk.scale"
                    ),
                ),
            ],
            options={
                "ordering": ("scale",),
            },
        ),
        migrations.CreateModel(
            name="PhoneSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet_id", models.UUIDField()),
                ("visit_id", models.UUIDField(blank=True, null=True)),
                ("filled_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("device_score", models.IntegerField(blank=True, null=True)),
                ("device_level", models.CharField(blank=True, max_length=16)),
                ("device_version", models.CharField(blank=True, max_length=64)),
                (
                    "marks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("score_differs", "The telephone had counted otherwise"),
                                ("other_version", "Filled in on another version of the sheet"),
                                ("other_content", "Sent twice with different answers"),
                                ("overtaken", "A newer sheet was here already"),
                                ("late", "Came more than a day later"),
                                ("ahead", "Its hour still lay ahead"),
                                ("clock_skew", "The telephone’s clock was wrong"),
                                ("left", "She had left by then"),
                                ("rescued", "Brought by a file from the telephone"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("clock_skew_s", models.IntegerField(blank=True, null=True)),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="from_phone", to="risk.assessment"
                    ),
                ),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "seen_by",
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
                "ordering": ("received_at", "id"),
                "indexes": [
                    models.Index(fields=["sheet_id"], name="risk_phone_sheet_by_id"),
                    models.Index(
                        condition=models.Q(("marks", []), _negated=True),
                        fields=["-received_at"],
                        name="risk_phone_sheet_marked",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at", None), ("seen_by", None)),
                            models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="risk_phone_sheet_seen_by_somebody",
                        violation_error_message="Whoever looked at a sheet is named with the hour.",
                    )
                ],
            },
        ),
        migrations.RunSQL(_kept_as_assessed.KEPT, _kept_as_assessed.FREE),
    ]
