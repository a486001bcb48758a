"""What became of a visit: logged by an officer, missed, explained by a supervisor."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from participants.queries import is_within_reach, may_report_on
from participants.services import ConsentMissing, ParticipantOutOfReach
from visits.log_content import Content, VisitAnswers, content_of, moment_of
from visits.log_fields import PROBLEMS, Outcome, Problem, problems
from visits.log_judgement import CLOCK_TOLERANCE
from visits.models import Visit, VisitChange, VisitLog
from visits.services.log_keeping import hold_for_log, keep_log
from visits.services.log_writing import act_on, content_digest, new_log
from visits.states import LOGGABLE, state_after

Status = Visit.Status


class LogInFuture(StudyError):
    """A visit cannot have happened after now."""

    code = "log_in_future"
    message = _("The visit cannot have happened in the future: check the day and the hour.")
    http_status = 422


class LogBeforeEnrolment(StudyError):
    """A visit cannot have happened before the woman joined."""

    code = "log_before_enrolment"
    message = _("The visit cannot have happened before she joined: check the day and the hour.")
    http_status = 422


class VisitNotDue(StudyError):
    """The visit's day has not come."""

    code = "visit_not_due"
    message = _("This visit is planned for a later day: it cannot be logged yet.")
    http_status = 422


class VisitWasMoved(StudyError):
    """A newer plan took the visit's place."""

    code = "visit_was_moved"
    message = _("This visit was re-planned: look for its new day in the list.")
    http_status = 409


class AlreadyLogged(StudyError):
    """Somebody else's log came first."""

    code = "already_logged"
    message = _("This visit was already logged: what was saved before stands.")
    http_status = 409


class VisitLogConflict(StudyError):
    """The same log came twice with different content."""

    code = "visit_log_conflict"
    message = _("This log was already sent with another content: what was saved before stands.")
    http_status = 409


class VisitNotMissed(StudyError):
    """Only a missed visit is explained."""

    code = "visit_not_missed"
    message = _("This visit is not missed, or its reason is already written.")
    http_status = 409


class LogFieldWrong(StudyError):
    """An answer is missing, or does not fit the others: `log_fields` says which."""

    code = "log_field_wrong"
    http_status = 422

    def __init__(self, problem: Problem) -> None:
        super().__init__(PROBLEMS[problem.code])
        self.field = problem.field


@transaction.atomic
def log_visit(
    *,
    by: User,
    visit: Visit,
    log_id: UUID,
    outcome: Outcome,
    occurred_at: datetime,
    now: datetime,
    answers: VisitAnswers | None = None,
    note: str = "",
) -> VisitLog:
    """Keep what happened at a visit, and close it. The same log sent again gives the one that is kept.

    `log_id` is made where the log was written; the note is sealed with the woman's own key. Raise
    ParticipantOutOfReach, LogFieldWrong, LogInFuture, LogBeforeEnrolment, VisitNotDue, VisitWasMoved, AlreadyLogged,
    ConsentMissing or VisitLogConflict.
    """
    require(by, Permission.LOG_VISITS)
    answers = answers or VisitAnswers()
    held = hold_for_log(visit, officer=by, log_id=log_id, occurred_at=occurred_at, now=now)
    locked = held.visit
    if not (held.is_hers or may_report_on(by, locked.participant, now)):
        raise ParticipantOutOfReach
    content = content_of(outcome=outcome, occurred_at=occurred_at, answers=answers, note=note)
    if held.log_is_known:
        return _same_again(by, VisitLog.objects.get(pk=log_id), content_digest(locked.pk, content), locked)
    check_answers(content)
    _check_loggable(locked, occurred_at, now)
    # Asked of the hour of the visit: what was seen before she left is kept, whenever it arrives.
    if not held.had_agreed:
        raise ConsentMissing
    log = new_log(locked, log_id=log_id, content=content, logged_by=by, received_at=now)
    log.occurred_at, was = occurred_at, locked.status
    keep_log(log, locked, state=state_after(outcome), now=now)
    act_on(log, actor=by, participant=locked.participant, now=now)
    _record_log(by, log, {"outcome": outcome, "was": was, "safety_concern": answers.safety_concern})
    return log


