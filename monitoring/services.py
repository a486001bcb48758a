"""Keeping the heartbeat of the scheduled jobs, what of the study is late, and what was written to whom."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.checkpoints import signing_key
from audit.models import Checkpoint
from audit.services import make_checkpoint, record
from monitoring.models import BackupReport, DoseWeek, JobHeartbeat, LastMorning, Lateness, StaffMessage
from monitoring.queries.lateness import IS_LATE
from monitoring.telling import Kind, may_be_tried
from protocol.queries import current_protocol
from stations.queries import study_codes

LONGEST_PLACE = 40
_LABEL = re.compile(r"[\w .-]+")


@dataclass(frozen=True, slots=True)
class Backup:
    """What whoever makes the backups says of one; `sha256` in small hexadecimal digits."""

    made_at: datetime
    size_bytes: int
    place: str
    sha256: str
    restored_on: date | None = None


class BackupWrong(StudyError):
    """What was said of a backup cannot be so."""

    code = "backup_wrong"


@transaction.atomic
def record_backup(*, by: Actor, backup: Backup, now: datetime) -> bool:
    """Record a backup that was made; say whether it was news. Safe to repeat. Raises BackupWrong."""
    require(by, Permission.WATCH_STUDY)
    report = BackupReport(**asdict(backup), recorded_at=now)
    if not 0 < len(backup.place) <= LONGEST_PLACE:
        raise BackupWrong(_("Name the place of the backup in 1 to 40 characters."))
    if not _LABEL.fullmatch(backup.place):
        raise BackupWrong(
            _("The place of a backup is a label of letters, digits, spaces and hyphens, never an address.")
        )
    if backup.restored_on and backup.restored_on > timezone.localdate(now):
        raise BackupWrong(_("A restore cannot have been tried on a day to come."))
    known = BackupReport.objects.filter(made_at=backup.made_at, sha256=backup.sha256, restored_on=backup.restored_on)
    if known.exists():
        return False
    try:
        report.validate_constraints()
    except ValidationError as error:
        raise BackupWrong(" ".join(error.messages)) from error
    report.save()
    record(
        actor=by,
        action="monitoring.record_backup",
        object_type="backup",
        object_id=report.pk,
        details={"made_at": backup.made_at.isoformat(), "bytes": backup.size_bytes, "sha256": backup.sha256},
    )
    return True


@transaction.atomic
def check_audit(*, by: Actor, now: datetime) -> Checkpoint:
    """Check the whole audit, and store what was found with the study's signature."""
    require(by, Permission.WATCH_STUDY)
    checkpoint = make_checkpoint(key=signing_key(settings.AUDIT_SIGNING_KEY), now=now)
    record(
        actor=by,
        action="monitoring.check_audit",
        object_type="checkpoint",
        object_id=checkpoint.pk,
        details={"rows": checkpoint.rows, "head": checkpoint.head, "is_intact": not checkpoint.problem},
    )
    return checkpoint


_COUNT_DOSE = """
    INSERT INTO monitoring_doseweek (
        station_id, monday, done, refused, unsafe, not_met, missed, to_come, on_time, without_officers, beside_plan,
        women, women_above_usual, short, counted_at
    )
    SELECT station_id, monday, sum(done), sum(refused), sum(unsafe), sum(attempted) - sum(refused) - sum(unsafe),
        sum(missed), sum(to_come), sum(on_time), sum(without_officers), sum(beside_plan),
        count(*) FILTER (WHERE short IS NULL), count(*) FILTER (WHERE met > %(usual)s), coalesce(sum(short), 0), %(now)s
    FROM (
        SELECT v.station_id, v.participant_id, date_trunc('week', v.planned_on)::date AS monday,
            count(*) FILTER (WHERE NOT v.is_unplanned AND v.status = 'done') AS done,
            count(*) FILTER (WHERE NOT v.is_unplanned AND v.status = 'attempted') AS attempted,
            count(*) FILTER (WHERE NOT v.is_unplanned AND v.status = 'attempted' AND l.outcome = 'refused') AS refused,
            count(*) FILTER (
                WHERE NOT v.is_unplanned AND v.status = 'attempted' AND l.outcome IN ('unsafe', 'aborted')
            ) AS unsafe,
            count(*) FILTER (WHERE NOT v.is_unplanned AND v.status = 'missed') AS missed,
            count(*) FILTER (WHERE NOT v.is_unplanned AND v.status = 'planned') AS to_come,
            count(*) FILTER (
                WHERE NOT v.is_unplanned AND v.status IN ('done', 'attempted') AND l.occurred_at <= v.grace_ends_at
                AND (l.occurred_at AT TIME ZONE %(zone)s)::date >= v.planned_on
            ) AS on_time,
            count(*) FILTER (
                WHERE NOT v.is_unplanned AND v.status IN ('missed', 'planned') AND v.first_officer_id IS NULL
            ) AS without_officers,
            count(*) FILTER (WHERE v.is_unplanned AND v.status IN ('done', 'attempted')) AS beside_plan,
            count(*) FILTER (WHERE v.status = 'done') AS met, NULL::int AS short
        FROM visits_visit v LEFT JOIN visits_visitlog l ON l.visit_id = v.id
        WHERE v.status <> 'superseded' AND v.station_id = ANY(%(stations)s)
        GROUP BY v.station_id, v.participant_id, monday
        UNION ALL
        -- What the last plan of her week could not place, at the station that the week was planned for.
        SELECT coalesce(planned.station_id, w.station_id), p.participant_id, p.monday, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            p.shortfall
        FROM (
            SELECT DISTINCT ON (participant_id, monday) id, participant_id, monday, shortfall FROM visits_weekplan
            ORDER BY participant_id, monday, revision DESC
        ) p JOIN participants_participant w ON w.id = p.participant_id
        LEFT JOIN LATERAL (SELECT station_id FROM visits_visit WHERE plan_id = p.id LIMIT 1) planned ON true
        WHERE p.shortfall > 0 AND coalesce(planned.station_id, w.station_id) = ANY(%(stations)s)
    ) AS woman_week
    GROUP BY station_id, monday
"""


