"""A frame never changes; a locked allocation never changes, whoever asks, the owner of the tables included."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION stations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: it is kept as it was drawn', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER stations_frame_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON stations_frame
    FOR EACH STATEMENT EXECUTE FUNCTION stations_refuse_change();

CREATE TRIGGER stations_allocation_locked BEFORE UPDATE OR DELETE ON stations_allocation
    FOR EACH ROW WHEN (OLD.status = 'locked') EXECUTE FUNCTION stations_refuse_change();
CREATE TRIGGER stations_allocation_kept BEFORE TRUNCATE ON stations_allocation
    FOR EACH STATEMENT EXECUTE FUNCTION stations_refuse_change();

CREATE FUNCTION stations_refuse_change_of_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM stations_allocation a
        WHERE a.status = 'locked'
          AND a.id IN (
              CASE WHEN TG_OP <> 'INSERT' THEN OLD.allocation_id END,
              CASE WHEN TG_OP <> 'DELETE' THEN NEW.allocation_id END
          )
    ) THEN
        RAISE EXCEPTION '% on % refused: the allocation is locked', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER stations_allocated_locked BEFORE INSERT OR UPDATE OR DELETE ON stations_allocatedstation
    FOR EACH ROW EXECUTE FUNCTION stations_refuse_change_of_locked();
CREATE TRIGGER stations_allocated_kept BEFORE TRUNCATE ON stations_allocatedstation
    FOR EACH STATEMENT EXECUTE FUNCTION stations_refuse_change();
"""

BACKWARD = """
DROP TRIGGER stations_allocated_kept ON stations_allocatedstation;
DROP TRIGGER stations_allocated_locked ON stations_allocatedstation;
DROP TRIGGER stations_allocation_kept ON stations_allocation;
DROP TRIGGER stations_allocation_locked ON stations_allocation;
DROP TRIGGER stations_frame_frozen ON stations_frame;
DROP FUNCTION stations_refuse_change_of_locked();
DROP FUNCTION stations_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = (("stations", "0001_initial"),)
    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
