"""The statements about visits and those who log them. Each gives the columns of `findings.Found`."""

from quality.rules import RuleCode
from visits.first_arrival import first_received_sql

_FIRST_RECEIVED = first_received_sql("log")
_LOGS = """
    FROM visits_visitlog log JOIN visits_visit visit ON visit.id = log.visit_id
    JOIN participants_participant woman ON woman.id = visit.participant_id
"""
_LOG = """
    SELECT log.id::text AS key, visit.participant_id, visit.station_id, log.logged_by_id AS person_id,
        visit.id::text AS about, log.occurred_at AS happened_at,
"""
_DAY = "(log.occurred_at AT TIME ZONE %(zone)s)::date"

# The plain comparison first: few logs are left for the other.
LATE_LOG = f"""
{_LOG} jsonb_build_object('days', floor(extract(epoch FROM {_FIRST_RECEIVED} - log.occurred_at) / 86400)::int) AS facts
{_LOGS} WHERE log.received_at > log.occurred_at + make_interval(days => %(days)s)
    AND {_FIRST_RECEIVED} > log.occurred_at + make_interval(days => %(days)s)
"""

FAR_FROM_PLAN = f"""
{_LOG} jsonb_build_object('days', {_DAY} - visit.planned_on) AS facts
{_LOGS} WHERE NOT visit.is_unplanned AND abs({_DAY} - visit.planned_on) > %(days)s
"""

IMPOSSIBLE_TIME = f"""
{_LOG} jsonb_build_object(
    'hour', to_char(log.occurred_at AT TIME ZONE %(zone)s, 'HH24:MI'),
    'ahead', log.occurred_at > log.received_at + make_interval(mins => %(ahead_minutes)s)
) AS facts
{_LOGS} WHERE extract(hour FROM log.occurred_at AT TIME ZONE %(zone)s) < %(from_hour)s
    OR extract(hour FROM log.occurred_at AT TIME ZONE %(zone)s) >= %(until_hour)s
    OR log.occurred_at > log.received_at + make_interval(mins => %(ahead_minutes)s)
"""

OUTSIDE_PART = f"""
{_LOG} jsonb_build_object('before', {_DAY} < woman.enrolled_on) AS facts
{_LOGS} WHERE {_DAY} < woman.enrolled_on
    OR (woman.status IN ('withdrawn', 'deceased') AND log.occurred_at > woman.status_changed_at)
"""

EVENT_DAY = f"""
{_LOG} jsonb_build_object('after', log.incident_on > {_DAY}) AS facts
{_LOGS} WHERE log.incident_on > {_DAY} OR log.incident_on < {_DAY} - %(days)s
"""

# Of two that are too near it is the later one that is asked about.
TOO_CLOSE = f"""
SELECT log.id::text AS key, participant_id, station_id, logged_by_id AS person_id, visit_id::text AS about,
    occurred_at AS happened_at,
    jsonb_build_object('minutes', floor(extract(epoch FROM occurred_at - before) / 60)::int) AS facts
FROM (
    SELECT log.id, log.visit_id, visit.participant_id, visit.station_id, log.logged_by_id, log.occurred_at,
        lag(log.occurred_at) OVER one_person AS before, lag(visit.participant_id) OVER one_person AS woman_before
    {_LOGS} WHERE log.outcome = 'met' AND log.logged_by_id IS NOT NULL
    WINDOW one_person AS (PARTITION BY log.logged_by_id ORDER BY log.occurred_at, log.id)
) log
WHERE woman_before <> participant_id AND occurred_at < before + make_interval(mins => %(minutes)s)
"""  # noqa: S608

# Of those who were sent, where one of them wrote the log: whoever stands at two doors is named, not who wrote.
# What one person logged herself twice is `TOO_CLOSE`.
TWO_DOORS = f"""
SELECT log.id || ':' || officer_id AS key, participant_id, station_id, user_id AS person_id, visit_id::text AS about,
    occurred_at AS happened_at,
    jsonb_build_object('minutes', floor(extract(epoch FROM occurred_at - before) / 60)::int) AS facts
FROM (
    SELECT log.id, log.visit_id, visit.participant_id, visit.station_id, log.occurred_at, log.logged_by_id,
        officer.id AS officer_id, officer.user_id, lag(log.occurred_at) OVER one_officer AS before,
        lag(visit.participant_id) OVER one_officer AS woman_before,
        lag(log.logged_by_id) OVER one_officer AS logged_before
    {_LOGS} JOIN stations_officer writer
        ON writer.user_id = log.logged_by_id AND writer.id IN (visit.first_officer_id, visit.second_officer_id)
    CROSS JOIN LATERAL (VALUES (visit.first_officer_id), (visit.second_officer_id)) sent (officer_id)
    JOIN stations_officer officer ON officer.id = sent.officer_id
    WHERE log.outcome = 'met'
    WINDOW one_officer AS (PARTITION BY officer.id ORDER BY log.occurred_at, log.id)
) log
WHERE woman_before <> participant_id AND occurred_at < before + make_interval(mins => %(minutes)s)
    AND (logged_by_id, logged_before) IS DISTINCT FROM (user_id, user_id)
"""  # noqa: S608

