"""What was said when somebody asked again, and the tries to reach her, are append-only for every role."""

from django.db import migrations

APPEND_ONLY = r"""
CREATE FUNCTION back_checks_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: it is kept as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER back_checks_item_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON back_checks_backcheckitem
    FOR EACH STATEMENT EXECUTE FUNCTION back_checks_refuse_change();
CREATE TRIGGER back_checks_try_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON back_checks_backchecktry
    FOR EACH STATEMENT EXECUTE FUNCTION back_checks_refuse_change();

DO $$
DECLARE
    grantee name;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee FROM information_schema.role_table_grants g
        WHERE g.table_schema = current_schema() AND g.table_name = 'back_checks_backcheckitem'
          AND g.grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON back_checks_backcheckitem FROM %I', grantee);
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON back_checks_backchecktry FROM %I', grantee);
    END LOOP;
END
$$;
"""
FREE = """
DROP TRIGGER back_checks_item_append_only ON back_checks_backcheckitem;
DROP TRIGGER back_checks_try_append_only ON back_checks_backchecktry;
DROP FUNCTION back_checks_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("back_checks", "0001_back_checks")]
    operations = [migrations.RunSQL(APPEND_ONLY, FREE)]
