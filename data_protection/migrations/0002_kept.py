"""An incident, the women whom it concerns and what was done about it are kept: nobody deletes any of them."""

from django.db import migrations

TABLES = ("dataincident", "incidentwoman", "incidentmeasure")

FORWARD = r"""
CREATE FUNCTION data_protection_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: the register of incidents is kept', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
""" + "".join(
    f"""
CREATE TRIGGER data_protection_{table}_kept BEFORE DELETE ON data_protection_{table}
    FOR EACH ROW EXECUTE FUNCTION data_protection_refuse_delete();
"""
    for table in TABLES
)

BACKWARD = (
    "".join(f"DROP TRIGGER data_protection_{table}_kept ON data_protection_{table};" for table in TABLES)
    + "DROP FUNCTION data_protection_refuse_delete();"
)


class Migration(migrations.Migration):
    dependencies = (("data_protection", "0001_incidents"),)
    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
