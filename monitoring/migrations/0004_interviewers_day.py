from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0003_in_charge_told"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="staffmessage",
            name="monitoring_message_kind_known",
        ),
        migrations.AlterField(
            model_name="staffmessage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("planner_late", "The planner is late"),
                    ("planner_back", "The planner is on time again"),
                    ("morning", "The morning in counts"),
                    ("surveys", "An interviewer’s day in counts"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("planner_late", "planner_back", "morning", "surveys"))),
                name="monitoring_message_kind_known",
            ),
        ),
    ]
