"""What stations is after 0006, in one step a table: fresh databases take this instead of the 6 that led here."""

from importlib import import_module

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import stations.models
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

_locked_for_ever = import_module("stations.migrations.0002_locked_for_ever")
_locked_by_two = import_module("stations.migrations.0005_locked_by_two")


class Migration(migrations.Migration):
    replaces = [
        ("stations", "0001_initial"),
        ("stations", "0002_locked_for_ever"),
        ("stations", "0003_ipv_reports"),
        ("stations", "0004_committed_draws"),
        ("stations", "0005_locked_by_two"),
        ("stations", "0006_crossings"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("protocol", "0002_frozen_once_used"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="District",
            fields=[
                ("ubigeo", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("area_km2", models.DecimalField(decimal_places=2, max_digits=9)),
                ("population_2020", models.PositiveIntegerField()),
                ("poverty_pct_2018", models.DecimalField(decimal_places=2, max_digits=5)),
                ("extreme_poverty_pct_2018", models.DecimalField(decimal_places=2, max_digits=5)),
                ("hdi_2019", models.DecimalField(decimal_places=4, max_digits=5)),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8)),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8)),
            ],
            options={
                "ordering": ("ubigeo",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("extreme_poverty_pct_2018__range", (0, 100)), ("poverty_pct_2018__range", (0, 100))
                        ),
                        name="stations_district_poverty_is_percentage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hdi_2019__range", (0, 1))), name="stations_district_hdi_from_0_to_1"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Frame",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("stations", models.JSONField()),
                ("districts", models.JSONField()),
                ("frozen_at", models.DateTimeField()),
                (
                    "frozen_by",
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
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), _negated=True), name="stations_frame_has_hash"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=16, unique=True)),
                ("is_woman", models.BooleanField(default=True)),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officer",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="stations_officer_has_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Station",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=8, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("officers", models.PositiveIntegerField()),
                ("officers_women", models.PositiveIntegerField()),
                ("family_violence_officers", models.PositiveIntegerField()),
                ("family_violence_officers_women", models.PositiveIntegerField()),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stations", to="stations.district"
                    ),
                ),
                ("ipv_reports", models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                "ordering": ("code",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("officers_women__lte", models.F("officers")),
                            ("family_violence_officers__lte", models.F("officers")),
                            ("family_violence_officers_women__lte", models.F("family_violence_officers")),
                        ),
                        name="stations_station_parts_within_whole",
                        violation_error_message="A part of the staff cannot be larger than the whole.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="stations.officer"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="stations.station"
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="stations.posting",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("officer", "starts_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="stations_posting_ends_after_start",
                        violation_error_message="A posting cannot end before it starts.",
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
                        name="stations_posting_one_at_a_time",
                        violation_error_message="The officer is already posted somewhere in that time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                            models.Q(
                                ("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="stations_posting_withdrawn_with_reason",
                        violation_error_message="Say why the posting is withdrawn.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AllocationCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_at", models.DateTimeField()),
                ("problem", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("nonce", models.BinaryField(max_length=32)),
                ("public_draw_source", models.CharField(max_length=200)),
                ("committed_at", models.DateTimeField()),
                ("abandoned_at", models.DateTimeField(blank=True, null=True)),
                ("abandoned_reason", models.TextField(blank=True)),
                (
                    "abandoned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "committed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "frame",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="commitments", to="stations.frame"
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="protocol.protocolversion",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("public_draw_source", ""), _negated=True),
                        name="stations_commitment_names_its_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("abandoned_at", None), ("abandoned_reason", "")),
                            models.Q(
                                ("abandoned_at__isnull", False), models.Q(("abandoned_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="stations_commitment_abandoned_with_reason",
                        violation_error_message="Say why the commitment is abandoned.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("discarded", "Discarded"), ("locked", "Locked")],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("method", models.CharField(max_length=32)),
                ("seed", models.CharField(max_length=80)),
                ("blinding_nonce", models.BinaryField(max_length=32)),
                ("certificate", models.JSONField()),
                ("drawn_at", models.DateTimeField()),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "drawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="protocol.protocolversion",
                    ),
                ),
                (
                    "frame",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="stations.frame"
                    ),
                ),
                ("public_draw", models.CharField(blank=True, max_length=120)),
                (
                    "commitment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocation",
                        to="stations.commitment",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("draft", "discarded", "locked"))),
                        name="stations_allocation_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("locked_at__isnull", False), ("status", "locked")),
                            models.Q(models.Q(("status", "locked"), _negated=True), ("locked_at", None)),
                            _connector="OR",
                        ),
                        name="stations_allocation_locked_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "locked")),
                        fields=("status",),
                        name="stations_one_locked_allocation",
                        violation_error_message="An allocation is already locked; it can never be replaced.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("commitment", None), ("public_draw", "")),
                            models.Q(("commitment__isnull", False), models.Q(("public_draw", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="stations_allocation_revealed_has_public_draw",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "locked"), _negated=True),
                            ("commitment__isnull", False),
                            _connector="OR",
                        ),
                        name="stations_locked_allocation_was_committed_to",
                        violation_error_message="A rehearsal can never be locked.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AllocatedStation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("arm", models.CharField(max_length=32)),
                ("study_number", models.PositiveSmallIntegerField()),
                ("blinded_letter", models.CharField(max_length=4)),
                ("blinded_group", models.PositiveSmallIntegerField()),
                (
                    "allocation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocated", to="stations.allocation"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocated", to="stations.station"
                    ),
                ),
                ("inclusion_probability", models.DecimalField(decimal_places=11, max_digits=12)),
            ],
            options={
                "ordering": ("allocation", "study_number"),
                "constraints": [
                    models.UniqueConstraint(fields=("allocation", "station"), name="stations_allocated_once"),
                    models.UniqueConstraint(fields=("allocation", "study_number"), name="stations_study_number_once"),
                    models.UniqueConstraint(
                        fields=("allocation", "blinded_letter"), name="stations_blinded_letter_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("inclusion_probability__gt", 0), ("inclusion_probability__lte", 1)),
                        name="stations_inclusion_is_probability",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("approved_at", models.DateTimeField()),
                ("accepted_contrasts", models.JSONField(blank=True, default=list)),
                (
                    "allocation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="stations.allocation"
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("allocation", "approved_by"),
                        name="stations_approved_once_by_each",
                        violation_error_message="You have approved this draw already. A second person must.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StationLoss",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lost_on", models.DateField()),
                ("reason", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "allocated",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loss", to="stations.allocatedstation"
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
                "ordering": ("lost_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="stations_loss_has_reason",
                        violation_error_message="Say why the station left the study.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArmCrossing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_day_there", models.DateField()),
                ("first_day_here", models.DateField()),
                (
                    "from_station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stations.station"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="crossings", to="stations.officer"
                    ),
                ),
                (
                    "posting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="crossing", to="stations.posting"
                    ),
                ),
                (
                    "to_station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stations.station"
                    ),
                ),
            ],
            options={
                "ordering": ("-first_day_here", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_station", models.F("to_station")), _negated=True),
                        name="stations_crossing_is_between_two_stations",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_day_here__gt", models.F("last_day_there"))),
                        name="stations_crossing_days_in_order",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_locked_for_ever.FORWARD, _locked_for_ever.BACKWARD),
        migrations.RunSQL(_locked_by_two.FORWARD, _locked_by_two.BACKWARD),
    ]
