"""Women shared out among interviewers: by the rule, or by hand with the reason; and when interviewers are away."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.absences import AbsenceWithdrawn, AwayAlready, require_days
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import Role
from audit.services import record
from participants.models import Participant
from participants.reach import require_in_study
from stations.models import District
from surveys.interviewing import HARD_BARS, Bar
from surveys.models import InterviewerAbsence, InterviewerChange, InterviewerProfile
from surveys.queries import interviewers as queries

MOST_A_WEEK = 60


class NoInterviewer(StudyError):
    """Only those who ask have such a profile."""

    code = "no_interviewer"
    message = _("This person does not ask in this study.")
    http_status = 409


class InterviewerBarred(StudyError):
    """Somebody of her own neighbourhood, or whom she is not to meet, is never sent, by hand either."""

    code = "interviewer_barred"
    http_status = 409

    def __init__(self, bar: Bar) -> None:
        super().__init__(bar.label)


class InterviewerUnchanged(StudyError):
    """She asks her already."""

    code = "interviewer_unchanged"
    message = _("She follows this woman already.")
    http_status = 409


class ChangeOvertaken(StudyError):
    """What was changed again since cannot be undone."""

    code = "change_overtaken"
    message = _("This was undone or changed again since.")
    http_status = 409


@transaction.atomic
def share_out_women(*, by: Actor, now: datetime) -> int:
    """Give every woman who is to be asked her interviewer by the rule; return how many changed hands."""
    require(by, Permission.COORDINATE_SURVEYS)
    _hold()
    changed = _shared_out(now)
    if changed:
        record(actor=by, action="surveys.share_out", details={"changed": changed})
    return changed


@transaction.atomic
def set_interviewer_profile(
    *, by: User, user: User, district: District, surveys_a_week: int, now: datetime
) -> InterviewerProfile:
    """Write down where an interviewer lives and how much she takes on, and share the women out by it.

    Raise NoInterviewer.
    """
    require(by, Permission.COORDINATE_SURVEYS)
    _require_interviewer(user)
    profile, _is_new = InterviewerProfile.objects.update_or_create(
        user=user,
        defaults={
            "district": district,
            "surveys_a_week": min(surveys_a_week, MOST_A_WEEK),
            "changed_at": now,
            "changed_by": by,
        },
    )
    _hold()
    _record(by, "surveys.set_interviewer_profile", user, {"changed": _shared_out(now)})
    return profile


@transaction.atomic
def record_interviewer_absence(
    *,
    by: User,
    user: User,
    starts_on: date,
    ends_on: date | None,
    reason: InterviewerAbsence.Reason,
    now: datetime,
) -> InterviewerAbsence:
    """Note that an interviewer is away, and let others take over whoever cannot wait for her.

    Raise NoInterviewer, AbsenceInvalid or AwayAlready.
    """
    require(by, Permission.COORDINATE_SURVEYS)
    _require_interviewer(user)
    require_days(starts_on, ends_on, timezone.localdate(now))
    try:
        with transaction.atomic():
            absence = InterviewerAbsence.objects.create(
                user=user, starts_on=starts_on, ends_on=ends_on, reason=reason, recorded_at=now, recorded_by=by
            )
    except IntegrityError as error:
        raise AwayAlready from error
    _hold()
    _record(by, "surveys.record_absence", user, {"absence": absence.pk, "changed": _shared_out(now)})
    return absence


@transaction.atomic
def withdraw_interviewer_absence(*, by: User, absence: InterviewerAbsence, now: datetime) -> InterviewerAbsence:
    """Take an absence back; whom others took over meanwhile stays with them. Raise AbsenceWithdrawn."""
    require(by, Permission.COORDINATE_SURVEYS)
    locked = InterviewerAbsence.objects.select_for_update(of=("self",)).select_related("user").get(pk=absence.pk)
    if locked.withdrawn_at is not None:
        raise AbsenceWithdrawn
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    _hold()
    _record(by, "surveys.withdraw_absence", locked.user, {"absence": locked.pk, "changed": _shared_out(now)})
    return locked


@transaction.atomic
def reassign_woman(
    *, by: User, participant: Participant, interviewer: User, reason: InterviewerChange.Reason, now: datetime
) -> InterviewerChange:
    """Let another interviewer ask a woman from now on. Raise ParticipantLeft, InterviewerUnchanged, InterviewerBarred.

    A full week or an absence may be set aside by hand, the neighbourhood and conflicts never.
    """
    require(by, Permission.COORDINATE_SURVEYS)
    _hold()
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_in_study(locked)
    if locked.interviewer_id == interviewer.pk:
        raise InterviewerUnchanged
    _require_allowed(locked, interviewer, now)
    change = _moved(locked, interviewer.pk, reason, by=by, now=now)
    _record_change(by, "surveys.reassign_woman", change)
    return change


@transaction.atomic
def undo_interviewer_change(*, by: User, change: InterviewerChange, now: datetime) -> InterviewerChange:
    """Let a woman go back to whoever asked her before. Raise ChangeOvertaken, ParticipantLeft or InterviewerBarred."""
    require(by, Permission.COORDINATE_SURVEYS)
    _hold()
    locked = Participant.objects.select_for_update(no_key=True).get(pk=change.participant_id)
    require_in_study(locked)
    held = InterviewerChange.objects.select_for_update().get(pk=change.pk)
    if held.undone_at is not None or locked.interviewer_id != held.after_id:
        raise ChangeOvertaken
    held.undone_at = now
    held.save(update_fields=["undone_at"])
    if held.before is not None:
        _require_allowed(locked, held.before, now)
    Participant.objects.filter(pk=locked.pk).update(interviewer=held.before_id)
    _record_change(by, "surveys.undo_interviewer_change", held)
    return held


def _hold() -> None:
    """Let one sharing-out or change go on at a time."""
    list(InterviewerProfile.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _shared_out(now: datetime) -> int:
    """Write what the rule says; return how many women changed hands."""
    today = timezone.localdate(now)
    chosen = queries.sharing(today).interviewer
    changed = [woman for woman in queries.women_to_ask(today) if woman.interviewer_id != chosen.get(woman.pk)]
    InterviewerChange.objects.bulk_create(
        InterviewerChange(
            participant=woman,
            before_id=woman.interviewer_id,
            after_id=chosen.get(woman.pk),
            reason=InterviewerChange.Reason.RULE,
            changed_at=now,
        )
        for woman in changed
    )
    for woman in changed:
        woman.interviewer_id = chosen.get(woman.pk)
    Participant.objects.bulk_update(changed, ["interviewer"], batch_size=500)
    return len(changed)


def _moved(
    woman: Participant, after: int, reason: InterviewerChange.Reason, *, by: User, now: datetime
) -> InterviewerChange:
    Participant.objects.filter(pk=woman.pk).update(interviewer=after)
    return InterviewerChange.objects.create(
        participant=woman, before_id=woman.interviewer_id, after_id=after, reason=reason, changed_by=by, changed_at=now
    )


def _require_interviewer(user: User) -> None:
    if user.role != Role.INTERVIEWER:
        raise NoInterviewer


def _require_allowed(participant: Participant, interviewer: User, now: datetime) -> None:
    found = queries.choices_for(participant, timezone.localdate(now))
    choice = next((choice for choice in found if choice.user.pk == interviewer.pk), None)
    if choice is None:
        raise NoInterviewer
    if choice.bar in HARD_BARS:
        raise InterviewerBarred(choice.bar)


def _record(by: Actor, action: str, user: User, details: dict[str, object]) -> None:
    record(actor=by, action=action, object_type="user", object_id=user.pk, details=details)


def _record_change(by: User, action: str, change: InterviewerChange) -> None:
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=change.participant.study_code,
        reason=change.reason,
        details={"before": change.before_id, "after": change.after_id, "change": change.pk},
    )
