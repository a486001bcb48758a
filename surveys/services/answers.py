"""Answers taken: checked, scored, kept once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from care.models import Debrief
from care.services import CARER, offer_debriefs
from participants.models import Participant
from participants.queries import is_within_reach
from participants.services import ParticipantOutOfReach
from safety.models import SafetyCase
from safety.rules import CHILD_IN_DANGER
from safety.services import Origin, raise_case
from surveys import queries
from surveys.instrument_file import CheckedAnswers, check_answers
from surveys.ipv_scores import score_answers
from surveys.models import Instrument, Submission, SurveyCase
from surveys.schedule import HELD, may_become
from surveys.services.waves import require_part

Status = SurveyCase.Status


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


class AnswersIncomplete(StudyError):
    """The questionnaire asks for answers that are missing, or does not know those given."""

    code = "answers_incomplete"
    message = _("Some questions have no answer yet.")


@transaction.atomic
def submit_survey(
    *, by: User, case: SurveyCase, answers: Mapping[str, str], now: datetime, child_in_danger: bool = False
) -> SurveyCase:
    """Take the answers of one case, score them and close it; the same answers again change nothing.

    `child_in_danger`: she told of it, and the safety officer hears whatever else was answered.
    Without privacy nothing but the attempt is kept and the case stays open; if she declines, it is closed as refused.
    Raise ParticipantOutOfReach, ParticipantLeft, ConsentMissing, SurveyOnHold, InstrumentNotLoaded, SurveyNotOpen,
    SurveyClosed or AnswersIncomplete.
    """
    require(by, Permission.COLLECT_SURVEYS)
    if child_in_danger:
        # The woman's row comes first, as for whoever changes her part: nobody waits for each other for ever.
        Participant.objects.select_for_update(no_key=True).get(pk=case.participant_id)
    locked = SurveyCase.objects.select_for_update(of=("self",)).select_related("participant").get(pk=case.pk)
    if not is_within_reach(by, locked.participant, now):
        raise ParticipantOutOfReach
    require_part(locked.participant, now)
    if locked.status in HELD:
        raise SurveyOnHold
    instrument = queries.instrument_in_force()
    if instrument is None:
        raise InstrumentNotLoaded
    if timezone.localdate(now) < locked.window_from:
        raise SurveyNotOpen
    checked = check_answers(queries.instrument_rules(instrument), answers)
    if checked.problems:
        raise AnswersIncomplete
    status = checked.stopped or Status.DONE
    if not may_become(locked.status, status):
        return _same_or_closed(locked, checked)
    _close(locked, checked, instrument, by=by, now=now)
    if child_in_danger:
        _tell_of_child(locked, by=by, now=now)
    record(
        actor=by,
        action="surveys.submit",
        object_type="survey",
        object_id=locked.pk,
        details={"wave": locked.wave, "status": str(status), "instrument": str(instrument)},
    )
    return locked


def _tell_of_child(case: SurveyCase, *, by: User, now: datetime) -> None:
    """Put a child in danger before the safety officer, and offer whoever heard of it somebody to talk to."""
    origin = Origin(SafetyCase.Origin.SURVEY, str(case.pk))
    raise_case(by=by, participant=case.participant, rule=CHILD_IN_DANGER, origin=origin, now=now)
    offer_debriefs(
        by=CARER,
        people=[by.pk],
        occasion=Debrief.Occasion.TALK,
        cause=Debrief.Cause.CHILD,
        source_id=str(case.pk),
        now=now,
    )


def _same_or_closed(case: SurveyCase, checked: CheckedAnswers) -> SurveyCase:
    """Accept again what is already stored. Raise SurveyClosed for anything else."""
    if case.status == checked.stopped:
        return case
    if case.status == Status.DONE and not checked.stopped and case.submission.answers == checked.answers:
        return case
    raise SurveyClosed


def _close(case: SurveyCase, checked: CheckedAnswers, instrument: Instrument, *, by: User, now: datetime) -> None:
    if not checked.stopped:
        Submission.objects.create(
            case=case,
            instrument=instrument,
            submitted_at=now,
            submitted_by=by,
            answers=checked.answers,
            scores=score_answers(checked.answers),
        )
    case.status, case.status_changed_at = checked.stopped or Status.DONE, now
    case.save(update_fields=["status", "status_changed_at"])
