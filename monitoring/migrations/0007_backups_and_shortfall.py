"""Backups that were reported, and visits of a level that a week could not hold."""

from django.db import migrations, models

APPEND_ONLY = r"""
CREATE FUNCTION monitoring_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: it is kept as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER monitoring_backupreport_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON monitoring_backupreport
    FOR EACH STATEMENT EXECUTE FUNCTION monitoring_refuse_change();

DO $$
DECLARE
    grantee name;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee FROM information_schema.role_table_grants g
        WHERE g.table_schema = current_schema() AND g.table_name = 'monitoring_backupreport'
          AND g.grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON monitoring_backupreport FROM %I', grantee);
    END LOOP;
END
$$;
"""
FREE = """
DROP TRIGGER monitoring_backupreport_append_only ON monitoring_backupreport;
DROP FUNCTION monitoring_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0006_board_week")]
    operations = [
        migrations.AddField("doseweek", "short", models.PositiveIntegerField(default=0)),
        migrations.CreateModel(
            name="BackupReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("size_bytes", models.BigIntegerField()),
                ("place", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("restored_on", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-made_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("made_at", "sha256", "restored_on"),
                        name="monitoring_backup_reported_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size_bytes__gt", 0)),
                        name="monitoring_backup_has_a_size",
                        violation_error_message="A backup has at least one byte.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="monitoring_backup_has_its_hash",
                        violation_error_message="A SHA-256 has 64 hexadecimal digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_at__lte", models.F("recorded_at"))),
                        name="monitoring_backup_was_made",
                        violation_error_message="A backup cannot be of a time to come.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, FREE),
    ]
