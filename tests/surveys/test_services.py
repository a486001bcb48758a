"""Waves scheduled, answers taken or refused, cases that ran out."""

from datetime import timedelta

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants.models import Consent, Participant
from participants.services import ConsentMissing, ParticipantLeft, ParticipantOutOfReach
from safety.models import SafetyCase
from surveys.models import Submission, SurveyCase
from surveys.services import (
    SurveyClosed,
    SurveyNotOpen,
    mark_overdue,
    schedule_new_participants,
    schedule_waves,
    submit_survey,
)
from surveys.tasks import mark_overdue as mark_overdue_task
from tests.factories import NOW, TODAY, ParticipantFactory, UserFactory
from tests.surveys.conftest import STUDY, sent

Status = SurveyCase.Status


@pytest.mark.requirement("F10")
def test_waves_follow_the_protocol_and_are_scheduled_once(woman):
    first = schedule_waves(by=STUDY, participant=woman, now=NOW)
    again = schedule_waves(by=STUDY, participant=woman, now=NOW)
    assert [case.wave for case in first] == ["baseline", "month_3", "month_6", "month_9", "month_12"]
    assert [case.pk for case in first] == [case.pk for case in again]


def test_waves_of_who_rests_are_on_hold_from_the_start(woman):
    Participant.objects.filter(pk=woman.pk).update(status="paused")
    schedule_waves(by=STUDY, participant=woman, now=NOW)
    assert set(woman.survey_cases.values_list("status", "missed_reason")) == {("on_hold", "paused")}


def test_sweep_schedules_those_who_have_no_case_and_consent(woman):
    ParticipantFactory(scopes=("visits",))
    assert schedule_new_participants(by=STUDY, now=NOW) == 1
    assert schedule_new_participants(by=STUDY, now=NOW) == 0
    assert SurveyCase.objects.count() == woman.survey_cases.count() == 5


def test_survey_is_kept_scored_and_audited_without_answers(case, interviewer):
    hurt = {"physical_2_ever": "yes", "physical_2_period": "sometimes"}
    hurt |= {f"injury_{n}_ever": "no" for n in (1, 2, 3)}

    submit_survey(by=interviewer, case=case, content=sent(case, **hurt), now=NOW)

    submission = Submission.objects.get(case=case)
    assert submission.scores["physical"] == 1
    assert submission.scores["physical_score"] == 1
    assert submission.scores["injury"] == 0
    assert submission.scores["police_response"] == 4.0
    assert SurveyCase.objects.get(pk=case.pk).status == Status.DONE
    event = Event.objects.get(action="surveys.submit")
    assert event.details == {"wave": "month_3", "status": "done", "instrument": "follow_up 1", "findings": 0}


def test_without_privacy_nothing_is_kept_and_the_case_stays_open(case, interviewer):
    submit_survey(by=interviewer, case=case, content=sent(case, privacy="no"), now=NOW)
    assert SurveyCase.objects.get(pk=case.pk).status == Status.NOT_PRIVATE
    assert not Submission.objects.exists()

    submit_survey(by=interviewer, case=case, content=sent(case), now=NOW + timedelta(days=1))
    assert SurveyCase.objects.get(pk=case.pk).status == Status.DONE


def test_she_may_decline_and_is_not_asked_again(case, interviewer):
    submit_survey(by=interviewer, case=case, content=sent(case, agreement="no"), now=NOW)
    assert SurveyCase.objects.get(pk=case.pk).status == Status.REFUSED
    with pytest.raises(SurveyClosed):
        submit_survey(by=interviewer, case=case, content=sent(case), now=NOW)


def test_same_answers_twice_are_one_survey_and_others_are_refused(case, interviewer):
    for _ in range(2):
        submit_survey(by=interviewer, case=case, content=sent(case, instance_id="uuid:1"), now=NOW)
    assert Submission.objects.count() == 1
    assert Event.objects.filter(action="surveys.submit").count() == 1
    with pytest.raises(SurveyClosed):
        submit_survey(by=interviewer, case=case, content=sent(case, instance_id="uuid:1", response_1="1"), now=NOW)
    with pytest.raises(SurveyClosed):
        submit_survey(by=interviewer, case=case, content=sent(case, instance_id="uuid:2"), now=NOW)
    assert Submission.objects.get().answers["response_1"] == "4"


