"""Answers taken: checked, scored, kept once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import CharField, UUIDField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.ready_queries import Asked, ReadyQuery
from audit.services import record
from care.models import Debrief
from care.services import CARER, offer_debriefs
from participants.models import Participant
from participants.queries import has_conflict, is_within_reach
from participants.sealing import seal_bytes, unseal_bytes
from participants.services import ParticipantOutOfReach
from participants.services.refusals import conflicts_reported
from safety.models import SafetyCase
from safety.rules import CHILD_IN_DANGER
from safety.services import Origin, raise_case
from surveys import queries
from surveys.models import (
    DataQuery,
    Instrument,
    InterviewerChange,
    PhoneEntry,
    Submission,
    SubmissionVersion,
    SurveyCase,
)
from surveys.outcomes import CHILD_IN_DANGER as CHILD_IN_DANGER_ITEM
from surveys.outcomes import case_outcome, kept_answers, survey_scores
from surveys.problem_words import said_of
from surveys.schedule import ANSWERED, HELD, may_become
from surveys.services.holding import AnswersKeptApart, hold_answers, late_answers_held, tied_answers_held
from surveys.services.versions import keep_version
from surveys.services.waves import require_part
from surveys.xforms.form import XFormInvalid
from surveys.xforms.submission import Breach, CheckedSubmission, Finding, check_submission, said, sent_as

INSTANCE = "survey instance"
MOST_FINDINGS = 200
MOST_ID_LETTERS, MOST_PLACE_LETTERS = 100, 250
Status = SurveyCase.Status
Words = ParamSpec("Words")
Answer = TypeVar("Answer")


class InstrumentNotLoaded(StudyError):
    """Nothing can be asked before the study's questionnaire is loaded."""

    code = "instrument_not_loaded"
    message = _("The questionnaire is not loaded yet.")
    http_status = 409


class SurveyNotOpen(StudyError):
    """The wave's window has not begun."""

    code = "survey_not_open"
    message = _("This survey is not open yet.")
    http_status = 409


class SurveyOnHold(StudyError):
    """She rests, or has not signed the newer text yet."""

    code = "survey_on_hold"
    message = _("This survey is on hold: do not contact her now. Nothing was saved.")
    http_status = 409


class SurveyClosed(StudyError):
    """The case has its end already, and it was not these answers."""

    code = "survey_closed"
    message = _("This survey is already closed: what was saved before stands.")
    http_status = 409


class AnswersOvertaken(StudyError):
    """The survey had changed before they came; they are held whole, and there is nothing to send again."""

    code = "answers_overtaken"
    message = _(
        "This survey had changed before this came. What she answered is kept apart, whole: the coordinator decides. "
        "There is nothing to send again."
    )
    http_status = 409


class ClosedMeanwhile(AnswersOvertaken, SurveyClosed):
    """It was closed by then, with other answers or without any."""


class OnHoldMeanwhile(AnswersOvertaken, SurveyOnHold):
    """She had begun to rest by then, or had not signed a newer text."""


class TakenOverMeanwhile(AnswersOvertaken, ParticipantOutOfReach):
    """Somebody else asks her by now."""


class NotASurvey(StudyError):
    """What was sent is no answered questionnaire of this case."""

    code = "not_a_survey"
    message = _("What was sent is no survey of this kind. Nothing was saved.")
    http_status = 422


