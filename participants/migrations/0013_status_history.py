"""The history of each woman's status: begun from how she stands now, and append-only for every role."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


APPEND_ONLY = r"""
CREATE FUNCTION participants_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: it is kept as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER participants_statuschange_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON participants_statuschange
    FOR EACH STATEMENT EXECUTE FUNCTION participants_refuse_change();

DO $$
DECLARE
    grantee name;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee FROM information_schema.role_table_grants g
        WHERE g.table_schema = current_schema() AND g.table_name = 'participants_statuschange'
          AND g.grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON participants_statuschange FROM %I', grantee);
    END LOOP;
END
$$;
"""
FREE = """
DROP TRIGGER participants_statuschange_append_only ON participants_statuschange;
DROP FUNCTION participants_refuse_change();
"""
# What is not known is left blank: who changed a status before, and why.
BACKFILL = """
INSERT INTO participants_statuschange (participant_id, from_status, to_status, reason, at)
SELECT id, '', 'enrolled', 'enrolled', enrolled_on::timestamp AT TIME ZONE 'America/Lima'
FROM participants_participant ORDER BY id;
INSERT INTO participants_statuschange (participant_id, from_status, to_status, reason, at, by_id)
SELECT p.id, 'enrolled', p.status, coalesce(w.reason, ''), p.status_changed_at, w.recorded_by_id
FROM participants_participant p
LEFT JOIN participants_withdrawal w ON w.participant_id = p.id AND w.is_whole AND p.status = 'withdrawn'
WHERE p.status <> 'enrolled' ORDER BY p.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0012_odd_access"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StatusChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("enrolled", "Enrolled"),
                            ("paused", "Paused"),
                            ("moved", "Moved away"),
                            ("lost", "Lost to follow-up"),
                            ("withdrawn", "Withdrawn"),
                            ("deceased", "Deceased"),
                            ("completed", "Completed"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        choices=[
                            ("enrolled", "Enrolled"),
                            ("paused", "Paused"),
                            ("moved", "Moved away"),
                            ("lost", "Lost to follow-up"),
                            ("withdrawn", "Withdrawn"),
                            ("deceased", "Deceased"),
                            ("completed", "Completed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField()),
                ("expected_return_on", models.DateField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="status_changes",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "ordering": ("participant", "at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "to_status__in",
                                ["enrolled", "paused", "moved", "lost", "withdrawn", "deceased", "completed"],
                            )
                        ),
                        name="participants_change_to_known_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expected_return_on", None), ("to_status", "paused"), _connector="OR"),
                        name="participants_return_day_of_a_pause",
                        violation_error_message="Only a pause has a day of return.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to_status", models.F("from_status")), _negated=True),
                            ("to_status", "paused"),
                            _connector="OR",
                        ),
                        name="participants_change_changes",
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, FREE),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
