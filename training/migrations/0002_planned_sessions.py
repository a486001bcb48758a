import django.contrib.postgres.fields
from django.db import migrations, models

# Sessions recorded before had one module, one trainer, and attendance without a module; each of them was held.
CARRY_OVER = """
    UPDATE training_session
    SET modules = ARRAY[module], trainers = CASE WHEN trainer = '' THEN '{}' ELSE ARRAY[trainer] END, status = 'held';
    UPDATE training_attendance a SET module = s.module FROM training_session s WHERE s.id = a.session_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="session", name="training_session_module_known"),
        migrations.RemoveConstraint(model_name="session", name="training_session_once_a_day"),
        migrations.RemoveConstraint(model_name="attendance", name="training_attended_once"),
        migrations.AddField(
            model_name="session",
            name="kind",
            field=models.CharField(
                choices=[("regular", "For everybody"), ("catch_up", "Catch-up")], default="regular", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="status",
            field=models.CharField(
                choices=[("planned", "Planned"), ("held", "Held"), ("withdrawn", "Withdrawn")],
                default="planned",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="modules",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), default=list, size=None
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="session",
            name="start_time",
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="place",
            field=models.CharField(blank=True, max_length=120, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="session",
            name="trainers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="withdrawal_reason",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="session",
            name="revision",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="attendance",
            name="module",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attendance",
            name="came",
            field=models.BooleanField(default=True),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attendance",
            name="minutes_late",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="attendance",
            name="absence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("on_duty", "On duty"),
                    ("on_leave", "On leave"),
                    ("ill", "Ill"),
                    ("other", "Another reason"),
                ],
                max_length=16,
                default="",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attendance",
            name="counts",
            field=models.BooleanField(default=True),
            preserve_default=False,
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="session", name="module"),
        migrations.RemoveField(model_name="session", name="trainer"),
        migrations.AlterModelOptions(name="attendance", options={"ordering": ("session", "module", "officer")}),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("regular", "catch_up")), ("status__in", ("planned", "held", "withdrawn"))
                ),
                name="training_session_kind_and_status_known",
            ),
        ),
    ]
