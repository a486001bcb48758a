"""A referral from the offer to the answer: nothing is told of her that she has not agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.followers import PartChange
from participants.models import Participant
from participants.reach import ParticipantOutOfReach, require_may_know
from participants.services.refusals import conflicts_reported
from participants.status import ENDED
from protocol.queries import current_protocol
from referrals.models import Referral, ReferralStep, SupportService, team_of
from referrals.services.directory import ServiceRetired
from referrals.states import OPEN, may_become, may_send

REFERRAL_NOTE = "referral note"
Status = Referral.Status


class OfferedAlready(StudyError):
    """The same service is being followed already."""

    code = "offered_already"
    message = _("This was offered to her already and is being followed.")
    http_status = 409


class ReferralMovedOn(StudyError):
    """Somebody wrote a step meanwhile, or the referral is closed."""

    code = "referral_moved_on"
    message = _("This referral has moved on meanwhile: look at it again.")
    http_status = 409


class MoreThanAgreed(StudyError):
    """What she agreed to be told of her does not allow this way."""

    code = "more_than_agreed"
    message = _("She did not agree that so much is told of her.")
    http_status = 409


class StepDayWrong(StudyError):
    """A step lies in the future, or before the one that it follows."""

    code = "step_day_wrong"
    message = _("The day cannot lie in the future, nor before the step that came first.")
    http_status = 422


@dataclass(frozen=True, slots=True)
class Agreement:
    """Her consent to one referral: what may be told of her, and how she gave it."""

    sharing: Referral.Sharing
    how: Referral.Agreed


@dataclass(frozen=True, slots=True)
class StepWords:
    """On which day a step happened, and a note, which is sealed."""

    on: date
    note: str = ""


@conflicts_reported
@transaction.atomic
def offer_referral(
    *, by: User, participant: Participant, service: SupportService, words: StepWords, now: datetime
) -> Referral:
    """Write that a service was offered to a woman; she decides. It goes on the list of what is to be followed.

    Raise as `reach.require_may_know`, or ServiceRetired, OfferedAlready or StepDayWrong.
    """
    require(by, Permission.MAKE_REFERRALS)
    # Her row is locked, so that two who offer the same at once make one referral.
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_may_know(by, locked, now)
    if not SupportService.objects.filter(pk=service.pk, retired_at=None).exists():
        raise ServiceRetired
    if Referral.objects.filter(
        participant=locked, service__code=service.code, team=team_of(by), status__in=OPEN
    ).exists():
        raise OfferedAlready
    _check_day(words.on, locked.enrolled_on, now)
    referral = Referral.objects.create(
        participant=locked,
        service=service,
        team=team_of(by),
        offered_by=by,
        offered_at=now,
        due_on=_next_due(now),
    )
    _write_step(by, referral, words, now)
    _record(by, "referrals.offer", referral, {"service": service.code})
    return referral


@conflicts_reported
@transaction.atomic
def answer_offer(
    *, by: User, referral: Referral, agreement: Agreement | None, words: StepWords, now: datetime
) -> Referral:
    """Write what she said: her agreement with what may be told of her, or None if she does not want it, or no longer.

    Raise as `reach.require_may_know`, or ReferralMovedOn or StepDayWrong.
    """
    require(by, Permission.MAKE_REFERRALS)
    locked = _followed(by, referral, now)
    status = Status.DECLINED if agreement is None else Status.ACCEPTED
    locked.sharing = agreement.sharing if agreement else ""
    locked.agreed_how = agreement.how if agreement else ""
    locked.agreed_on = words.on if agreement else None
    _take_step(by, locked, status, words, now)
    _record(by, "referrals.answer", locked, {"sharing": locked.sharing, "how": locked.agreed_how})
    return locked


@transaction.atomic
def record_sent(*, by: User, referral: Referral, way: Referral.Way, words: StepWords, now: datetime) -> Referral:
    """Write how she was put in touch, once she agreed. Raise MoreThanAgreed, or as `answer_offer`."""
    require(by, Permission.MAKE_REFERRALS)
    locked = _followed(by, referral, now)
    if locked.status == Status.ACCEPTED and not may_send(locked.sharing, way):
        raise MoreThanAgreed
    locked.sent_way = way
    _take_step(by, locked, Status.SENT, words, now)
    _record(by, "referrals.send", locked, {"way": way})
    return locked


@transaction.atomic
def record_outcome(
    *, by: User, referral: Referral, outcome: Referral.Status, words: StepWords, now: datetime
) -> Referral:
    """Write what came of it: attended, not attended, no answer yet (asked again later), or closed without one.

    Raise as `answer_offer`.
    """
    require(by, Permission.MAKE_REFERRALS)
    locked = _followed(by, referral, now)
    if locked.status not in {Status.SENT, Status.NO_ANSWER}:
        raise ReferralMovedOn
    _take_step(by, locked, outcome, words, now)
    _record(by, "referrals.record_outcome", locked, {"outcome": outcome})
    return locked


@conflicts_reported
@transaction.atomic
def open_notes(*, by: User, referral: Referral, now: datetime) -> Mapping[int, str]:
    """Return the notes of a referral by the id of their step; opening them is recorded.

    Raise as `reach.require_may_know` or `sealing.unseal_text`.
    """
    require(by, Permission.MAKE_REFERRALS)
    participant = Participant.objects.select_related("vault_key").get(pk=referral.participant_id)
    _require_own_side(by, referral)
    require_may_know(by, participant, now)
    notes = {
        step.pk: sealing.unseal_text(participant, step.sealed_note, purpose=REFERRAL_NOTE)
        for step in ReferralStep.objects.filter(referral=referral).exclude(sealed_note=None)
    }
    if notes:
        _record(by, "referrals.open_notes", referral, {"notes": len(notes)})
    return notes


@transaction.atomic
def sweep_referrals(*, by: Actor, now: datetime) -> tuple[int, int]:
    """Stop following who has left, and mark what is past its day; return how many of each. Safe to run twice."""
    require(by, Permission.MAKE_REFERRALS)
    stopped = _stopped(Referral.objects.filter(participant__status__in=ENDED), now)
    late = Referral.objects.filter(status__in=OPEN, due_on__lt=timezone.localdate(now), overdue_at=None)
    overdue = late.update(overdue_at=now)
    if stopped or overdue:
        record(
            actor=by,
            action="referrals.sweep",
            object_type="referral",
            details={"stopped": stopped, "overdue": overdue},
        )
    return stopped, overdue


@transaction.atomic
def follow_participant(*, by: Actor, change: PartChange) -> None:
    """Stop following the referrals of a woman who has left."""
    woman = change.participant
    if woman.status not in ENDED:
        return
    record(
        actor=by,
        action="referrals.follow",
        object_type="participant",
        object_id=woman.study_code,
        reason=change.reason,
        details={"stopped": _stopped(Referral.objects.filter(participant=woman), change.now)},
    )


def _stopped(referrals: QuerySet[Referral], now: datetime) -> int:
    held = referrals.select_for_update(of=("self",)).filter(status__in=OPEN)
    stopped = list(held.order_by("pk").values_list("pk", flat=True))
    Referral.objects.filter(pk__in=stopped).update(status=Status.STOPPED, due_on=None, overdue_at=None)
    ReferralStep.objects.bulk_create(
        ReferralStep(referral_id=pk, status=Status.STOPPED, happened_on=timezone.localdate(now), recorded_at=now)
        for pk in stopped
    )
    return len(stopped)


def _followed(by: User, referral: Referral, now: datetime) -> Referral:
    """Return the referral under a lock, her row first as everywhere, if this person may write its next step."""
    participant = Participant.objects.select_for_update(no_key=True).get(pk=referral.participant_id)
    _require_own_side(by, referral)
    require_may_know(by, participant, now)
    return Referral.objects.select_for_update(of=("self",)).select_related("participant__vault_key").get(pk=referral.pk)


def _require_own_side(by: User, referral: Referral) -> None:
    """Keep police and interviewers apart: each side knows of its own referrals only."""
    if referral.team != team_of(by):
        raise ParticipantOutOfReach


def _take_step(by: User, referral: Referral, status: str, words: StepWords, now: datetime) -> None:
    if not may_become(referral.status, status):
        raise ReferralMovedOn
    last = ReferralStep.objects.filter(referral=referral).order_by("-pk").values_list("happened_on", flat=True)
    _check_day(words.on, last[0], now)
    referral.status, referral.overdue_at = status, None
    referral.due_on = _next_due(now) if status in OPEN else None
    referral.save()
    _write_step(by, referral, words, now)


def _check_day(on: date, earliest: date, now: datetime) -> None:
    if not earliest <= on <= timezone.localdate(now):
        raise StepDayWrong


def _write_step(by: User, referral: Referral, words: StepWords, now: datetime) -> None:
    ReferralStep.objects.create(
        referral=referral,
        status=referral.status,
        happened_on=words.on,
        recorded_at=now,
        recorded_by=by,
        sealed_note=sealing.seal_text(referral.participant, words.note, purpose=REFERRAL_NOTE),
    )


def _next_due(now: datetime) -> date:
    return timezone.localdate(now) + timedelta(days=current_protocol().referrals.follow_up_days)


def _record(by: User, action: str, referral: Referral, details: Mapping[str, object]) -> None:
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=referral.participant.study_code,
        details={"referral": referral.pk, **details},
    )
