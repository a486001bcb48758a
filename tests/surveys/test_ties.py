"""Whoever has to do with a woman's case is refused her surveys, and the safety officer hears of each try."""

from datetime import timedelta

import pytest

from audit.models import Event
from participants.models import AccessNotice, Conflict
from participants.reach import ConflictOfInterest
from participants.receipts import NEW, REFUSED
from surveys.interviewing import Wish
from surveys.models import CallAttempt, SurveyCase, SurveyDebrief, SurveySitting
from surveys.services import debrief_survey, explain_missed_survey, log_attempt, open_sitting
from tests.factories import NOW
from tests.surveys.test_attempts import CALLED
from tests.surveys.test_entries import attempt, statuses, sync

SERVICES = {
    "log_attempt": lambda by, case: log_attempt(by=by, case=case, attempt=CALLED, now=NOW),
    "explain_missed_survey": lambda by, case: explain_missed_survey(
        by=by, case=case, reason=SurveyCase.MissedReason.UNSAFE, now=NOW
    ),
    "open_sitting": lambda by, case: open_sitting(by=by, case=case, pin="4071", now=NOW),
    "debrief_survey": lambda by, case: debrief_survey(
        by=by, case=case, codes=[SurveyDebrief.Code.HARD], wish=Wish.ANY, note="", now=NOW
    ),
}


@pytest.fixture
def tied(woman, interviewer):
    return Conflict.objects.create(participant=woman, user=interviewer, declared_at=NOW - timedelta(days=1))


def heard():
    """Return what the safety officer hears, and what is on record."""
    notices = list(AccessNotice.objects.values_list("kind", "participant", "user"))
    refusals = Event.objects.filter(action="participants.refuse_act").values_list("object_id", "details__refusal")
    return notices, list(refusals)


@pytest.mark.parametrize("service", SERVICES)
def test_a_tie_is_refused_on_record_and_nothing_is_written(case, woman, interviewer, tied, service):
    with pytest.raises(ConflictOfInterest) as refusal:
        SERVICES[service](interviewer, case)

    assert heard() == (
        [("conflict_refused", woman.pk, interviewer.pk)],
        [(woman.study_code, refusal.value.code)],
    )
    case.refresh_from_db()
    assert case.status == "due"
    assert not any(model.objects.exists() for model in (CallAttempt, SurveySitting, SurveyDebrief))


def test_a_tie_met_by_what_a_phone_sends_is_on_record_and_the_rest_of_the_batch_goes_on(case, woman, interviewer, tied):
    assert statuses(sync(interviewer, attempt(case))) == [(REFUSED, ConflictOfInterest.code)]
    assert heard() == (
        [("conflict_refused", woman.pk, interviewer.pk)],
        [(woman.study_code, ConflictOfInterest.code)],
    )
    tied.delete()
    assert statuses(sync(interviewer, attempt(case))) == [(NEW, "")]
