"""Tries to reach a woman for a survey, within her safe times; and why a survey did not come about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.models import AccessNotice, ContactOverride, Participant
from participants.reach import require_may_know
from participants.safe_contact import Contact
from participants.services import ChannelNotHers, OverrideReasonTooShort, raise_notice
from participants.services.overrides import SHORTEST_SENTENCE
from participants.services.refusals import conflicts_reported
from surveys.attempting import Refusal, refusal_of
from surveys.models import CallAttempt, SurveyCase
from surveys.queries import attempts as queries
from surveys.schedule import HELD, OPEN, may_become
from surveys.services.answers import SurveyClosed, SurveyNotOpen, SurveyOnHold
from surveys.services.waves import require_part

ATTEMPT_REASON = "attempt reason"
# Written down at the latest so long after it was made.
LONGEST_AGO = timedelta(days=14)
Outcome = CallAttempt.Outcome
Status = SurveyCase.Status
_BECOMES = {Outcome.DECLINED: Status.REFUSED, Outcome.NOT_ALONE: Status.NOT_PRIVATE}


class AttemptOutsideSafeTimes(StudyError):
    """She said when she can be reached; anything else needs a reason."""

    code = "attempt_outside_safe_times"
    message = _("This was outside her safe times. Say why she was tried then: the safety officer hears of it.")
    http_status = 422


class NextOutsideSafeTimes(StudyError):
    """A next attempt is planned within her safe times only."""

    code = "next_outside_safe_times"
    message = _("Choose a moment within her safe times for the next attempt.")
    http_status = 422


class AttemptTimeInvalid(StudyError):
    """An attempt lies behind, the next one ahead."""

    code = "attempt_time_invalid"
    message = _("An attempt lies in the past, at most 14 days ago, and the next one in the future.")
    http_status = 422


class AttemptWrittenAlready(StudyError):
    """One attempt at a moment."""

    code = "attempt_written_already"
    message = _("This attempt is written down already.")
    http_status = 409


class SurveyNotMissed(StudyError):
    """Only what is late, or was given up by the sweep, is explained."""

    code = "survey_not_missed"
    message = _("This survey is not late, or somebody has said already why it was missed.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try as it is written down; the sentence says why it lay outside her safe times, if it did."""

    attempted_at: datetime
    channel: Contact
    outcome: CallAttempt.Outcome
    next_at: datetime | None = None
    outside_reason: ContactOverride.Reason | None = None
    sentence: str = ""


@conflicts_reported
@transaction.atomic
def log_attempt(*, by: User, case: SurveyCase, attempt: Attempt, now: datetime) -> CallAttempt:
    """Write down a try to reach a woman; if she declined the case is closed, if she was not alone it waits.

    An attempt outside her safe times needs a reason, which the safety officer reads, or an exception written before; by
    a way that is not hers there is none. Raise ParticipantOutOfReach, ParticipantLeft, ConflictOfInterest,
    ConsentMissing, SurveyOnHold, SurveyClosed, SurveyNotOpen, AttemptTimeInvalid, ChannelNotHers,
    AttemptOutsideSafeTimes, OverrideReasonTooShort, NextOutsideSafeTimes or AttemptWrittenAlready.
    """
    require(by, Permission.COLLECT_SURVEYS)
    # The woman's row comes first, as for whoever changes her part.
    participant = Participant.objects.select_for_update(no_key=True).get(pk=case.participant_id)
    locked = SurveyCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    _require_open(by, participant, locked, now)
    locked.participant = participant
    kept = write_attempt(locked, attempt, author=by, now=now)
    _close(locked, attempt.outcome, now)
    record(
        actor=by,
        action="surveys.log_attempt",
        object_type="survey",
        object_id=locked.pk,
        reason=kept.outside_reason,
        details={"channel": attempt.channel, "outcome": attempt.outcome, "has_next": attempt.next_at is not None},
    )
    return kept


