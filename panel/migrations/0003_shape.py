from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("panel", "0002_plans")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="shape",
            field=models.CharField(
                choices=[
                    ("long", "Long: a row for each woman and period"),
                    ("wide", "Wide: a row for each woman"),
                    ("both", "Both"),
                ],
                default="long",
                max_length=4,
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("shape__in", ["long", "wide", "both"])), name="panel_release_shape_known"
            ),
        ),
    ]
