"""What interviewers kept without a signal: each thing is taken exactly once, and what comes too late is held whole."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from participants.reach import ConflictOfInterest, ParticipantOutOfReach
from participants.receipts import CONFLICT, NEW, REFUSED, SAME_AGAIN, SyncResult
from participants.services.refusals import record_refusal
from surveys.entry_content import SentEntry
from surveys.models import InterviewerChange, PhoneEntry, SurveyCase
from surveys.services.answers import SurveyClosed, SurveyOnHold, submit_survey, tells_of_child
from surveys.services.attempts import Attempt, log_attempt
from surveys.services.holding import (
    AnswersCameAfterLock,
    EntryIdTaken,
    entry_digest,
    remember_entry,
    tell_of_danger,
)
from surveys.services.sittings import debrief_survey, write_phone_sitting
from surveys.services.waves import require_part

Kind, Held = PhoneEntry.Kind, PhoneEntry.Held
_HELD_FOR: dict[type[StudyError], PhoneEntry.Held] = {
    SurveyClosed: Held.CLOSED,
    SurveyOnHold: Held.ON_HOLD,
    AnswersCameAfterLock: Held.LOCKED,
}
_BOTH_KEPT = _("This was already sent with other content: both are kept.")
_KEPT_ASIDE = _("It came after this survey had changed: it is kept aside, whole.")
_NOT_TAKEN = _("This is not taken from your account. It is kept apart, whole: the coordinator decides.")
_WHY: dict[str, object] = {Held.OTHER_CONTENT: _BOTH_KEPT, Held.TIED: _NOT_TAKEN}


@transaction.atomic
def sync_entries(*, by: User, sent: Sequence[SentEntry], clock_skew_s: int | None, now: datetime) -> list[SyncResult]:
    """Take what a phone kept without a signal, in the order sent; return what became of each.

    Surveys, attempts and debriefings go the way of the pages. What would be refused there only because the survey was
    closed, is on hold, has another interviewer meanwhile, or came after its data were locked is held whole, and is a
    receipt like any other; so is whatever somebody tied to her case brings. The same again is told so; another content
    under one identifier is held beside the first. Refused is what is no survey or no attempt, what she has not agreed
    to or does not agree to any more, and what was never the interviewer's.
    """
    require(by, Permission.COLLECT_SURVEYS)
    batch = _load(by, sent, clock_skew_s, now)
    results = [_kept(batch, entry) for entry in sent]
    counts = Counter(str(result.status) for result in results)
    record(actor=by, action="surveys.sync", object_type="survey", details={**counts, "clock_skew_s": clock_skew_s})
    return results


@transaction.atomic
def hold_rescued_entries(*, author: User, sent: Sequence[SentEntry], now: datetime) -> list[SyncResult]:
    """Hold what a sealed file brought of an interviewer's phone; what the phone sent after all stays as it is.

    Danger to a child is told. Whoever brings the file records it.
    """
    batch = _load(author, sent, None, now)
    batch.is_rescued = True
    return [_kept(batch, entry) for entry in sent]


@dataclass(slots=True)
class _Batch:
    """What is known of the surveys of a batch, their women locked."""

    by: User
    clock_skew_s: int | None
    now: datetime
    cases: dict[UUID, SurveyCase]
    women: dict[int, Participant]
    is_rescued: bool = False


def _load(by: User, sent: Sequence[SentEntry], clock_skew_s: int | None, now: datetime) -> _Batch:
    """Lock the women in one order, so that nobody waits for each other for ever."""
    cases = SurveyCase.objects.filter(_was_hers(by), pk__in={entry.case_id for entry in sent}).in_bulk()
    locked = Participant.objects.select_for_update(of=("self",), no_key=True).select_related("vault_key")
    women = locked.filter(pk__in={case.participant_id for case in cases.values()}).order_by("pk")
    return _Batch(by, clock_skew_s, now, cases, {woman.pk: woman for woman in women})


def _was_hers(by: User) -> Q:
    """Return the condition for the surveys of women whom a person asks, or asked before somebody else took over."""
    before = InterviewerChange.objects.filter(participant=OuterRef("participant"), before=by)
    return Q(participant__interviewer=by) | Q(Exists(before))


def _kept(batch: _Batch, entry: SentEntry) -> SyncResult:
    try:
        with transaction.atomic():
            return _judged(batch, entry)
    except StudyError as error:
        return SyncResult(entry.id, REFUSED, code=error.code, detail=str(error), field=error.field)


def _judged(batch: _Batch, entry: SentEntry) -> SyncResult:
    case = batch.cases.get(entry.case_id)
    if case is None:
        raise ParticipantOutOfReach
    digest = entry_digest(case, entry)
    first = PhoneEntry.objects.filter(pk=entry.id).first()
    if first is not None and first.case_id != case.pk:
        raise EntryIdTaken
    if first is not None and first.content_hmac == digest:
        return _receipt(entry, CONFLICT if first.held_for else SAME_AGAIN, first)
    second_id = uuid5(entry.id, digest)
    if (again := PhoneEntry.objects.filter(pk=second_id).first()) is not None:
        return _receipt(entry, CONFLICT, again)
    woman = batch.women[case.participant_id]
    require_part(woman, batch.now)
    if first is not None:
        kept = _remember(batch, case, entry, digest, entry_id=second_id, held_for=Held.OTHER_CONTENT)
        return _receipt(entry, CONFLICT, kept)
    held_for = _take(batch, case, woman, entry)
    return _receipt(entry, CONFLICT if held_for else NEW, _remember(batch, case, entry, digest, held_for=held_for))


def _take(batch: _Batch, case: SurveyCase, woman: Participant, entry: SentEntry) -> PhoneEntry.Held | None:
    """Do what the page would do; return why it is held instead, None where it stands.

    Danger to a child is told whatever becomes of the survey.
    """
    if batch.is_rescued:
        _tell_anyway(batch, case, entry)
        return Held.RESCUED
    if woman.interviewer_id != batch.by.pk:
        _tell_anyway(batch, case, entry)
        return Held.OTHER_INTERVIEWER
    try:
        with transaction.atomic():
            _do(batch, case, entry)
    except (SurveyClosed, SurveyOnHold, AnswersCameAfterLock) as error:
        _tell_anyway(batch, case, entry)
        return next(held for kind, held in _HELD_FOR.items() if isinstance(error, kind))
    except ConflictOfInterest as refusal:
        record_refusal(refusal=refusal, by=batch.by, participant=woman, now=batch.now)
        _tell_anyway(batch, case, entry)
        return Held.TIED
    return None


def _do(batch: _Batch, case: SurveyCase, entry: SentEntry) -> None:
    happened_at = entry.happened_at(batch.clock_skew_s, batch.now)
    if entry.kind == Kind.SURVEY:
        # The day on which she answered counts, not the day on which there was a signal.
        content = entry.said["xml"].encode()
        submit_survey(by=batch.by, case=case, content=content, now=batch.now, answered_at=happened_at)
        opened_at, covered = entry.said.get("opened_at"), entry.said.get("times_covered", 0)
        since = happened_at if opened_at is None else happened_at - max(entry.at - opened_at, timedelta())
        write_phone_sitting(case, author=batch.by, opened_at=since, ended_at=happened_at, times_covered=covered)
    elif entry.kind == Kind.ATTEMPT:
        log_attempt(by=batch.by, case=case, attempt=Attempt(**entry.said), now=happened_at)
    else:
        debrief_survey(by=batch.by, case=case, now=batch.now, **entry.said)


def _tell_anyway(batch: _Batch, case: SurveyCase, entry: SentEntry) -> None:
    if entry.kind == Kind.SURVEY and tells_of_child(entry.said["xml"].encode()):
        tell_of_danger(case, now=batch.now)


def _remember(
    batch: _Batch,
    case: SurveyCase,
    entry: SentEntry,
    digest: str,
    *,
    held_for: PhoneEntry.Held | None,
    entry_id: UUID | None = None,
) -> PhoneEntry:
    kept = PhoneEntry(
        pk=entry_id or entry.id,
        case=case,
        kind=entry.kind,
        made_at=entry.at,
        clock_skew_s=batch.clock_skew_s,
        received_at=batch.now,
        sent_by=batch.by,
        content_hmac=digest,
        held_for=held_for or "",
    )
    return remember_entry(kept, batch.women[case.participant_id], entry)


def _receipt(entry: SentEntry, status: int, kept: PhoneEntry) -> SyncResult:
    said = {}
    if status == CONFLICT:
        said = {"code": kept.held_for, "detail": str(_WHY.get(kept.held_for, _KEPT_ASIDE))}
    return SyncResult(entry.id, status, kept.received_at, entry.sha256, **said)