@conflicts_reported
@transaction.atomic
def explain_missed_survey(*, by: User, case: SurveyCase, reason: SurveyCase.MissedReason, now: datetime) -> SurveyCase:
    """Say why a late survey is given up, or in the sweep's stead why it was missed. Raise as `log_attempt`.

    What was said once stands: SurveyNotMissed.
    """
    require(by, Permission.COLLECT_SURVEYS)
    participant = Participant.objects.select_for_update(no_key=True).get(pk=case.participant_id)
    locked = SurveyCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    require_may_know(by, participant, now)
    require_part(participant, now)
    if not queries.may_be_explained(locked, timezone.localdate(now)):
        raise SurveyNotMissed
    locked.status, locked.missed_reason, locked.missed_explained_by = Status.MISSED, reason, by
    locked.status_changed_at = now
    locked.save(update_fields=["status", "missed_reason", "missed_explained_by", "status_changed_at"])
    record(
        actor=by,
        action="surveys.explain_missed",
        object_type="survey",
        object_id=locked.pk,
        reason=reason,
        details={"wave": locked.wave},
    )
    return locked


def write_attempt(case: SurveyCase, attempt: Attempt, *, author: User, now: datetime) -> CallAttempt:
    """Write a try down beside its case, which stays as it is; tell of one outside her safe times. As `log_attempt`."""
    participant = case.participant
    is_outside = _checked(participant, attempt, now)
    kept = _kept(participant, case, attempt, by=author, now=now, is_outside=is_outside)
    if is_outside:
        raise_notice(AccessNotice.Kind.OUTSIDE_SAFE_TIMES, now=now, participant=participant, user=author)
    return kept


def _require_open(by: User, participant: Participant, case: SurveyCase, now: datetime) -> None:
    require_may_know(by, participant, now)
    require_part(participant, now)
    if case.status in HELD:
        raise SurveyOnHold
    if case.status not in OPEN:
        raise SurveyClosed
    if timezone.localdate(now) < case.window_from:
        raise SurveyNotOpen


def _checked(participant: Participant, attempt: Attempt, now: datetime) -> bool:
    """Say whether the attempt lay outside her safe times, with a reason that will do."""
    if not now - LONGEST_AGO <= attempt.attempted_at <= now or (attempt.next_at and attempt.next_at <= now):
        raise AttemptTimeInvalid
    plan, allowed = participant.safe_contact.times, queries.allowances_of(participant)
    if attempt.next_at is not None:
        refusal = refusal_of(plan, attempt.next_at, attempt.channel, allowed)
        if refusal is not None:
            raise ChannelNotHers if refusal == Refusal.CHANNEL else NextOutsideSafeTimes
    refusal = refusal_of(plan, attempt.attempted_at, attempt.channel, allowed)
    if refusal == Refusal.CHANNEL:
        raise ChannelNotHers
    if refusal is None:
        return False
    if attempt.outside_reason is None:
        raise AttemptOutsideSafeTimes
    if len(attempt.sentence.strip()) < SHORTEST_SENTENCE:
        raise OverrideReasonTooShort
    return True


def _kept(
    participant: Participant, case: SurveyCase, attempt: Attempt, *, by: User, now: datetime, is_outside: bool
) -> CallAttempt:
    sealed = sealing.seal_text(participant, attempt.sentence, purpose=ATTEMPT_REASON) if is_outside else None
    try:
        with transaction.atomic():
            return CallAttempt.objects.create(
                case=case,
                attempted_at=attempt.attempted_at,
                channel=attempt.channel,
                outcome=attempt.outcome,
                next_at=attempt.next_at,
                outside_reason=attempt.outside_reason or "" if is_outside else "",
                sealed_reason=sealed,
                made_by=by,
                recorded_at=now,
            )
    except IntegrityError as error:
        raise AttemptWrittenAlready from error


def _close(case: SurveyCase, outcome: CallAttempt.Outcome, now: datetime) -> None:
    status = _BECOMES.get(outcome)
    if status is None or not may_become(case.status, status):
        return
    case.status, case.status_changed_at = status, now
    case.save(update_fields=["status", "status_changed_at"])
