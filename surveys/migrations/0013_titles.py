from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0012_draft_at")]

    operations = [
        migrations.AddField(
            model_name="instrument",
            name="titles",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