@transaction.atomic
def count_dose(*, by: Actor, now: datetime) -> int:
    """Count the visits of every drawn station and week anew, in one statement; return how many station-weeks.

    What was counted before is replaced whole: a log that came late changes an old week too. Safe to run twice at once.
    """
    require(by, Permission.WATCH_STUDY)
    stations = list(study_codes())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('monitoring_dose'))")
        DoseWeek.objects.all().delete()
        counted = 0
        if stations:
            usual = current_protocol().cadence.usual_visits_a_week
            cursor.execute(_COUNT_DOSE, {"usual": usual, "now": now, "zone": settings.TIME_ZONE, "stations": stations})
            counted = cursor.rowcount
    record(actor=by, action="monitoring.count_dose", object_type="study", object_id="", details={"rows": counted})
    return counted


# A heartbeat is no act of anybody: it is not audited, and there is one row per job for ever.
@transaction.atomic
def record_job_start(*, job: str, now: datetime) -> None:
    """Note that a job began."""
    JobHeartbeat.objects.update_or_create(job=job, defaults={"started_at": now})


@transaction.atomic
def record_job_end(*, job: str, error: str, now: datetime, failed_steps: int = 0) -> None:
    """Note that a job ended; `error` is the kind of failure, empty after success. Never its text: it may quote data.

    `failed_steps`: of a sweep that went on past failures, how many there were.
    """
    ended = {"finished_at": now, "error": error, "failed_steps": failed_steps, "runs": F("runs") + 1}
    if not error:
        ended["succeeded_at"] = now
    JobHeartbeat.objects.filter(job=job).update(**ended)


# That somebody was asked for is no act of anybody either: one row per person for ever.
@transaction.atomic
def note_morning(*, user: User, counts: Mapping[str, int], now: datetime) -> None:
    """Note how much waited for a person on the day of a moment (in Lima). A later day is never taken back."""
    day = timezone.localdate(now)
    LastMorning.objects.bulk_create([LastMorning(user=user, day=day, counts=dict(counts))], ignore_conflicts=True)
    LastMorning.objects.filter(user=user, day__lt=day).update(day=day, counts=dict(counts))


@transaction.atomic
def watch_lateness(*, by: Actor, what: Lateness.What, now: datetime) -> Lateness | None:
    """Begin a lateness when something is late, end it when it no longer is; return the one that goes on.

    One at a time of each, which the database holds: safe to run twice, and twice at once.
    """
    require(by, Permission.WATCH_PLANNER)
    is_late, going_on = IS_LATE[what](now), Lateness.objects.filter(what=what, over_at=None)
    if is_late and not going_on.exists():
        Lateness.objects.bulk_create([Lateness(what=what, began_at=now)], ignore_conflicts=True)
        record(actor=by, action=f"monitoring.{what}_late", object_type="study", object_id="")
    elif not is_late and going_on.filter(began_at__lte=now).update(over_at=now):
        record(actor=by, action=f"monitoring.{what}_back", object_type="study", object_id="")
    return going_on.first()


@transaction.atomic
def claim_message(*, by: Actor, kind: Kind, about: str, to: str, now: datetime) -> StaffMessage | None:
    """Take a message to somebody for sending; None if it left, may have left, or is not to be tried now.

    Committed before anything leaves: whoever dies in the middle has said it once at most (ADR 20).
    """
    require(by, Permission.SEND_MESSAGES)
    fresh = StaffMessage(kind=kind, about=about, to=to, attempts=0)
    StaffMessage.objects.bulk_create([fresh], ignore_conflicts=True)
    held = StaffMessage.objects.select_for_update().get(kind=kind, about=about, to=to)
    if held.claimed_at is not None or not may_be_tried(held.attempts, held.tried_at, now):
        return None
    held.attempts, held.claimed_at, held.tried_at = held.attempts + 1, now, now
    held.save(update_fields=["attempts", "claimed_at", "tried_at"])
    record(
        actor=by,
        action="monitoring.claim_message",
        object_type="staff_message",
        object_id=held.pk,
        details={"kind": kind, "to": to},
    )
    return held


@transaction.atomic
def settle_message(*, by: Actor, message: StaffMessage, has_left: bool, now: datetime) -> None:
    """Note that a claimed message left, or that it certainly did not and may be tried again."""
    require(by, Permission.SEND_MESSAGES)
    settled = {"sent_at": now} if has_left else {"claimed_at": None}
    StaffMessage.objects.filter(pk=message.pk, sent_at=None).update(**settled)
    record(
        actor=by,
        action="monitoring.settle_message",
        object_type="staff_message",
        object_id=message.pk,
        details={"left": has_left},
    )
