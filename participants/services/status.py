"""Pausing, resuming and ending a woman's part in the study."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.queries import person_of
from accounts.roles import Role
from audit.services import record
from participants.consent_scopes import SCOPES_OF_PART, Part, Scope
from participants.followers import PartChange, follow
from participants.models import Erasure, Participant, StatusChange, Withdrawal
from participants.reach import require_in_study, require_no_tie, require_reach
from participants.services.erasure import request_erasure
from participants.services.history import keep_change
from participants.services.refusals import conflicts_reported
from participants.status import REASONS, STAYS_PAUSED, may_become


class NothingToEnd(StudyError):
    """She had not agreed to this, or has ended it already."""

    code = "nothing_to_end"
    message = _("She has nothing of this in force: there is nothing to end.")
    http_status = 409


class StatusChangeRefused(StudyError):
    """Her status does not allow the change."""

    code = "status_change_refused"
    message = _("Her status does not allow this change.")
    http_status = 409


class StatusReasonUnknown(StudyError):
    """Each status has its own reasons."""

    code = "status_reason_unknown"
    message = _("Choose a reason that belongs to the new status.")
    http_status = 422


class ReturnDayWrong(StudyError):
    """A pause ends after today, and only a pause has a day of return."""

    code = "return_day_wrong"
    message = _("Only a pause has a day of return, and it lies after today.")
    http_status = 422


class NotPaused(StudyError):
    """Somebody resumed or ended her follow-up meanwhile."""

    code = "not_paused"
    message = _("She is not paused now.")
    http_status = 409


class PauseNotOver(StudyError):
    """Her return was postponed meanwhile, or only a person may decide it."""

    code = "pause_not_over"
    message = _("Her pause does not end by itself today.")
    http_status = 409


@conflicts_reported
@transaction.atomic
def withdraw_participant(
    *, by: Actor, participant: Participant, reason: str, erase: bool = False, now: datetime
) -> Withdrawal:
    """End a woman's part in the study at her wish: every consent ends, her status is final, whatever follows her stops.

    Her station's supervisor records it, or an administrator: nobody's tie to her case keeps her in the study.
    `reason` is a code. With `erase` her personal data are asked to be erased, which a second person confirms. Raise
    ParticipantOutOfReach, ActRefused, StatusChangeRefused, or what `request_erasure` raises.
    """
    require(by, Permission.WITHDRAW_PARTICIPANTS)
    locked, _before = _moved_to(by, participant, Participant.Status.WITHDRAWN, reason, now)
    withdrawal = _ended(by, locked, list(Scope), reason, now, erase=erase)
    follow(by=by, change=PartChange(locked, reason, now))
    if erase and isinstance(by, User):
        request_erasure(by=by, participant=locked, reason=Erasure.Reason.HER_WISH, now=now)
    return withdrawal


@conflicts_reported
@transaction.atomic
def withdraw_in_part(
    *, by: Actor, participant: Participant, parts: Collection[Part], reason: str, now: datetime
) -> Withdrawal:
    """End those parts of a woman's consent that she no longer wants, and what follows them; her status stays.

    Raise ParticipantOutOfReach, ActRefused, ParticipantLeft or NothingToEnd.
    """
    require(by, Permission.WITHDRAW_PARTICIPANTS)
    locked = _in_reach(by, participant, now)
    require_in_study(locked)
    scopes = [scope for part in Part if part in parts for scope in SCOPES_OF_PART[part]]
    if not locked.consents.filter(ended_at=None, scope__in=scopes).exists():
        raise NothingToEnd
    withdrawal = _ended(by, locked, scopes, reason, now)
    follow(by=by, change=PartChange(locked, reason, now, frozenset(scopes)))
    return withdrawal


@conflicts_reported
@transaction.atomic
def change_status(
    *,
    by: Actor,
    participant: Participant,
    to: Participant.Status,
    reason: str,
    now: datetime,
    return_on: date | None = None,
) -> Participant:
    """Pause, resume or end a woman's follow-up, and whatever follows it; withdrawal has its own service.

    `reason` is one of `status.REASONS`; `return_on`, of a pause only, the day on which she means to be back. Raise
    ParticipantOutOfReach, ActRefused, StatusChangeRefused, StatusReasonUnknown or ReturnDayWrong.
    """
    require(by, Permission.CHANGE_PARTICIPANT_STATUS)
    if to == Participant.Status.WITHDRAWN:
        raise StatusChangeRefused
    if reason not in REASONS[to]:
        raise StatusReasonUnknown
    if return_on is not None and to != Participant.Status.PAUSED:
        raise ReturnDayWrong
    _check_return(return_on, now)
    locked, before = _moved_to(by, participant, to, reason, now, return_on=return_on)
    details = {"from": before, "to": str(to)} | ({"return_on": return_on.isoformat()} if return_on else {})
    record(
        actor=by,
        action="participants.change_status",
        object_type="participant",
        object_id=locked.study_code,
        reason=reason,
        details=details,
    )
    follow(by=by, change=PartChange(locked, reason, now))
    return locked


@conflicts_reported
@transaction.atomic
def postpone_return(*, by: Actor, participant: Participant, return_on: date, now: datetime) -> Participant:
    """Let a woman who rests mean to be back on another day; the pause and its reason stay.

    Raise ParticipantOutOfReach, ActRefused, NotPaused or ReturnDayWrong.
    """
    require(by, Permission.CHANGE_PARTICIPANT_STATUS)
    locked, pause = _resting(by, participant, now)
    _check_return(return_on, now)
    keep_change(locked, before=locked.status, reason=pause.reason, author=by, now=now, return_on=return_on)
    record(
        actor=by,
        action="participants.postpone_return",
        object_type="participant",
        object_id=locked.study_code,
        reason=pause.reason,
        details={"return_on": return_on.isoformat()},
    )
    return locked


@transaction.atomic
def return_from_pause(*, by: Actor, participant: Participant, now: datetime) -> Participant:
    """Take up the follow-up of a woman whose pause was to end by today; a pause for her safety never ends so.

    Raise NotPaused, or PauseNotOver when her pause was changed meanwhile.
    """
    require(by, Permission.CHANGE_PARTICIPANT_STATUS)
    _locked, pause = _resting(by, participant, now)
    if pause.reason in STAYS_PAUSED or not _is_over(pause, now):
        raise PauseNotOver
    return change_status(
        by=by, participant=participant, to=Participant.Status.ENROLLED, reason=StatusChange.Reason.RETURNED, now=now
    )


@transaction.atomic
def record_withdrawal_certificate(*, by: User, withdrawal: Withdrawal) -> None:
    """Keep on record that a certificate was taken out."""
    require(by, Permission.WITHDRAW_PARTICIPANTS)
    record(
        actor=by,
        action="participants.take_withdrawal_certificate",
        object_type="participant",
        object_id=withdrawal.participant.study_code,
        details={"withdrawal": withdrawal.pk},
    )


def _in_reach(by: Actor, participant: Participant, now: datetime) -> Participant:
    """Return her row under a lock, if she is in this person's care by then and nothing ties that person to her case.

    Every woman is in an administrator's, who may only record what she ended.
    Raise ParticipantOutOfReach or ActRefused.
    """
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    if by.role != Role.ADMINISTRATOR:
        require_reach(by, locked, now)
    require_no_tie(by, locked)
    return locked


def _moved_to(
    by: Actor,
    participant: Participant,
    status: Participant.Status,
    reason: str,
    now: datetime,
    *,
    return_on: date | None = None,
) -> tuple[Participant, str]:
    """Give her the status under a lock and keep the change; return her row and the status before."""
    locked = _in_reach(by, participant, now)
    before = locked.status
    if not may_become(before, status):
        raise StatusChangeRefused
    locked.status, locked.status_changed_at = status, now
    locked.save(update_fields=["status", "status_changed_at"])
    keep_change(locked, before=before, reason=reason, author=by, now=now, return_on=return_on)
    return locked, before


def _resting(by: Actor, participant: Participant, now: datetime) -> tuple[Participant, StatusChange]:
    """Return her row, locked, and the last word about her pause. Raise ParticipantOutOfReach or NotPaused."""
    locked = _in_reach(by, participant, now)
    pause = locked.status_changes.latest_pauses().first()
    if pause is None:
        raise NotPaused
    return locked, pause


def _check_return(return_on: date | None, now: datetime) -> None:
    if return_on is not None and return_on <= timezone.localdate(now):
        raise ReturnDayWrong


def _is_over(pause: StatusChange, now: datetime) -> bool:
    return pause.expected_return_on is not None and pause.expected_return_on <= timezone.localdate(now)


def _ended(
    by: Actor, participant: Participant, scopes: Collection[Scope], reason: str, now: datetime, *, erase: bool = False
) -> Withdrawal:
    held = participant.consents.filter(ended_at=None, scope__in=scopes)
    ended = sorted(held.values_list("scope", flat=True))
    held.update(ended_at=now)
    withdrawal = Withdrawal.objects.create(
        participant=participant,
        scopes=ended,
        is_whole=participant.status == Participant.Status.WITHDRAWN,
        erasure_wanted=erase,
        reason=reason,
        withdrawn_at=now,
        recorded_by=person_of(by),
    )
    record(
        actor=by,
        action="participants.withdraw",
        object_type="participant",
        object_id=participant.study_code,
        reason=reason,
        details={"ended": ended, "whole": withdrawal.is_whole, "erasure_wanted": erase},
    )
    return withdrawal
