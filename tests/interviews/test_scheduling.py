"""From the proposal to the interview held: own interviewer, safe hours, consent at each step."""

from datetime import timedelta

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from interviews.models import Interview
from interviews.services import (
    InterviewMovedOn,
    Meeting,
    NotYetTime,
    TimeIsPast,
    TimeNotSafe,
    agree_interview,
    end_interview,
    hold_interview,
    propose_interview,
)
from interviews.states import TRANSITIONS
from participants.models import Participant, SafeContactPlan
from participants.reach import ConsentMissing, NotFollowedNow, ParticipantOutOfReach
from tests.factories import NOW, UserFactory

TOMORROW = NOW + timedelta(days=1)  # 10:00 in Lima; her hours are 9 to 18
Place = Interview.Place


def proposed(talk, starts_at=TOMORROW, minutes=90, place=Place.OFFICE, by=None):
    meeting = Meeting(starts_at, minutes, place)
    return propose_interview(by=by or talk.interviewer, interview=talk.interview, meeting=meeting, now=NOW)


def test_every_state_has_its_transitions():
    assert set(TRANSITIONS) == set(Interview.Status.values)


@pytest.mark.requirement("F53", "F40")
def test_proposed_agreed_held(talk):
    proposed(talk)
    agree_interview(by=talk.interviewer, interview=talk.interview, now=NOW)
    held = hold_interview(by=talk.interviewer, interview=talk.interview, audio_agreed=True, now=TOMORROW)
    assert (held.status, held.audio_agreed, held.held_by) == ("done", True, talk.interviewer)
    actions = Event.objects.filter(object_type="interview").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["interviews.propose", "interviews.agree", "interviews.hold"]


# Her safe hours: 09:00 to 18:00 in Lima (14:00 to 23:00 UTC); both sides of each end.
@pytest.mark.parametrize(
    ("hour_utc", "minute", "minutes", "is_safe"),
    [(14, 0, 90, True), (13, 59, 90, False), (21, 30, 90, True), (21, 31, 90, False), (22, 0, 240, False)],
)
def test_the_whole_of_it_lies_in_her_safe_hours(talk, hour_utc, minute, minutes, is_safe):
    at = TOMORROW.replace(hour=hour_utc, minute=minute)
    if is_safe:
        assert proposed(talk, at, minutes).status == "proposed"
    else:
        with pytest.raises(TimeNotSafe):
            proposed(talk, at, minutes)


def test_by_telephone_only_if_she_chose_calls(talk):
    with pytest.raises(TimeNotSafe):
        proposed(talk, place=Place.TELEPHONE)
    SafeContactPlan.objects.filter(participant=talk.woman).update(channel="call")
    assert proposed(talk, place=Place.TELEPHONE).place == "telephone"


def test_a_time_that_is_no_longer_safe_is_not_agreed_to(talk):
    proposed(talk)
    SafeContactPlan.objects.filter(participant=talk.woman).update(safe_weekdays=[7])
    with pytest.raises(TimeNotSafe):
        agree_interview(by=talk.interviewer, interview=talk.interview, now=NOW)


def test_past_times_and_interviews_that_have_not_begun_are_refused(talk):
    with pytest.raises(TimeIsPast):
        proposed(talk, NOW)
    proposed(talk)
    agree_interview(by=talk.interviewer, interview=talk.interview, now=NOW)
    with pytest.raises(NotYetTime):
        hold_interview(by=talk.interviewer, interview=talk.interview, audio_agreed=False, now=NOW)


def test_recording_needs_her_consent_to_audio(talk):
    proposed(talk)
    agree_interview(by=talk.interviewer, interview=talk.interview, now=NOW)
    talk.woman.consents.filter(scope="audio").delete()
    with pytest.raises(ConsentMissing):
        hold_interview(by=talk.interviewer, interview=talk.interview, audio_agreed=True, now=TOMORROW)
    held = hold_interview(by=talk.interviewer, interview=talk.interview, audio_agreed=False, now=TOMORROW)
    assert held.audio_agreed is False


@pytest.mark.parametrize("outcome", ["refused", "lost"])
def test_who_does_not_talk_is_closed_even_without_consent(talk, outcome):
    talk.woman.consents.all().delete()
    ended = end_interview(by=talk.interviewer, interview=talk.interview, outcome=Interview.Status(outcome), now=NOW)
    assert ended.status == outcome
    with pytest.raises(InterviewMovedOn):
        end_interview(by=talk.interviewer, interview=talk.interview, outcome=Interview.Status.LOST, now=NOW)


def test_other_interviewers_and_other_roles_do_nothing(talk):
    with pytest.raises(ParticipantOutOfReach):
        proposed(talk, by=UserFactory(role=Role.INTERVIEWER))
    for role in set(Role) - {Role.INTERVIEWER}:
        with pytest.raises(PermissionMissing):
            proposed(talk, by=UserFactory(role=role))


def test_nobody_is_asked_who_rests(talk):
    Participant.objects.filter(pk=talk.woman.pk).update(status="paused")
    with pytest.raises(NotFollowedNow):
        proposed(talk)


def test_a_second_agreement_is_refused(talk):
    proposed(talk)
    agree_interview(by=talk.interviewer, interview=talk.interview, now=NOW)
    with pytest.raises(InterviewMovedOn):
        agree_interview(by=talk.interviewer, interview=talk.interview, now=NOW)
