from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interviews", "0005_coding")]

    operations = [
        migrations.AddField(model_name="code", name="is_heading", field=models.BooleanField(default=False)),
    ]
