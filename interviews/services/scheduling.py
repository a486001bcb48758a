"""From the proposal of a time to the interview held: her own interviewer, her safe hours, her consent at each step."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from interviews.models import Interview
from interviews.states import may_become
from participants.consent_scopes import Feature
from participants.reach import require_consent, require_followed, require_in_study, require_reach
from participants.safe_contact import Contact, is_safe_window

Status = Interview.Status


class InterviewMovedOn(StudyError):
    """Somebody wrote another step meanwhile, or it ended."""

    code = "interview_moved_on"
    message = _("This interview has moved on meanwhile: look at it again.")
    http_status = 409


class TimeNotSafe(StudyError):
    """The whole of it must lie in her safe hours, and by the way she chose."""

    code = "time_not_safe"
    message = _("Not all of this time lies in her safe hours: choose another, or ask her when she can talk.")
    http_status = 409
    field = "starts_at"


class TimeIsPast(StudyError):
    """A proposal looks ahead."""

    code = "time_is_past"
    message = _("Choose a time that is still to come.")
    field = "starts_at"


class NotYetTime(StudyError):
    """What has not begun was not held."""

    code = "not_yet_time"
    message = _("It has not begun yet. If she came earlier, propose that time first.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Meeting:
    """When and where; `minutes` is the whole of it."""

    starts_at: datetime
    minutes: int
    place: Interview.Place

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@transaction.atomic
def propose_interview(*, by: User, interview: Interview, meeting: Meeting, now: datetime) -> Interview:
    """Propose a time and a place, or other ones. Raise TimeIsPast, TimeNotSafe, InterviewMovedOn, or as `_step`."""
    locked = _step(by, interview, Status.PROPOSED, now)
    require_followed(locked.participant)
    if meeting.starts_at <= now:
        raise TimeIsPast
    _require_safe(locked, meeting)
    locked.starts_at, locked.ends_at, locked.place = meeting.starts_at, meeting.ends_at, meeting.place
    locked.held_by = by
    _move(by, locked, Status.PROPOSED, now, "interviews.propose")
    return locked


@transaction.atomic
def agree_interview(*, by: User, interview: Interview, now: datetime) -> Interview:
    """Write that she agreed to the time. Raise TimeNotSafe if her hours changed since, or as `propose_interview`."""
    locked = _step(by, interview, Status.AGREED, now)
    require_followed(locked.participant)
    if locked.starts_at is None or locked.ends_at is None:
        raise InterviewMovedOn
    minutes = int((locked.ends_at - locked.starts_at).total_seconds() // 60)
    _require_safe(locked, Meeting(locked.starts_at, minutes, Interview.Place(locked.place)))
    _move(by, locked, Status.AGREED, now, "interviews.agree")
    return locked


@transaction.atomic
def hold_interview(*, by: User, interview: Interview, audio_agreed: bool, now: datetime) -> Interview:
    """Write that it was held: she was asked again whether she talks, and whether she is recorded.

    A yes to the recording needs her consent to audio. Raise NotYetTime, or as `propose_interview`.
    """
    locked = _step(by, interview, Status.DONE, now)
    if locked.starts_at is None or locked.starts_at > now:
        raise NotYetTime
    if audio_agreed:
        require_consent(locked.participant, Feature.RECORD_AUDIO, now)
    locked.audio_agreed = audio_agreed
    _move(by, locked, Status.DONE, now, "interviews.hold")
    return locked


@transaction.atomic
def end_interview(*, by: User, interview: Interview, outcome: Interview.Status, now: datetime) -> Interview:
    """Write that she does not talk (refused) or was not reached (lost); somebody else is asked by the same rule.

    Needs no consent: it collects nothing. Raise InterviewMovedOn or ParticipantOutOfReach.
    """
    require(by, Permission.HOLD_INTERVIEWS)
    locked = _locked(interview)
    require_reach(by, locked.participant, now)
    if outcome not in (Status.REFUSED, Status.LOST) or not may_become(locked.status, outcome):
        raise InterviewMovedOn
    _move(by, locked, outcome, now, "interviews.end")
    return locked


def _step(by: User, interview: Interview, following: Interview.Status, now: datetime) -> Interview:
    """Return the row locked if this person may take the step now.

    Raise PermissionMissing, ParticipantOutOfReach, ParticipantLeft, ConsentMissing or InterviewMovedOn.
    """
    require(by, Permission.HOLD_INTERVIEWS)
    locked = _locked(interview)
    require_reach(by, locked.participant, now)
    require_in_study(locked.participant)
    require_consent(locked.participant, Feature.INTERVIEW, now)
    if not may_become(locked.status, following):
        raise InterviewMovedOn
    return locked


def _require_safe(interview: Interview, meeting: Meeting) -> None:
    channel = Contact.CALL if meeting.place == Interview.Place.TELEPHONE else Contact.VISIT
    begins, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    plan = interview.participant.safe_contact.times
    is_one_day = begins.date() == ends.date()
    if not is_one_day or not is_safe_window(plan, begins.date(), (begins.time(), ends.time()), channel):
        raise TimeNotSafe


def _locked(interview: Interview) -> Interview:
    rows = Interview.objects.select_for_update(of=("self",)).select_related("participant__safe_contact")
    return rows.get(pk=interview.pk)


def _move(by: User, interview: Interview, status: Interview.Status, now: datetime, action: str) -> None:
    before, interview.status, interview.status_changed_at = interview.status, status, now
    interview.save()
    record(
        actor=by,
        action=action,
        object_type="interview",
        object_id=interview.pk,
        details={"from": before, "to": str(status)},
    )
