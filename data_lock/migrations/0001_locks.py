"""Locks of data, their signatures, what came after them, and every recount."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("risk", "0006_kept_as_assessed"),
        ("visits", "0013_corrections"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataLock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("surveys", "Surveys of a wave"),
                            ("visits", "Logs of visits until a day"),
                            ("sheets", "Sheets until a day"),
                            ("everything", "Everything until a day"),
                        ],
                        max_length=16,
                    ),
                ),
                ("wave", models.CharField(blank=True, max_length=16)),
                ("until", models.DateField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for signatures"),
                            ("locked", "Locked"),
                            ("lifted", "Lifted"),
                            ("called_off", "Called off"),
                        ],
                        default="proposed",
                        max_length=16,
                    ),
                ),
                ("still_open", models.JSONField(blank=True, default=dict)),
                ("reason", models.TextField(blank=True)),
                ("proposed_at", models.DateTimeField()),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("in_use_sha256", models.CharField(blank=True, max_length=64)),
                ("parts", models.JSONField(blank=True, default=list)),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "locked", "lifted", "called_off"])),
                        name="data_lock_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ends_at", None),
                                ("kind", "surveys"),
                                ("until", None),
                                models.Q(("wave", ""), _negated=True),
                            ),
                            models.Q(
                                ("ends_at__isnull", False),
                                ("kind__in", ("visits", "sheets", "everything")),
                                ("until__isnull", False),
                                ("wave", ""),
                            ),
                            _connector="OR",
                        ),
                        name="data_lock_cut_whole",
                        violation_error_message="Say which wave, or until which day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("in_use_sha256", ""), ("sha256", "")),
                            models.Q(("in_use_sha256__regex", "^[0-9a-f]{64}$"), ("sha256__regex", "^[0-9a-f]{64}$")),
                            _connector="OR",
                        ),
                        name="data_lock_has_hashes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("locked_at", None), ("state__in", ("proposed", "called_off"))),
                            models.Q(
                                ("locked_at__isnull", False),
                                ("state__in", ("locked", "lifted")),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="data_lock_locked_with_hash",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state__in", ("proposed", "locked"))),
                            models.Q(("ended_at__isnull", False), ("state__in", ("called_off", "lifted"))),
                            _connector="OR",
                        ),
                        name="data_lock_end_has_hour",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("proposed", "locked"))),
                        fields=("kind", "wave", "until"),
                        name="data_lock_one_of_a_cut",
                        nulls_distinct=False,
                        violation_error_message="These data are locked already, or it is proposed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LateArrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noted_at", models.DateTimeField()),
                ("is_out", models.BooleanField(default=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("too_late", "It came too late for what these data are for"),
                            ("doubtful", "It cannot be found out any more whether it is right"),
                            ("repeated", "What was signed says the same"),
                            ("no_matter", "It changes nothing of what these data are for"),
                        ],
                        max_length=16,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="risk.assessment",
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
                    "lock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_arrivals",
                        to="data_lock.datalock",
                    ),
                ),
                (
                    "log",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.visitlog",
                    ),
                ),
            ],
            options={
                "ordering": ("-noted_at", "-id"),
                "indexes": [
                    models.Index(condition=models.Q(("is_out", True)), fields=["log"], name="data_lock_logs_out"),
                    models.Index(
                        condition=models.Q(("is_out", True)), fields=["assessment"], name="data_lock_sheets_out"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assessment__isnull", False), ("log", None)),
                            models.Q(("assessment", None), ("log__isnull", False)),
                            _connector="OR",
                        ),
                        name="data_lock_late_is_one_thing",
                    ),
                    models.UniqueConstraint(fields=("lock", "log"), name="data_lock_log_late_once"),
                    models.UniqueConstraint(fields=("lock", "assessment"), name="data_lock_sheet_late_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("reason", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="data_lock_late_left_out_with_reason",
                        violation_error_message="Say why it is left out.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lifting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for a second person"),
                            ("called_off", "Called off"),
                            ("done", "Lifted"),
                        ],
                        default="asked",
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
                    "lock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="liftings", to="data_lock.datalock"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "called_off", "done"])),
                        name="data_lock_lifting_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="data_lock_lifting_has_reason",
                        violation_error_message="Say why the lock is to be lifted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "asked")),
                            models.Q(
                                ("decided_at__isnull", False), ("decided_by__isnull", False), ("state", "called_off")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state", "done"),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="data_lock_lifted_by_a_second_person",
                        violation_error_message="You asked for this: somebody else signs it.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("lock",),
                        name="data_lock_one_lifting_waits",
                        violation_error_message="It was asked for already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LockCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                ("in_use_sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveBigIntegerField()),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rows", "The rows are not those that were signed"),
                            ("signatures", "A signature does not hold"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "lock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="data_lock.datalock"
                    ),
                ),
            ],
            options={
                "ordering": ("-checked_at", "-id"),
                "indexes": [models.Index(fields=["lock", "-checked_at"], name="data_lock_check_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("problem__in", ("", "rows", "signatures"))),
                        name="data_lock_check_problem_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LockSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(choices=[("lock", "To lock"), ("lift", "To lift the lock")], max_length=8),
                ),
                (
                    "meaning",
                    models.CharField(
                        choices=[
                            ("reviewed", "I have reviewed these data as they stand"),
                            ("approved", "I approve that these data are locked"),
                            ("responsible", "I answer for these data being what was observed"),
                            ("lift_asked", "I ask that the lock be lifted"),
                            ("lift_approved", "I approve that the lock is lifted"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "signed_role",
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
                ("signed_at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("signature", models.BinaryField(max_length=64)),
                ("key", models.CharField(max_length=16)),
                (
                    "lifting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="data_lock.lifting",
                    ),
                ),
                (
                    "lock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="data_lock.datalock"
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("signed_at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="data_lock_signature_has_hash"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lifting", None),
                                ("meaning__in", ("reviewed", "approved", "responsible")),
                                ("purpose", "lock"),
                            ),
                            models.Q(
                                ("lifting__isnull", False),
                                ("meaning__in", ("lift_asked", "lift_approved")),
                                ("purpose", "lift"),
                            ),
                            _connector="OR",
                        ),
                        name="data_lock_signature_has_meaning",
                        violation_error_message="Say what you mean by signing.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("purpose", "lock")),
                        fields=("lock", "signed_by"),
                        name="data_lock_signed_once_by_a_person",
                        violation_error_message="You signed this already: somebody else signs it too.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("purpose", "lift")),
                        fields=("lifting", "signed_by"),
                        name="data_lock_lifted_once_by_a_person",
                    ),
                ],
            },
        ),
    ]