@pytest.mark.requirement("F2")
def test_consent_to_surveys_is_needed(case, woman, interviewer):
    woman.consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=NOW)
    with pytest.raises(ConsentMissing):
        submit_survey(by=interviewer, case=case, content=sent(case), now=NOW)


@pytest.mark.requirement("F4")
def test_woman_who_withdrew_is_asked_nothing(case, woman, interviewer):
    Participant.objects.filter(pk=woman.pk).update(status=Participant.Status.WITHDRAWN)
    with pytest.raises(ParticipantLeft):
        submit_survey(by=interviewer, case=case, content=sent(case), now=NOW)
    assert not Submission.objects.exists()


def test_another_interviewer_cannot_answer_for_her(case):
    with pytest.raises(ParticipantOutOfReach):
        submit_survey(by=UserFactory(role=Role.INTERVIEWER), case=case, content=sent(case), now=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.INTERVIEWER}))
def test_only_interviewers_collect(case, role):
    with pytest.raises(PermissionMissing):
        submit_survey(by=UserFactory(role=role), case=case, content=sent(case), now=NOW)


@pytest.mark.requirement("F11")
def test_window_must_have_begun(case, interviewer):
    later = case.participant.survey_cases.get(wave="month_6")
    with pytest.raises(SurveyNotOpen):
        submit_survey(by=interviewer, case=later, content=sent(later), now=NOW)


def set_window(case, *, ended_days_ago):
    end = TODAY - timedelta(days=ended_days_ago)
    case.due_on, case.window_from, case.window_until = (end - timedelta(days=d) for d in (14, 28, 0))
    case.save()


@pytest.mark.requirement("F11")
@pytest.mark.parametrize(
    ("status", "ended_days_ago", "her_status", "expected"),
    [  # the protocol: missed 14 days after the window
        ("due", 0, "enrolled", ("due", "")),
        ("due", 1, "enrolled", ("late", "")),
        ("late", 14, "enrolled", ("late", "")),
        ("late", 15, "enrolled", ("missed", "not_reached")),
        ("due", 15, "enrolled", ("missed", "not_reached")),
        ("not_private", 14, "enrolled", ("not_private", "")),
        ("not_private", 15, "enrolled", ("missed", "no_privacy")),
        ("late", 15, "moved", ("missed", "moved")),
        ("late", 15, "lost", ("missed", "lost")),
        ("due", 0, "withdrawn", ("cancelled", "her_choice")),
        ("late", 15, "deceased", ("cancelled", "deceased")),
        ("due", 0, "paused", ("on_hold", "paused")),
        ("late", 15, "paused", ("missed", "paused")),
        ("done", 15, "withdrawn", ("done", "")),
        ("refused", 15, "enrolled", ("refused", "")),
    ],
)
def test_time_moves_cases_on_and_says_why(case, status, ended_days_ago, her_status, expected):
    SurveyCase.objects.exclude(pk=case.pk).delete()
    case.status = status
    set_window(case, ended_days_ago=ended_days_ago)
    Participant.objects.filter(pk=case.participant_id).update(status=her_status)

    for _ in range(2):
        mark_overdue(by=STUDY, now=NOW)
        case.refresh_from_db()
        assert (case.status, case.missed_reason) == expected


def test_task_sweeps(case):
    SurveyCase.objects.filter(pk=case.pk).update(
        due_on="2020-01-15", window_from="2020-01-01", window_until="2020-01-29"
    )
    mark_overdue_task()
    case.refresh_from_db()
    assert case.status == Status.MISSED


@pytest.mark.requirement("N22")
@pytest.mark.parametrize(("answers", "status"), [({}, "done"), ({"privacy": "no"}, "not_private")])
def test_danger_to_a_child_reaches_the_safety_officer_and_no_answer_holds_it(case, interviewer, answers, status):
    submit_survey(by=interviewer, case=case, content=sent(case, child_danger="yes", **answers), now=NOW)

    told = SafetyCase.objects.get()
    assert (told.rule, told.origin, told.origin_id) == ("child_in_danger", "survey", str(case.pk))
    assert (told.raised_by, told.participant) == (interviewer, case.participant)
    assert SurveyCase.objects.get(pk=case.pk).status == status
    assert not Submission.objects.filter(answers__has_key="child_danger").exists()
