"""Whoever may sign a lock of data is written to."""

from django.db import migrations, models

KINDS = [
    ("planner_late", "The planner is late"),
    ("planner_back", "The planner is on time again"),
    ("jobs_late", "A scheduled job is silent"),
    ("jobs_back", "The scheduled jobs run again"),
    ("backup_late", "A backup is late"),
    ("backup_back", "There is a backup again"),
    ("morning", "The morning in counts"),
    ("surveys", "An interviewer’s day in counts"),
    ("board_week", "The board’s week in counts"),
    ("release_news", "News of a release"),
    ("release_waiting", "A release to decide about"),
    ("report_news", "News of a report"),
    ("plan_waiting", "A plan of the analysis to lock"),
    ("names_waiting", "A request to name the groups"),
    ("lock_waiting", "A lock of data to sign"),
    ("complaint_new", "A new complaint"),
    ("complaint_late", "A complaint that is late"),
    ("back_check", "A survey to ask again"),
    ("logs_waiting", "Logs to decide about"),
    ("entries_waiting", "Held answers to decide about"),
    ("phone_unsent", "Things wait on one’s own telephone"),
    ("phones_unsent", "Things wait on somebody’s telephone"),
    ("address_held", "An address that tries many names"),
]


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0011_address_held")]

    operations = [
        migrations.RemoveConstraint(model_name="staffmessage", name="monitoring_message_kind_known"),
        migrations.AlterField(
            model_name="staffmessage", name="kind", field=models.CharField(choices=KINDS, max_length=16)
        ),
        migrations.AddConstraint(
            model_name="staffmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [kind for kind, _label in KINDS])),
                name="monitoring_message_kind_known",
            ),
        ),
    ]
