"""Shares of each person and month, counted anew each hour from logs and surveys themselves."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from quality.models import PersonMonth
from visits.first_arrival import first_received_sql

_FIRST_RECEIVED = first_received_sql("log")
_INSERT = "INSERT INTO quality_personmonth (measure, person_id, station_id, month, cases, hits, counted_at)"
_OF_VISITS = f"""
    {_INSERT}
    SELECT measure, person_id, station_id, month, cases, hits, %(now)s
    FROM (
        SELECT log.logged_by_id AS person_id, visit.station_id,
            date_trunc('month', log.occurred_at AT TIME ZONE %(zone)s)::date AS month,
            count(*) AS logs,
            count(*) FILTER (WHERE log.outcome = 'met') AS met,
            count(*) FILTER (WHERE log.outcome = 'refused') AS refused,
            count(*) FILTER (WHERE log.in_private IN ('yes', 'no')) AS said,
            count(*) FILTER (WHERE log.in_private = 'no') AS not_private,
            count(*) FILTER (WHERE log.outcome = 'met' AND log.sealed_note IS NULL) AS no_note,
            count(*) FILTER (
                WHERE log.received_at > log.occurred_at + interval '1 day'
                AND {_FIRST_RECEIVED} > log.occurred_at + interval '1 day'
            ) AS sent_late
        FROM visits_visitlog log JOIN visits_visit visit ON visit.id = log.visit_id
        WHERE log.logged_by_id IS NOT NULL
        GROUP BY 1, 2, 3
    ) counted CROSS JOIN LATERAL (VALUES
        ('met', logs, met), ('not_wanted', logs, refused), ('not_private', said, not_private),
        ('no_note', met, no_note), ('sent_late', logs, sent_late)
    ) AS measured (measure, cases, hits)
    WHERE cases > 0
"""  # noqa: S608
# A refusal is of whoever wrote it down last, else of her interviewer of today.
_REFUSED = f"""
    {_INSERT}
    SELECT 'refused', person_id, NULL, month, count(*), count(*) FILTER (WHERE status = 'refused'), %(now)s
    FROM (
        SELECT coalesce(survey.submitted_by_id, declined.made_by_id, woman.interviewer_id) AS person_id, wave.status,
            date_trunc('month', wave.status_changed_at AT TIME ZONE %(zone)s)::date AS month
        FROM surveys_surveycase wave
        JOIN participants_participant woman ON woman.id = wave.participant_id
        LEFT JOIN surveys_submission survey ON survey.case_id = wave.id
        LEFT JOIN LATERAL (
            SELECT made_by_id FROM surveys_callattempt
            WHERE case_id = wave.id AND outcome = 'declined' ORDER BY attempted_at DESC, id DESC LIMIT 1
        ) declined ON wave.status = 'refused'
        WHERE wave.status IN ('done', 'partial', 'refused')
    ) decided WHERE person_id IS NOT NULL GROUP BY person_id, month
"""  # noqa: S608
_IN_PART = f"""
    {_INSERT}
    SELECT 'in_part', submitted_by_id, NULL, date_trunc('month', submitted_at AT TIME ZONE %(zone)s)::date,
        count(*), count(*) FILTER (WHERE NOT is_complete), %(now)s
    FROM surveys_submission WHERE submitted_by_id IS NOT NULL GROUP BY 2, 4
"""  # noqa: S608
_NOT_ALONE = f"""
    {_INSERT}
    SELECT 'not_alone', made_by_id, NULL, date_trunc('month', attempted_at AT TIME ZONE %(zone)s)::date,
        count(*), count(*) FILTER (WHERE outcome = 'not_alone'), %(now)s
    FROM surveys_callattempt GROUP BY 2, 4
"""  # noqa: S608
# As the rule about durations counts them, of surveys answered whole: short is what was so from its first opening on.
_SHORT = f"""
    {_INSERT}
    WITH taken AS (
        SELECT survey.submitted_by_id AS person_id, survey.instrument_id,
            date_trunc('month', survey.submitted_at AT TIME ZONE %(zone)s)::date AS month,
            extract(epoch FROM survey.submitted_at - max(sitting.opened_at)) / 60 AS minutes,
            extract(epoch FROM survey.submitted_at - min(sitting.opened_at)) / 60 AS minutes_in_all
        FROM surveys_submission survey JOIN surveys_surveysitting sitting
            ON sitting.case_id = survey.case_id AND sitting.opened_at <= survey.submitted_at
        WHERE survey.submitted_by_id IS NOT NULL AND survey.is_complete
        GROUP BY survey.id
    ), usual AS (
        SELECT instrument_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) / 2 AS half
        FROM taken GROUP BY instrument_id
    )
    SELECT 'short', person_id, NULL, month, count(*), count(*) FILTER (WHERE minutes_in_all < half), %(now)s
    FROM taken JOIN usual USING (instrument_id)
    GROUP BY person_id, month
"""  # noqa: S608
# Of what hardly ever changes alone: kinds 1 and 2.
_DIFFERS = f"""
    {_INSERT}
    SELECT 'differs', again.first_id, NULL, date_trunc('month', again.asked_at AT TIME ZONE %(zone)s)::date,
        count(*), count(*) FILTER (WHERE item.differs), %(now)s
    FROM back_checks_backcheckitem item JOIN back_checks_backcheck again ON again.id = item.back_check_id
    WHERE item.kind <= 2 AND item.differs IS NOT NULL GROUP BY 2, 4
"""  # noqa: S608
STATEMENTS = (_OF_VISITS, _REFUSED, _IN_PART, _NOT_ALONE, _SHORT, _DIFFERS)


@transaction.atomic
def count_people(*, by: Actor, now: datetime) -> int:
    """Count every person's months anew, one statement for each kind of row; return how many.

    What was counted before is replaced whole: what came late changes an old month too. Safe to run twice at once.
    """
    require(by, Permission.CHECK_DATA)
    counted = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('quality_people'))")
        PersonMonth.objects.all().delete()
        for statement in STATEMENTS:
            cursor.execute(statement, {"now": now, "zone": settings.TIME_ZONE})
            counted += cursor.rowcount
    record(actor=by, action="quality.count_people", object_type="study", object_id="", details={"rows": counted})
    return counted
