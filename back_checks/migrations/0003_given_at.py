from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("back_checks", "0002_answers_stay")]

    operations = [
        migrations.AddField(model_name="backcheck", name="given_at", field=models.DateTimeField(blank=True, null=True)),
    ]
