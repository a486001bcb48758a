"""Bringing in a list of attendance: whole or not at all, and exactly what the dry run showed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from documents.tables import TableFileError
from protocol.queries import current_protocol
from stations.models import Station
from stations.queries import study_codes
from training.attendance_file import AttendanceRow
from training.attendance_import import AttendanceImport, Fate, Place, RowFate, plan_import
from training.models import Attendance, Session
from training.services.attendance import ENTRY_FIELDS
from training.services.sessions import ReasonMissing


class ImportChangedMeanwhile(StudyError):
    """What is stored is no longer what the dry run compared with: its fates are to be shown again."""

    code = "import_changed_meanwhile"
    message = _("What is stored has changed since you checked the list. Nothing was written; look again.")
    http_status = 409


@transaction.atomic
def import_attendance(
    *, by: Actor, rows: Sequence[AttendanceRow], name: str, now: datetime, seen: str, reason: str = ""
) -> AttendanceImport:
    """Write what the rows say: sessions that are missing, who attended, scores; nothing that they leave open.

    `seen` is the fingerprint of the dry run that somebody looked at. Return the fate of every row. Raises
    TableFileError (a row cannot be written), ImportChangedMeanwhile, ReasonMissing (something already written down
    would change).
    """
    require(by, Permission.MANAGE_TRAINING)
    _hold()
    plan = plan_import(rows, [], name=name, now=now)
    if plan.problems:
        raise TableFileError(plan.problems)
    if plan.fingerprint != seen:
        raise ImportChangedMeanwhile
    if plan.needs_reason and not reason.strip():
        raise ReasonMissing(_("Something that was already written down changes. Say why."))
    if plan.writes_nothing:
        return plan
    sessions = _make_sessions(plan)
    _write(plan, sessions)
    counts = plan.counts()
    audit.record(
        actor=by,
        action="training.import_attendance",
        object_type="training_import",
        object_id=plan.fingerprint[:12],
        reason=reason.strip(),
        details={"new": counts[Fate.NEW], "sessions": len(sessions), "changes": _told(plan)},
    )
    return plan


def _hold() -> None:
    """Let nobody else plan or write down until the transaction ends: stations first, as everywhere, then sessions."""
    list(Station.objects.select_for_update(no_key=True).filter(pk__in=study_codes()).order_by("pk"))
    list(Session.objects.select_for_update().standing().order_by("pk"))


def _make_sessions(plan: AttendanceImport) -> dict[Place, Session]:
    made = Session.objects.bulk_create(
        Session(station_id=station, held_on=held_on, modules=modules, status=Session.Status.HELD)
        for (station, held_on), modules in plan.new_sessions.items()
    )
    return {(session.station_id, session.held_on): session for session in made}


def _write(plan: AttendanceImport, made: dict[Place, Session]) -> None:
    allowed = current_protocol().training.late_minutes_allowed
    written = [row for row in plan.rows if row.fate != Fate.UNCHANGED]
    rows = [_attendance(row, row.session_id or made[row.place].pk, allowed) for row in written]
    Attendance.objects.bulk_create([row for row in rows if row.pk is None])
    Attendance.objects.bulk_update([row for row in rows if row.pk is not None], ENTRY_FIELDS, batch_size=1000)
    touched = Session.objects.filter(pk__in={row.session_id for row in rows})
    touched.update(status=Session.Status.HELD, revision=F("revision") + 1)


def _attendance(row: RowFate, session_id: int, allowed: int) -> Attendance:
    entry = row.entry
    return Attendance(
        pk=row.attendance_id,
        session_id=session_id,
        officer_id=row.officer_id,
        module=row.row.module,
        came=entry.came,
        minutes_late=entry.minutes_late,
        absence=entry.absence,
        counts=entry.counts(late_minutes_allowed=allowed),
        score_before=entry.score_before,
        score_after=entry.score_after,
    )


def _told(plan: AttendanceImport) -> list[dict[str, object]]:
    return [
        {
            "session": row.session_id,
            "officer": row.row.officer,
            "module": row.row.module,
            **{name: list(pair) for name, pair in row.changed.items()},
        }
        for row in plan.rows
        if row.fate == Fate.CHANGED
    ]
