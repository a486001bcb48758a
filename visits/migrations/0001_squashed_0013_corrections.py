"""What visits is after 0013, in one step a table: fresh databases take this instead of the 13 that led here."""

from importlib import import_module

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import stations.models
import uuid
from django.conf import settings
from django.db import migrations, models

_corrections = import_module("visits.migrations.0013_corrections")


class Migration(migrations.Migration):
    replaces = [
        ("visits", "0001_initial"),
        ("visits", "0002_what_officers_saw"),
        ("visits", "0003_officers_of_visits"),
        ("visits", "0004_logs_from_phones"),
        ("visits", "0005_changes_by_hand"),
        ("visits", "0006_devices"),
        ("visits", "0007_station_changed"),
        ("visits", "0008_child_in_danger"),
        ("visits", "0009_phones_wiped"),
        ("visits", "0010_fewer_indexes"),
        ("visits", "0011_officers_chosen"),
        ("visits", "0012_logs_by_receipt"),
        ("visits", "0013_corrections"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0018_transfers"),
        ("stations", "0006_crossings"),
    ]

    operations = [
        migrations.CreateModel(
            name="WeekPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monday", models.DateField()),
                ("revision", models.PositiveSmallIntegerField(default=1)),
                ("target", models.PositiveSmallIntegerField()),
                ("shortfall", models.PositiveSmallIntegerField(default=0)),
                ("level", models.CharField(blank=True, max_length=16)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("weekly", "Weekly plan"),
                            ("level_changed", "The level changed"),
                            ("safe_times_changed", "The safe times changed"),
                            ("status_changed", "The status changed"),
                            ("station_changed", "Another station cares for her"),
                        ],
                        max_length=32,
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "participant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="week_plans",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "ordering": ("participant", "monday", "revision"),
                "indexes": [models.Index(fields=["monday", "participant"], name="visits_plan_by_week")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("participant", "monday"),
                        name="visits_one_current_plan_a_week",
                    ),
                    models.UniqueConstraint(
                        fields=("participant", "monday", "revision"), name="visits_plan_revision_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("target__lte", 7)), name="visits_target_to_seven"),
                    models.CheckConstraint(
                        condition=models.Q(("monday__iso_week_day", 1)), name="visits_week_starts_monday"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("planned_on", models.DateField()),
                ("window_from", models.TimeField()),
                ("window_until", models.TimeField()),
                ("grace_ends_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("done", "Done"),
                            ("attempted", "Attempted"),
                            ("missed", "Missed"),
                            ("superseded", "Re-planned"),
                        ],
                        default="planned",
                        max_length=16,
                    ),
                ),
                ("status_changed_at", models.DateTimeField()),
                ("missed_reason", models.TextField(blank=True)),
                (
                    "missed_explained_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="participants.participant",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="stations.station",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="visits.weekplan"
                    ),
                ),
                (
                    "first_officer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.officer",
                    ),
                ),
                ("officers_chosen", models.BooleanField(default=False)),
                (
                    "second_officer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.officer",
                    ),
                ),
                ("is_unplanned", models.BooleanField(db_default=False, default=False)),
                ("day_chosen", models.BooleanField(default=False)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("safety_told_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("planned_on", "window_from", "id"),
                "indexes": [
                    models.Index(fields=["station", "planned_on"], name="visits_station_day"),
                    models.Index(fields=["participant", "planned_on"], name="visits_participant_day"),
                    models.Index(
                        condition=models.Q(("status", "planned")), fields=["grace_ends_at"], name="visits_awaiting_log"
                    ),
                    models.Index(
                        condition=models.Q(("first_officer", None), ("status", "planned")),
                        fields=["planned_on", "station"],
                        name="visits_without_officers",
                    ),
                    models.Index(
                        condition=models.Q(("missed_reason", ""), ("status", "missed")),
                        fields=["station", "planned_on"],
                        name="visits_unexplained",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("planned", "done", "attempted", "missed", "superseded"))),
                        name="visits_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("window_until__gt", models.F("window_from"))), name="visits_window_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_officer", None), ("second_officer__gt", models.F("first_officer")), _connector="OR"
                        ),
                        name="visits_officers_in_order",
                        violation_error_message="Two different officers go.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("status", "superseded"), _negated=True), ("is_unplanned", False)),
                        fields=("participant", "planned_on"),
                        name="visits_one_a_day",
                        violation_error_message="There is already a visit planned that day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("safety_told_at", None), ("escalated_at__isnull", False), _connector="OR"),
                        name="visits_supervisor_told_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitLog",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("met", "I met her"),
                            ("nobody_home", "Nobody at home"),
                            ("moved", "She has moved"),
                            ("refused", "She did not want the visit"),
                            ("unsafe", "It was not safe"),
                            ("aborted", "I had to break off"),
                        ],
                        max_length=16,
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("content_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "in_private",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")], max_length=8
                    ),
                ),
                (
                    "new_incident",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")], max_length=8
                    ),
                ),
                (
                    "measures_obeyed",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")], max_length=8
                    ),
                ),
                ("safety_concern", models.BooleanField(default=False)),
                ("referral_offered", models.BooleanField(default=False)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("told_there", "Somebody there told us"),
                            ("empty_home", "The home is empty"),
                            ("no_time", "She had no time"),
                            ("not_wanted", "She wants no visits"),
                            ("afraid", "She was afraid of being seen with us"),
                            ("not_said", "She did not say why"),
                            ("he_was_there", "He was there"),
                            ("weapon", "There was a weapon"),
                            ("threatened", "We were threatened"),
                            ("surroundings", "The street was not safe"),
                            ("not_private", "We were not alone"),
                            ("he_arrived", "He arrived"),
                            ("she_asked", "She asked us to stop"),
                            ("called_away", "I was called away"),
                            ("other", "Another reason, in the note"),
                        ],
                        max_length=32,
                    ),
                ),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
                (
                    "logged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="log", to="visits.visit"
                    ),
                ),
                (
                    "incident_injury",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")], max_length=8
                    ),
                ),
                ("incident_on", models.DateField(blank=True, null=True)),
                (
                    "incident_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approach", "He came near her or followed her"),
                            ("words", "Insults or threats"),
                            ("force", "Blows or force"),
                            ("intimate", "Something against her will in intimacy"),
                            ("things", "Damage to her things or money"),
                            ("other", "Something else, in the note"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "incident_weapon",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")], max_length=8
                    ),
                ),
                (
                    "next_contact",
                    models.CharField(
                        blank=True, choices=[("agreed", "Agreed with her"), ("none", "None for now")], max_length=8
                    ),
                ),
                ("next_contact_from", models.TimeField(blank=True, null=True)),
                ("next_contact_on", models.DateField(blank=True, null=True)),
                ("next_contact_until", models.TimeField(blank=True, null=True)),
                (
                    "present",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("alone", "Nobody else"),
                                ("he", "He"),
                                ("children", "Children"),
                                ("relatives", "Relatives of hers"),
                                ("neighbours", "Neighbours"),
                                ("others", "Other people"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "breaches",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("replanned", "The visit had been re-planned"),
                                ("early", "Before its day"),
                                ("late", "After its time was over"),
                                ("ahead", "The hour of the visit still lay ahead"),
                                ("rescued", "Brought by a file from the telephone"),
                                ("clock_skew", "The telephone’s clock was wrong"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("clock_skew_s", models.IntegerField(blank=True, null=True)),
                ("child_in_danger", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("received_at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ("met", "nobody_home", "moved", "refused", "unsafe", "aborted"))
                        ),
                        name="visits_outcome_known",
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("breaches", []), _negated=True),
                        fields=["received_at"],
                        name="visits_log_with_breaches",
                    ),
                    models.Index(fields=["received_at", "id"], name="visits_log_received"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                            ("course", "Course"),
                            ("other_duty", "Another duty"),
                        ],
                        max_length=16,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="stations.officer"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_on", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="visits_absence_ends_after_start",
                        violation_error_message="The last day cannot be before the first.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        expressions=(
                            ("officer", "="),
                            (
                                stations.models.DateRange(
                                    "starts_on",
                                    "ends_on",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                                ),
                                "&&",
                            ),
                        ),
                        name="visits_absence_one_at_a_time",
                        violation_error_message="She is away in that time already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=7),
                ),
                ("starts_at", models.TimeField()),
                ("ends_at", models.TimeField()),
                ("visits_a_day", models.PositiveSmallIntegerField()),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "officer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shift", to="stations.officer"
                    ),
                ),
            ],
            options={
                "ordering": ("officer",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7])),
                        name="visits_shift_weekdays_iso",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="visits_shift_hours_in_order",
                        violation_error_message="The shift must end after it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visits_a_day__lte", 40)), name="visits_shift_to_forty_a_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogConflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.JSONField()),
                ("first_sealed_note", models.BinaryField(blank=True, null=True)),
                ("first_sha256", models.CharField(max_length=64)),
                ("second", models.JSONField()),
                ("second_sealed_note", models.BinaryField(blank=True, null=True)),
                ("second_id", models.UUIDField()),
                ("second_sha256", models.CharField(max_length=64)),
                (
                    "breaches",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("replanned", "The visit had been re-planned"),
                                ("early", "Before its day"),
                                ("late", "After its time was over"),
                                ("ahead", "The hour of the visit still lay ahead"),
                                ("rescued", "Brought by a file from the telephone"),
                                ("clock_skew", "The telephone’s clock was wrong"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("clock_skew_s", models.IntegerField(blank=True, null=True)),
                ("received_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("first", "The first stands"),
                            ("second", "The second stands"),
                            ("both", "Both took place"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
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
                    "first_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conflicts", to="visits.visitlog"
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conflicts", to="visits.visit"
                    ),
                ),
                (
                    "correction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("slip", "A slip while writing"),
                            ("misheard", "She was misunderstood"),
                            ("other_visit", "It was about another visit"),
                            ("she_asked", "She asked to have it corrected"),
                            ("query", "In answer to a query"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "ordering": ("received_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_at", None)), fields=["received_at"], name="visits_conflict_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("second_id", "second_sha256"),
                        name="visits_conflict_once",
                        violation_error_message="This log is kept already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("decision", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decision__in", ("first", "second", "both")),
                            ),
                            _connector="OR",
                        ),
                        name="visits_conflict_decided_by_somebody",
                        violation_error_message="Say which log stands.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("correction__in", ("", "slip", "misheard", "other_visit", "she_asked", "query"))
                        ),
                        name="visits_correction_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StationDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_for", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("planned", models.PositiveIntegerField()),
                ("without_officers", models.PositiveIntegerField()),
                ("late", models.PositiveIntegerField()),
                ("unexplained", models.PositiveIntegerField()),
                ("escalated", models.PositiveIntegerField()),
                ("short", models.PositiveIntegerField()),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="digests", to="stations.station"
                    ),
                ),
            ],
            options={
                "ordering": ("-made_for", "station"),
                "constraints": [
                    models.UniqueConstraint(fields=("station", "made_for"), name="visits_one_digest_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("moved", "Moved"),
                            ("added", "Agreed"),
                            ("handed_over", "Other officers"),
                            ("chosen", "Officers chosen"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("she_asked", "She asked for it"),
                            ("better_day", "Fits the station's week better"),
                            ("few_hands", "Not enough officers that day"),
                            ("makes_up", "Makes up for a missed visit"),
                            ("officer_away", "An officer is away"),
                            ("knows_them", "She knows these officers"),
                            ("shares_work", "Shares the work better"),
                        ],
                        max_length=16,
                    ),
                ),
                ("day_before", models.DateField(blank=True, null=True)),
                ("day_after", models.DateField()),
                (
                    "officers_before",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=2
                    ),
                ),
                (
                    "officers_after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=2
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "absence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="visits.absence",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="visits.visit"
                    ),
                ),
            ],
            options={
                "ordering": ("-changed_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("day_before__isnull", False), ("kind", "added"), _connector="OR"),
                        name="visits_change_has_a_before",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("registered_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("part_fetches", models.PositiveIntegerField(default=0)),
                ("clock_skew_s", models.IntegerField(blank=True, null=True)),
                ("unsent_count", models.PositiveIntegerField(default=0)),
                ("oldest_unsent_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "server_part",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="participants.heldsecret"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="devices", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("wiped_at", models.DateTimeField(blank=True, null=True)),
                ("wipes", models.PositiveIntegerField(db_default=0, default=0)),
            ],
            options={
                "ordering": ("registered_at", "id"),
                "indexes": [
                    models.Index(condition=models.Q(("revoked_at", None)), fields=["user"], name="visits_device_in_use")
                ],
            },
        ),
        migrations.CreateModel(
            name="SealingKey",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("public_point", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "private_part",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="participants.heldsecret"
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("retired_at",),
                        name="visits_one_sealing_key_in_use",
                        nulls_distinct=False,
                        violation_error_message="A key is in use already.",
                    )
                ],
            },
        ),
        migrations.RunSQL(_corrections.KEPT, _corrections.FREE),
    ]
