from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_tokens_for_releases")]

    operations = [
        migrations.AddField(
            model_name="user", name="hears_mornings", field=models.BooleanField(db_default=True, default=True)
        ),
    ]
