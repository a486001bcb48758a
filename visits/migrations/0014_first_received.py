"""Of a log that another one takes the place of it is kept when it came, as what it said is."""

from django.db import migrations, models

KEPT = """
DROP TRIGGER visits_contents_kept ON visits_logconflict;
CREATE TRIGGER visits_contents_kept BEFORE UPDATE ON visits_logconflict
    FOR EACH ROW WHEN (
        (
            OLD.first, OLD.first_sha256, OLD.first_by_id, OLD.first_received_at, OLD.second, OLD.second_sha256,
            OLD.second_by_id, OLD.correction
        ) IS DISTINCT FROM (
            NEW.first, NEW.first_sha256, NEW.first_by_id, NEW.first_received_at, NEW.second, NEW.second_sha256,
            NEW.second_by_id, NEW.correction
        )
    ) EXECUTE FUNCTION participants_refuse_change();
"""
FREE = """
DROP TRIGGER visits_contents_kept ON visits_logconflict;
CREATE TRIGGER visits_contents_kept BEFORE UPDATE ON visits_logconflict
    FOR EACH ROW WHEN (
        (OLD.first, OLD.first_sha256, OLD.first_by_id, OLD.second, OLD.second_sha256, OLD.second_by_id, OLD.correction)
        IS DISTINCT FROM
        (NEW.first, NEW.first_sha256, NEW.first_by_id, NEW.second, NEW.second_sha256, NEW.second_by_id, NEW.correction)
    ) EXECUTE FUNCTION participants_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0013_corrections")]

    operations = [
        migrations.AddField(
            model_name="logconflict",
            name="first_received_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(KEPT, FREE),
    ]
