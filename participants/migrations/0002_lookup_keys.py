"""Each lookup hash names the master key that made it; what there is was made by the oldest."""

from django.conf import settings
from django.db import migrations, models


def name_the_oldest_key(apps, schema_editor):
    oldest = settings.VAULT_KEYS.replace(",", " ").split()[-1].partition(":")[0]
    apps.get_model("participants", "LookupHash").objects.filter(key_id="").update(key_id=oldest)


class Migration(migrations.Migration):
    dependencies = (("participants", "0001_initial"),)
    operations = (
        migrations.AddField(
            "lookuphash", "key_id", models.CharField(max_length=32, default=""), preserve_default=False
        ),
        migrations.AlterField(
            "lookuphash",
            "kind",
            models.CharField(
                max_length=24,
                choices=[
                    ("document", "Document number"),
                    ("telephone", "Telephone"),
                    ("name", "Name"),
                    ("household", "Home"),
                    ("aggressor_document", "Document number of the man she reported"),
                    ("aggressor_name", "Name of the man she reported"),
                ],
            ),
        ),
        migrations.RunPython(name_the_oldest_key, migrations.RunPython.noop),
        migrations.AddIndex(
            "lookuphash", models.Index(fields=["key_id", "participant"], name="participants_lookup_key")
        ),
    )
