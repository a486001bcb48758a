"""What interviews is after 0005, in one step a table: fresh databases take this instead of the 5 that led here."""

import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("interviews", "0001_initial"),
        ("interviews", "0002_stopped"),
        ("interviews", "0003_meetings"),
        ("interviews", "0004_files"),
        ("interviews", "0005_coding"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0018_transfers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Selection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seed", models.CharField(max_length=80)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("purposive_grid", "Grid of first level and age, districts spread"),
                            ("seeded_random", "By seed alone"),
                        ],
                        max_length=32,
                    ),
                ),
                ("per_arm", models.PositiveSmallIntegerField()),
                ("selected_at", models.DateTimeField()),
                (
                    "selected_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("candidates", models.PositiveIntegerField(default=0)),
                ("candidates_nonce", models.BinaryField(default=b"", max_length=32)),
                ("candidates_sha256", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("per_arm__gte", 1)), name="interviews_at_least_one_per_arm"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ("purposive_grid", "seeded_random"))),
                        name="interviews_rule_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("selected", "Selected"),
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed"),
                            ("refused", "Refused"),
                            ("lost", "Not reached"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                        ],
                        default="selected",
                        max_length=16,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="participants.participant",
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="interviews.selection",
                    ),
                ),
                ("audio_agreed", models.BooleanField(blank=True, null=True)),
                (
                    "cell",
                    models.CharField(
                        choices=[
                            ("lower_younger", "Lower first level, up to 34 years"),
                            ("lower_older", "Lower first level, 35 years or more"),
                            ("higher_younger", "Higher first level, up to 34 years"),
                            ("higher_older", "Higher first level, 35 years or more"),
                            ("unknown", "First level not known"),
                        ],
                        default="unknown",
                        max_length=16,
                    ),
                ),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "held_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("home", "Her home"),
                            ("health_centre", "Health centre"),
                            ("community", "Community centre or parish"),
                            ("office", "Office of the study"),
                            ("telephone", "By telephone"),
                            ("elsewhere", "Elsewhere"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="interviews.interview",
                    ),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("status_changed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("selection", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("selection", "participant"), name="interviews_selected_once"),
                    models.UniqueConstraint(fields=("selection", "position"), name="interviews_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ("selected", "proposed", "agreed", "refused", "lost", "done", "stopped"))
                        ),
                        name="interviews_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("proposed", "agreed", "done")), _negated=True),
                            models.Q(
                                ("ends_at__isnull", False),
                                ("held_by__isnull", False),
                                ("starts_at__isnull", False),
                                models.Q(("place", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="interviews_has_time_and_place",
                        violation_error_message="Write when and where.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            ("audio_agreed__isnull", False),
                            _connector="OR",
                        ),
                        name="interviews_asked_again",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InterviewFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("audio", "Recording"), ("transcript", "Transcript")], max_length=16),
                ),
                (
                    "file_format",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wav", "WAV audio"),
                            ("mp3", "MP3 audio"),
                            ("m4a", "M4A audio"),
                            ("ogg", "Ogg or Opus audio"),
                            ("webm", "WebM audio"),
                            ("flac", "FLAC audio"),
                            ("txt", "Plain text"),
                            ("docx", "Word document"),
                            ("odt", "OpenDocument text"),
                        ],
                        max_length=8,
                    ),
                ),
                ("size_bytes", models.PositiveBigIntegerField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("sealed_key", models.BinaryField()),
                ("received", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "interview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="interviews.interview"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("interview", "started_at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("audio", "transcript"))), name="interviews_file_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size_bytes__gte", 1)), name="interviews_file_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sealed_key", b""), _negated=True), name="interviews_file_has_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("sha256", "")),
                            models.Q(("finished_at__isnull", False), ("sha256__regex", "^[0-9a-f]{64}$")),
                            _connector="OR",
                        ),
                        name="interviews_file_finished_with_hash",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None), ("removed_at", None)),
                        fields=("interview", "kind", "fingerprint", "size_bytes"),
                        name="interviews_one_upload_of_a_file",
                        violation_error_message="This file is being brought in already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FileChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunks",
                        to="interviews.interviewfile",
                    ),
                ),
            ],
            options={
                "ordering": ("file", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("file", "position"), name="interviews_one_piece_of_a_place"),
                    models.CheckConstraint(
                        condition=models.Q(("sealed", b""), _negated=True), name="interviews_piece_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TranscriptVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("form", models.CharField(choices=[("original", "As spoken"), ("masked", "Masked")], max_length=16)),
                ("sealed_text", models.BinaryField()),
                ("paragraphs", models.PositiveIntegerField()),
                ("masks", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transcripts",
                        to="interviews.interviewfile",
                    ),
                ),
                (
                    "interview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transcripts",
                        to="interviews.interview",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="masked",
                        to="interviews.transcriptversion",
                    ),
                ),
            ],
            options={
                "ordering": ("interview", "-number"),
                "constraints": [
                    models.UniqueConstraint(fields=("interview", "number"), name="interviews_one_text_of_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ("original", "masked"))), name="interviews_text_form_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form", "original"), ("source", None)),
                            models.Q(("form", "masked"), ("source__isnull", False)),
                            _connector="OR",
                        ),
                        name="interviews_masked_has_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sealed_text", b""), _negated=True), name="interviews_text_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("memo", models.TextField(blank=True, max_length=2000)),
                ("colour", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="interviews.code",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="interviews.code",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("merged_into", None)),
                        name="interviews_code_name_once",
                        violation_error_message="There is a code of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="interviews_code_named"
                    ),
                    models.CheckConstraint(condition=models.Q(("colour__lt", 8)), name="interviews_code_colour_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                        ),
                        name="interviews_code_not_under_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("merged", "Merged"),
                            ("imported", "Imported"),
                        ],
                        max_length=16,
                    ),
                ),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="interviews.code"
                    ),
                ),
            ],
            options={
                "ordering": ("code", "-changed_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("added", "changed", "merged", "imported"))),
                        name="interviews_change_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CodingPass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "transcript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passes",
                        to="interviews.transcriptversion",
                    ),
                ),
            ],
            options={
                "ordering": ("transcript", "place"),
                "constraints": [
                    models.UniqueConstraint(fields=("transcript", "place"), name="interviews_two_coders"),
                    models.UniqueConstraint(fields=("transcript", "coder"), name="interviews_coder_once"),
                    models.CheckConstraint(condition=models.Q(("place__in", (1, 2))), name="interviews_place_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.PositiveIntegerField()),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("coded_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codings", to="interviews.code"
                    ),
                ),
                (
                    "coding_pass",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codings", to="interviews.codingpass"
                    ),
                ),
            ],
            options={
                "ordering": ("coding_pass", "paragraph", "start", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))), name="interviews_passage_not_empty"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("coding_pass", "code", "paragraph", "start", "end"),
                        name="interviews_passage_coded_once",
                    ),
                ],
            },
        ),
    ]
