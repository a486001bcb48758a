"""The rows of a cut, hashed by the database: one line a woman, so that a year of logs is no load to count again.

A row is written as JSON of its columns in the order given here, times in UTC; her rows stand in the order of their ids.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from data_lock.models import DataLock
from data_lock.statement import Recount, WomanRows, recount_of
from data_lock.states import PARTS_OF, LockKind
from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import consent_to

_WOMEN = """
    SELECT woman, count(*), encode(sha256(string_agg(sha256(convert_to(written::text, 'UTF8')), ''::bytea ORDER BY id)),
           'hex')
    FROM ({rows}) stored GROUP BY woman ORDER BY woman
"""


def _at(column: str) -> str:
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"


_LOGS = f"""
    SELECT v.participant_id AS woman, l.id, jsonb_build_array(
        l.id, l.visit_id, l.outcome, {_at("l.occurred_at")}, {_at("l.received_at")}, l.logged_by_id, l.content_sha256,
        l.reason, l.safety_concern, l.in_private, l.present, l.new_incident, l.incident_type, l.incident_on,
        l.incident_injury, l.incident_weapon, l.measures_obeyed, l.child_in_danger, l.referral_offered, l.next_contact,
        l.next_contact_on, l.next_contact_from, l.next_contact_until, l.breaches, l.clock_skew_s,
        encode(sha256(l.sealed_note), 'hex')
    ) AS written
    FROM visits_visitlog l JOIN visits_visit v ON v.id = l.visit_id
    WHERE l.occurred_at < %(ends_at)s
      AND NOT EXISTS (SELECT FROM data_lock_latearrival k WHERE k.lock_id = %(lock)s AND k.log_id = l.id)
"""  # noqa: S608 (nothing but this module's own text goes in)
_SHEETS = f"""
    SELECT a.participant_id AS woman, a.id, jsonb_build_array(
        a.id, a.scale_id, {_at("a.assessed_at")}, a.assessed_by_id, a.answers, a.overrides, a.score, a.is_complete,
        a.missing, a.computed_level, a.officer_level, a.reference, a.level, a.level_rank, a.raised_reason,
        a.own_rating, a.form_id, a.content_hmac, encode(sha256(a.sealed_note), 'hex')
    ) AS written
    FROM risk_assessment a
    WHERE a.assessed_at < %(ends_at)s
      AND NOT EXISTS (SELECT FROM data_lock_latearrival k WHERE k.lock_id = %(lock)s AND k.assessment_id = a.id)
"""  # noqa: S608 (as above)
_SURVEYS = f"""
    SELECT c.participant_id AS woman, s.id, jsonb_build_array(
        s.id, s.case_id, c.wave, s.instrument_id, {_at("s.submitted_at")}, s.submitted_by_id, s.answers, s.scores,
        s.is_complete, s.instance_id, s.content_sha256
    ) AS written
    FROM surveys_submission s JOIN surveys_surveycase c ON c.id = s.case_id
    WHERE CASE WHEN %(wave)s <> '' THEN c.wave = %(wave)s ELSE s.submitted_at < %(ends_at)s END
"""  # noqa: S608 (as above)
_TABLES: Mapping[str, str] = {
    LockKind.SURVEYS: _WOMEN.format(rows=_SURVEYS),
    LockKind.VISITS: _WOMEN.format(rows=_LOGS),
    LockKind.SHEETS: _WOMEN.format(rows=_SHEETS),
}


def recount(lock: DataLock, today: date) -> Recount:
    """Count a cut's rows as they are stored now, and what of them data sets give out today; a query for each table."""
    asked = {"lock": lock.pk, "wave": lock.wave, "ends_at": lock.ends_at}
    kinds = PARTS_OF[lock.kind]
    return recount_of(
        lock.cut,
        [(kind, _women(_TABLES[kind], asked)) for kind in kinds],
        {kind: _in_use(kind, today) for kind in kinds},
    )


def _women(statement: str, asked: dict[str, Any]) -> list[WomanRows]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [WomanRows(*row) for row in cursor.fetchall()]


def _in_use(kind: str, today: date) -> set[int]:
    """Return the women whose rows of a kind the data sets give out on a day."""
    used = Participant.objects.filter(consent_to(Feature.EXPORT_SURVEYS, today), data_erased_at=None)
    if kind != LockKind.SURVEYS:
        used = used.filter(consent_to(Feature.EXPORT_VISITS, today))
    return set(used.order_by().values_list("pk", flat=True))