_HOLD_CASE = ReadyQuery(
    lambda: (
        SurveyCase.objects.select_for_update(of=("self",))
        .select_related("participant__vault_key")
        .filter(pk=Asked("case", UUIDField()))
        .order_by()
    )
)
_SENT_OF_OTHER = ReadyQuery(
    lambda: (
        Submission.objects.filter(instance_id=Asked("instance", CharField()))
        .exclude(case=Asked("case", UUIDField()))
        .order_by("pk")
        .only("pk")
    )
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission with the version that it answers, checked."""

    content: bytes
    instrument: Instrument
    checked: CheckedSubmission
    outcome: SurveyCase.Status

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.checked.findings[:MOST_FINDINGS]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


_MEANWHILE: dict[type[StudyError], tuple[PhoneEntry.Held, type[AnswersOvertaken]]] = {
    SurveyClosed: (PhoneEntry.Held.CLOSED, ClosedMeanwhile),
    SurveyOnHold: (PhoneEntry.Held.ON_HOLD, OnHoldMeanwhile),
    ParticipantOutOfReach: (PhoneEntry.Held.OTHER_INTERVIEWER, TakenOverMeanwhile),
}


def overtaken_answers_held(service: Callable[Words, Answer]) -> Callable[Words, Answer]:
    """Keep the answers that a service refuses because the survey changed before they came; raise AnswersOvertaken.

    Only of a survey whose woman takes part, from whoever asks her or asked her before; its own transaction is rolled
    back by then.
    """

    @wraps(service)
    def holding(*args: Words.args, **words: Words.kwargs) -> Answer:
        try:
            return service(*args, **words)
        except (SurveyClosed, SurveyOnHold, ParticipantOutOfReach) as refusal:
            sent: dict[str, Any] = {name: words[name] for name in ("by", "case", "content", "now")}
            if type(refusal) not in _MEANWHILE or not _may_be_held(**sent):
                raise
            held_for, raised = _MEANWHILE[type(refusal)]
            hold_answers(**sent, held_for=held_for)
            raise raised from refusal

    return holding


def _may_be_held(*, by: User, case: SurveyCase, content: bytes, now: datetime) -> bool:
    """Say whether she who sends them asks or asked this woman, and they are answers. Raise as `require_part`."""
    woman = Participant.objects.get(pk=case.participant_id)
    asked_her = InterviewerChange.objects.filter(participant=woman, before=by).exists()
    if woman.interviewer_id != by.pk and not asked_her:
        return False
    require_part(woman, now)
    return read_sent(case, content, now).outcome in ANSWERED


@conflicts_reported
@tied_answers_held
@late_answers_held
@overtaken_answers_held
@transaction.atomic
def submit_survey(
    *, by: User, case: SurveyCase, content: bytes, now: datetime, answered_at: datetime | None = None
) -> SurveyCase:
    """Take a submission of one case (XML as devices send it), check and score it, and close the case.

    The same submission again changes nothing. One that breaks rules of its questionnaire is kept, marked, and asked
    about. Without privacy nothing but the attempt is kept and the case stays open; if she declines, it is closed as
    refused. Danger to a child reaches the safety officer whatever else was answered. `answered_at` is given where that
    was before it came in.
    What somebody brings who is tied to her case is held apart, and told of; what comes after a lock is held too, and
    what comes after the survey was closed, put on hold or given to somebody else (`AnswersOvertaken`).
    Raise ParticipantOutOfReach, ParticipantLeft, ConsentMissing, SurveyOnHold, InstrumentNotLoaded, SurveyNotOpen,
    AnswersKeptApart, AnswersCameAfterLock, SurveyClosed or NotASurvey.
    """
    require(by, Permission.COLLECT_SURVEYS)
    is_child_in_danger = tells_of_child(content)
    if is_child_in_danger:
        # The woman's row comes first, as for whoever changes her part: nobody waits for each other for ever.
        Participant.objects.select_for_update(no_key=True).get(pk=case.participant_id)
    locked = _HOLD_CASE.first(case=case.pk)
    if locked is None:
        raise SurveyCase.DoesNotExist
    _require_open(by, locked, now)
    sent = read_sent(locked, content, answered_at or now)
    if _is_kept_already(locked, sent):
        return locked
    if has_conflict(by, locked.participant):
        raise AnswersKeptApart
    if not may_become(locked.status, sent.outcome):
        raise SurveyClosed
    submission = _close(locked, sent, by=by, now=now, answered_at=answered_at or now)
    if is_child_in_danger:
        tell_of_child(locked, author=by, now=now)
    record(
        actor=by,
        action="surveys.submit",
        object_type="survey",
        object_id=locked.pk,
        details={
            "wave": locked.wave,
            "status": str(sent.outcome),
            "instrument": str(sent.instrument),
            "findings": len(submission.findings) if submission else 0,
        },
    )
    return locked


def tell_of_child(case: SurveyCase, *, author: User, now: datetime) -> None:
    """Put a child in danger before the safety officer, and offer whoever heard of it somebody to talk to."""
    origin = Origin(SafetyCase.Origin.SURVEY, str(case.pk))
    raise_case(by=author, participant=case.participant, rule=CHILD_IN_DANGER, origin=origin, now=now)
    offer_debriefs(
        by=CARER,
        people=[author.pk],
        occasion=Debrief.Occasion.TALK,
        cause=Debrief.Cause.CHILD,
        source_id=str(case.pk),
        now=now,
    )


def _require_open(by: User, case: SurveyCase, now: datetime) -> None:
    if not is_within_reach(by, case.participant, now):
        raise ParticipantOutOfReach
    require_part(case.participant, now)
    if case.status in HELD:
        raise SurveyOnHold
    if timezone.localdate(now) < case.window_from:
        raise SurveyNotOpen


def tells_of_child(content: bytes) -> bool:
    """Say whether a submission tells of danger to a child. Raise NotASurvey."""
    try:
        return said(content, CHILD_IN_DANGER_ITEM) == "yes"
    except XFormInvalid as error:
        raise NotASurvey(not_a_survey(error)) from error


def read_sent(case: SurveyCase, content: bytes, answered_at: datetime) -> Sent:
    """Check a submission with the rules of the version that it names, as they were when it was answered.

    Raise InstrumentNotLoaded or NotASurvey.
    """
    try:
        code, version, instance_id = sent_as(content)
        instrument = queries.instrument_sent(code, version, wave=case.wave)
        if instrument is None:
            if queries.instrument_of(case) is None:
                raise InstrumentNotLoaded
            raise NotASurvey(not_a_survey(f"this wave does not ask version “{version}” of “{code}”"))
        rules, zone = queries.form_rules_of(instrument), timezone.get_default_timezone()
        checked = check_submission(content, rules, zone=zone, now=answered_at)
    except XFormInvalid as error:
        raise NotASurvey(not_a_survey(error)) from error
    if not instance_id:
        raise NotASurvey(not_a_survey("the submission has no instanceID"))
    if len(instance_id) > MOST_ID_LETTERS:
        raise NotASurvey(not_a_survey("the instanceID of the submission is too long"))
    return Sent(content, instrument, checked, Status(case_outcome(checked.answers)))


def not_a_survey(error: XFormInvalid | str) -> str:
    """Say why what was sent is no survey, in the language of the page."""
    return gettext("What was sent is no survey of this kind: %(why)s. Nothing was saved.") % {
        "why": said_of(str(error))
    }


def _is_kept_already(case: SurveyCase, sent: Sent) -> bool:
    """Say whether this is stored, or, where nothing but the outcome is, whether that is the outcome."""
    if case.status in ANSWERED:
        stored = case.submission
        return (stored.instance_id, stored.content_sha256) == (sent.checked.instance_id, sent.sha256)
    return case.status == Status.REFUSED == sent.outcome


def _close(case: SurveyCase, sent: Sent, *, by: User, now: datetime, answered_at: datetime) -> Submission | None:
    stored = _stored(case, sent, by=by, now=now, answered_at=answered_at) if sent.outcome in ANSWERED else None
    case.status, case.status_changed_at = sent.outcome, now
    case.save(update_fields=["status", "status_changed_at"])
    return stored


def _stored(case: SurveyCase, sent: Sent, *, by: User, now: datetime, answered_at: datetime) -> Submission:
    """Keep the answers in clear but for free text, and the whole sealed; ask about each rule that is broken.

    What was answered in part before stays, and what is answered now stands over it.
    """
    before = case.submission if case.status == Status.PARTIAL else None
    answers = {**before.answers, **answers_kept(sent)} if before else answers_kept(sent)
    if before and answers != before.answers:
        keep_version(before, SubmissionVersion.Reason.WENT_ON, author=by, now=now)
    whole = _with_before(case, before, sent)
    stored = before or Submission(case=case)
    return write_submission(stored, sent, answers, whole, author=by, now=now, answered_at=answered_at)


def answers_kept(sent: Sent) -> dict[str, Any]:
    """Return the answers of a submission that are kept in clear."""
    return kept_answers(sent.checked.answers, without=queries.identifying_names(sent.instrument))


def write_submission(
    stored: Submission,
    sent: Sent,
    answers: dict[str, Any],
    whole: bytes,
    *,
    author: User,
    now: datetime,
    answered_at: datetime | None = None,
) -> Submission:
    """Write a survey as it now stands, with its scores and the queries about it. Raise NotASurvey."""
    case = stored.case
    if not answers:
        raise NotASurvey(not_a_survey("the submission answers nothing"))
    if _SENT_OF_OTHER.first(instance=sent.checked.instance_id, case=case.pk) is not None:
        raise NotASurvey(not_a_survey("another survey has its instanceID already"))
    stored.instrument, stored.submitted_at, stored.submitted_by = sent.instrument, answered_at or now, author
    stored.answers, stored.scores = answers, survey_scores(answers)
    stored.is_complete = sent.outcome == Status.DONE and Breach.REQUIRED not in {f.breach for f in sent.findings}
    stored.instance_id, stored.content_sha256 = sent.checked.instance_id, sent.sha256
    stored.sealed_instance = seal_bytes(case.participant, whole, purpose=INSTANCE)
    stored.findings = [{"place": f.place[:MOST_PLACE_LETTERS], "breach": f.breach} for f in sent.findings]
    stored.save()
    DataQuery.objects.bulk_create(
        (
            DataQuery(submission=stored, place=found["place"], breach=found["breach"], opened_at=now)
            for found in stored.findings
        ),
        ignore_conflicts=True,
    )
    return stored


def _with_before(case: SurveyCase, before: Submission | None, sent: Sent) -> bytes:
    """Return what was sent, behind what was sent when the survey was answered in part."""
    if before is None or before.sealed_instance is None:
        return sent.content
    return unseal_bytes(case.participant, before.sealed_instance, purpose=INSTANCE) + b"\n" + sent.content
