"""Tries to reach a woman: within her safe times, by her way; and why a survey did not come about."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import sealing
from participants.models import AccessNotice, Consent, ContactOverride, Participant, SafeContactPlan
from participants.safe_contact import Contact, SafeContact
from participants.services import (
    ChannelNotHers,
    ConsentMissing,
    OverrideReasonTooShort,
    ParticipantOutOfReach,
)
from surveys.attempting import Allowance, Refusal, refusal_of
from surveys.models import CallAttempt, SurveyCase
from surveys.services import (
    Attempt,
    AttemptOutsideSafeTimes,
    AttemptTimeInvalid,
    AttemptWrittenAlready,
    NextOutsideSafeTimes,
    SurveyClosed,
    SurveyNotMissed,
    SurveyNotOpen,
    explain_missed_survey,
    log_attempt,
    mark_overdue,
)
from surveys.services.attempts import ATTEMPT_REASON
from tests.factories import NOW, TODAY, UserFactory
from tests.surveys.conftest import STUDY
from tests.surveys.test_services import set_window

Outcome, Missed = CallAttempt.Outcome, SurveyCase.MissedReason
SENTENCE = "Ella pidió que la llamáramos a esa hora."
CALLED = Attempt(NOW - timedelta(hours=1), Contact.CALL, Outcome.NO_ANSWER)  # 9:00 in Lima
NIGHT = NOW - timedelta(hours=3)  # 7:00 in Lima


@pytest.fixture
def callable_case(case):
    """She may be called, every day from 9 to 18."""
    SafeContactPlan.objects.update(channel=SafeContactPlan.Channel.CALL)
    return case


PLAN = SafeContact((1, 2, 3, 4, 5), time(9), time(18), "call")
ALLOWED = (Allowance("call", TODAY, (time(20), time(21))),)


@pytest.mark.parametrize(
    ("hour", "channel", "expected"),
    [  # hours of Lima on a Wednesday
        (9, "call", None),
        (17, "call", None),
        (18, "call", Refusal.OUTSIDE),
        (8, "call", Refusal.OUTSIDE),
        (10, "visit", None),
        (10, "message", Refusal.CHANNEL),
        (20, "call", None),
        (21, "call", Refusal.OUTSIDE),
        (20, "visit", Refusal.OUTSIDE),
        (20, "message", Refusal.CHANNEL),
    ],
)
def test_she_is_tried_at_her_times_and_by_her_way(hour, channel, expected):
    at = datetime(2026, 11, 18, hour + 5, tzinfo=UTC) if hour < 19 else datetime(2026, 11, 19, hour - 19, tzinfo=UTC)
    assert refusal_of(PLAN, at, channel, ALLOWED) == expected


@pytest.mark.requirement("F40")
def test_attempt_is_kept_and_the_audit_says_neither_number_nor_sentence(callable_case, interviewer):
    tomorrow = NOW + timedelta(days=1)
    kept = log_attempt(by=interviewer, case=callable_case, attempt=replace(CALLED, next_at=tomorrow), now=NOW)
    assert (kept.outcome, kept.next_at, kept.outside_reason, kept.sealed_reason) == ("no_answer", tomorrow, "", None)
    event = Event.objects.get(action="surveys.log_attempt")
    assert event.details == {"channel": "call", "outcome": "no_answer", "has_next": True}
    with pytest.raises(AttemptWrittenAlready):
        log_attempt(by=interviewer, case=callable_case, attempt=CALLED, now=NOW)


@pytest.mark.requirement("F40")
def test_outside_her_safe_times_it_takes_a_reason_that_the_safety_officer_hears_of(callable_case, interviewer):
    early = replace(CALLED, attempted_at=NIGHT)
    with pytest.raises(AttemptOutsideSafeTimes):
        log_attempt(by=interviewer, case=callable_case, attempt=early, now=NOW)
    early = replace(early, outside_reason=ContactOverride.Reason.SHE_ASKED, sentence="corto")
    with pytest.raises(OverrideReasonTooShort):
        log_attempt(by=interviewer, case=callable_case, attempt=early, now=NOW)
    assert not CallAttempt.objects.exists()

    kept = log_attempt(by=interviewer, case=callable_case, attempt=replace(early, sentence=SENTENCE), now=NOW)

    assert SENTENCE.encode() not in bytes(kept.sealed_reason)
    woman = callable_case.participant
    assert sealing.unseal_text(woman, kept.sealed_reason, purpose=ATTEMPT_REASON) == SENTENCE
    notice = AccessNotice.objects.get()
    assert (notice.kind, notice.participant, notice.user) == ("outside_safe_times", woman, interviewer)


def test_exception_written_before_allows_the_contact(callable_case, interviewer):
    ContactOverride.objects.create(
        participant=callable_case.participant, kind="call", on=TODAY, window_from=time(6), window_until=time(8),
        reason="she_asked", sealed_reason=b"x", overridden_by=interviewer, overridden_at=NOW - timedelta(days=1),
    )  # fmt: skip
    log_attempt(by=interviewer, case=callable_case, attempt=replace(CALLED, attempted_at=NIGHT), now=NOW)
    assert not AccessNotice.objects.exists()


def test_a_way_that_is_not_hers_has_no_reason(case, interviewer):
    why = {"outside_reason": ContactOverride.Reason.DANGER, "sentence": SENTENCE}
    with pytest.raises(ChannelNotHers):
        log_attempt(by=interviewer, case=case, attempt=replace(CALLED, **why), now=NOW)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"attempted_at": NOW + timedelta(minutes=1)}, AttemptTimeInvalid),
        ({"attempted_at": NOW - timedelta(days=15)}, AttemptTimeInvalid),
        ({"next_at": NOW}, AttemptTimeInvalid),
        ({"next_at": NOW + timedelta(hours=9)}, NextOutsideSafeTimes),
    ],
)
def test_times_must_be_possible(callable_case, interviewer, changes, error):
    with pytest.raises(error):
        log_attempt(by=interviewer, case=callable_case, attempt=replace(CALLED, **changes), now=NOW)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(Outcome.DECLINED, "refused"), (Outcome.NOT_ALONE, "not_private"), (Outcome.SOMEONE_ELSE, "due")],
)
def test_what_came_of_it_moves_the_case(callable_case, interviewer, outcome, status):
    log_attempt(by=interviewer, case=callable_case, attempt=replace(CALLED, outcome=outcome), now=NOW)
    callable_case.refresh_from_db()
    assert callable_case.status == status


def test_closed_and_future_cases_are_not_tried(callable_case, interviewer, woman):
    later = woman.survey_cases.get(wave="month_6")
    with pytest.raises(SurveyNotOpen):
        log_attempt(by=interviewer, case=later, attempt=CALLED, now=NOW)
    SurveyCase.objects.filter(pk=callable_case.pk).update(status="refused")
    with pytest.raises(SurveyClosed):
        log_attempt(by=interviewer, case=callable_case, attempt=CALLED, now=NOW)


def test_her_consent_and_her_interviewer_are_asked_for(callable_case, interviewer, woman):
    with pytest.raises(ParticipantOutOfReach):
        log_attempt(by=UserFactory(role=Role.INTERVIEWER), case=callable_case, attempt=CALLED, now=NOW)
    with pytest.raises(PermissionMissing):
        log_attempt(by=UserFactory(role=Role.SUPERVISOR), case=callable_case, attempt=CALLED, now=NOW)
    woman.consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=NOW)
    with pytest.raises(ConsentMissing):
        log_attempt(by=interviewer, case=callable_case, attempt=CALLED, now=NOW)


@pytest.mark.requirement("N8")
def test_late_survey_is_given_up_with_the_interviewers_reason_once(case, interviewer):
    SurveyCase.objects.exclude(pk=case.pk).delete()
    with pytest.raises(SurveyNotMissed):
        explain_missed_survey(by=interviewer, case=case, reason=Missed.TRAVELLING, now=NOW)
    set_window(case, ended_days_ago=1)
    mark_overdue(by=STUDY, now=NOW)

    explain_missed_survey(by=interviewer, case=case, reason=Missed.TRAVELLING, now=NOW)
    with pytest.raises(SurveyNotMissed):
        explain_missed_survey(by=interviewer, case=case, reason=Missed.OTHER, now=NOW)
    mark_overdue(by=STUDY, now=NOW + timedelta(days=99))

    case.refresh_from_db()
    assert (case.status, case.missed_reason, case.missed_explained_by) == ("missed", "travelling", interviewer)


@pytest.mark.parametrize(("reason", "allowed"), [("not_reached", True), ("no_privacy", True), ("moved", False)])
def test_the_sweeps_own_word_can_be_replaced_but_not_her_status(case, interviewer, reason, allowed):
    SurveyCase.objects.filter(pk=case.pk).update(status="missed", missed_reason=reason)
    if allowed:
        explain_missed_survey(by=interviewer, case=case, reason=Missed.UNSAFE, now=NOW)
        case.refresh_from_db()
        assert case.missed_reason == "unsafe"
    else:
        with pytest.raises(SurveyNotMissed):
            explain_missed_survey(by=interviewer, case=case, reason=Missed.UNSAFE, now=NOW)


@pytest.fixture
def client(interviewer):
    client = Client()
    client.force_login(interviewer)
    return client


def _today_of_the_page(case):
    today = timezone.localdate()
    SurveyCase.objects.exclude(pk=case.pk).delete()
    SurveyCase.objects.filter(pk=case.pk).update(window_from=today, due_on=today, window_until=today)
    SafeContactPlan.objects.update(safe_from=time(0), safe_until=time(23, 59, 59), channel="call")
    Participant.objects.update(enrolled_on=today)


def test_page_keeps_what_was_written_and_says_what_lacks(case, client):
    _today_of_the_page(case)
    SafeContactPlan.objects.update(safe_weekdays=[])
    at = timezone.localtime() - timedelta(minutes=9)
    filled = {"attempted_at": f"{at:%Y-%m-%dT%H:%M}", "channel": "call", "outcome": "no_answer", "sentence": SENTENCE}
    answer = client.post(reverse("survey_attempt", args=[case.pk]), filled)
    assert list(answer.context["form"].errors) == ["outside_reason"]
    assert SENTENCE in answer.content.decode()
    assert not CallAttempt.objects.exists()
    assert client.post(reverse("survey_attempt", args=[case.pk]), {"attempted_at": "ayer"}).status_code == 200


def test_list_reminds_of_what_is_due_and_says_what_was_tried(case, client, interviewer):
    _today_of_the_page(case)
    now = timezone.now()
    CallAttempt.objects.create(
        case=case, attempted_at=now - timedelta(days=2), channel="call", outcome="agreed",
        next_at=now - timedelta(days=1), made_by=interviewer, recorded_at=now,
    )  # fmt: skip
    answer = client.get(reverse("survey_list"))
    found = answer.context["reminders"]
    assert (found.today, found.overdue, found.closing, found.late, found.to_explain) == (0, 1, 1, 0, 0)
    assert "Quedó" in answer.content.decode()


def test_reason_is_given_on_a_page_and_the_list_is_empty_then(case, client):
    SurveyCase.objects.exclude(pk=case.pk).delete()
    set_window(case, ended_days_ago=0)
    SurveyCase.objects.filter(pk=case.pk).update(status="missed", missed_reason="not_reached")
    SurveyCase.objects.update(window_until=timezone.localdate() - timedelta(days=20), window_from="2026-01-01")
    SurveyCase.objects.update(due_on=timezone.localdate() - timedelta(days=21))
    assert [row.case for row in client.get(reverse("survey_missed_list")).context["rows"]] == [case]
    client.post(reverse("survey_missed", args=[case.pk]), {"reason": "unsafe"})
    assert client.get(reverse("survey_missed_list")).context["rows"] == []
