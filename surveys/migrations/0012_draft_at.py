from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0011_kept_as_answered")]

    operations = [
        migrations.AddField(
            model_name="surveysitting",
            name="draft_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        # Of drafts kept before, the moment is that of their sitting.
        migrations.RunSQL(
            "UPDATE surveys_surveysitting SET draft_at = opened_at WHERE sealed_draft IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="surveysitting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("draft_at", None), ("sealed_draft", None)),
                    models.Q(("draft_at__isnull", False), ("sealed_draft__isnull", False)),
                    _connector="OR",
                ),
                name="surveys_draft_has_its_moment",
            ),
        ),
    ]
