"""What a phone kept without a signal: taken exactly once, held where it came too late, refused where she said no."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import check_password
from django.db import DatabaseError, transaction

from audit.models import Event
from care.models import Debrief
from participants import sealing
from participants.models import Consent, Participant
from participants.receipts import CONFLICT, NEW, REFUSED, SAME_AGAIN
from participants.safe_contact import Contact
from safety.models import SafetyCase
from surveys.entry_content import SentEntry
from surveys.interviewing import Wish
from surveys.models import (
    CallAttempt,
    InterviewerChange,
    PhoneEntry,
    Submission,
    SubmissionVersion,
    SurveyCase,
    SurveyDebrief,
    SurveySitting,
)
from surveys.queries import form_rules_of
from surveys.services import correct_survey, load_instrument, pin_instrument, publish_instrument, sync_entries
from surveys.xforms.writing import written_submission
from tests.factories import NOW, UserFactory
from tests.surveys.conftest import STUDY, sent

AGO = timedelta(minutes=40)


def entry(case, kind="survey", *, at=NOW - AGO, **said) -> SentEntry:
    if kind == "survey" and "xml" not in said:
        said = {"xml": sent(case, **said).decode()}
    whole = {
        "case": str(case.pk),
        "kind": kind,
        "at": at.isoformat(),
        **{name: str(told) for name, told in said.items()},
    }
    return SentEntry(uuid4(), case.pk, kind, at, said, whole)


def attempt(case, outcome="no_answer", **said) -> SentEntry:
    said = {"attempted_at": NOW - AGO, "channel": Contact.VISIT, "outcome": CallAttempt.Outcome(outcome), **said}
    return entry(case, "attempt", **said)


def sync(by, *entries, skew=0, now=NOW):
    return sync_entries(by=by, sent=entries, clock_skew_s=skew, now=now)


def statuses(results):
    return [(result.status, result.code) for result in results]


@pytest.mark.requirement("F28")
def test_attempt_survey_and_debriefing_are_taken_in_order_and_once(case, interviewer):
    entries = (
        attempt(case, "agreed", next_at=NOW - timedelta(minutes=10)),
        entry(case),
        entry(case, "debrief", codes=[SurveyDebrief.Code.HARD], wish=Wish.SAME, note="Lloró."),
    )

    first, again = sync(interviewer, *entries), sync(interviewer, *entries, now=NOW + AGO)

    assert statuses(first) == [(NEW, "")] * 3
    assert statuses(again) == [(SAME_AGAIN, "")] * 3
    assert {result.received_at for result in (*first, *again)} == {NOW}
    assert [result.content_sha256 for result in first] == [each.sha256 for each in entries]
    stored = Submission.objects.get(case=case)
    # the day on which she answered, not the day on which there was a signal
    assert (stored.submitted_at, stored.submitted_by, stored.findings) == (NOW - AGO, interviewer, [])
    assert (case.attempts.count(), SurveyDebrief.objects.get(case=case).codes) == (1, ["hard"])
    assert Debrief.objects.filter(person=interviewer).count() == 1
    assert [event.details for event in Event.objects.filter(action="surveys.sync").order_by("pk")] == [
        {"201": 3, "clock_skew_s": 0},
        {"200": 3, "clock_skew_s": 0},
    ]


@pytest.mark.requirement("F28")
def test_sitting_on_a_phone_is_counted_with_its_covers_once(case, interviewer):
    ahead = timedelta(days=2)
    xml = sent(case).decode()
    opened_at = NOW + ahead - timedelta(hours=1)
    one = entry(case, at=NOW + ahead - AGO, xml=xml, opened_at=opened_at, times_covered=2)

    for _again in range(2):
        sync(interviewer, one, skew=int(ahead.total_seconds()))

    sitting = SurveySitting.objects.get(case=case)
    assert (sitting.opened_by, sitting.opened_at, sitting.ended_at, sitting.times_covered) == (
        interviewer, NOW - timedelta(hours=1), NOW - AGO, 2,
    )  # fmt: skip
    assert not check_password("", sitting.pin)


def test_clock_that_is_wrong_does_not_move_the_day_of_the_survey(case, interviewer):
    ahead = timedelta(days=2)
    sync(interviewer, entry(case, at=NOW - AGO + ahead), skew=int(ahead.total_seconds()))
    assert Submission.objects.get(case=case).submitted_at == NOW - AGO


VISIT = """| survey |
| | type | name | label | constraint |
| | date | again_on | When can we come again? | . >= today() |
| settings |
| | form_id | version |
| | visit | 1 |
"""


def test_survey_is_judged_by_the_day_on_which_she_answered(case, interviewer):
    visit = publish_instrument(
        by=STUDY, instrument=load_instrument(by=STUDY, source=VISIT.encode(), name="v.md", now=NOW), now=NOW
    )
    pin_instrument(by=STUDY, wave=case.wave, instrument=visit, now=NOW)
    before = NOW - timedelta(days=3)
    first, second = (
        written_submission(form_rules_of(visit).form, {"again_on": day.isoformat()}, instance_id=f"uuid:{day}")
        for day in (before.date(), before.date() + timedelta(days=1))
    )

    sync(interviewer, entry(case, at=before, xml=first.decode()))
    assert Submission.objects.get(case=case).findings == []
    correct_survey(by=interviewer, case=case, content=second, reason=SubmissionVersion.Reason.SLIP, now=NOW)

    corrected = Submission.objects.get(case=case)
    assert (corrected.answers["again_on"], corrected.findings) == (f"{before.date() + timedelta(days=1)}", [])


def test_survey_with_broken_rules_is_kept_and_asked_about(case, interviewer):
    assert statuses(sync(interviewer, entry(case, response_3=""))) == [(NEW, "")]
    assert [found["breach"] for found in Submission.objects.get(case=case).findings] == ["required"]


@pytest.mark.parametrize(
    ("status", "held_for"),
    [
        ("done", "survey_closed"),
        ("refused", "survey_closed"),
        ("missed", "survey_closed"),
        ("on_hold", "survey_on_hold"),
    ],
)
def test_survey_that_comes_after_its_case_changed_is_held_whole(case, interviewer, woman, status, held_for):
    SurveyCase.objects.filter(pk=case.pk).update(status=status)
    if status == "done":
        SurveyCase.objects.filter(pk=case.pk).update(status="due")
        sync(interviewer, entry(case))
    late = entry(case, response_3="1")

    assert statuses(sync(interviewer, late)) == [(CONFLICT, held_for)]

    kept = PhoneEntry.objects.get(pk=late.id)
    assert sealing.unseal_text(woman, bytes(kept.sealed_content), purpose="phone entry") == late.text
    assert statuses(sync(interviewer, late)) == [(CONFLICT, held_for)]
    assert PhoneEntry.objects.filter(case=case, held_for=held_for).count() == 1
    assert SurveyCase.objects.get(pk=case.pk).status == status


def test_danger_to_a_child_is_told_of_a_survey_that_is_held(case, interviewer):
    SurveyCase.objects.filter(pk=case.pk).update(status="missed")
    sync(interviewer, entry(case, child_danger="yes"))
    assert SafetyCase.objects.filter(participant=case.participant).count() == 1


def test_survey_of_a_woman_who_went_over_to_somebody_else_is_held(case, interviewer, woman):
    other = UserFactory(role="interviewer")
    InterviewerChange.objects.create(
        participant=woman, before=interviewer, after=other, reason="load", changed_by=other, changed_at=NOW - AGO
    )
    Participant.objects.filter(pk=woman.pk).update(interviewer=other)

    assert statuses(sync(interviewer, entry(case))) == [(CONFLICT, "other_interviewer")]
    assert statuses(sync(other, entry(case))) == [(NEW, "")]


def test_what_was_never_hers_is_refused_as_if_it_did_not_exist(case):
    stranger = UserFactory(role="interviewer")
    assert statuses(sync(stranger, entry(case))) == [(REFUSED, "not_found")]
    assert PhoneEntry.objects.count() == 0


def test_who_ended_her_consent_is_believed(case, interviewer, woman):
    woman.consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=NOW - timedelta(minutes=5))
    assert statuses(sync(interviewer, entry(case), attempt(case))) == [(REFUSED, "consent_missing")] * 2
    assert (Submission.objects.count(), PhoneEntry.objects.count(), CallAttempt.objects.count()) == (0, 0, 0)


def test_bad_entry_does_not_stop_the_others(case, interviewer):
    results = sync(interviewer, entry(case, xml="<data/>"), attempt(case, channel=Contact.CALL), attempt(case))
    assert statuses(results) == [(REFUSED, "not_a_survey"), (REFUSED, "channel_not_hers"), (NEW, "")]


def test_other_content_under_one_identifier_is_held_beside_the_first(case, interviewer):
    first = attempt(case)
    other = replace(attempt(case, "not_now"), id=first.id)
    assert statuses(sync(interviewer, first, other, other)) == [
        (NEW, ""), (CONFLICT, "other_content"), (CONFLICT, "other_content"),
    ]  # fmt: skip
    assert (CallAttempt.objects.get().outcome, PhoneEntry.objects.count()) == ("no_answer", 2)


def test_identifier_of_something_else_is_to_be_changed(case, interviewer, woman):
    first = attempt(case)
    second = replace(attempt(woman.survey_cases.get(wave_number=0)), id=first.id)
    assert statuses(sync(interviewer, first, second)) == [(NEW, ""), (REFUSED, "log_id_taken")]


def test_what_was_sent_does_not_change(case, interviewer):
    sync(interviewer, attempt(case))
    with pytest.raises(DatabaseError), transaction.atomic():
        PhoneEntry.objects.update(held_for="survey_closed", sealed_content=b"x")
