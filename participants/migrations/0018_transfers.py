"""Women go over to another station; where they were enrolled, and what was decided, never changes again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


BACKFILL = "UPDATE participants_participant SET enrolled_station_id = station_id"
KEPT = """
CREATE TRIGGER participants_enrolled_station_kept BEFORE UPDATE ON participants_participant
    FOR EACH ROW WHEN (OLD.enrolled_station_id IS DISTINCT FROM NEW.enrolled_station_id)
    EXECUTE FUNCTION participants_refuse_change();
CREATE TRIGGER participants_transfer_decided_once BEFORE UPDATE ON participants_transfer
    FOR EACH ROW WHEN (OLD.state <> 'proposed') EXECUTE FUNCTION participants_refuse_change();
CREATE TRIGGER participants_transfer_kept BEFORE DELETE OR TRUNCATE ON participants_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION participants_refuse_change();
"""
FREE = """
DROP TRIGGER participants_transfer_kept ON participants_transfer;
DROP TRIGGER participants_transfer_decided_once ON participants_transfer;
DROP TRIGGER participants_enrolled_station_kept ON participants_participant;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0017_held_secrets"),
        ("stations", "0006_crossings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="enrolled_station",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enrolled_participants",
                to="stations.station",
            ),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="participant",
            name="enrolled_station",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enrolled_participants",
                to="stations.station",
            ),
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
                ],
            },
        ),
        migrations.RunSQL(KEPT, FREE),
    ]
