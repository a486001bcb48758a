"""Two different people lock a promised draw; promises, approvals, losses and checks are kept as they were made."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION stations_refuse_change_of_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'INSERT on % refused: a draw is locked by two approvals, not made locked', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (OLD.frame_id, OLD.protocol_id, OLD.commitment_id, OLD.method, OLD.seed, OLD.public_draw, OLD.blinding_nonce,
        OLD.certificate, OLD.drawn_at, OLD.drawn_by_id)
       IS DISTINCT FROM
       (NEW.frame_id, NEW.protocol_id, NEW.commitment_id, NEW.method, NEW.seed, NEW.public_draw, NEW.blinding_nonce,
        NEW.certificate, NEW.drawn_at, NEW.drawn_by_id) THEN
        RAISE EXCEPTION 'UPDATE on % refused: a draw is kept as it was drawn', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.status = 'locked' AND (
        SELECT count(DISTINCT approved_by_id) FROM stations_approval WHERE allocation_id = NEW.id
    ) < 2 THEN
        RAISE EXCEPTION 'UPDATE on % refused: two different people must approve', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER stations_allocation_as_drawn BEFORE UPDATE ON stations_allocation
    FOR EACH ROW EXECUTE FUNCTION stations_refuse_change_of_draw();
CREATE TRIGGER stations_allocation_not_made_locked BEFORE INSERT ON stations_allocation
    FOR EACH ROW WHEN (NEW.status = 'locked') EXECUTE FUNCTION stations_refuse_change_of_draw();
CREATE TRIGGER stations_allocation_on_record BEFORE DELETE ON stations_allocation
    FOR EACH STATEMENT EXECUTE FUNCTION stations_refuse_change();

CREATE FUNCTION stations_refuse_change_of_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.abandoned_at IS NOT NULL
       OR (OLD.frame_id, OLD.protocol_id, OLD.sha256, OLD.nonce, OLD.public_draw_source, OLD.committed_at,
           OLD.committed_by_id)
          IS DISTINCT FROM
          (NEW.frame_id, NEW.protocol_id, NEW.sha256, NEW.nonce, NEW.public_draw_source, NEW.committed_at,
           NEW.committed_by_id) THEN
        RAISE EXCEPTION 'UPDATE on % refused: a promise is kept as it was made', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER stations_commitment_as_made BEFORE UPDATE ON stations_commitment
    FOR EACH ROW EXECUTE FUNCTION stations_refuse_change_of_promise();
CREATE TRIGGER stations_commitment_kept BEFORE DELETE OR TRUNCATE ON stations_commitment
    FOR EACH STATEMENT EXECUTE FUNCTION stations_refuse_change();

CREATE TRIGGER stations_approval_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON stations_approval
    FOR EACH STATEMENT EXECUTE FUNCTION stations_refuse_change();
CREATE TRIGGER stations_approval_before_lock BEFORE INSERT ON stations_approval
    FOR EACH ROW EXECUTE FUNCTION stations_refuse_change_of_locked();

CREATE TRIGGER stations_loss_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON stations_stationloss
    FOR EACH STATEMENT EXECUTE FUNCTION stations_refuse_change();
CREATE TRIGGER stations_check_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON stations_allocationcheck
    FOR EACH STATEMENT EXECUTE FUNCTION stations_refuse_change();
"""

BACKWARD = """
DROP TRIGGER stations_check_kept ON stations_allocationcheck;
DROP TRIGGER stations_loss_kept ON stations_stationloss;
DROP TRIGGER stations_approval_before_lock ON stations_approval;
DROP TRIGGER stations_approval_kept ON stations_approval;
DROP TRIGGER stations_commitment_kept ON stations_commitment;
DROP TRIGGER stations_commitment_as_made ON stations_commitment;
DROP TRIGGER stations_allocation_on_record ON stations_allocation;
DROP TRIGGER stations_allocation_not_made_locked ON stations_allocation;
DROP TRIGGER stations_allocation_as_drawn ON stations_allocation;
DROP FUNCTION stations_refuse_change_of_promise();
DROP FUNCTION stations_refuse_change_of_draw();
"""


class Migration(migrations.Migration):
    dependencies = (("stations", "0004_committed_draws"),)
    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
