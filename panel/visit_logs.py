"""Logs of visits for programs: the statement that lists the newest first, and what of its rows leaves the study.

How often a woman is visited tells the arm (ADR 9): the whole list is for who may read it.
"""

from collections.abc import Sequence
from typing import Any

from panel.tables.cohort import DRAWN, LOGS_OUT, WOMEN
from visits.first_arrival import first_received_sql

# What leaves: codes, days since she joined, and what was chosen from lists; no officer, no moment, no note.
FIELDS = (
    "log",
    "woman",
    "station",
    "day",
    "planned_day",
    "is_unplanned",
    "outcome",
    "reason",
    "in_private",
    "new_incident",
    "minutes_until_received",
)
# What the next page begins after; it is sealed into a cursor.
PLACE = ("received_at", "id")


def newest_logs_sql(*, after: Sequence[Any] | None, limit: int) -> tuple[str, dict[str, Any]]:
    """Return the statement of one page of FIELDS and PLACE, newest first, with its own parameters.

    Only of women who let their visits be given out today, and without what came after a lock that stands.
    """
    begins = "" if after is None else "AND (l.received_at, l.id) < (%(received_at)s::timestamptz, %(log_id)s::uuid)"
    place = {} if after is None else {"received_at": after[0], "log_id": after[1]}
    # The fence keeps the planner on the logs' own index, whatever it believes of the women: it would sort all logs.
    statement = f"""
        SELECT 'L' || upper(left(encode(
                   sha256(%(outer)s || sha256(%(inner)s || convert_to(l.id::text, 'UTF8'))), 'hex'
               ), 16)) AS log,
               g.woman, g.letter AS station,
               (l.occurred_at AT TIME ZONE %(zone)s)::date - g.enrolled_on AS day,
               g.planned_on - g.enrolled_on AS planned_day, g.is_unplanned, l.outcome, l.reason, l.in_private,
               l.new_incident, round(extract(epoch FROM {first_received_sql("l")} - l.occurred_at) / 60)::int
                   AS minutes_until_received,
               l.received_at::text, l.id::text
        FROM visits_visitlog l
        CROSS JOIN LATERAL (
            SELECT w.woman, w.enrolled_on, w.is_visited, v.planned_on, v.is_unplanned, d.letter
            FROM visits_visit v
            JOIN ({WOMEN}) w ON w.id = v.participant_id
            JOIN ({DRAWN}) d ON d.station_id = w.station_id
            WHERE v.id = l.visit_id
            OFFSET 0
        ) g
        WHERE g.is_visited AND l.id NOT IN {LOGS_OUT} {begins}
        ORDER BY l.received_at DESC, l.id DESC
        LIMIT %(page_limit)s
    """  # noqa: S608 (nothing goes in but this module's own text)
    return statement, {"page_limit": limit, **place}
