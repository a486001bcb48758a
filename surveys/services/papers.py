"""A survey on paper: two people enter it apart, and where they differ one of them or a third decides."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from participants.queries import has_conflict
from participants.reach import ConflictOfInterest, require_may_know
from participants.sealing import seal_bytes, unseal_bytes
from participants.services.refusals import conflicts_reported
from protocol.locked_data import DataIsLocked, locked_data_told
from surveys import queries
from surveys.differences import differences, merged
from surveys.models import PaperEntry, Submission, SurveyCase
from surveys.schedule import ANSWERED, OPEN
from surveys.services.answers import (
    NotASurvey,
    Sent,
    SurveyClosed,
    SurveyNotOpen,
    answers_kept,
    read_sent,
    tell_of_child,
    tells_of_child,
    write_submission,
)
from surveys.services.holding import tell_of_danger
from surveys.services.waves import require_part
from surveys.xforms.writing import written_answers, written_submission

PAPER = "paper entry"


class EnteredAlready(StudyError):
    """Two different people enter a paper."""

    code = "entered_already"
    message = _("Somebody else must enter it the second time.")
    http_status = 409


class NotToCompare(StudyError):
    """There are not two entries that wait for a decision, or somebody who has nothing to do with them asks."""

    code = "not_to_compare"
    message = _("There is nothing to compare here.")
    http_status = 409


class DifferenceUndecided(StudyError):
    """Every difference needs its decision."""

    code = "difference_undecided"
    message = _("Decide on every difference.")


@conflicts_reported
@transaction.atomic
def enter_paper(*, by: User, case: SurveyCase, content: bytes, now: datetime) -> PaperEntry:
    """Keep what a person read on the paper of a survey; if two people read the same, it is the survey.

    Her interviewer enters it first, anybody else who asks the second time, by code alone. Raise ParticipantOutOfReach,
    ParticipantLeft, ConflictOfInterest, ConsentMissing, SurveyClosed, SurveyNotOpen, EnteredAlready,
    InstrumentNotLoaded or NotASurvey.
    """
    require(by, Permission.COLLECT_SURVEYS)
    participant, locked = _held(case)
    before = list(PaperEntry.objects.filter(case=locked))
    _require_may_enter(by, participant, is_first=not before, now=now)
    _require_open(locked, now)
    sent = read_sent(locked, content, now)
    if sent.outcome not in ANSWERED or not answers_kept(sent):
        raise NotASurvey
    entry = _kept(locked, sent, position=len(before) + 1, by=by, now=now)
    if tells_of_child(content):
        _tell_once(locked, before, author=by, now=now)
    if before and before[0].instrument_id == entry.instrument_id and before[0].answers == entry.answers:
        # Where its data are locked the second reading waits like one that differs.
        with suppress(DataIsLocked), locked_data_told(), transaction.atomic():
            _finish(locked, sent, author=before[0].entered_by, now=now)
    record(
        actor=by,
        action="surveys.enter_paper",
        object_type="survey",
        object_id=locked.pk,
        details={"position": entry.position, "status": locked.status},
    )
    return entry


@conflicts_reported
@locked_data_told()
@transaction.atomic
def decide_paper(*, by: User, case: SurveyCase, choices: Mapping[str, int], now: datetime) -> Submission:
    """Take for each difference the first or the second reading; both entries stay as they were.

    One of the two decides, or the woman's interviewer as a third. Raise ParticipantLeft, ConsentMissing, SurveyClosed,
    NotToCompare, DifferenceUndecided or NotASurvey.
    """
    require(by, Permission.COLLECT_SURVEYS)
    participant, locked = _held(case)
    require_part(participant, now)
    entries = list(PaperEntry.objects.filter(case=locked))
    asks = {entry.entered_by_id for entry in entries} | {participant.interviewer_id}
    if len(entries) < 2 or by.pk not in asks:  # noqa: PLR2004 (two entries)
        raise NotToCompare
    if has_conflict(by, participant):
        raise ConflictOfInterest
    _require_open(locked, now)
    first, second = entries
    try:
        answers = merged(first.answers, second.answers, choices)
    except KeyError as error:
        raise DifferenceUndecided from error
    sent = read_sent(locked, _written(participant, locked, first, second, answers), now)
    stored = _finish(locked, sent, author=by, now=now)
    record(
        actor=by,
        action="surveys.decide_paper",
        object_type="survey",
        object_id=locked.pk,
        details={"differences": len(differences(first.answers, second.answers)), "status": locked.status},
    )
    return stored


def _tell_once(case: SurveyCase, before: list[PaperEntry], *, author: User, now: datetime) -> None:
    """Tell of a child in danger by what either reading says; the second one need not say again what the first did."""
    if not before:
        tell_of_child(case, author=author, now=now)
    elif not tells_of_child(unseal_bytes(case.participant, before[0].sealed_instance, purpose=PAPER)):
        tell_of_danger(case, now=now)


def _held(case: SurveyCase) -> tuple[Participant, SurveyCase]:
    participant = Participant.objects.select_for_update(no_key=True).get(pk=case.participant_id)
    locked = SurveyCase.objects.select_for_update(of=("self",)).select_related("participant").get(pk=case.pk)
    return participant, locked


def _require_may_enter(by: User, participant: Participant, *, is_first: bool, now: datetime) -> None:
    if is_first:
        require_may_know(by, participant, now)
    elif has_conflict(by, participant):
        raise ConflictOfInterest
    require_part(participant, now)


def _require_open(case: SurveyCase, now: datetime) -> None:
    if case.status not in OPEN:
        raise SurveyClosed
    if timezone.localdate(now) < case.window_from:
        raise SurveyNotOpen


def _kept(case: SurveyCase, sent: Sent, *, position: int, by: User, now: datetime) -> PaperEntry:
    try:
        with transaction.atomic():
            return PaperEntry.objects.create(
                case=case,
                position=position,
                entered_by=by,
                entered_at=now,
                instrument=sent.instrument,
                answers=answers_kept(sent),
                sealed_instance=seal_bytes(case.participant, sent.content, purpose=PAPER),
            )
    except IntegrityError as error:
        raise EnteredAlready from error


def _written(
    participant: Participant, case: SurveyCase, first: PaperEntry, second: PaperEntry, answers: Mapping[str, object]
) -> bytes:
    """Write the decided answers as a submission, with the text of the first reading, which is not compared."""
    besides = written_answers(unseal_bytes(participant, first.sealed_instance, purpose=PAPER))
    kept = {name: told for name, told in besides.items() if name not in {**first.answers, **second.answers}}
    form = queries.form_rules_of(first.instrument).form
    return written_submission(form, {**kept, **answers}, instance_id=f"paper:{case.pk}")


def _finish(case: SurveyCase, sent: Sent, *, author: User, now: datetime) -> Submission:
    if sent.outcome not in ANSWERED:
        raise NotASurvey
    stored = write_submission(Submission(case=case), sent, answers_kept(sent), sent.content, author=author, now=now)
    case.status, case.status_changed_at = sent.outcome, now
    case.save(update_fields=["status", "status_changed_at"])
    return stored
