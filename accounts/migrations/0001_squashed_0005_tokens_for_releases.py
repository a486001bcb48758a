"""What accounts is after 0005, in one step a table: fresh databases take this instead of the 5 that led here."""

import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_lost_phones"),
        ("accounts", "0003_work_email"),
        ("accounts", "0004_tokens"),
        ("accounts", "0005_tokens_for_releases"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "This user name is taken."},
                        max_length=64,
                        unique=True,
                        verbose_name="user name",
                    ),
                ),
                ("display_name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "role",
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
                        verbose_name="role",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("es", "Español"), ("en", "English")],
                        default="es",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("must_change_password", models.BooleanField(default=False)),
                ("session_epoch", models.PositiveIntegerField(default=0)),
                ("work_email", models.EmailField(blank=True, default="", max_length=254, verbose_name="work e-mail")),
            ],
            options={
                "ordering": ("username",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("username", django.db.models.functions.text.Lower("username")),
                            models.Q(("username", ""), _negated=True),
                        ),
                        name="accounts_user_username_lower_case",
                        violation_error_message="Write the user name in small letters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "officer",
                                    "supervisor",
                                    "interviewer",
                                    "researcher",
                                    "statistician",
                                    "administrator",
                                    "safety_officer",
                                    "ethics_board",
                                ],
                            )
                        ),
                        name="accounts_user_role_known",
                        violation_error_message="Choose one of the study's roles.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=80, verbose_name="what it is for")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("datasets:read", "Data sets and their codebooks"),
                                ("visits:read", "Logs of visits, by code"),
                                ("releases:read", "One’s own releases"),
                            ],
                            max_length=24,
                        ),
                        size=None,
                    ),
                ),
                ("token_hmac", models.CharField(max_length=64, unique=True)),
                ("session_epoch", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tokens", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__gt", models.F("made_at")),
                            (
                                "expires_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("made_at"), "+", models.Value(datetime.timedelta(days=180))
                                ),
                            ),
                        ),
                        name="accounts_token_expires",
                        violation_error_message="A key is for some months at most.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__isnull", False), ("ended_by", None), _connector="OR"),
                        name="accounts_token_ended_by_somebody",
                        violation_error_message="A key that goes on was ended by nobody.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scopes__len__gt", 0),
                            ("scopes__contained_by", ["datasets:read", "visits:read", "releases:read"]),
                        ),
                        name="accounts_token_scopes_known",
                        violation_error_message="Choose what the key may read.",
                    ),
                ],
            },
        ),
    ]
