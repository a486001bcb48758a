"""The women of every data set and the stations drawn, as SQL that the statements of all tables begin with.

Parameters come from `panel.queries.parameters`; columns of a table are put in by `format(columns=...)`.
"""

from panel.tables.vocabulary import SHARED_BY
from participants.consent_scopes import SCOPE_OF, Feature

# What she agreed to must count on the day of the export.
AGREED = """EXISTS (
        SELECT FROM participants_consent c
        WHERE c.participant_id = p.id AND c.scope = '{scope}' AND c.ended_at IS NULL
          AND (c.lapses_on IS NULL OR c.lapses_on > %(today)s)
    )"""
# `chosen` are the women of a page, or NULL for all of them: the planner sees which, as values are written in.
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
      AND (%(chosen)s::bigint[] IS NULL OR p.id = ANY(%(chosen)s::bigint[]))
"""  # noqa: S608 (nothing but this module's own text goes in)
DRAWN = f"""
    SELECT d.station_id, d.blinded_letter AS letter, d.blinded_group,
           d.arm = ANY(%(training_arms)s) AS training, d.arm = ANY(%(risk_arms)s) AS risk_scale,
           CASE WHEN count(*) OVER (PARTITION BY d.inclusion_probability) >= {SHARED_BY}
                THEN round(1 / nullif(d.inclusion_probability, 0), 4) END AS weight,
           coalesce((
               SELECT b.place FROM jsonb_each(
                   CASE jsonb_typeof(a.certificate -> 'blocks') WHEN 'object' THEN a.certificate -> 'blocks'
                        ELSE jsonb_build_object() END
               ) WITH ORDINALITY AS b(name, codes, place) JOIN stations_station s ON s.id = d.station_id
               WHERE b.codes ? s.code
           ), 1)::int AS stratum
    FROM stations_allocatedstation d JOIN stations_allocation a ON a.id = d.allocation_id
    WHERE a.status = 'locked'
"""  # noqa: S608 (nothing but this module's own text goes in)
# What came after a lock is in no data set as long as the lock stands: its visit reads as it did when that was signed.
LOGS_OUT = "(SELECT k.log_id FROM data_lock_latearrival k WHERE k.is_out AND k.log_id IS NOT NULL)"
SHEETS_OUT = "(SELECT k.assessment_id FROM data_lock_latearrival k WHERE k.is_out AND k.assessment_id IS NOT NULL)"
VISITS_STANDING = f"""(
    SELECT v.id, v.participant_id, v.station_id, v.planned_on, v.is_unplanned,
           CASE WHEN v.id IN (SELECT o.visit_id FROM visits_visitlog o WHERE o.id IN {LOGS_OUT})
                THEN CASE WHEN v.is_unplanned THEN 'superseded' ELSE 'missed' END ELSE v.status END AS status
    FROM visits_visit v
)"""  # noqa: S608 (as above)
WAVES = "SELECT * FROM unnest(%(waves)s::text[], %(months)s::int[]) WITH ORDINALITY AS w(wave, month, position)"
CASES = """
    SELECT w.*, d.letter, d.blinded_group, d.training, d.risk_scale, d.stratum, d.weight, v.position - 1 AS wave_number,
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
