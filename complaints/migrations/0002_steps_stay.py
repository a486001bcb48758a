"""The steps of a complaint are append-only for every role, and nothing deletes a complaint."""

from django.db import migrations

APPEND_ONLY = r"""
CREATE FUNCTION complaints_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: it is kept as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER complaints_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON complaints_complaintstep
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_refuse_change();
CREATE TRIGGER complaints_complaint_stays BEFORE DELETE OR TRUNCATE ON complaints_complaint
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_refuse_change();

DO $$
DECLARE
    grantee name;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee FROM information_schema.role_table_grants g
        WHERE g.table_schema = current_schema() AND g.table_name = 'complaints_complaintstep'
          AND g.grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON complaints_complaintstep FROM %I', grantee);
        EXECUTE format('REVOKE DELETE, TRUNCATE ON complaints_complaint FROM %I', grantee);
    END LOOP;
END
$$;
"""
FREE = """
DROP TRIGGER complaints_step_append_only ON complaints_complaintstep;
DROP TRIGGER complaints_complaint_stays ON complaints_complaint;
DROP FUNCTION complaints_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_complaints")]
    operations = [migrations.RunSQL(APPEND_ONLY, FREE)]
