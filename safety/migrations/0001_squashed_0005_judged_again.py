"""What safety is after 0005, in one step a table: fresh databases take this instead of the 5 that led here."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import stations.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("safety", "0001_cases"),
        ("safety", "0002_clock_and_duty"),
        ("safety", "0003_adverse_events"),
        ("safety", "0004_sheets_overdue"),
        ("safety", "0005_judged_again"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0010_withdrawals"),
        ("stations", "0006_crossings"),
    ]

    operations = [
        migrations.CreateModel(
            name="SafetyCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=32)),
                (
                    "severity",
                    models.CharField(choices=[("ordinary", "Ordinary"), ("serious", "Serious")], max_length=16),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("hand", "Written by hand"),
                            ("assessment", "Risk sheet"),
                            ("visit", "Visit"),
                            ("missed", "Visits missed"),
                            ("overdue", "Risk sheet overdue"),
                            ("survey", "Survey"),
                        ],
                        max_length=16,
                    ),
                ),
                ("origin_id", models.CharField(blank=True, max_length=40)),
                ("raised_at", models.DateTimeField()),
                ("times", models.PositiveSmallIntegerField(default=1)),
                ("first_response_due_at", models.DateTimeField()),
                ("first_response_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Received"), ("in_progress", "Being looked after"), ("closed", "Closed")],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("escalation_level", models.PositiveSmallIntegerField(default=0)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("safe_for_now", "She is safe for now"),
                            ("in_care", "Others look after her now"),
                            ("plan_changed", "Her visits or how she is reached were changed"),
                            ("not_reached", "She could not be reached; the station goes on trying"),
                            ("no_danger", "There was no danger"),
                            ("died", "She died"),
                            ("other", "Something else, in the note"),
                        ],
                        max_length=16,
                    ),
                ),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
                ("sealed_summary", models.BinaryField(blank=True, null=True)),
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
                    "duty_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases_on_duty",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="safety.safetycase",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="safety_cases",
                        to="participants.participant",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases_raised",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stations.station"
                    ),
                ),
            ],
            options={
                "ordering": ("first_response_due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["first_response_due_at"],
                        name="safety_case_waiting",
                    ),
                    models.Index(fields=["origin", "origin_id"], name="safety_case_origin"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("participant", "rule"),
                        name="safety_one_waiting_of_a_rule",
                        violation_error_message="The same waits for an answer already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "in_progress", "closed"))), name="safety_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ("ordinary", "serious"))), name="safety_severity_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first_response_at", None), ("state", "open")),
                            models.Q(("first_response_at__isnull", False), ("state__in", ("in_progress", "closed"))),
                            _connector="OR",
                        ),
                        name="safety_case_waits_or_is_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            models.Q(("closed_at", None), ("outcome", ""), ("state__in", ("open", "in_progress"))),
                            _connector="OR",
                        ),
                        name="safety_closed_with_outcome",
                        violation_error_message="Say how it ended.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_response_due_at__gt", models.F("raised_at"))),
                        name="safety_case_clock_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("spoke_to_her", "Spoke to her; she is safe for now"),
                            ("emergency", "Emergency services went"),
                            ("referred", "Referred, and the referral was taken up"),
                            ("visit_brought_forward", "The next visit was brought forward"),
                            ("told_station", "Told the station what to do"),
                            ("told_authority", "Told those who protect children"),
                            ("not_reached", "Could not reach her; the station was told"),
                            ("other", "Something else, in the note"),
                            ("happened_again", "The same was told again"),
                            ("event", "Adverse event written down"),
                            ("judged_again", "Adverse event judged again"),
                            ("event_withdrawn", "Adverse event withdrawn"),
                            ("handed_over", "Handed over"),
                            ("closed", "Closed"),
                        ],
                        max_length=32,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="safety.safetycase"
                    ),
                ),
                (
                    "handed_to",
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
                "ordering": ("case", "id"),
            },
        ),
        migrations.CreateModel(
            name="DutyTurn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("set_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duty_turns",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
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
                "ordering": ("starts_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="safety_turn_in_order",
                        violation_error_message="The last day cannot come before the first.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        expressions=(
                            (
                                stations.models.DateRange(
                                    "starts_on",
                                    "ends_on",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                                ),
                                "&&",
                            ),
                        ),
                        name="safety_one_on_duty",
                        violation_error_message="Somebody is on duty on some of these days already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "audience",
                    models.CharField(
                        choices=[("safety", "Safety officers"), ("administrators", "Administrators")], max_length=16
                    ),
                ),
                ("step", models.PositiveSmallIntegerField()),
                ("raised_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="safety.safetycase"
                    ),
                ),
            ],
            options={
                "ordering": ("case", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at", None)), fields=["audience"], name="safety_notice_unsent"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "audience", "step"), name="safety_told_once_a_step"),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ("safety", "administrators"))), name="safety_audience_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdverseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("death", "Death"),
                            ("hospital", "Stay in hospital"),
                            ("harmed_for_it", "He harmed her because she takes part"),
                            ("privacy", "Somebody learned what had to stay private"),
                            ("suicidality", "She tried or threatened to take her own life"),
                            ("distress", "Distress that needed care"),
                            ("other", "Something else, in the note"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_serious", models.BooleanField()),
                ("is_expected", models.BooleanField()),
                (
                    "relatedness",
                    models.CharField(
                        choices=[
                            ("not", "Not related to taking part"),
                            ("possibly", "Possibly related to taking part"),
                            ("probably", "Probably related to taking part"),
                        ],
                        max_length=16,
                    ),
                ),
                ("occurred_on", models.DateField()),
                ("discovered_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("board_notified_at", models.DateTimeField(blank=True, null=True)),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="safety.safetycase"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="safety.adverseevent",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mistake", "Written by mistake"),
                            ("twice", "Written twice"),
                            ("somebody_else", "It was about somebody else"),
                            ("nothing", "It turned out that it did not happen"),
                        ],
                        db_default="",
                        max_length=16,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("board_notified_at", None), ("is_serious", True)),
                        fields=["id"],
                        name="safety_board_to_tell",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_serious", True),
                            models.Q(("kind__in", ("death", "hospital", "suicidality")), _negated=True),
                            _connector="OR",
                        ),
                        name="safety_event_always_serious",
                        violation_error_message="This kind is always serious.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("relatedness__in", ("not", "possibly", "probably"))),
                        name="safety_relatedness_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None), ("withdrawn_for", "")),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_for", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="safety_event_withdrawn_with_reason",
                        violation_error_message="Say why it is withdrawn.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="safety.adverseevent"
                    ),
                ),
            ],
            options={
                "ordering": ("event", "id"),
                "constraints": [models.UniqueConstraint(fields=("event", "by"), name="safety_event_read_once")],
            },
        ),
    ]
