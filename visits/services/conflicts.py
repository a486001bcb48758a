"""What a supervisor decides about two logs of one visit. Whatever she decides, both stay kept."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.models import Participant
from participants.reach import require_no_tie, require_reach
from participants.services.refusals import conflicts_reported
from protocol.locked_data import locked_data_told
from visits.log_content import moment_of
from visits.models import LogConflict, Visit, VisitLog
from visits.services.log_writing import LOG_NOTE, columns_of
from visits.states import state_after

Decision = LogConflict.Decision


class ConflictDecided(StudyError):
    """The first decision stands."""

    code = "conflict_decided"
    message = _("Somebody has already decided this: nothing was changed.")
    http_status = 409


@conflicts_reported
@transaction.atomic
def open_conflict(*, by: User, conflict: LogConflict, now: datetime) -> tuple[str, str]:
    """Return the notes of both logs, and record who read them.

    Raise ParticipantOutOfReach, ActRefused where something ties her to the case, or as `unseal_text`.
    """
    require(by, Permission.DECIDE_LOG_CONFLICTS)
    participant = conflict.participant
    require_reach(by, participant, now)
    require_no_tie(by, participant)
    notes = (
        sealing.unseal_text(participant, conflict.first_sealed_note, purpose=LOG_NOTE),
        sealing.unseal_text(participant, conflict.second_sealed_note, purpose=LOG_NOTE),
    )
    record(actor=by, action="visits.open_conflict", object_type="participant", object_id=participant.study_code)
    return notes


@conflicts_reported
@locked_data_told()
@transaction.atomic
def decide_conflict(*, by: User, conflict: LogConflict, decision: Decision, now: datetime) -> LogConflict:
    """Let the first log stand, or the second in its place, or both: then the second is a visit beside the plan.

    What either told of danger was acted on when it came, and stays so. A supervisor may decide on what she sent
    herself: many stations have one, and the record says so. Raise ParticipantOutOfReach, ActRefused, ConflictDecided,
    or DataIsLocked: then the first stands until the lock is lifted.
    """
    require(by, Permission.DECIDE_LOG_CONFLICTS)
    Participant.objects.select_for_update(no_key=True).get(pk=conflict.visit.participant_id)
    visit = Visit.objects.select_for_update(of=("self",)).select_related("participant").get(pk=conflict.visit_id)
    require_reach(by, visit.participant, now)
    require_no_tie(by, visit.participant)
    locked = LogConflict.objects.select_for_update(of=("self",)).select_related("log").get(pk=conflict.pk)
    if locked.decided_at is not None:
        raise ConflictDecided
    if decision == Decision.SECOND:
        _let_second_stand(locked, visit, now)
    elif decision == Decision.BOTH:
        _add_unplanned_visit(locked, visit, now)
    locked.decision, locked.decided_at, locked.decided_by = decision, now, by
    locked.save(update_fields=["decision", "decided_at", "decided_by"])
    record(
        actor=by,
        action="visits.decide_conflict",
        object_type="visit",
        object_id=visit.pk,
        details={
            "decision": decision,
            "first": str(locked.log_id),
            "second": str(locked.second_id),
            "own_log": by.pk in (locked.first_by_id, locked.second_by_id),
        },
    )
    return locked


def _let_second_stand(conflict: LogConflict, visit: Visit, now: datetime) -> None:
    """Write the second content into the visit's log; the first stays in the conflict."""
    log = conflict.log
    _fill(log, conflict)
    log.save()
    visit.status, visit.status_changed_at = state_after(log.outcome), now
    visit.save(update_fields=["status", "status_changed_at"])


def _add_unplanned_visit(conflict: LogConflict, visit: Visit, now: datetime) -> None:
    occurred_on = timezone.localdate(moment_of(conflict.second))
    beside = Visit.objects.create(
        plan_id=visit.plan_id,
        participant=visit.participant,
        station_id=visit.station_id,
        planned_on=occurred_on,
        window_from=visit.window_from,
        window_until=visit.window_until,
        grace_ends_at=visit.grace_ends_at,
        status=state_after(conflict.second["outcome"]),
        status_changed_at=now,
        is_unplanned=True,
    )
    is_free = not VisitLog.objects.filter(pk=conflict.second_id).exists()
    log = VisitLog(pk=conflict.second_id if is_free else uuid4(), visit=beside)
    _fill(log, conflict)
    log.save(force_insert=True)


def _fill(log: VisitLog, conflict: LogConflict) -> None:
    for name, value in columns_of(conflict.second).items():
        setattr(log, name, value)
    log.sealed_note, log.logged_by_id = conflict.second_sealed_note, conflict.second_by_id
    log.content_sha256, log.received_at = conflict.second_sha256, conflict.received_at
    log.clock_skew_s, log.breaches = conflict.clock_skew_s, conflict.breaches
