"""A woman who goes over agreed to it: who asked her, and when. What her old station allowed ends with it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Until now the form asked whether she agrees, and whoever proposed had asked her. A lost station asked nobody.
ASKED_BEFORE = """
ALTER TABLE participants_transfer DISABLE TRIGGER participants_transfer_decided_once;
UPDATE participants_transfer
   SET asked_by_id = proposed_by_id, agreed_on = (proposed_at AT TIME ZONE 'America/Lima')::date
 WHERE reason <> 'station_lost';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE participants_transfer ENABLE TRIGGER participants_transfer_decided_once;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0018_transfers"),
        ("stations", "0006_crossings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="contactoverride",
            name="participants_one_override_a_day",
        ),
        migrations.AddField(
            model_name="contactoverride",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="transfer",
            name="agreed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="transfer",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmessage",
            name="why",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="contactoverride",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("participant", "kind", "on"),
                name="participants_one_override_a_day",
                violation_error_message="An exception for that day is written already.",
            ),
        ),
        migrations.RunSQL(ASKED_BEFORE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_on", None), ("asked_by", None), ("reason", "station_lost")),
                    models.Q(("agreed_on__isnull", False), ("asked_by__isnull", False)),
                    _connector="OR",
                ),
                name="participants_transfer_agreed",
                violation_error_message="Say who asked her, and when she agreed.",
            ),
        ),
    ]
