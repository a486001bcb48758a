"""The chain is kept by the database: linked at commit, append-only for every role, the owner included."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION audit_event_fields(e audit_event) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY[
        e.id::text,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.actor, e.actor_role, e.action, e.object_type, e.object_id, e.reason, e.details::text
    ]
$$;

CREATE FUNCTION audit_link_event() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    last_position bigint;
    last_hash bytea;
    this_event audit_event;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_link'));
    SELECT position, hash INTO last_position, last_hash FROM audit_link ORDER BY position DESC LIMIT 1;
    SELECT * INTO this_event FROM audit_event WHERE id = NEW.id;
    INSERT INTO audit_link (position, event_id, hash) VALUES (
        coalesce(last_position, 0) + 1,
        NEW.id,
        sha256(
            coalesce(last_hash, decode(repeat('00', 32), 'hex'))
            || convert_to(array_to_string(audit_event_fields(this_event), E'\x1f'), 'UTF8')
        )
    );
    RETURN NULL;
END
$$;

-- Deferred, so that the lock on the chain is taken last and held only while the transaction commits.
CREATE CONSTRAINT TRIGGER audit_event_linked AFTER INSERT ON audit_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link_event();

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- The plain role may read and append events; links are written by the trigger alone.
DO $$
DECLARE
    grantee name;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee FROM information_schema.role_table_grants g
        WHERE g.table_schema = current_schema() AND g.table_name IN ('audit_event', 'audit_link')
          AND g.grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit_event, audit_link FROM %I', grantee);
        EXECUTE format('REVOKE INSERT ON audit_link FROM %I', grantee);
    END LOOP;
END
$$;
"""

BACKWARD = """
DROP TRIGGER audit_event_append_only ON audit_event;
DROP TRIGGER audit_link_append_only ON audit_link;
DROP TRIGGER audit_event_linked ON audit_event;
DROP FUNCTION audit_refuse_change();
DROP FUNCTION audit_link_event();
DROP FUNCTION audit_event_fields(audit_event);
"""


class Migration(migrations.Migration):
    dependencies = (("audit", "0001_initial"),)
    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
