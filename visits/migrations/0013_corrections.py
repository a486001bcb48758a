"""A log may be corrected, and what was logged cannot change but where the former content is kept."""

from django.db import migrations, models

KEPT = r"""
CREATE FUNCTION visits_keep_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM visits_logconflict kept WHERE kept.log_id = OLD.id AND kept.first_sha256 = OLD.content_sha256
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % refused: what was logged stands, or is kept where it is replaced', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER visits_log_kept BEFORE UPDATE OR DELETE ON visits_visitlog
    FOR EACH ROW EXECUTE FUNCTION visits_keep_log();
CREATE TRIGGER visits_log_not_emptied BEFORE TRUNCATE ON visits_visitlog
    FOR EACH STATEMENT EXECUTE FUNCTION participants_refuse_change();
CREATE TRIGGER visits_contents_kept BEFORE UPDATE ON visits_logconflict
    FOR EACH ROW WHEN (
        (OLD.first, OLD.first_sha256, OLD.first_by_id, OLD.second, OLD.second_sha256, OLD.second_by_id, OLD.correction)
        IS DISTINCT FROM
        (NEW.first, NEW.first_sha256, NEW.first_by_id, NEW.second, NEW.second_sha256, NEW.second_by_id, NEW.correction)
    ) EXECUTE FUNCTION participants_refuse_change();
CREATE TRIGGER visits_conflict_kept BEFORE DELETE OR TRUNCATE ON visits_logconflict
    FOR EACH STATEMENT EXECUTE FUNCTION participants_refuse_change();
"""
FREE = """
DROP TRIGGER visits_contents_kept ON visits_logconflict;
DROP TRIGGER visits_conflict_kept ON visits_logconflict;
DROP TRIGGER visits_log_not_emptied ON visits_visitlog;
DROP TRIGGER visits_log_kept ON visits_visitlog;
DROP FUNCTION visits_keep_log();
"""
WHY = [
    ("slip", "A slip while writing"),
    ("misheard", "She was misunderstood"),
    ("other_visit", "It was about another visit"),
    ("she_asked", "She asked to have it corrected"),
    ("query", "In answer to a query"),
]


class Migration(migrations.Migration):
    dependencies = [("visits", "0012_logs_by_receipt"), ("participants", "0013_status_history")]

    operations = [
        migrations.AddField(
            model_name="logconflict",
            name="correction",
            field=models.CharField(blank=True, choices=WHY, default="", max_length=16),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="logconflict",
            constraint=models.CheckConstraint(
                condition=models.Q(correction__in=("", "slip", "misheard", "other_visit", "she_asked", "query")),
                name="visits_correction_known",
            ),
        ),
        migrations.RunSQL(KEPT, FREE),
    ]
