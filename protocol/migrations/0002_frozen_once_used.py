"""A protocol version under which stations were allocated keeps its text for ever; only which one rules may change."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION protocol_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (NEW.code, NEW.version, NEW.sha256, NEW.source, NEW.frozen_at)
           IS NOT DISTINCT FROM (OLD.code, OLD.version, OLD.sha256, OLD.source, OLD.frozen_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % refused: this version of the protocol is in use', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER protocol_version_frozen BEFORE UPDATE OR DELETE ON protocol_protocolversion
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION protocol_refuse_change();
"""

BACKWARD = """
DROP TRIGGER protocol_version_frozen ON protocol_protocolversion;
DROP FUNCTION protocol_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = (("protocol", "0001_initial"),)
    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