@transaction.atomic
def mark_missed(*, by: Actor, now: datetime) -> int:
    """Mark every visit whose grace is over and that nobody logged; return how many. Two conditional updates.

    One of a woman whom another station cares for by now has its reason with it: nobody is left who could write one.
    """
    require(by, Permission.PLAN_VISITS)
    overdue = Visit.objects.filter(status=Status.PLANNED, grace_ends_at__lte=now)
    missed = overdue.exclude(station=F("participant__station")).update(
        status=Status.MISSED, status_changed_at=now, missed_reason=Visit.MissedReason.HANDED_OVER
    )
    missed += overdue.update(status=Status.MISSED, status_changed_at=now)
    if missed:
        record(actor=by, action="visits.mark_missed", object_type="visit", details={"visits": missed})
    return missed


@transaction.atomic
def explain_missed_visit(*, by: User, visit: Visit, reason: Visit.MissedReason, now: datetime) -> Visit:
    """Keep a supervisor's reason for a missed visit; it stays missed. Raise ParticipantOutOfReach or VisitNotMissed."""
    require(by, Permission.EXPLAIN_MISSED_VISITS)
    locked = _locked(visit)
    if not is_within_reach(by, locked.participant, now):
        raise ParticipantOutOfReach
    if locked.status != Status.MISSED or locked.missed_reason:
        raise VisitNotMissed
    locked.missed_reason, locked.missed_explained_by = reason, by
    locked.save(update_fields=["missed_reason", "missed_explained_by"])
    record(actor=by, action="visits.explain_missed", object_type="visit", object_id=locked.pk, reason=reason)
    return locked


def _locked(visit: Visit) -> Visit:
    """Return the visit under a lock, so that a second log waits for the first.

    The woman's row comes first, as for whoever plans or assesses: nobody waits for each other for ever.
    """
    Participant.objects.select_for_update(no_key=True).get(pk=visit.participant_id)
    return Visit.objects.select_for_update(of=("self",)).select_related("participant").get(pk=visit.pk)


def _same_again(by: User, kept: VisitLog, digest: str, visit: Visit) -> VisitLog:
    if kept.visit_id != visit.pk or kept.content_sha256 != digest:
        raise VisitLogConflict
    _record_log(by, kept, {"again": True})
    return kept


def check_answers(content: Content) -> None:
    """Let a log pass that says what it must. Raise LogFieldWrong."""
    day = timezone.localdate(moment_of(content)).isoformat() if "occurred_at" in content else ""
    for problem in problems(content, day):
        raise LogFieldWrong(problem)


def check_moment(visit: Visit, occurred_at: datetime, now: datetime) -> None:
    """Let a visit pass that took place while she took part. Raise LogInFuture or LogBeforeEnrolment."""
    if occurred_at > now + CLOCK_TOLERANCE:
        raise LogInFuture
    if timezone.localdate(occurred_at) < visit.participant.enrolled_on:
        raise LogBeforeEnrolment


def _check_loggable(visit: Visit, occurred_at: datetime, now: datetime) -> None:
    check_moment(visit, occurred_at, now)
    if visit.planned_on > timezone.localdate(now) and not _was_due(visit, now):
        raise VisitNotDue
    if visit.status == Status.SUPERSEDED:
        raise VisitWasMoved
    if visit.status not in LOGGABLE:
        raise AlreadyLogged


def _was_due(visit: Visit, now: datetime) -> bool:
    """Say whether a visit moved to a later day was due before: whoever had no signal went on the old day."""
    moved = visit.changes.filter(kind=VisitChange.Kind.MOVED, day_before__lte=timezone.localdate(now))
    return moved.exists()


def _record_log(by: User, log: VisitLog, details: Mapping[str, object]) -> None:
    record(actor=by, action="visits.log", object_type="visit", object_id=log.visit_id, details=details)
