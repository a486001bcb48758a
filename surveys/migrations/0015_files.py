"""Files that a questionnaire names, beside its version and frozen with it."""

import django.db.models.deletion
from django.db import migrations, models

FROZEN = r"""
CREATE FUNCTION surveys_refuse_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stood bigint;
BEGIN
    IF TG_OP IN ('INSERT', 'DELETE') THEN
        SELECT id INTO stood FROM surveys_instrument
            WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.instrument_id ELSE OLD.instrument_id END AND status = 'draft'
            FOR SHARE;
        IF FOUND THEN
            RETURN CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
        END IF;
    END IF;
    RAISE EXCEPTION '% on % refused: what was asked does not change', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER surveys_file_frozen BEFORE INSERT OR UPDATE OR DELETE ON surveys_instrumentfile
    FOR EACH ROW EXECUTE FUNCTION surveys_refuse_file();
CREATE TRIGGER surveys_file_not_emptied BEFORE TRUNCATE ON surveys_instrumentfile
    FOR EACH STATEMENT EXECUTE FUNCTION surveys_refuse_change();
"""
UNFROZEN = """
DROP TRIGGER surveys_file_not_emptied ON surveys_instrumentfile;
DROP TRIGGER surveys_file_frozen ON surveys_instrumentfile;
DROP FUNCTION surveys_refuse_file();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0014_data_locked")]

    operations = [
        migrations.CreateModel(
            name="InstrumentFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("image", "Picture"),
                            ("csv", "List (CSV)"),
                            ("geojson", "List of places (GeoJSON)"),
                            ("xml", "List (XML)"),
                        ],
                        max_length=16,
                    ),
                ),
                ("content_type", models.CharField(max_length=40)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("md5", models.CharField(max_length=32)),
                ("given_sha256", models.CharField(max_length=64)),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="surveys.instrument"
                    ),
                ),
            ],
            options={
                "ordering": ("instrument", "name"),
                "indexes": [models.Index(fields=["instrument", "sha256"], name="surveys_file_by_content")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("instrument", "name"),
                        name="surveys_file_named_once",
                        violation_error_message="This version already has a file of that name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("image", "csv", "geojson", "xml"))),
                        name="surveys_file_kind_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FROZEN, UNFROZEN),
    ]
