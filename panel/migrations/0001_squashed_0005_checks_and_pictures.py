"""What panel is after 0005, in one step a table: fresh databases take this instead of the 5 that led here."""

from importlib import import_module

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

_plans = import_module("panel.migrations.0002_plans")


class Migration(migrations.Migration):
    replaces = [
        ("panel", "0001_releases"),
        ("panel", "0002_plans"),
        ("panel", "0003_shape"),
        ("panel", "0004_release_reports"),
        ("panel", "0005_checks_and_pictures"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0020_told"),
        ("protocol", "0002_frozen_once_used"),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=200)),
                ("requested_at", models.DateTimeField()),
                ("datasets", models.JSONField()),
                ("forms", models.JSONField()),
                ("language", models.CharField(choices=[("es", "Español"), ("en", "English")], max_length=2)),
                ("with_arm", models.BooleanField(default=False)),
                ("stable_codes", models.BooleanField(default=False)),
                ("shift_days", models.BooleanField(default=False)),
                ("generalised", models.JSONField(blank=True, default=list)),
                ("terms_sha256", models.CharField(max_length=64)),
                ("as_of", models.DateField()),
                ("kept_until", models.DateField()),
                ("code_version", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("building", "Being made"),
                            ("waiting", "Waiting for approval"),
                            ("ready", "Ready"),
                            ("refused", "Turned down"),
                            ("failed", "Failed"),
                            ("expired", "Expired"),
                            ("destroyed", "Destroyed"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("state_changed_at", models.DateTimeField()),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=64)),
                ("revision", models.PositiveSmallIntegerField(default=0)),
                ("report", models.JSONField(blank=True, default=dict)),
                ("needs", models.JSONField(blank=True, default=list)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_note", models.CharField(blank=True, max_length=200)),
                ("downloaded_revision", models.PositiveSmallIntegerField(default=0)),
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
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protocol.protocolversion"
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="participants.heldsecret"
                    ),
                ),
                (
                    "shape",
                    models.CharField(
                        choices=[
                            ("long", "Long: a row for each woman and period"),
                            ("wide", "Wide: a row for each woman"),
                            ("both", "Both"),
                        ],
                        default="long",
                        max_length=4,
                    ),
                ),
                ("enrolment", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["queued", "building", "waiting", "ready", "refused", "failed", "expired", "destroyed"],
                            )
                        ),
                        name="panel_release_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ("es", "en"))), name="panel_release_language_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True), name="panel_release_has_purpose"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None)),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="panel_release_second_person",
                        violation_error_message="Somebody else must decide.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            ("needs", []),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="panel_release_not_ready_undecided",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "building", "waiting"))),
                        fields=("requested_by", "terms_sha256"),
                        name="panel_release_asked_once",
                        violation_error_message="You asked for the same already, and it is not there yet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shape__in", ["long", "wide", "both"])), name="panel_release_shape_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("frozen_at", models.DateTimeField()),
                ("rows_removed", models.PositiveIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size_bytes", models.PositiveBigIntegerField(default=0)),
                ("packed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="panel.release"
                    ),
                ),
            ],
            options={
                "ordering": ("release", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("release", "number"), name="panel_one_revision_of_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("packed_at", None), ("sha256", "")),
                            models.Q(("packed_at__isnull", False), ("sha256__regex", "^[0-9a-f]{64}$")),
                            _connector="OR",
                        ),
                        name="panel_revision_packed_with_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseWoman",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_surveys", models.BooleanField()),
                ("by_visits", models.BooleanField()),
                ("by_reports", models.BooleanField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="participants.participant"
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="women", to="panel.release"
                    ),
                ),
            ],
            options={
                "ordering": ("release", "participant"),
                "constraints": [
                    models.UniqueConstraint(fields=("release", "participant"), name="panel_woman_in_a_release_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(unique=True)),
                ("name", models.CharField(max_length=100)),
                ("source", models.BinaryField()),
                ("file_sha256", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                ("reason", models.TextField(blank=True)),
                ("stored_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Waiting for a second person"),
                            ("locked", "Locked"),
                            ("replaced", "Replaced"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                ("is_late", models.BooleanField(default=False)),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stored_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-version",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "proposed", "locked", "replaced"])),
                        name="panel_plan_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("file_sha256__regex", "^[0-9a-f]{64}$"), ("sha256__regex", "^[0-9a-f]{64}$")
                        ),
                        name="panel_plan_has_hashes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("proposed_at", None), ("proposed_by", None), ("state__in", ("draft", "replaced"))
                            ),
                            models.Q(
                                ("proposed_at__isnull", False),
                                ("proposed_by__isnull", False),
                                ("state__in", ("proposed", "locked")),
                            ),
                            _connector="OR",
                        ),
                        name="panel_plan_proposed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "locked"), _negated=True),
                                ("is_late", False),
                                ("locked_at", None),
                                ("locked_by", None),
                            ),
                            models.Q(
                                ("locked_at__isnull", False),
                                ("locked_by__isnull", False),
                                ("state", "locked"),
                                models.Q(("locked_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="panel_plan_locked_by_a_second_person",
                        violation_error_message="You proposed this plan: somebody else locks it.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "proposed"))),
                        fields=("state",),
                        name="panel_one_open_plan_of_a_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unblinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("early_reason", models.TextField(blank=True)),
                ("follow_up_until", models.DateField(blank=True, null=True)),
                (
                    "asked_role",
                    models.CharField(
                        choices=[
                            ("officer", "Field officer"),
                            ("supervisor", "Station supervisor"),
                            ("interviewer", "Interviewer"),
                            ("researcher", "Researcher"),
                            ("statistician", "Statistician"),
                            ("administrator", "Study administrator"),
                            ("safety_officer", "Safety officer"),
                            ("ethics_board", "Ethics board"),
                        ],
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for a second person"),
                            ("called_off", "Called off"),
                            ("recorded", "Recorded"),
                        ],
                        default="asked",
                        max_length=16,
                    ),
                ),
                (
                    "decided_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("officer", "Field officer"),
                            ("supervisor", "Station supervisor"),
                            ("interviewer", "Interviewer"),
                            ("researcher", "Researcher"),
                            ("statistician", "Statistician"),
                            ("administrator", "Study administrator"),
                            ("safety_officer", "Safety officer"),
                            ("ethics_board", "Ethics board"),
                        ],
                        max_length=16,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unblindings", to="panel.planversion"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "called_off", "recorded"])),
                        name="panel_unblinding_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="panel_unblinding_has_reason",
                        violation_error_message="Say why the groups are to be named now.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("follow_up_until", None), models.Q(("early_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="panel_unblinding_early_with_reason",
                        violation_error_message="Surveys are still to come: say why it cannot wait.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("decided_role", ""), ("state", "asked")
                            ),
                            models.Q(
                                ("decided_at__isnull", False), ("decided_by__isnull", False), ("state", "called_off")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state", "recorded"),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                models.Q(("decided_role", models.F("asked_role")), _negated=True),
                                models.Q(("decided_role", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="panel_unblinding_second_person",
                        violation_error_message="You asked for this: somebody of another role approves it.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("asked", "recorded"))),
                        fields=("state",),
                        name="panel_unblinding_once",
                        violation_error_message="It was asked for already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveSmallIntegerField()),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("making", "Being made"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("replaced", "Replaced by a newer one"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("state_changed_at", models.DateTimeField()),
                ("steps_done", models.PositiveSmallIntegerField(default=0)),
                ("steps", models.PositiveSmallIntegerField(default=0)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=64)),
                ("is_blinded", models.BooleanField(default=True)),
                ("plan_sha256", models.CharField(blank=True, max_length=64)),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("downloaded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="panel.release"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "making", "ready", "failed", "replaced"])),
                        name="panel_report_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("revision__gte", 1)), name="panel_report_of_frozen_rows"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("ready", "replaced")), _negated=True),
                            ("ready_at__isnull", False),
                            _connector="OR",
                        ),
                        name="panel_report_ready_on_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "making"))),
                        fields=("release",),
                        name="panel_one_report_made_at_a_time",
                        violation_error_message="The report is being made already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("cut", "Frozen rows"), ("archive", "Archive"), ("report", "Part of a report")],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("declaration", models.JSONField(blank=True, default=dict)),
                ("rows", models.PositiveBigIntegerField(default=0)),
                ("size_bytes", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="panel.releaserevision"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="panel.releasereport",
                    ),
                ),
            ],
            options={
                "ordering": ("revision", "name", "id"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size_bytes__gte", 1)), name="panel_file_not_empty"),
                    models.UniqueConstraint(fields=("revision", "kind", "name"), name="panel_one_file_of_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("cut", "archive", "report"))), name="panel_file_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "report"), ("report__isnull", False)),
                            models.Q(models.Q(("kind", "report"), _negated=True), ("report", None)),
                            _connector="OR",
                        ),
                        name="panel_part_of_a_report",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleasePiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chunks", to="panel.releasefile"
                    ),
                ),
            ],
            options={
                "ordering": ("file", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("file", "position"), name="panel_one_piece_of_a_place"),
                    models.CheckConstraint(
                        condition=models.Q(("sealed", b""), _negated=True), name="panel_piece_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DatasetPicture",
            fields=[
                ("dataset", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("counted_at", models.DateTimeField()),
                ("columns", models.JSONField()),
            ],
            options={
                "ordering": ("dataset",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("dataset", ""), _negated=True), name="panel_picture_names_dataset"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveSmallIntegerField()),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("building", "Being made"),
                            ("same", "The same, byte for byte"),
                            ("different", "Other bytes than those given out"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("state_changed_at", models.DateTimeField()),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="panel.release"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("queued", "building", "same", "different", "failed"))),
                        name="panel_check_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "building"))),
                        fields=("release",),
                        name="panel_one_check_at_a_time",
                        violation_error_message="It is being compared already.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_plans.FORWARD, _plans.BACKWARD),
    ]
