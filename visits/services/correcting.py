"""What was logged wrongly: whoever logs visits says what is right, both are kept, and a supervisor decides."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.queries import may_report_on
from participants.services import ConsentMissing, ParticipantOutOfReach
from visits.log_content import Content, moment_of
from visits.log_judgement import PlannedVisit, breaches_when_corrected
from visits.models import LogConflict, VisitLog
from visits.services.log_keeping import hold_for_log
from visits.services.log_writing import LOG_NOTE, act_on, beside, content_digest, new_log
from visits.services.logs import check_answers, check_moment


class NothingLogged(StudyError):
    """There is no log that could be corrected."""

    code = "nothing_logged"
    message = _("This visit has no log yet: log it instead.")
    http_status = 409


class NothingCorrected(StudyError):
    """The correction says what the log says."""

    code = "nothing_corrected"
    message = _("This says the same as what is saved: change what was wrong.")
    http_status = 422


class CorrectionWaits(StudyError):
    """A supervisor has not decided yet about another log of this visit."""

    code = "correction_waits"
    message = _("Your supervisor has not decided yet about another log of this visit. Nothing was saved.")
    http_status = 409


@transaction.atomic
def correct_log(
    *,
    by: User,
    log: VisitLog,
    correction_id: UUID,
    content: Content,
    reason: LogConflict.Correction,
    now: datetime,
) -> LogConflict:
    """Keep what is said to be right beside what was logged, with the reason; a supervisor decides which stands.

    `content` is a whole log, as `content_of` writes it; a blank note leaves the note as it is. What the correction
    tells of danger is acted on now. The same correction again gives the one that is kept. `correction_id` is made with
    the form. Raise ParticipantOutOfReach, NothingLogged, LogFieldWrong, LogInFuture, LogBeforeEnrolment,
    ConsentMissing, CorrectionWaits or NothingCorrected.
    """
    require(by, Permission.LOG_VISITS)
    occurred_at = moment_of(content)
    held = hold_for_log(log.visit, officer=by, log_id=log.pk, occurred_at=occurred_at, now=now)
    visit = held.visit
    if not (held.is_hers or may_report_on(by, visit.participant, now)):
        raise ParticipantOutOfReach
    first = VisitLog.objects.filter(visit=visit).first()
    if first is None:
        raise NothingLogged
    note = content.get("note") or sealing.unseal_text(visit.participant, first.sealed_note, purpose=LOG_NOTE)
    content = content | ({"note": note} if note else {})
    digest = content_digest(visit.pk, content)
    if kept := LogConflict.objects.filter(second_id=correction_id, second_sha256=digest).first():
        return kept
    check_answers(content)
    check_moment(visit, occurred_at, now)
    if not held.had_agreed:
        raise ConsentMissing
    if LogConflict.objects.undecided().filter(visit=visit).exists():
        raise CorrectionWaits
    if digest == first.content_sha256:
        raise NothingCorrected
    second = new_log(visit, log_id=correction_id, content=content, logged_by=by, received_at=now)
    conflict = beside(first, second, content, author=by)
    conflict.correction = reason
    conflict.clock_skew_s, conflict.breaches = first.clock_skew_s, _breaches(first, second)
    conflict.save(force_insert=True)
    act_on(second, actor=by, participant=visit.participant, now=now)
    record(actor=by, action="visits.correct_log", object_type="visit", object_id=visit.pk, reason=reason)
    return conflict


def _breaches(first: VisitLog, second: VisitLog) -> list[str]:
    """Return what the log breaks as corrected: how it came is as it was; when it was is judged anew if that changes."""
    if second.occurred_at == first.occurred_at:
        return first.breaches
    return breaches_when_corrected(
        first.breaches,
        PlannedVisit(second.visit.planned_on, second.visit.grace_ends_at, is_replanned=False),
        occurred_at=second.occurred_at,
        occurred_on=timezone.localdate(second.occurred_at),
    )
