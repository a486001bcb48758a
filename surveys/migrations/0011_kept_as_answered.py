"""What she answered cannot change but where the version before is kept; what was tried cannot change at all."""

from django.db import migrations, models

KEPT = r"""
CREATE FUNCTION surveys_keep_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM surveys_submissionversion kept WHERE kept.submission_id = OLD.id AND kept.answers = OLD.answers
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % refused: what she answered stands, or is kept where it is replaced', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER surveys_answers_kept BEFORE UPDATE ON surveys_submission
    FOR EACH ROW WHEN (OLD.answers IS DISTINCT FROM NEW.answers) EXECUTE FUNCTION surveys_keep_answers();
CREATE TRIGGER surveys_submission_kept BEFORE DELETE ON surveys_submission
    FOR EACH ROW EXECUTE FUNCTION surveys_keep_answers();
CREATE TRIGGER surveys_submission_not_emptied BEFORE TRUNCATE ON surveys_submission
    FOR EACH STATEMENT EXECUTE FUNCTION participants_refuse_change();
CREATE TRIGGER surveys_attempt_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON surveys_callattempt
    FOR EACH STATEMENT EXECUTE FUNCTION participants_refuse_change();
"""
FREE = """
DROP TRIGGER surveys_attempt_kept ON surveys_callattempt;
DROP TRIGGER surveys_submission_not_emptied ON surveys_submission;
DROP TRIGGER surveys_submission_kept ON surveys_submission;
DROP TRIGGER surveys_answers_kept ON surveys_submission;
DROP FUNCTION surveys_keep_answers();
"""
WHY = [
    ("slip", "A slip while writing"),
    ("misheard", "She was misunderstood"),
    ("paper", "The paper says otherwise"),
    ("she_asked", "She asked to have it corrected"),
    ("query", "In answer to a query"),
    ("went_on", "It went on where it had been broken off"),
    ("kept_aside", "What had been kept aside counts instead"),
]


class Migration(migrations.Migration):
    dependencies = [("surveys", "0010_held_entries")]

    operations = [
        migrations.AlterField(
            model_name="submissionversion",
            name="reason",
            field=models.CharField(choices=WHY, max_length=16),
        ),
        migrations.RunSQL(KEPT, FREE),
    ]
