"""Whoever has to do with a woman's case is refused her surveys, and the safety officer hears of each try."""

import json
from datetime import timedelta

import pytest

from accounts.roles import Role
from audit.models import Event
from participants.models import AccessNotice, Conflict
from participants.reach import ConflictOfInterest
from participants.receipts import CONFLICT, NEW
from participants.sealing import unseal_text
from safety.models import SafetyCase
from surveys.interviewing import Wish
from surveys.models import (
    CallAttempt,
    EntryDecision,
    PhoneEntry,
    Submission,
    SurveyCase,
    SurveyDebrief,
    SurveySitting,
)
from surveys.services import (
    AnswersKeptApart,
    NotASurvey,
    debrief_survey,
    decide_entry,
    explain_missed_survey,
    log_attempt,
    open_sitting,
    submit_survey,
)
from tests.factories import NOW, UserFactory
from tests.surveys.conftest import sent
from tests.surveys.test_attempts import CALLED
from tests.surveys.test_entries import attempt, entry, statuses, sync

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


@pytest.mark.requirement("F28")
def test_a_try_and_a_debriefing_of_a_tie_leave_the_phone_and_wait(case, woman, interviewer, tied):
    tried, told = attempt(case), entry(case, "debrief", codes=[SurveyDebrief.Code.HARD], wish=Wish.ANY, note="Lloró.")
    for _again in range(2):
        assert statuses(sync(interviewer, tried, told)) == [(CONFLICT, "not_from_account")] * 2

    kept = PhoneEntry.objects.filter(held_for="not_from_account").order_by("kind")
    assert [(each.pk, each.kind, each.sent_by) for each in kept] == [
        (tried.id, "attempt", interviewer), (told.id, "debrief", interviewer),
    ]  # fmt: skip
    assert not any(model.objects.exists() for model in (CallAttempt, SurveyDebrief))
    assert heard() == (
        [("conflict_refused", woman.pk, interviewer.pk)],
        [(woman.study_code, ConflictOfInterest.code)] * 2,
    )
    tied.delete()
    assert statuses(sync(interviewer, attempt(case))) == [(NEW, "")]


@pytest.mark.requirement("F28")
@pytest.mark.parametrize(("decision", "tries"), [("counts", 1), ("set_aside", 0)])
def test_coordinator_brings_a_held_try_in_or_sets_it_aside(case, woman, interviewer, tied, decision, tries):
    tried = attempt(case)
    sync(interviewer, tried)
    coordinator = UserFactory(role=Role.ADMINISTRATOR)

    decide_entry(
        by=coordinator,
        entry=PhoneEntry.objects.get(pk=tried.id),
        decision=EntryDecision.Decision(decision),
        reason=EntryDecision.Reason.ASKED_THEN,
        now=NOW,
    )

    assert CallAttempt.objects.filter(made_by=interviewer).count() == tries
    assert statuses(sync(interviewer, tried)) == [(CONFLICT, "not_from_account")]
    event = Event.objects.get(action="surveys.decide_entry")
    assert (event.actor, event.reason, event.details["kind"], event.details["decision"]) == (
        coordinator.audit_name, "asked_then", "attempt", decision,
    )  # fmt: skip


@pytest.mark.requirement("F28")
def test_answers_that_a_tie_refuses_are_kept_apart_once_and_told_of(case, woman, interviewer, tied):
    content = sent(case, child_danger="yes")
    for _again in range(2):
        with pytest.raises(AnswersKeptApart):
            submit_survey(by=interviewer, case=case, content=content, now=NOW)

    kept = PhoneEntry.objects.get()
    case.refresh_from_db()
    assert (kept.held_for, kept.sent_by, case.status, Submission.objects.count()) == (
        "not_from_account", interviewer, "due", 0,
    )  # fmt: skip
    assert json.loads(unseal_text(woman, bytes(kept.sealed_content), purpose="phone entry"))["xml"] == content.decode()
    assert Event.objects.filter(action="surveys.hold_answers").count() == 1
    assert heard() == (
        [("conflict_refused", woman.pk, interviewer.pk)],
        [(woman.study_code, "answers_kept_apart")] * 2,
    )
    assert SafetyCase.objects.filter(participant=woman).count() == 1


def test_answers_of_a_tie_from_a_phone_are_a_receipt_and_wait(case, woman, interviewer, tied):
    late = entry(case, child_danger="yes")
    for _again in range(2):
        assert statuses(sync(interviewer, late)) == [(CONFLICT, "not_from_account")]
    assert (PhoneEntry.objects.get().pk, Submission.objects.count()) == (late.id, 0)
    assert heard() == (
        [("conflict_refused", woman.pk, interviewer.pk)],
        [(woman.study_code, "answers_kept_apart")],
    )
    assert SafetyCase.objects.filter(participant=woman).count() == 1


def test_what_stands_already_is_no_new_try(case, interviewer, woman):
    content = sent(case)
    submit_survey(by=interviewer, case=case, content=content, now=NOW)
    Conflict.objects.create(participant=woman, user=interviewer, declared_at=NOW)
    assert submit_survey(by=interviewer, case=case, content=content, now=NOW).status == "done"
    assert heard() == ([], [])


def test_what_is_no_survey_is_not_kept_apart(case, interviewer, tied):
    with pytest.raises(NotASurvey):
        submit_survey(by=interviewer, case=case, content=b"<data/>", now=NOW)
    assert PhoneEntry.objects.count() == 0
