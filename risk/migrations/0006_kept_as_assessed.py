"""What was assessed cannot change: a newer assessment comes after it."""

from django.db import migrations

KEPT = """
CREATE TRIGGER risk_assessment_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON risk_assessment
    FOR EACH STATEMENT EXECUTE FUNCTION participants_refuse_change();
"""
FREE = "DROP TRIGGER risk_assessment_kept ON risk_assessment"


class Migration(migrations.Migration):
    dependencies = [("risk", "0005_sheets_seen"), ("participants", "0013_status_history")]

    operations = [migrations.RunSQL(KEPT, FREE)]
