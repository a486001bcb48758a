"""A second interviewer's work: her card opened, tries written down, the few answers kept, or why there were none."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from back_checks import queries
from back_checks.comparing import NO, TOOK_PLACE, YES, Kind, differs, said_first
from back_checks.models import BackCheck, BackCheckItem, BackCheckTry
from back_checks.questions import Question
from participants import sealing
from participants.consent_scopes import Feature
from participants.identity import Identity
from participants.models import Participant
from participants.queries import has_conflict
from participants.reach import ConflictOfInterest, ParticipantOutOfReach, require_consent, require_followed
from participants.safe_contact import CardPurpose, Contact
from participants.services import ChannelNotHers
from participants.services.refusals import conflicts_reported
from surveys.attempting import Refusal, refusal_of
from surveys.models import CallAttempt

LONGEST_AGO = timedelta(days=14)
LARGEST_NUMBER = 120
Outcome, Status = CallAttempt.Outcome, BackCheck.Status


class BackCheckOver(StudyError):
    """It was done, refused, missed or called off meanwhile, or its days have not come or are over."""

    code = "back_check_over"
    message = _("This is not open any more. Do not contact her about it.")
    http_status = 409


class OutsideSafeTimes(StudyError):
    """Nothing of this is urgent: there is no exception to her safe times."""

    code = "outside_safe_times"
    message = _("This was outside her safe times. For this she is never contacted then.")
    http_status = 422


class MomentInvalid(StudyError):
    """What is written down lies behind, and not long ago."""

    code = "moment_invalid"
    message = _("Write when it was: in the past, at most 14 days ago.")
    http_status = 422


class TryWrittenAlready(StudyError):
    """One try at a moment."""

    code = "try_written_already"
    message = _("This attempt is written down already.")
    http_status = 409


class AnswerUnknown(StudyError):
    """An answer that its question does not offer."""

    code = "answer_unknown"
    message = _("Choose one of the answers, or leave it empty if she prefers not to say.")
    http_status = 422


@conflicts_reported
@transaction.atomic
def open_back_check_card(*, by: User, back_check: BackCheck, now: datetime) -> Identity:
    """Open the card of a woman for her second interviewer, while she may be asked; each opening is recorded.

    Raise ParticipantOutOfReach, BackCheckOver, ParticipantLeft, NotFollowedNow, ConflictOfInterest, ConsentMissing, or
    as `sealing.open_card`.
    """
    require(by, Permission.COLLECT_SURVEYS)
    locked = _locked(by, back_check, now)
    identity = sealing.open_card(locked.participant)
    record(
        actor=by,
        action="participants.open_card",
        object_type="participant",
        object_id=locked.participant.study_code,
        details={"purpose": CardPurpose.SURVEY},
    )
    return identity


@conflicts_reported
@transaction.atomic
def log_back_check_try(
    *, by: User, back_check: BackCheck, at: datetime, channel: Contact, outcome: CallAttempt.Outcome, now: datetime
) -> BackCheckTry:
    """Write down a try; if she prefers not to, that is all right and nobody asks again.

    Raise as `open_back_check_card`, and MomentInvalid, ChannelNotHers, OutsideSafeTimes or TryWrittenAlready.
    """
    require(by, Permission.COLLECT_SURVEYS)
    locked = _locked(by, back_check, now)
    _require_safe(locked.participant, at, channel, now)
    try:
        with transaction.atomic():
            kept = BackCheckTry.objects.create(
                back_check=locked, attempted_at=at, channel=channel, outcome=outcome, made_by=by, recorded_at=now
            )
    except IntegrityError as error:
        raise TryWrittenAlready from error
    if outcome == Outcome.DECLINED:
        locked.status, locked.status_changed_at = Status.REFUSED, now
        locked.save(update_fields=["status", "status_changed_at"])
    _record(by, "back_checks.log_try", locked, outcome=str(outcome), channel=str(channel))
    return kept


@conflicts_reported
@transaction.atomic
def answer_back_check(
    *, by: User, back_check: BackCheck, answers: Mapping[str, str], at: datetime, channel: Contact, now: datetime
) -> BackCheck:
    """Keep the few answers beside those of the survey, which stays as it is. "" is: she prefers not to say.

    `answers` is by question, `TOOK_PLACE` among them. Raise as `log_back_check_try`, or AnswerUnknown.
    """
    require(by, Permission.COLLECT_SURVEYS)
    locked = _locked(by, back_check, now)
    _require_safe(locked.participant, at, channel, now)
    survey = locked.submission.answers
    items = [_item(locked, TOOK_PLACE, Kind.STABLE, 0, YES, _known(answers.get(TOOK_PLACE, ""), {YES, NO}))]
    for question in queries.questions_of(locked):
        first = said_first(survey.get(question.name))
        said = _answer(question, answers.get(question.name, ""))
        items.append(_item(locked, question.name, question.kind, question.within, first, said))
    BackCheckItem.objects.bulk_create(items)
    locked.status, locked.status_changed_at, locked.asked_at, locked.channel = Status.DONE, now, at, channel
    locked.save(update_fields=["status", "status_changed_at", "asked_at", "channel"])
    _record(by, "back_checks.answer", locked, questions=len(items))
    return locked


@transaction.atomic
def explain_missed_back_check(
    *, by: User, back_check: BackCheck, reason: BackCheck.MissedReason, now: datetime
) -> BackCheck:
    """Give a back-check up, or say why it was missed; what was said once stands. Nothing of hers is asked or shown.

    Raise ParticipantOutOfReach or BackCheckOver.
    """
    require(by, Permission.COLLECT_SURVEYS)
    locked = BackCheck.objects.select_for_update(of=("self",)).get(pk=back_check.pk)
    if locked.interviewer_id != by.pk:
        raise ParticipantOutOfReach
    if locked.status not in {Status.DUE, Status.MISSED} or locked.missed_reason:
        raise BackCheckOver
    locked.status, locked.status_changed_at, locked.missed_reason = Status.MISSED, now, reason
    locked.save(update_fields=["status", "status_changed_at", "missed_reason"])
    _record(by, "back_checks.explain_missed", locked, reason=str(reason))
    return locked


def _locked(by: User, back_check: BackCheck, now: datetime) -> BackCheck:
    """Lock the woman, then the back-check, if its second interviewer may go to her now."""
    woman = Participant.objects.select_for_update(no_key=True).get(pk=back_check.participant_id)
    locked = (
        BackCheck.objects.select_for_update(of=("self",)).select_related("submission__instrument").get(pk=back_check.pk)
    )
    if locked.interviewer_id != by.pk:
        raise ParticipantOutOfReach
    if locked.status != Status.DUE or not locked.window_from <= timezone.localdate(now) <= locked.window_until:
        raise BackCheckOver
    require_followed(woman)
    if has_conflict(by, woman):
        raise ConflictOfInterest
    require_consent(woman, Feature.BACK_CHECK, now)
    locked.participant = woman
    return locked


def _require_safe(woman: Participant, at: datetime, channel: Contact, now: datetime) -> None:
    if not now - LONGEST_AGO <= at <= now:
        raise MomentInvalid
    refusal = refusal_of(woman.safe_contact.times, at, channel)
    if refusal == Refusal.CHANNEL:
        raise ChannelNotHers
    if refusal is not None:
        raise OutsideSafeTimes


def _known(answer: str, offered: set[str]) -> str:
    if answer and answer not in offered:
        raise AnswerUnknown
    return answer


def _answer(question: Question, answer: str) -> str:
    if not question.is_number:
        return _known(answer, {code for code, _label in question.choices})
    is_number = answer.isdecimal() and len(answer) <= len(str(LARGEST_NUMBER)) and int(answer) <= LARGEST_NUMBER
    if answer and not is_number:
        raise AnswerUnknown
    return str(int(answer)) if answer else ""


def _item(check: BackCheck, question: str, kind: int, within: int, first: str, said: str) -> BackCheckItem:
    return BackCheckItem(
        back_check=check,
        question=question,
        kind=kind,
        within=within,
        first_answer=first[:64],
        answer=said,
        differs=differs(first, said, within=within),
    )


def _record(by: User, action: str, check: BackCheck, **details: object) -> None:
    record(actor=by, action=action, object_type="back_check", object_id=check.pk, details=details)
