"""The women of every data set and the stations drawn, as SQL that the statements of all tables begin with.

Parameters come from `panel.queries.parameters`; columns of a table are put in by `format(columns=...)`.
"""

from participants.consent_scopes import SCOPE_OF, Feature

# What she agreed to must count on the day of the export.
AGREED = """EXISTS (
        SELECT FROM participants_consent c
        WHERE c.participant_id = p.id AND c.scope = '{scope}' AND c.ended_at IS NULL
          AND (c.lapses_on IS NULL OR c.lapses_on > %(today)s)
    )"""
# HMAC-SHA256 of the field's study code, written out: the server has sha256() without any extension.
WOMEN = f"""
    SELECT p.id, p.enrolled_station_id AS station_id, p.status, p.enrolled_on, p.age_at_enrolment,
           'W' || upper(left(encode(
               sha256(%(outer)s || sha256(%(inner)s || convert_to(p.study_code, 'UTF8'))), 'hex'
           ), 16)) AS woman,
           CASE WHEN %(shifts)s THEN ('x' || left(encode(
               sha256(%(shift_outer)s || sha256(%(shift_inner)s || convert_to(p.study_code, 'UTF8'))), 'hex'
           ), 8))::bit(32)::bigint %% (2 * %(largest_shift)s + 1) - %(largest_shift)s ELSE 0 END::int AS shift,
           (p.status_changed_at AT TIME ZONE %(zone)s)::date AS status_changed_on,
           {AGREED.format(scope=SCOPE_OF[Feature.EXPORT_VISITS])} AS is_visited,
           {AGREED.format(scope=SCOPE_OF[Feature.EXPORT_REPORTS])} AS is_linked
    FROM participants_participant p
    WHERE p.data_erased_at IS NULL AND {AGREED.format(scope=SCOPE_OF[Feature.EXPORT_SURVEYS])}
"""  # noqa: S608 (nothing but this module's own text goes in)
DRAWN = """
    SELECT d.station_id, d.blinded_letter AS letter, d.blinded_group,
           d.arm = ANY(%(training_arms)s) AS training, d.arm = ANY(%(risk_arms)s) AS risk_scale
    FROM stations_allocatedstation d JOIN stations_allocation a ON a.id = d.allocation_id
    WHERE a.status = 'locked'
"""
WAVES = "SELECT * FROM unnest(%(waves)s::text[], %(months)s::int[]) WITH ORDINALITY AS w(wave, month, position)"
CASES = """
    SELECT w.*, d.letter, d.blinded_group, d.training, d.risk_scale, v.position - 1 AS wave_number,
           coalesce(c.due_on, (w.enrolled_on + v.month * interval '1 month')::date) AS due_on,
           CASE WHEN c.status = 'partial' THEN 'partial'
                WHEN s.id IS NOT NULL THEN 'done'
                WHEN c.id IS NULL OR (c.status = 'due' AND c.window_from > %(today)s) THEN 'not_due'
                WHEN c.status IN ('due', 'late', 'not_private', 'on_hold') THEN 'open'
                ELSE c.status END AS survey_status,
           c.missed_reason, s.scores, (s.submitted_at AT TIME ZONE %(zone)s)::date AS surveyed_on
    FROM women w
    JOIN drawn d ON d.station_id = w.station_id
    CROSS JOIN waves v
    LEFT JOIN surveys_surveycase c ON c.participant_id = w.id AND c.wave = v.wave
    LEFT JOIN surveys_submission s ON s.case_id = c.id
"""
