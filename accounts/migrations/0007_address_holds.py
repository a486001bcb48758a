"""What fails at the door: names counted by address, and addresses that were held up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_mornings"),
    ]

    operations = [
        migrations.CreateModel(
            name="AddressHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=64, verbose_name="address")),
                ("began_at", models.DateTimeField(verbose_name="since")),
                ("until", models.DateTimeField(verbose_name="until")),
                ("names", models.PositiveIntegerField()),
                ("held_back", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ("-began_at", "-id"),
                "indexes": [models.Index(fields=["network", "until"], name="accounts_address_hold_on")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("began_at"))),
                        name="accounts_address_hold_ends",
                        violation_error_message="It ends after it began.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FailedName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=64)),
                ("name_hmac", models.CharField(max_length=64)),
                ("failed_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "ordering": ("-failed_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("network", "name_hmac"), name="accounts_failed_name_counted_once")
                ],
            },
        ),
    ]
