"""A survey opened in private, covered in one tap when somebody comes in, and taken up again by a code."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from care.models import Debrief
from care.services import CARER, offer_debriefs
from participants import sealing
from participants.models import Participant
from participants.reach import require_may_know
from participants.services.refusals import conflicts_reported
from surveys.interviewing import Wish
from surveys.models import SurveyCase, SurveyDebrief, SurveySitting
from surveys.queries.sittings import DRAFT, LONGEST_SITTING, draft_of, reads_as_draft, sitting_now
from surveys.schedule import HELD, OPEN
from surveys.services.answers import SurveyClosed, SurveyNotOpen, SurveyOnHold
from surveys.services.waves import require_part

DEBRIEF_NOTE = "debrief note"
MOST_WRONG_PINS = 5
MOST_DRAFT_BYTES = 2**20
KEEP_DRAFTS = timedelta(days=7)
_PIN = re.compile(r"^\d{4,8}$", re.ASCII)
_ASKED = OPEN | {SurveyCase.Status.PARTIAL}
_NO_DRAFT: dict[str, Any] = {"sealed_draft": None, "draft_at": None}


class PinTooSimple(StudyError):
    """A code that anybody would try."""

    code = "pin_too_simple"
    message = _("Choose 4 to 8 digits that are not all the same.")


class NoSitting(StudyError):
    """The survey is not open, or somebody else has it open."""

    code = "no_sitting"
    message = _("This sheet is not open any more: begin again from your list.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Return:
    """Whether the code was right; and whether it was wrong so often that the sitting is over."""

    is_right: bool
    is_over: bool


@conflicts_reported
@transaction.atomic
def open_sitting(*, by: User, case: SurveyCase, pin: str, now: datetime) -> SurveySitting:
    """Open a survey after the interviewer found that the woman is alone, with the code that she comes back by.

    What was open of it ends; what had been answered then goes along. Raise PinTooSimple, ParticipantOutOfReach,
    ParticipantLeft, ConflictOfInterest, ConsentMissing, SurveyOnHold, SurveyClosed or SurveyNotOpen.
    """
    require(by, Permission.COLLECT_SURVEYS)
    if not _PIN.match(pin) or len(set(pin)) == 1:
        raise PinTooSimple
    participant = Participant.objects.select_for_update(no_key=True).get(pk=case.participant_id)
    locked = SurveyCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    _require_askable(by, participant, locked, now)
    before = draft_of(locked)
    SurveySitting.objects.filter(case=locked, ended_at=None).update(ended_at=now)
    SurveySitting.objects.filter(case=locked).update(**_NO_DRAFT)
    kept = {"sealed_draft": before.sealed_draft, "draft_at": before.draft_at} if before else _NO_DRAFT
    sitting = SurveySitting.objects.create(case=locked, opened_by=by, opened_at=now, pin=make_password(pin), **kept)
    _record(by, "surveys.open_sitting", locked, {"sitting": sitting.pk})
    return sitting


@transaction.atomic
def cover_sitting(*, by: User, case: SurveyCase, draft: bytes, now: datetime) -> SurveySitting:
    """Show only the harmless sheet from now on, and keep, sealed, what was answered so far. Raise NoSitting."""
    require(by, Permission.COLLECT_SURVEYS)
    sitting = _held(by, case, now)
    sitting.covered_at = sitting.covered_at or now
    sitting.times_covered += 1
    _put_draft(sitting, case, draft, now)
    sitting.save(update_fields=["covered_at", "times_covered", "sealed_draft", "draft_at"])
    _record(by, "surveys.cover_sitting", case, {"sitting": sitting.pk})
    return sitting


@transaction.atomic
def keep_draft(*, by: User, case: SurveyCase, draft: bytes, now: datetime) -> SurveySitting:
    """Keep, sealed, what was answered so far of a survey that is open, so that it goes on elsewhere.

    Raise ParticipantLeft, ConsentMissing or NoSitting.
    """
    require(by, Permission.COLLECT_SURVEYS)
    require_part(case.participant, now)
    sitting = _held(by, case, now)
    _put_draft(sitting, case, draft, now)
    sitting.save(update_fields=["sealed_draft", "draft_at"])
    _record(by, "surveys.keep_draft", case, {"sitting": sitting.pk})
    return sitting


@transaction.atomic
def uncover_sitting(*, by: User, case: SurveyCase, pin: str, now: datetime) -> Return:
    """Take the survey up again by its code; after five wrong ones the sitting is over. Raise NoSitting."""
    require(by, Permission.COLLECT_SURVEYS)
    sitting = _held(by, case, now)
    is_right = check_password(pin, sitting.pin)
    if is_right:
        sitting.covered_at, sitting.wrong_pins = None, 0
    else:
        sitting.wrong_pins += 1
    is_over = sitting.wrong_pins >= MOST_WRONG_PINS
    if is_over:
        sitting.ended_at = now
    sitting.save(update_fields=["covered_at", "wrong_pins", "ended_at"])
    _record(by, "surveys.uncover_sitting", case, {"sitting": sitting.pk, "is_right": is_right, "is_over": is_over})
    return Return(is_right, is_over)


@conflicts_reported
@transaction.atomic
def debrief_survey(
    *, by: User, case: SurveyCase, codes: Collection[SurveyDebrief.Code], wish: Wish, note: str, now: datetime
) -> SurveyDebrief:
    """Keep how a survey was for the interviewer, and whom the woman wants to talk to; said again it replaces.

    Raise ParticipantOutOfReach, ParticipantLeft, ConflictOfInterest or ConsentMissing.
    """
    require(by, Permission.COLLECT_SURVEYS)
    participant = Participant.objects.select_for_update(no_key=True).get(pk=case.participant_id)
    require_may_know(by, participant, now)
    require_part(participant, now)
    case.participant = participant
    debrief = write_debrief(case, codes=codes, wish=wish, note=note, author=by, now=now)
    _record(by, "surveys.debrief", case, {"codes": debrief.codes, "wish": debrief.wish})
    return debrief


def write_debrief(
    case: SurveyCase, *, codes: Collection[str], wish: Wish, note: str, author: User, now: datetime
) -> SurveyDebrief:
    """Write down how a survey was, in the place of what was said of it before; whoever asks for it records it."""
    debrief, _is_new = SurveyDebrief.objects.update_or_create(
        case=case,
        defaults={
            "codes": sorted(set(codes)),
            "wish": wish,
            "sealed_note": sealing.seal_text(case.participant, note, purpose=DEBRIEF_NOTE),
            "made_by": author,
            "made_at": now,
        },
    )
    if SurveyDebrief.Code.HARD in debrief.codes:
        # What it does to her is hers alone to say, in the room of care.
        talk, own = Debrief.Occasion.TALK, Debrief.Cause.OWN
        offer_debriefs(by=CARER, people=[author.pk], occasion=talk, cause=own, source_id=str(case.pk), now=now)
    return debrief


def write_phone_sitting(
    case: SurveyCase, *, author: User, opened_at: datetime, ended_at: datetime, times_covered: int
) -> SurveySitting:
    """Write down a sitting that a phone held without a signal, over by now: no code brings it back."""
    return SurveySitting.objects.create(
        case=case,
        opened_by=author,
        opened_at=opened_at,
        ended_at=ended_at,
        pin=make_password(None),
        times_covered=times_covered,
    )


@transaction.atomic
def end_sittings(*, by: Actor, now: datetime) -> int:
    """End the sittings that have been open too long, and drop drafts that nobody took up; return how many ended."""
    require(by, Permission.COLLECT_SURVEYS)
    ended = SurveySitting.objects.filter(ended_at=None, opened_at__lt=now - LONGEST_SITTING).update(ended_at=now)
    drafts = SurveySitting.objects.exclude(sealed_draft=None)
    dropped = drafts.filter(opened_at__lt=now - KEEP_DRAFTS).update(**_NO_DRAFT)
    dropped += drafts.exclude(case__status__in=_ASKED).update(**_NO_DRAFT)
    if ended or dropped:
        record(actor=by, action="surveys.end_sittings", details={"ended": ended, "dropped": dropped})
    return ended


def _require_askable(by: User, participant: Participant, case: SurveyCase, now: datetime) -> None:
    require_may_know(by, participant, now)
    require_part(participant, now)
    if case.status in HELD:
        raise SurveyOnHold
    if case.status not in _ASKED:
        raise SurveyClosed
    if timezone.localdate(now) < case.window_from:
        raise SurveyNotOpen


def _put_draft(sitting: SurveySitting, case: SurveyCase, draft: bytes, now: datetime) -> None:
    """Put a draft in the place of the one before; one that is none leaves that where it is."""
    if 0 < len(draft) <= MOST_DRAFT_BYTES and reads_as_draft(draft):
        sitting.sealed_draft = sealing.seal_bytes(case.participant, draft, purpose=DRAFT)
        sitting.draft_at = now


def _held(by: User, case: SurveyCase, now: datetime) -> SurveySitting:
    sitting = sitting_now(by, case, now)
    if sitting is None:
        raise NoSitting
    return SurveySitting.objects.select_for_update().get(pk=sitting.pk)


def _record(by: Actor, action: str, case: SurveyCase, details: dict[str, object]) -> None:
    record(actor=by, action=action, object_type="survey", object_id=case.pk, details=details)
