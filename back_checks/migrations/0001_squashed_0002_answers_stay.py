"""What back_checks is after 0002, in one step a table: fresh databases take this instead of the 2 that led here."""

from importlib import import_module

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

_answers_stay = import_module("back_checks.migrations.0002_answers_stay")


class Migration(migrations.Migration):
    replaces = [("back_checks", "0001_back_checks"), ("back_checks", "0002_answers_stay")]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0020_told"),
        ("surveys", "0011_kept_as_answered"),
    ]

    operations = [
        migrations.CreateModel(
            name="BackCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("chosen_at", models.DateTimeField()),
                ("window_from", models.DateField()),
                ("window_until", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("missed", "Missed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="due",
                        max_length=16,
                    ),
                ),
                ("status_changed_at", models.DateTimeField()),
                (
                    "missed_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_reached", "She was not reached"),
                            ("no_privacy", "There was never privacy"),
                            ("unsafe", "It was not safe to contact her"),
                            ("travelling", "She was travelling"),
                            ("unable", "She was ill or could not"),
                            ("language", "No language in common"),
                            ("other", "Another reason"),
                            ("nobody_free", "No second interviewer was free"),
                        ],
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("visit", "Visit"), ("call", "Call"), ("message", "Message")],
                        max_length=16,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "interviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="back_checks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="back_check",
                        to="participants.participant",
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="back_check", to="surveys.submission"
                    ),
                ),
            ],
            options={
                "ordering": ("window_until", "id"),
                "indexes": [models.Index(fields=["status", "window_until"], name="back_checks_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("due", "done", "refused", "missed", "cancelled"))),
                        name="back_checks_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("interviewer", None),
                            models.Q(("interviewer", models.F("first")), _negated=True),
                            _connector="OR",
                        ),
                        name="back_checks_by_a_second",
                        violation_error_message="Whoever asked first does not ask again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("window_from__lte", models.F("window_until"))),
                        name="back_checks_window_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("asked_at__isnull", False),
                                ("interviewer__isnull", False),
                                ("status", "done"),
                                models.Q(("channel", ""), _negated=True),
                            ),
                            models.Q(models.Q(("status", "done"), _negated=True), ("asked_at", None), ("channel", "")),
                            _connector="OR",
                        ),
                        name="back_checks_done_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status", "missed"), ("missed_reason", ""), _connector="OR"),
                        name="back_checks_reason_of_missed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BackCheckItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=64)),
                ("kind", models.PositiveSmallIntegerField()),
                ("within", models.PositiveSmallIntegerField()),
                ("first_answer", models.CharField(blank=True, max_length=64)),
                ("answer", models.CharField(blank=True, max_length=64)),
                ("differs", models.BooleanField(null=True)),
                (
                    "back_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="back_checks.backcheck"
                    ),
                ),
            ],
            options={
                "ordering": ("back_check", "question"),
                "constraints": [
                    models.UniqueConstraint(fields=("back_check", "question"), name="back_checks_question_once"),
                    models.CheckConstraint(condition=models.Q(("kind__in", (1, 2, 3))), name="back_checks_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("differs", None),
                            models.Q(
                                models.Q(("answer", ""), _negated=True), models.Q(("first_answer", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="back_checks_two_answers_differ",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BackCheckTry",
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
                ("recorded_at", models.DateTimeField()),
                (
                    "back_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tries", to="back_checks.backcheck"
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("back_check", "attempted_at"),
                        name="back_checks_one_try_a_moment",
                        violation_error_message="This attempt is written down already.",
                    )
                ],
            },
        ),
        migrations.RunSQL(_answers_stay.APPEND_ONLY, _answers_stay.FREE),
    ]
