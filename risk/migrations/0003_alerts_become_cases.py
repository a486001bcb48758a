from django.db import migrations

# An alert becomes a case with the same number, and its answer the first action. What was answered is closed. Notes stay
# the bytes that they are: the seal binds the woman and the purpose, and the purpose of an action's note is the alert's.
# Of alerts of one woman and rule that all wait, the first stays a case; the others are kept as told again on it.
TO_CASES = """
WITH numbered AS (
    SELECT alert.*, woman.station_id, form.assessed_by_id,
           first_value(alert.id) OVER same AS first_id,
           count(*) OVER (PARTITION BY alert.participant_id, alert.rule, alert.answered_at IS NULL) AS alike
      FROM risk_alert alert
      JOIN participants_participant woman ON woman.id = alert.participant_id
      LEFT JOIN risk_assessment form ON form.id = alert.assessment_id
    WINDOW same AS (PARTITION BY alert.participant_id, alert.rule, alert.answered_at IS NULL
                    ORDER BY alert.due_at, alert.id)
)
INSERT INTO safety_safetycase (
    id, participant_id, station_id, rule, severity, origin, origin_id, raised_at, raised_by_id, times, duty_person_id,
    first_response_due_at, first_response_at, state, escalation_level, closed_at, closed_by_id, outcome
)
SELECT id, participant_id, station_id, rule,
       CASE WHEN rule = 'officer_concern' THEN 'ordinary' ELSE 'serious' END,
       CASE WHEN assessment_id IS NULL THEN 'visit' ELSE 'assessment' END,
       coalesce(assessment_id::text, ''), raised_at, assessed_by_id,
       CASE WHEN answered_at IS NULL THEN alike ELSE 1 END,
       responsible_id, due_at, answered_at,
       CASE WHEN answered_at IS NULL THEN 'open' ELSE 'closed' END, 0, answered_at, answered_by_id,
       CASE response WHEN '' THEN '' WHEN 'spoke_to_her' THEN 'safe_for_now' WHEN 'emergency' THEN 'in_care'
                     WHEN 'referred' THEN 'in_care' WHEN 'visit_brought_forward' THEN 'plan_changed'
                     WHEN 'not_reached' THEN 'not_reached' ELSE 'other' END
  FROM numbered
 WHERE answered_at IS NOT NULL OR id = first_id;

INSERT INTO safety_safetyaction (case_id, kind, at, by_id, sealed_note)
SELECT id, response, answered_at, answered_by_id, sealed_note FROM risk_alert WHERE answered_at IS NOT NULL ORDER BY id;

INSERT INTO safety_safetyaction (case_id, kind, at)
SELECT waits.id, 'happened_again', alert.raised_at
  FROM risk_alert alert
  JOIN safety_safetycase waits
    ON waits.participant_id = alert.participant_id AND waits.rule = alert.rule AND waits.state = 'open'
 WHERE alert.answered_at IS NULL AND alert.id <> waits.id
 ORDER BY alert.id;

SELECT nextval(pg_get_serial_sequence('safety_safetycase', 'id')) FROM generate_series(1, (SELECT max(id) FROM risk_alert));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0002_lowering"),
        ("safety", "0001_cases"),
    ]

    operations = [
        migrations.RunSQL(TO_CASES, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Alert"),
    ]
