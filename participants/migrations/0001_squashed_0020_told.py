"""What participants is after 0020, in one step a table: fresh databases take this instead of the 20 that led here."""

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

_status_history = import_module("participants.migrations.0013_status_history")
_transfers = import_module("participants.migrations.0018_transfers")


class Migration(migrations.Migration):
    replaces = [
        ("participants", "0001_initial"),
        ("participants", "0002_lookup_keys"),
        ("participants", "0003_erasures"),
        ("participants", "0004_consent_texts"),
        ("participants", "0005_incident_reports"),
        ("participants", "0006_screenings"),
        ("participants", "0007_staged_imports"),
        ("participants", "0008_access"),
        ("participants", "0009_consent_signatures"),
        ("participants", "0010_withdrawals"),
        ("participants", "0011_contact_overrides"),
        ("participants", "0012_odd_access"),
        ("participants", "0013_status_history"),
        ("participants", "0014_outgoing_messages"),
        ("participants", "0015_unexplained_visits"),
        ("participants", "0016_contact_reviews"),
        ("participants", "0017_held_secrets"),
        ("participants", "0018_transfers"),
        ("participants", "0019_agreement"),
        ("participants", "0020_told"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("stations", "0006_crossings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study_code", models.CharField(max_length=16, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("enrolled", "Enrolled"),
                            ("paused", "Paused"),
                            ("moved", "Moved away"),
                            ("lost", "Lost to follow-up"),
                            ("withdrawn", "Withdrawn"),
                            ("deceased", "Deceased"),
                            ("completed", "Completed"),
                        ],
                        default="enrolled",
                        max_length=16,
                    ),
                ),
                ("status_changed_at", models.DateTimeField()),
                ("enrolled_on", models.DateField()),
                ("age_at_enrolment", models.PositiveSmallIntegerField()),
                ("data_erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "interviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned_participants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participants", to="stations.station"
                    ),
                ),
                (
                    "enrolled_station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolled_participants",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "ordering": ("study_code",),
                "indexes": [models.Index(fields=["station", "status"], name="participants_station_status")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ("enrolled", "paused", "moved", "lost", "withdrawn", "deceased", "completed"),
                            )
                        ),
                        name="participants_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("age_at_enrolment__range", (18, 110))),
                        name="participants_adult",
                        violation_error_message="Only women of 18 years or more can take part.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookupHash",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("document", "Document number"),
                            ("telephone", "Telephone"),
                            ("name", "Name"),
                            ("household", "Home"),
                            ("aggressor_document", "Document number of the man she reported"),
                            ("aggressor_name", "Name of the man she reported"),
                            ("aggressor_surnames", "Surnames of the man she reported"),
                        ],
                        max_length=24,
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lookup_hashes",
                        to="participants.participant",
                    ),
                ),
                ("key_id", models.CharField(max_length=32)),
            ],
            options={
                "ordering": ("participant", "kind"),
                "indexes": [
                    models.Index(fields=["kind", "digest"], name="participants_lookup_digest"),
                    models.Index(fields=["key_id", "participant"], name="participants_lookup_key"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "document")),
                        fields=("digest",),
                        name="participants_one_per_document",
                        violation_error_message="A woman with this document number is already enrolled.",
                    ),
                    models.UniqueConstraint(fields=("participant", "kind"), name="participants_one_hash_of_a_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("visits", "Home visits"),
                            ("surveys", "Surveys"),
                            ("interview", "Interview"),
                            ("audio", "Audio recording"),
                            ("linkage", "Use of the reports at the station"),
                            ("recontact", "Contact after the study"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text_version", models.CharField(max_length=32)),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="participants.participant",
                    ),
                ),
                ("lapses_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ("participant", "scope", "given_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("participant", "scope"),
                        name="participants_one_consent_in_force",
                        violation_error_message="This consent is already in force.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("given_at")), _connector="OR"
                        ),
                        name="participants_consent_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafeContactPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "safe_weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, size=None
                    ),
                ),
                ("safe_from", models.TimeField()),
                ("safe_until", models.TimeField()),
                (
                    "channel",
                    models.CharField(
                        choices=[("visit", "Visit only"), ("call", "Call"), ("message", "Message")],
                        default="visit",
                        max_length=16,
                    ),
                ),
                ("reviewed_at", models.DateTimeField()),
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="safe_contact",
                        to="participants.participant",
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("es", "Spanish"), ("en", "English")], default="es", max_length=2),
                ),
                ("review_wanted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("participant",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("safe_until__gt", models.F("safe_from"))),
                        name="participants_safe_hours_in_order",
                        violation_error_message="The safe hours must end after they begin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("safe_weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7])),
                        name="participants_safe_weekdays_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ciphertext", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealed_card",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "ordering": ("participant",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ciphertext", b""), _negated=True),
                        name="participants_sealed_card_not_empty",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VaultKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("master_key_id", models.CharField(max_length=32)),
                ("wrapped", models.BinaryField(null=True)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vault_key",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "ordering": ("participant",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed_at", None), ("wrapped__isnull", False)),
                            models.Q(("destroyed_at__isnull", False), ("wrapped", None)),
                            _connector="OR",
                        ),
                        name="participants_vault_key_or_destroyed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("her_wish", "Her wish"),
                            ("mistake", "She was enrolled by mistake"),
                            ("study_over", "The study is over"),
                        ],
                        max_length=16,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("women_erased", models.PositiveIntegerField(default=0)),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
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
                        related_name="erasures",
                        to="participants.participant",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-requested_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="participants_erasure_by_two",
                        violation_error_message="Somebody else must confirm.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="participants_erasure_confirmed_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None),
                            models.Q(("cancelled_at", None), ("confirmed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="participants_erasure_done_once_confirmed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None), ("done_at", None)),
                        fields=("participant",),
                        name="participants_one_open_erasure",
                        nulls_distinct=False,
                        violation_error_message="This was asked for already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=32, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("source", models.TextField()),
                ("valid_from", models.DateField(unique=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
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
                "ordering": ("-valid_from",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="participants_consent_text_days_in_order",
                        violation_error_message="A text cannot end before it begins.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=16, unique=True)),
                ("reported_on", models.DateField()),
                ("received_at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        choices=[("typed", "Typed"), ("file", "From a file"), ("api", "From another system")],
                        max_length=8,
                    ),
                ),
                (
                    "first_report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="further_reports",
                        to="participants.incidentreport",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_reports",
                        to="participants.participant",
                    ),
                ),
                (
                    "received_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_reports",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
                "indexes": [models.Index(fields=["station", "reported_on"], name="participants_report_at_station")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ("typed", "file", "api"))),
                        name="participants_report_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_report", None),
                            models.Q(("first_report", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="participants_report_follows_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoliceReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reported_on", models.DateField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="police_reports",
                        to="participants.participant",
                    ),
                ),
                (
                    "report",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="police_report",
                        to="participants.incidentreport",
                    ),
                ),
            ],
            options={
                "ordering": ("participant", "reported_on", "id"),
                "indexes": [models.Index(fields=["participant", "reported_on"], name="participants_report_by_day")],
            },
        ),
        migrations.CreateModel(
            name="ReportBox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("master_key_id", models.CharField(max_length=32)),
                ("wrapped", models.BinaryField(null=True)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                ("ciphertext", models.BinaryField()),
                ("number_digest", models.BinaryField(max_length=32, null=True)),
                ("document_digest", models.BinaryField(max_length=32, null=True)),
                ("name_digest", models.BinaryField(max_length=32, null=True)),
                ("telephone_digest", models.BinaryField(max_length=32, null=True)),
                ("household_digest", models.BinaryField(max_length=32, null=True)),
                ("aggressor_document_digest", models.BinaryField(max_length=32, null=True)),
                ("aggressor_name_digest", models.BinaryField(max_length=32, null=True)),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="box",
                        to="participants.incidentreport",
                    ),
                ),
            ],
            options={
                "ordering": ("report",),
                "indexes": [
                    models.Index(fields=["document_digest"], name="participants_box_document"),
                    models.Index(fields=["name_digest", "telephone_digest"], name="participants_box_person"),
                    models.Index(fields=["household_digest"], name="participants_box_household"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("number_digest",),
                        name="participants_report_number_once",
                        violation_error_message="This report is already here.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("destroyed_at", None), ("number_digest__isnull", False), ("wrapped__isnull", False)
                            ),
                            models.Q(
                                ("aggressor_document_digest", None),
                                ("aggressor_name_digest", None),
                                ("destroyed_at__isnull", False),
                                ("document_digest", None),
                                ("household_digest", None),
                                ("name_digest", None),
                                ("number_digest", None),
                                ("telephone_digest", None),
                                ("wrapped", None),
                            ),
                            _connector="OR",
                        ),
                        name="participants_report_box_or_destroyed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Screening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempt", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("eligible", "Eligible"),
                            ("not_eligible", "Not eligible"),
                            ("refused", "Eligible, does not want to"),
                            ("unreachable", "Could not be reached"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), default=list, size=None
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_said", "She prefers not to say"),
                            ("time", "She has no time for it"),
                            ("not_interested", "She is not interested"),
                            ("afraid", "She is afraid that he finds out"),
                            ("distrust", "She does not trust the visits"),
                        ],
                        max_length=16,
                    ),
                ),
                ("age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("household_seen", models.BooleanField(default=False)),
                ("protocol_version", models.CharField(max_length=32)),
                ("screened_at", models.DateTimeField()),
                (
                    "screener_role",
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
                        max_length=32,
                    ),
                ),
                ("knows_arm", models.BooleanField()),
                ("station_allocated", models.BooleanField()),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "participant",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screening",
                        to="participants.participant",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="participants.incidentreport",
                    ),
                ),
                (
                    "screened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("report", "attempt"),
                "indexes": [models.Index(fields=["screened_at"], name="participants_screening_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "attempt"),
                        name="participants_screening_attempt_once",
                        violation_error_message="Somebody else has screened her meanwhile.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("report",),
                        name="participants_one_screening_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "not_eligible"), models.Q(("reasons", []), _negated=True)),
                            models.Q(models.Q(("outcome", "not_eligible"), _negated=True), ("reasons", [])),
                            _connector="OR",
                        ),
                        name="participants_screening_says_why",
                        violation_error_message="Say which condition she does not meet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "refused"), models.Q(("refusal", ""), _negated=True)),
                            models.Q(models.Q(("outcome", "refused"), _negated=True), ("refusal", "")),
                            _connector="OR",
                        ),
                        name="participants_refusal_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("participant", None),
                            models.Q(("outcome", "eligible"), ("superseded_at", None)),
                            _connector="OR",
                        ),
                        name="participants_enrolled_from_eligible",
                        violation_error_message="Only a woman found eligible can be enrolled.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StagedImport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("staged_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("master_key_id", models.CharField(max_length=32)),
                ("wrapped", models.BinaryField()),
                ("sealed_rows", models.BinaryField()),
                (
                    "staged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["expires_at"], name="participants_staged_until")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("staged_at"))),
                        name="participants_staged_for_a_while",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EmergencyOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("danger", "She may be in danger now"),
                            ("she_asked", "She asked to be contacted"),
                            ("unplanned", "A visit that was not planned"),
                            ("other", "Another cause"),
                        ],
                        max_length=16,
                    ),
                ),
                ("sealed_reason", models.BinaryField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergency_openings",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "ordering": ("-opened_at", "-id"),
                "indexes": [
                    models.Index(fields=["participant", "opened_by", "expires_at"], name="participants_emergency_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("opened_at"))),
                        name="participants_emergency_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("master_key_id", models.CharField(max_length=32)),
                ("wrapped", models.BinaryField()),
                ("ciphertext", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "sealed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_card",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("user",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ciphertext", b""), _negated=True), name="participants_staff_card_not_empty"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("declared_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lifted_by",
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
                        related_name="conflicts",
                        to="participants.participant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-declared_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("participant", "user"),
                        name="participants_one_conflict_in_force",
                        violation_error_message="This is declared already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text_version", models.CharField(max_length=32)),
                ("text_sha256", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=8)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("visits", "Home visits"),
                                ("surveys", "Surveys"),
                                ("interview", "Interview"),
                                ("audio", "Audio recording"),
                                ("linkage", "Use of the reports at the station"),
                                ("recontact", "Contact after the study"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("drawn", "Signed on the screen"), ("paper", "Signed on paper")], max_length=8
                    ),
                ),
                ("sealed_copy", models.BinaryField()),
                ("copy_sha256", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="participants.participant",
                    ),
                ),
                (
                    "witnessed_by",
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
                "ordering": ("participant", "-signed_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("method__in", ("drawn", "paper"))),
                        name="participants_signature_method_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("copy_sha256__regex", "^[0-9a-f]{64}$")),
                        name="participants_signature_has_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("visits", "Home visits"),
                                ("surveys", "Surveys"),
                                ("interview", "Interview"),
                                ("audio", "Audio recording"),
                                ("linkage", "Use of the reports at the station"),
                                ("recontact", "Contact after the study"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                    ),
                ),
                ("is_whole", models.BooleanField()),
                ("erasure_wanted", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=32)),
                ("withdrawn_at", models.DateTimeField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="participants.participant",
                    ),
                ),
                (
                    "recorded_by",
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
                "ordering": ("participant", "-withdrawn_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_whole", True)),
                        fields=("participant",),
                        name="participants_withdrawn_wholly_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_whole", True), ("erasure_wanted", False), _connector="OR"),
                        name="participants_erased_only_when_whole",
                        violation_error_message="Her data are erased only once she has left wholly.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("visit", "Visit"), ("call", "Call"), ("message", "Message")], max_length=16
                    ),
                ),
                ("on", models.DateField()),
                ("window_from", models.TimeField()),
                ("window_until", models.TimeField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("she_asked", "She asked for it"),
                            ("danger", "She may be in danger now"),
                            ("times_changed", "Her safe times have changed and are not written yet"),
                            ("other", "Another reason"),
                        ],
                        max_length=16,
                    ),
                ),
                ("sealed_reason", models.BinaryField()),
                ("overridden_at", models.DateTimeField()),
                (
                    "overridden_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_overrides",
                        to="participants.participant",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-overridden_at", "-id"),
                "indexes": [models.Index(fields=["participant", "kind", "on"], name="participants_override_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("window_until__gt", models.F("window_from"))),
                        name="participants_override_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sealed_reason", b""), _negated=True),
                        name="participants_override_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("participant", "kind", "on"),
                        name="participants_one_override_a_day",
                        violation_error_message="An exception for that day is written already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("emergency", "Card opened as an emergency"),
                            ("conflict_declared", "Conflict of interest declared"),
                            ("conflict_refused", "Card refused: conflict of interest"),
                            ("same_man", "Two women reported the same man"),
                            ("same_home", "Two women live in the same home"),
                            ("many_cards", "Many cards in an hour"),
                            ("at_night", "Cards opened at night"),
                            ("not_due", "Cards asked for that were not due"),
                            ("unexplained_visit", "A visit was missed and nobody says why"),
                            ("many_searches", "Many searches in an hour"),
                            ("outside_safe_times", "Contact outside her safe times"),
                        ],
                        max_length=24,
                    ),
                ),
                ("times", models.PositiveIntegerField(default=1)),
                ("raised_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_order", "In order"),
                            ("followed_up", "Followed up with the station"),
                            ("misuse", "Misuse: reported to the board"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_notices",
                        to="participants.participant",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "emergency",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice",
                        to="participants.emergencyopening",
                    ),
                ),
                (
                    "contact_override",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice",
                        to="participants.contactoverride",
                    ),
                ),
                ("window_from", models.DateTimeField(blank=True, null=True)),
                ("window_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-raised_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("reviewed_at", None)), fields=["raised_at"], name="participants_notice_open"
                    ),
                    models.Index(
                        condition=models.Q(("sent_at", None)), fields=["raised_at"], name="participants_notice_unsent"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at", None), ("verdict", "")),
                            models.Q(("reviewed_at__isnull", False), models.Q(("verdict", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="participants_notice_review_has_verdict",
                        violation_error_message="Say what came of it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by", None),
                            ("user", None),
                            models.Q(("reviewed_by", models.F("user")), _negated=True),
                            _connector="OR",
                        ),
                        name="participants_notice_not_of_oneself",
                        violation_error_message="Somebody else must look at what concerns you.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("window_from", None), ("window_until", None)),
                            ("window_until__gt", models.F("window_from")),
                            _connector="OR",
                        ),
                        name="participants_notice_window_in_order",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reviewed_at", None), ("window_from__isnull", False)),
                        fields=("kind", "user", "window_from"),
                        name="participants_one_notice_a_window",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessSweep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField(default=0)),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="participants_one_access_sweep"),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 0)), name="participants_access_sweep_from_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("enrolled", "Enrolled"),
                            ("paused", "Paused"),
                            ("moved", "Moved away"),
                            ("lost", "Lost to follow-up"),
                            ("withdrawn", "Withdrawn"),
                            ("deceased", "Deceased"),
                            ("completed", "Completed"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        choices=[
                            ("enrolled", "Enrolled"),
                            ("paused", "Paused"),
                            ("moved", "Moved away"),
                            ("lost", "Lost to follow-up"),
                            ("withdrawn", "Withdrawn"),
                            ("deceased", "Deceased"),
                            ("completed", "Completed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField()),
                ("expected_return_on", models.DateField(blank=True, null=True)),
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
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="status_changes",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "ordering": ("participant", "at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "to_status__in",
                                ["enrolled", "paused", "moved", "lost", "withdrawn", "deceased", "completed"],
                            )
                        ),
                        name="participants_change_to_known_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expected_return_on", None), ("to_status", "paused"), _connector="OR"),
                        name="participants_return_day_of_a_pause",
                        violation_error_message="Only a pause has a day of return.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to_status", models.F("from_status")), _negated=True),
                            ("to_status", "paused"),
                            _connector="OR",
                        ),
                        name="participants_change_changes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("visits", "About the visits"),
                            ("surveys", "About the surveys"),
                            ("after_study", "After the study"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text_code", models.CharField(max_length=32)),
                ("way", models.CharField(choices=[("email", "EMAIL"), ("sms", "SMS")], max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sending", "Leaving"),
                            ("sent", "Sent"),
                            ("failed", "Not sent"),
                            ("cancelled", "Taken back"),
                            ("expired", "Not sent in time"),
                            ("unknown", "Perhaps sent"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_hand", "Somebody took it back"),
                            ("not_followed", "She is not being followed now"),
                            ("no_consent", "She no longer agrees to it"),
                            ("not_her_channel", "She does not want messages"),
                            ("no_address", "Her card has no number or address that works"),
                            ("refused", "The service did not take it"),
                            ("no_answer", "The service did not answer: it may have left"),
                            ("broken_off", "The sending broke off: it may have left"),
                            ("other_station", "Another station cares for her"),
                            ("no_safe_moment", "No safe moment came in time"),
                        ],
                        max_length=16,
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("queued_at", models.DateTimeField()),
                ("state_changed_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("claimed_on", models.DateField(blank=True, null=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact_override",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="message",
                        to="participants.contactoverride",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="participants.participant",
                    ),
                ),
                (
                    "queued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "ordering": ("-queued_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["not_before"],
                        name="participants_message_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")),
                        fields=["claimed_at"],
                        name="participants_message_leaving",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["cancelled", "expired", "failed", "queued", "sending", "sent", "unknown"])
                        ),
                        name="participants_message_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "sending"))),
                        fields=("participant", "purpose"),
                        name="participants_one_message_waiting",
                        violation_error_message="A message to her is waiting already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["sending", "sent", "unknown"])),
                        fields=("participant", "claimed_on"),
                        name="participants_one_message_a_day",
                        violation_error_message="She has had a message today.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sending", "sent", "unknown"]), _negated=True),
                            models.Q(("claimed_at__isnull", False), ("claimed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="participants_message_left_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("not_before"))),
                        name="participants_message_times_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("occasion", models.CharField(choices=[("visit", "Visit"), ("survey", "Survey")], max_length=16)),
                ("contact_id", models.UUIDField(blank=True, null=True)),
                ("has_changed", models.BooleanField()),
                ("reviewed_at", models.DateTimeField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_reviews",
                        to="participants.participant",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-reviewed_at", "-id"),
                "indexes": [models.Index(fields=["participant", "-reviewed_at"], name="participants_contact_reviews")],
            },
        ),
        migrations.CreateModel(
            name="HeldSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64, unique=True)),
                ("master_key_id", models.CharField(max_length=32)),
                ("wrapped", models.BinaryField(null=True)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed_at", None), ("wrapped__isnull", False)),
                            models.Q(("destroyed_at__isnull", False), ("wrapped", None)),
                            _connector="OR",
                        ),
                        name="participants_secret_or_destroyed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("new_home", "She lives in the other station's area now"),
                            ("safety", "It is safer for her"),
                            ("station_lost", "The station left the study"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Went over"),
                            ("declined", "Declined"),
                            ("called_off", "Transfer called off"),
                        ],
                        default="proposed",
                        max_length=16,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "declined_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("elsewhere", "She does not live in our area"),
                            ("ties", "Somebody here has to do with her case"),
                            ("her_wish", "She does not want it"),
                        ],
                        max_length=16,
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
                    "from_station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stations.station"
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="participants.participant",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "to_station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stations.station"
                    ),
                ),
                ("agreed_on", models.DateField(blank=True, null=True)),
                (
                    "asked_by",
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
                "ordering": ("-proposed_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("participant",),
                        name="participants_one_open_transfer",
                        violation_error_message="A transfer of this woman is being decided already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_station", models.F("to_station")), _negated=True),
                        name="participants_transfer_between_two_stations",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "proposed")),
                            models.Q(
                                ("decided_at__gte", models.F("proposed_at")),
                                ("state__in", ("accepted", "declined", "called_off")),
                            ),
                            _connector="OR",
                        ),
                        name="participants_transfer_decided_after_proposed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "declined"), ("declined_for", ""), _connector="XOR"),
                        name="participants_transfer_declined_with_reason",
                        violation_error_message="Say why the transfer is declined.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_on", None), ("asked_by", None), ("reason", "station_lost")),
                            models.Q(("agreed_on__isnull", False), ("asked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="participants_transfer_agreed",
                        violation_error_message="Say who asked her, and when she agreed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeTold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listing", models.CharField(max_length=24)),
                ("notice_id", models.BigIntegerField()),
                ("address", models.CharField(max_length=64)),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("listing", "notice_id", "address"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("listing", "notice_id", "address"), name="participants_address_told_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(_status_history.APPEND_ONLY, _status_history.FREE),
        migrations.RunSQL(_transfers.KEPT, _transfers.FREE),
    ]