TWICE = f"""
SELECT log.id::text AS key, participant_id, station_id, logged_by_id AS person_id, visit_id::text AS about,
    occurred_at AS happened_at,
    jsonb_build_object('minutes', floor(extract(epoch FROM occurred_at - before) / 60)::int) AS facts
FROM (
    SELECT log.id, log.visit_id, visit.participant_id, visit.station_id, log.logged_by_id, log.occurred_at,
        lag(log.occurred_at) OVER (PARTITION BY visit.participant_id ORDER BY log.occurred_at, log.id) AS before
    {_LOGS} WHERE log.outcome = 'met'
) log
WHERE occurred_at < before + make_interval(mins => %(minutes)s)
"""  # noqa: S608

_MONTHS = f"""
    SELECT log.logged_by_id AS person_id, date_trunc('month', log.occurred_at AT TIME ZONE %(zone)s) AS month,
        mode() WITHIN GROUP (ORDER BY visit.station_id) AS station_id, count(*) AS logs,
        count(*) FILTER (WHERE log.outcome = 'met') AS met,
        count(*) FILTER (WHERE extract(minute FROM log.occurred_at)::int %% 5 = 0) AS round
    {_LOGS} WHERE log.logged_by_id IS NOT NULL AND log.occurred_at < %(month)s
    GROUP BY 1, 2
"""  # noqa: S608
_MONTH = """
    SELECT person_id || ':' || to_char(month, 'YYYY-MM') AS key, NULL::bigint AS participant_id, station_id, person_id,
        '' AS about, month AT TIME ZONE %(zone)s AS happened_at,
"""

ROUND_MINUTES = f"""
{_MONTH} jsonb_build_object('logs', logs, 'share', round(100.0 * round / logs)::int) AS facts
FROM ({_MONTHS}) months WHERE logs >= %(logs)s AND round > logs * %(share)s
"""

# By the share of all logs of that month: how rarely chance alone would meet so many and miss none.
ALL_MET = f"""
{_MONTH} jsonb_build_object('logs', logs, 'share', round(100.0 * of_all)::int) AS facts
FROM (
    SELECT months.*, (sum(met) OVER (PARTITION BY month))::float / sum(logs) OVER (PARTITION BY month) AS of_all
    FROM ({_MONTHS}) months
) months WHERE logs >= %(logs)s AND met = logs AND of_all > 0 AND logs * ln(of_all) < ln(%(chance)s::float)
"""  # noqa: S608

# Notes are compared by their marks alone: `quality.note_marks`.
COPIED_NOTES = f"""
SELECT log.logged_by_id || ':' || left(note.mark, 32) AS key, NULL::bigint AS participant_id,
    mode() WITHIN GROUP (ORDER BY visit.station_id) AS station_id, log.logged_by_id AS person_id, '' AS about,
    max(log.occurred_at) AS happened_at,
    jsonb_build_object('logs', count(*), 'women', count(DISTINCT visit.participant_id)) AS facts
{_LOGS} JOIN quality_notemark note ON note.log_id = log.id WHERE note.mark <> '' AND log.logged_by_id IS NOT NULL
GROUP BY log.logged_by_id, note.mark HAVING count(DISTINCT visit.participant_id) >= %(women)s
"""

STATEMENTS = {
    RuleCode.LATE_LOG: LATE_LOG,
    RuleCode.FAR_FROM_PLAN: FAR_FROM_PLAN,
    RuleCode.IMPOSSIBLE_TIME: IMPOSSIBLE_TIME,
    RuleCode.OUTSIDE_PART: OUTSIDE_PART,
    RuleCode.TOO_CLOSE: TOO_CLOSE,
    RuleCode.TWO_DOORS: TWO_DOORS,
    RuleCode.TWICE: TWICE,
    RuleCode.EVENT_DAY: EVENT_DAY,
    RuleCode.ROUND_MINUTES: ROUND_MINUTES,
    RuleCode.ALL_MET: ALL_MET,
    RuleCode.COPIED_NOTES: COPIED_NOTES,
}
