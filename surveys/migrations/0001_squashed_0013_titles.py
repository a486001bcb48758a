"""What surveys is after 0013, in one step a table: fresh databases take this instead of the 13 that led here."""

from importlib import import_module

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import stations.models
import uuid
from django.conf import settings
from django.db import migrations, models

_instruments_as_forms = import_module("surveys.migrations.0005_instruments_as_forms")
_versions = import_module("surveys.migrations.0008_versions")
_phone_entries = import_module("surveys.migrations.0009_phone_entries")
_held_entries = import_module("surveys.migrations.0010_held_entries")
_kept_as_answered = import_module("surveys.migrations.0011_kept_as_answered")


class Migration(migrations.Migration):
    replaces = [
        ("surveys", "0001_initial"),
        ("surveys", "0002_on_hold"),
        ("surveys", "0003_interviewers"),
        ("surveys", "0004_attempts"),
        ("surveys", "0005_instruments_as_forms"),
        ("surveys", "0006_sittings"),
        ("surveys", "0007_collect_keys"),
        ("surveys", "0008_versions"),
        ("surveys", "0009_phone_entries"),
        ("surveys", "0010_held_entries"),
        ("surveys", "0011_kept_as_answered"),
        ("surveys", "0012_draft_at"),
        ("surveys", "0013_titles"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0018_transfers"),
        ("stations", "0006_crossings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Instrument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=32)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("content", models.JSONField()),
                ("loaded_at", models.DateTimeField()),
                (
                    "licence",
                    models.CharField(
                        choices=[("open", "Free to use"), ("private", "Private pack of a licence holder")],
                        default="open",
                        max_length=16,
                    ),
                ),
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
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("source", models.BinaryField()),
                ("source_name", models.CharField(max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("xform", models.TextField()),
                ("titles", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ("code", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"),
                        name="surveys_instrument_version_unique",
                        violation_error_message="This version of the questionnaire is already loaded.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("retired_at", None), ("status", "draft")),
                            models.Q(("published_at__isnull", False), ("retired_at", None), ("status", "published")),
                            models.Q(
                                ("published_at__isnull", False), ("retired_at__isnull", False), ("status", "retired")
                            ),
                            _connector="OR",
                        ),
                        name="surveys_instrument_status_dated",
                        violation_error_message="A published questionnaire has its day, and a retired one both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("licence__in", ("open", "private"))),
                        name="surveys_instrument_licence_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyCase",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("wave", models.CharField(max_length=16)),
                ("wave_number", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("window_from", models.DateField()),
                ("window_until", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("late", "Late"),
                            ("done", "Done"),
                            ("partial", "Answered in part"),
                            ("not_private", "To be resumed in private"),
                            ("refused", "Refused"),
                            ("missed", "Missed"),
                            ("on_hold", "On hold"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="due",
                        max_length=16,
                    ),
                ),
                ("status_changed_at", models.DateTimeField()),
                ("missed_reason", models.CharField(blank=True, max_length=32)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_cases",
                        to="participants.participant",
                    ),
                ),
                (
                    "missed_explained_by",
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
                "ordering": ("due_on", "id"),
                "indexes": [models.Index(fields=["status", "window_until"], name="surveys_case_open")],
                "constraints": [
                    models.UniqueConstraint(fields=("participant", "wave"), name="surveys_one_case_a_wave"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("window_from__lte", models.F("due_on")), ("window_until__gte", models.F("due_on"))
                        ),
                        name="surveys_due_within_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                (
                                    "due",
                                    "late",
                                    "done",
                                    "partial",
                                    "not_private",
                                    "refused",
                                    "missed",
                                    "on_hold",
                                    "cancelled",
                                ),
                            )
                        ),
                        name="surveys_case_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("submitted_at", models.DateTimeField()),
                ("answers", models.JSONField()),
                ("scores", models.JSONField(default=dict)),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="surveys.instrument"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submission", to="surveys.surveycase"
                    ),
                ),
                ("is_complete", models.BooleanField(db_default=True, default=True)),
                ("content_sha256", models.CharField(max_length=64)),
                ("findings", models.JSONField(blank=True, default=list)),
                ("instance_id", models.CharField(max_length=100, unique=True)),
                ("sealed_instance", models.BinaryField(blank=True, null=True)),
            ],
            options={
                "ordering": ("submitted_at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answers", {}), _negated=True), name="surveys_submission_has_answers"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InterviewerAbsence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("leave", "Leave"),
                            ("health", "Health"),
                            ("rest", "A rest after hard conversations"),
                            ("other_duty", "Another duty"),
                        ],
                        max_length=16,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviewer_absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_on", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="surveys_absence_ends_after_start",
                        violation_error_message="The last day cannot be before the first.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        expressions=(
                            ("user", "="),
                            (
                                stations.models.DateRange(
                                    "starts_on",
                                    "ends_on",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                                ),
                                "&&",
                            ),
                        ),
                        name="surveys_absence_one_at_a_time",
                        violation_error_message="She is away in that time already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InterviewerChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("rule", "By the rule"),
                            ("she_asked", "She asked for somebody else"),
                            ("known", "They know each other, or each other's families"),
                            ("load", "To even out the work"),
                            ("language", "Language"),
                            ("other", "Another reason"),
                        ],
                        max_length=16,
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "after",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
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
                        related_name="interviewer_changes",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "ordering": ("-changed_at", "-id"),
                "indexes": [models.Index(fields=["participant", "-changed_at"], name="surveys_interviewer_changes")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("before", models.F("after")), _negated=True),
                            ("before", None),
                            ("after", None),
                            _connector="OR",
                        ),
                        name="surveys_interviewer_changed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InterviewerProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("surveys_a_week", models.PositiveSmallIntegerField()),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stations.district"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviewer_profile",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("user",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("surveys_a_week__lte", 60)), name="surveys_profile_to_sixty_a_week"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CallAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempted_at", models.DateTimeField()),
                (
                    "channel",
                    models.CharField(
                        choices=[("visit", "Visit"), ("call", "Call"), ("message", "Message")], max_length=16
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("agreed", "She agreed on another time"),
                            ("no_answer", "Nobody answered"),
                            ("someone_else", "Somebody else answered; nothing was said"),
                            ("not_alone", "She was not alone"),
                            ("not_now", "She could not talk now"),
                            ("unreachable", "The number or the address does not serve any more"),
                            ("declined", "She prefers not to answer this time"),
                        ],
                        max_length=16,
                    ),
                ),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outside_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("she_asked", "She asked for it"),
                            ("danger", "She may be in danger now"),
                            ("times_changed", "Her safe times have changed and are not written yet"),
                            ("other", "Another reason"),
                        ],
                        max_length=16,
                    ),
                ),
                ("sealed_reason", models.BinaryField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="surveys.surveycase"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-attempted_at", "-id"),
                "indexes": [models.Index(fields=["case", "-attempted_at"], name="surveys_attempts_of_case")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "attempted_at"),
                        name="surveys_one_attempt_a_moment",
                        violation_error_message="This attempt is written down already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_at", None), ("next_at__gt", models.F("attempted_at")), _connector="OR"
                        ),
                        name="surveys_next_attempt_after",
                        violation_error_message="The next attempt must come after this one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outside_reason", ""), ("sealed_reason", None)),
                            models.Q(models.Q(("outside_reason", ""), _negated=True), ("sealed_reason__isnull", False)),
                            _connector="OR",
                        ),
                        name="surveys_outside_has_sentence",
                        violation_error_message="Write in a sentence why she must be reached at this time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataQuery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("place", models.CharField(max_length=250)),
                (
                    "breach",
                    models.CharField(
                        choices=[
                            ("required", "An answer is missing"),
                            ("not_asked", "Answered though it was not to be asked"),
                            ("constraint", "Outside what the question allows"),
                            ("type", "Not of the question’s kind"),
                            ("choice", "None of the choices"),
                            ("calculation", "Calculated differently"),
                            ("unknown", "No question of this questionnaire"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "To explain"), ("answered", "Explained"), ("closed", "Settled")],
                        default="open",
                        max_length=16,
                    ),
                ),
                (
                    "explanation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stands", "It is as she said it"),
                            ("slip", "A slip while writing"),
                            ("preferred_not", "She preferred not to answer"),
                            ("broken_off", "The conversation was broken off"),
                            ("device", "The device did not ask it"),
                        ],
                        max_length=16,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="queries", to="surveys.submission"
                    ),
                ),
            ],
            options={
                "ordering": ("opened_at", "place", "id"),
                "indexes": [models.Index(fields=["status", "opened_at"], name="surveys_query_open")],
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "place", "breach"), name="surveys_query_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", False), ("closed_at", None), ("status", "answered")),
                            models.Q(("closed_at", None), ("status", "open")),
                            models.Q(("closed_at__isnull", False), ("status", "closed")),
                            _connector="OR",
                        ),
                        name="surveys_query_status_dated",
                        violation_error_message="A query that was answered or closed has its day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaveInstrument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wave", models.CharField(max_length=16)),
                ("pinned_at", models.DateTimeField()),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waves", to="surveys.instrument"
                    ),
                ),
                (
                    "pinned_by",
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
                "ordering": ("wave", "-id"),
                "indexes": [models.Index(fields=["wave", "-id"], name="surveys_wave_in_force")],
            },
        ),
        migrations.CreateModel(
            name="SurveyDebrief",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("calm", "Calm"),
                                ("hard", "Hard to hear"),
                                ("interrupted", "We were interrupted"),
                                ("worried", "I am worried about her"),
                            ],
                            max_length=16,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "wish",
                    models.CharField(
                        choices=[
                            ("any", "It is all the same to her"),
                            ("same", "The same interviewer"),
                            ("other", "Somebody else"),
                        ],
                        default="any",
                        max_length=8,
                    ),
                ),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="debrief", to="surveys.surveycase"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("codes__contained_by", ["calm", "hard", "interrupted", "worried"])),
                        name="surveys_debrief_codes_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveySitting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                ("pin", models.CharField(max_length=128)),
                ("wrong_pins", models.PositiveSmallIntegerField(default=0)),
                ("covered_at", models.DateTimeField(blank=True, null=True)),
                ("times_covered", models.PositiveSmallIntegerField(default=0)),
                ("sealed_draft", models.BinaryField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sittings", to="surveys.surveycase"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("draft_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-opened_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("case",),
                        name="surveys_one_sitting_at_a_time",
                        violation_error_message="This survey is open already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pin", ""), _negated=True), name="surveys_sitting_has_pin"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("draft_at", None), ("sealed_draft", None)),
                            models.Q(("draft_at__isnull", False), ("sealed_draft__isnull", False)),
                            _connector="OR",
                        ),
                        name="surveys_draft_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collect_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))), name="surveys_key_expires"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)), fields=("user",), name="surveys_one_key_a_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("entered_at", models.DateTimeField()),
                ("answers", models.JSONField()),
                ("sealed_instance", models.BinaryField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_entries",
                        to="surveys.surveycase",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="surveys.instrument"
                    ),
                ),
            ],
            options={
                "ordering": ("case", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "position"), name="surveys_one_entry_of_a_position"),
                    models.UniqueConstraint(
                        fields=("case", "entered_by"),
                        name="surveys_two_people_enter",
                        violation_error_message="Somebody else must enter it the second time.",
                    ),
                    models.CheckConstraint(condition=models.Q(("position__in", (1, 2))), name="surveys_two_entries"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("answers", models.JSONField()),
                ("scores", models.JSONField(default=dict)),
                ("is_complete", models.BooleanField()),
                ("sealed_instance", models.BinaryField(blank=True, null=True)),
                ("replaced_at", models.DateTimeField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("slip", "A slip while writing"),
                            ("misheard", "She was misunderstood"),
                            ("paper", "The paper says otherwise"),
                            ("she_asked", "She asked to have it corrected"),
                            ("query", "In answer to a query"),
                            ("went_on", "It went on where it had been broken off"),
                            ("kept_aside", "What had been kept aside counts instead"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="surveys.instrument"
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="surveys.submission"
                    ),
                ),
            ],
            options={
                "ordering": ("submission", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "number"), name="surveys_one_version_of_a_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="PhoneEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("survey", "Survey"), ("attempt", "Attempt"), ("debrief", "How it went")],
                        max_length=16,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("clock_skew_s", models.IntegerField(blank=True, null=True)),
                ("received_at", models.DateTimeField()),
                ("content_hmac", models.CharField(max_length=64)),
                (
                    "held_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("survey_closed", "The survey was closed by then"),
                            ("survey_on_hold", "The survey was on hold by then"),
                            ("other_interviewer", "Somebody else asks her by now"),
                            ("other_content", "Sent twice with different content"),
                            ("not_from_account", "Not taken from this account"),
                            ("from_file", "It came in a file from a telephone"),
                        ],
                        max_length=32,
                    ),
                ),
                ("sealed_content", models.BinaryField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="phone_entries",
                        to="surveys.surveycase",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-received_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_for", ""), ("sealed_content", None)),
                            models.Q(models.Q(("held_for", ""), _negated=True), ("sealed_content__isnull", False)),
                            _connector="OR",
                        ),
                        name="surveys_held_entry_is_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(
                        choices=[("counts", "It counts"), ("set_aside", "It is set aside")], max_length=16
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("asked_then", "She was asked then, as it says"),
                            ("fuller", "It says more than what stands"),
                            ("she_wishes", "She wishes it so"),
                            ("repeated", "What stands says the same"),
                            ("newer_stands", "What stands is newer"),
                            ("wrong_survey", "It belongs to another survey or woman"),
                            ("asked_anew", "Somebody else asks her anew"),
                            ("tried_out", "Somebody only tried the telephone"),
                        ],
                        max_length=16,
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="surveys.phoneentry"
                    ),
                ),
            ],
            options={
                "ordering": ("-decided_at", "-id"),
            },
        ),
        migrations.RunSQL(_instruments_as_forms.FROZEN, _instruments_as_forms.UNFROZEN),
        migrations.RunSQL(_versions.KEPT, _versions.FREE),
        migrations.RunSQL(_phone_entries.KEPT, _phone_entries.FREED),
        migrations.RunSQL(_held_entries.KEPT, _held_entries.FREED),
        migrations.RunSQL(_kept_as_answered.KEPT, _kept_as_answered.FREE),
    ]
