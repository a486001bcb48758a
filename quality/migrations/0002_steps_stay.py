"""The thread of a query is append-only for every role."""

from django.db import migrations

APPEND_ONLY = r"""
CREATE FUNCTION quality_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: it is kept as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER quality_querystep_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quality_querystep
    FOR EACH STATEMENT EXECUTE FUNCTION quality_refuse_change();

DO $$
DECLARE
    grantee name;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee FROM information_schema.role_table_grants g
        WHERE g.table_schema = current_schema() AND g.table_name = 'quality_querystep'
          AND g.grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON quality_querystep FROM %I', grantee);
    END LOOP;
END
$$;
"""
FREE = """
DROP TRIGGER quality_querystep_append_only ON quality_querystep;
DROP FUNCTION quality_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_queries")]
    operations = [migrations.RunSQL(APPEND_ONLY, FREE)]
