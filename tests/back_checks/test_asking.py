"""The second interviewer: what she sees, when she may ask, what is kept, and what stays as it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from audit.models import Event
from back_checks.models import BackCheck, BackCheckItem
from back_checks.services import (
    AnswerUnknown,
    BackCheckOver,
    MomentInvalid,
    OutsideSafeTimes,
    TryWrittenAlready,
    answer_back_check,
    explain_missed_back_check,
    log_back_check_try,
    open_back_check_card,
)
from participants.models import AccessNotice, Consent, Participant
from participants.reach import ConsentMissing, NotFollowedNow, ParticipantLeft, ParticipantOutOfReach
from participants.safe_contact import Contact
from participants.services import ChannelNotHers
from surveys.models import CallAttempt, Submission
from tests.back_checks.conftest import ANSWERS, laid_field
from tests.factories import NOW

SAME = {name: ANSWERS[name] for name in ANSWERS if name not in {"privacy", "agreement"}} | {"took_place": "yes"}
AN_HOUR_AGO = NOW - timedelta(minutes=20)


def answer(field, check, answers=None, **fields):
    values = {"by": field.second, "at": AN_HOUR_AGO, "channel": Contact.VISIT, "now": NOW, **fields}
    return answer_back_check(back_check=check, answers=SAME if answers is None else answers, **values)


def differing() -> dict[str, bool | None]:
    return dict(BackCheckItem.objects.values_list("question", "differs"))


@pytest.mark.requirement("N13")
def test_same_answers_do_not_differ_and_the_survey_stays_as_it_was(field):
    check = field.check()
    before = Submission.objects.values().get()
    answer(field, check)
    assert differing() == dict.fromkeys(SAME, False)
    assert Submission.objects.values().get() == before
    check.refresh_from_db()
    assert (check.status, check.asked_at, check.channel) == ("done", AN_HOUR_AGO, "visit")


def test_differences_are_kept_by_kind_and_within_what_is_allowed(field):
    said = {**SAME, "took_place": "no", "age": "35", "education": "primary", "children": "", "years_together": "12"}
    answer(field, field.check(), said)
    found = differing()
    assert (found["took_place"], found["age"], found["education"]) == (True, False, True)
    assert (found["children"], found["years_together"]) == (None, True)
    kinds = dict(BackCheckItem.objects.values_list("question", "kind"))
    assert (kinds["took_place"], kinds["years_together"], kinds["place_to_stay"]) == (1, 2, 3)


def test_what_she_preferred_not_to_say_is_not_compared(field):
    woman = field.woman()
    survey = field.survey(woman, answers={**ANSWERS, "people_to_turn_to": "refused", "education": "refused"})
    answer(field, field.check(woman, submission=survey), {**SAME, "place_to_stay": ""})
    found = differing()
    assert (found["people_to_turn_to"], found["education"], found["place_to_stay"]) == (None, None, None)


@pytest.mark.parametrize(
    "answers", [{"education": "zz"}, {"age": "treinta"}, {"age": "999"}, {"age": "9" * 5000}, {"took_place": "maybe"}]
)
def test_answer_that_is_not_offered_is_refused(field, answers):
    with pytest.raises(AnswerUnknown):
        answer(field, field.check(), {**SAME, **answers})
    assert not BackCheckItem.objects.exists()


@pytest.mark.requirement("F40")
@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"at": NOW - timedelta(days=15)}, MomentInvalid),
        ({"at": NOW + timedelta(minutes=1)}, MomentInvalid),
        ({"at": NOW.replace(hour=6)}, OutsideSafeTimes),
        ({"channel": Contact.CALL}, ChannelNotHers),
    ],
)
def test_she_is_asked_within_her_safe_times_alone(field, fields, error):
    check = field.check()
    with pytest.raises(error):
        answer(field, check, **fields)
    values = {"by": field.second, "at": AN_HOUR_AGO, "channel": Contact.VISIT, "now": NOW, **fields}
    with pytest.raises(error):
        log_back_check_try(back_check=check, outcome=CallAttempt.Outcome.NO_ANSWER, **values)
    check.refresh_from_db()
    assert check.status == "due"


def every_way(field, check, by):
    """Everything that reaches her or keeps what she says."""
    tried = {"at": AN_HOUR_AGO, "channel": Contact.VISIT, "outcome": CallAttempt.Outcome.NO_ANSWER, "now": NOW}
    return (
        lambda: open_back_check_card(by=by, back_check=check, now=NOW),
        lambda: answer(field, check, by=by),
        lambda: log_back_check_try(by=by, back_check=check, **tried),
    )


@pytest.mark.requirement("F34")
def test_neither_the_first_nor_anybody_else_comes_near_it(field):
    check = field.check()
    for by in (field.first, field.another()):
        for way in every_way(field, check, by):
            with pytest.raises(ParticipantOutOfReach):
                way()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"status": "withdrawn"}, ParticipantLeft),
        ({"status": "paused"}, NotFollowedNow),
        ({}, ConsentMissing),
    ],
)
def test_who_left_rests_or_ended_her_consent_is_not_reached(field, change, error):
    check = field.check()
    if change:
        Participant.objects.filter(pk=check.participant_id).update(**change)
    else:
        Consent.objects.filter(scope="surveys").update(ended_at=NOW - timedelta(hours=1))
    for way in every_way(field, check, field.second):
        with pytest.raises(error):
            way()


@pytest.mark.parametrize("status", ["done", "refused", "missed", "cancelled"])
def test_what_is_over_reaches_nobody(field, status):
    done = {"asked_at": NOW, "channel": "visit"} if status == "done" else {}
    check = field.check(status=status, **done)
    for way in every_way(field, check, field.second):
        with pytest.raises(BackCheckOver):
            way()


@pytest.mark.parametrize("days", [-1, 10])
def test_it_is_open_in_its_days_alone(field, days):
    check = field.check()
    with pytest.raises(BackCheckOver):
        open_back_check_card(by=field.second, back_check=check, now=NOW + timedelta(days=days))


@pytest.mark.requirement("N27")
def test_each_opening_of_her_card_is_recorded(field):
    check = field.check()
    assert open_back_check_card(by=field.second, back_check=check, now=NOW).full_name
    row = Event.objects.get(action="participants.open_card")
    assert (row.object_id, row.details) == (check.participant.study_code, {"purpose": "survey"})


def test_who_prefers_not_to_is_not_asked_again(field):
    check = field.check()
    tried = {"by": field.second, "back_check": check, "channel": Contact.VISIT, "now": NOW}
    log_back_check_try(**tried, at=AN_HOUR_AGO, outcome=CallAttempt.Outcome.NOT_ALONE)
    check.refresh_from_db()
    assert check.status == "due"
    with pytest.raises(TryWrittenAlready):
        log_back_check_try(**tried, at=AN_HOUR_AGO, outcome=CallAttempt.Outcome.DECLINED)
    log_back_check_try(**tried, at=AN_HOUR_AGO + timedelta(minutes=5), outcome=CallAttempt.Outcome.DECLINED)
    check.refresh_from_db()
    assert check.status == "refused"


@pytest.mark.requirement("F14")
def test_what_was_missed_keeps_its_first_reason(field):
    check = field.check(status="missed")
    explain = {"by": field.second, "back_check": check, "now": NOW}
    assert explain_missed_back_check(**explain, reason=BackCheck.MissedReason.UNSAFE).missed_reason == "unsafe"
    with pytest.raises(BackCheckOver):
        explain_missed_back_check(**explain, reason=BackCheck.MissedReason.OTHER)
    with pytest.raises(ParticipantOutOfReach):
        explain_missed_back_check(by=field.first, back_check=check, reason=BackCheck.MissedReason.OTHER, now=NOW)


def test_answers_are_never_rewritten(field):
    answer(field, field.check())
    for change in (lambda: BackCheckItem.objects.update(answer="x"), lambda: BackCheckItem.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_audit_says_that_she_was_asked_and_nothing_of_what_she_said(field):
    answer(field, field.check(), {**SAME, "education": "primary"})
    row = Event.objects.get(action="back_checks.answer")
    assert row.details == {"questions": len(SAME)}
    assert not AccessNotice.objects.exists()


def test_saved_twice_at_once_is_kept_once(committed_study):
    field, together = laid_field(), Barrier(2)
    check = field.check()

    def save(_: int) -> bool:
        together.wait()
        try:
            answer(field, check)
        except BackCheckOver:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, range(2))) == [False, True]
    assert BackCheckItem.objects.count() == len(SAME)
