"""What is locked is held still by the database, whoever asks; what comes after a lock is written down as such.

Whoever brings an observation takes the advisory lock `data_lock` with others; whoever proposes or ends a lock takes it
alone. Functions see what was committed until each of their statements, so that after waiting they see the lock.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION data_lock_refuse(operation text, relation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: its data are locked', operation, relation
        USING ERRCODE = 'check_violation', CONSTRAINT = 'data_lock_stands';
END
$$;

-- One call for a statement, however many logs it brings.
CREATE FUNCTION data_lock_note_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('data_lock'));
    INSERT INTO data_lock_latearrival (lock_id, log_id, noted_at, is_out, reason)
    SELECT k.id, n.id, clock_timestamp(), true, ''
    FROM data_lock_datalock k JOIN written n ON n.occurred_at < k.ends_at
    WHERE k.state IN ('proposed', 'locked') AND k.kind IN ('visits', 'everything');
    RETURN NULL;
END
$$;
CREATE TRIGGER data_lock_logs_noted AFTER INSERT ON visits_visitlog REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION data_lock_note_logs();

CREATE FUNCTION data_lock_keep_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('data_lock'));
    IF EXISTS (
        SELECT FROM data_lock_datalock k
        WHERE k.state IN ('proposed', 'locked') AND k.kind IN ('visits', 'everything') AND OLD.occurred_at < k.ends_at
          AND NOT EXISTS (SELECT FROM data_lock_latearrival l WHERE l.lock_id = k.id AND l.log_id = OLD.id)
    ) THEN
        PERFORM data_lock_refuse(TG_OP, TG_TABLE_NAME);
    END IF;
    INSERT INTO data_lock_latearrival (lock_id, log_id, noted_at, is_out, reason)
    SELECT k.id, NEW.id, clock_timestamp(), true, ''
    FROM data_lock_datalock k
    WHERE k.state IN ('proposed', 'locked') AND k.kind IN ('visits', 'everything') AND NEW.occurred_at < k.ends_at
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER data_lock_log_kept AFTER UPDATE ON visits_visitlog
    FOR EACH ROW EXECUTE FUNCTION data_lock_keep_log();

CREATE FUNCTION data_lock_note_sheets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('data_lock'));
    INSERT INTO data_lock_latearrival (lock_id, assessment_id, noted_at, is_out, reason)
    SELECT k.id, n.id, clock_timestamp(), true, ''
    FROM data_lock_datalock k JOIN written n ON n.assessed_at < k.ends_at
    WHERE k.state IN ('proposed', 'locked') AND k.kind IN ('sheets', 'everything');
    RETURN NULL;
END
$$;
CREATE TRIGGER data_lock_sheets_noted AFTER INSERT ON risk_assessment REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION data_lock_note_sheets();

CREATE FUNCTION data_lock_refuse_surveys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('data_lock'));
    IF EXISTS (
        SELECT FROM data_lock_datalock k CROSS JOIN written n JOIN surveys_surveycase c ON c.id = n.case_id
        WHERE k.state IN ('proposed', 'locked')
          AND (k.kind = 'surveys' AND c.wave = k.wave OR k.kind = 'everything' AND n.submitted_at < k.ends_at)
    ) THEN
        PERFORM data_lock_refuse(TG_OP, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER data_lock_surveys_kept AFTER INSERT ON surveys_submission REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION data_lock_refuse_surveys();

CREATE FUNCTION data_lock_keep_survey() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('data_lock'));
    IF EXISTS (
        SELECT FROM data_lock_datalock k JOIN surveys_surveycase c ON c.id = OLD.case_id
        WHERE k.state IN ('proposed', 'locked')
          AND (k.kind = 'surveys' AND c.wave = k.wave
               OR k.kind = 'everything' AND least(OLD.submitted_at, NEW.submitted_at) < k.ends_at)
    ) THEN
        PERFORM data_lock_refuse(TG_OP, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER data_lock_survey_kept AFTER UPDATE ON surveys_submission
    FOR EACH ROW WHEN (
        (OLD.case_id, OLD.instrument_id, OLD.submitted_at, OLD.submitted_by_id, OLD.answers, OLD.scores,
         OLD.is_complete, OLD.instance_id, OLD.content_sha256)
        IS DISTINCT FROM
        (NEW.case_id, NEW.instrument_id, NEW.submitted_at, NEW.submitted_by_id, NEW.answers, NEW.scores,
         NEW.is_complete, NEW.instance_id, NEW.content_sha256)
    ) EXECUTE FUNCTION data_lock_keep_survey();

-- The locks themselves.
CREATE FUNCTION data_lock_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: it stays on record', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE FUNCTION data_lock_keep_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.sha256 <> '' THEN
            RAISE EXCEPTION 'INSERT on % refused: a lock is proposed first', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('lifted', 'called_off')
       OR (OLD.kind, OLD.wave, OLD.until, OLD.ends_at, OLD.still_open, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
          IS DISTINCT FROM
          (NEW.kind, NEW.wave, NEW.until, NEW.ends_at, NEW.still_open, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
       OR OLD.sha256 <> '' AND (OLD.sha256, OLD.in_use_sha256, OLD.parts)
          IS DISTINCT FROM (NEW.sha256, NEW.in_use_sha256, NEW.parts)
       OR (OLD.state, NEW.state) NOT IN (
           ('proposed', 'proposed'), ('proposed', 'locked'), ('proposed', 'called_off'), ('locked', 'lifted')
       )
    THEN
        RAISE EXCEPTION 'UPDATE on % refused: a lock stays as it was signed', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'locked' AND (
        SELECT count(DISTINCT s.signed_by_id) FROM data_lock_locksignature s
        WHERE s.lock_id = OLD.id AND s.purpose = 'lock' AND s.sha256 = OLD.sha256
    ) < 2 OR NEW.state = 'lifted' AND (
        SELECT count(DISTINCT s.signed_by_id) FROM data_lock_locksignature s JOIN data_lock_lifting l
               ON l.id = s.lifting_id AND l.state = 'done'
        WHERE s.lock_id = OLD.id AND s.purpose = 'lift'
    ) < 2 THEN
        RAISE EXCEPTION 'UPDATE on % refused: two people sign', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER data_lock_kept BEFORE INSERT OR UPDATE ON data_lock_datalock
    FOR EACH ROW EXECUTE FUNCTION data_lock_keep_lock();
CREATE TRIGGER data_lock_on_record BEFORE DELETE OR TRUNCATE ON data_lock_datalock
    FOR EACH STATEMENT EXECUTE FUNCTION data_lock_refuse_change();

CREATE TRIGGER data_lock_signature_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON data_lock_locksignature
    FOR EACH STATEMENT EXECUTE FUNCTION data_lock_refuse_change();
CREATE TRIGGER data_lock_check_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON data_lock_lockcheck
    FOR EACH STATEMENT EXECUTE FUNCTION data_lock_refuse_change();
CREATE TRIGGER data_lock_lifting_kept BEFORE UPDATE ON data_lock_lifting
    FOR EACH ROW WHEN (
        OLD.state <> 'asked' OR (OLD.lock_id, OLD.reason, OLD.asked_by_id, OLD.asked_at)
        IS DISTINCT FROM (NEW.lock_id, NEW.reason, NEW.asked_by_id, NEW.asked_at)
    ) EXECUTE FUNCTION data_lock_refuse_change();
CREATE TRIGGER data_lock_lifting_on_record BEFORE DELETE OR TRUNCATE ON data_lock_lifting
    FOR EACH STATEMENT EXECUTE FUNCTION data_lock_refuse_change();
-- What came late joins the data when its lock ends, and not before; what was decided about it stays.
CREATE FUNCTION data_lock_keep_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.lock_id, OLD.log_id, OLD.assessment_id, OLD.noted_at)
       IS DISTINCT FROM (NEW.lock_id, NEW.log_id, NEW.assessment_id, NEW.noted_at)
       OR OLD.decided_at IS NOT NULL AND (OLD.reason, OLD.decided_by_id, OLD.decided_at)
          IS DISTINCT FROM (NEW.reason, NEW.decided_by_id, NEW.decided_at)
       OR OLD.is_out IS DISTINCT FROM NEW.is_out AND (NEW.is_out OR EXISTS (
           SELECT FROM data_lock_datalock k WHERE k.id = OLD.lock_id AND k.state IN ('proposed', 'locked')
       ))
    THEN
        RAISE EXCEPTION 'UPDATE on % refused: what came late joins the data when its lock ends', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER data_lock_late_kept BEFORE UPDATE ON data_lock_latearrival
    FOR EACH ROW EXECUTE FUNCTION data_lock_keep_late();
CREATE TRIGGER data_lock_late_on_record BEFORE DELETE OR TRUNCATE ON data_lock_latearrival
    FOR EACH STATEMENT EXECUTE FUNCTION data_lock_refuse_change();
"""
BACKWARD = """
DROP TRIGGER data_lock_late_on_record ON data_lock_latearrival;
DROP TRIGGER data_lock_late_kept ON data_lock_latearrival;
DROP FUNCTION data_lock_keep_late();
DROP TRIGGER data_lock_lifting_on_record ON data_lock_lifting;
DROP TRIGGER data_lock_lifting_kept ON data_lock_lifting;
DROP TRIGGER data_lock_check_kept ON data_lock_lockcheck;
DROP TRIGGER data_lock_signature_kept ON data_lock_locksignature;
DROP TRIGGER data_lock_on_record ON data_lock_datalock;
DROP TRIGGER data_lock_kept ON data_lock_datalock;
DROP FUNCTION data_lock_keep_lock();
DROP FUNCTION data_lock_refuse_change();
DROP TRIGGER data_lock_survey_kept ON surveys_submission;
DROP FUNCTION data_lock_keep_survey();
DROP TRIGGER data_lock_surveys_kept ON surveys_submission;
DROP FUNCTION data_lock_refuse_surveys();
DROP TRIGGER data_lock_sheets_noted ON risk_assessment;
DROP FUNCTION data_lock_note_sheets();
DROP TRIGGER data_lock_log_kept ON visits_visitlog;
DROP FUNCTION data_lock_keep_log();
DROP TRIGGER data_lock_logs_noted ON visits_visitlog;
DROP FUNCTION data_lock_note_logs();
DROP FUNCTION data_lock_refuse(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("data_lock", "0001_locks"),
        ("visits", "0013_corrections"),
        ("risk", "0006_kept_as_assessed"),
        ("surveys", "0014_data_locked"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
