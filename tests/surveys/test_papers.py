"""Surveys on paper, entered by two; and surveys corrected, with what stood before."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants.models import AccessNotice, Conflict, Consent
from participants.reach import ConflictOfInterest
from participants.services import ConsentMissing, ParticipantOutOfReach
from safety.models import SafetyCase
from safety.rules import CHILD_IN_DANGER
from surveys.models import PaperEntry, Submission, SubmissionVersion, SurveyCase
from surveys.services import (
    DifferenceUndecided,
    EnteredAlready,
    NothingToCorrect,
    NotToCompare,
    SurveyClosed,
    correct_survey,
    decide_paper,
    enter_paper,
    schedule_waves,
    submit_survey,
)
from surveys.xforms.writing import written_answers
from tests.factories import NOW, ParticipantFactory, UserFactory
from tests.surveys.conftest import STUDY, sent

Reason = SubmissionVersion.Reason


@pytest.fixture
def second(db):
    return UserFactory(role=Role.INTERVIEWER)


def status_of(case):
    return SurveyCase.objects.get(pk=case.pk).status


@pytest.mark.requirement("F28")
def test_two_people_who_read_the_same_make_the_survey(case, interviewer, second):
    enter_paper(by=interviewer, case=case, content=sent(case), now=NOW)
    assert (status_of(case), Submission.objects.count()) == ("due", 0)
    enter_paper(by=second, case=case, content=sent(case), now=NOW)
    assert status_of(case) == "done"
    assert Submission.objects.get().submitted_by == interviewer
    assert PaperEntry.objects.count() == 2


@pytest.mark.requirement("F28")
def test_where_they_differ_one_decides_and_both_readings_stay(case, interviewer, second):
    hurt = {"sexual_1_ever": "yes", "sexual_1_period": "often", **{f"injury_{n}_ever": "no" for n in (1, 2, 3)}}
    enter_paper(by=interviewer, case=case, content=sent(case, response_1="2"), now=NOW)
    enter_paper(by=second, case=case, content=sent(case, response_1="3", **hurt), now=NOW)
    assert status_of(case) == "due"
    with pytest.raises(DifferenceUndecided):
        decide_paper(by=second, case=case, choices={"response_1": 1}, now=NOW)
    with pytest.raises(NotToCompare):
        decide_paper(by=UserFactory(role=Role.INTERVIEWER), case=case, choices={}, now=NOW)

    names = ["sexual_1_ever", "sexual_1_period", *(f"injury_{n}_ever" for n in (1, 2, 3))]
    decide_paper(by=second, case=case, choices={"response_1": 1, **dict.fromkeys(names, 2)}, now=NOW)

    stored = Submission.objects.get()
    assert (stored.answers["response_1"], stored.answers["sexual_1_period"]) == ("2", "often")
    assert (stored.scores["sexual"], stored.submitted_by, stored.findings) == (1, second, [])
    assert [entry.answers["response_1"] for entry in PaperEntry.objects.all()] == ["2", "3"]
    assert Event.objects.get(action="surveys.decide_paper").details == {"differences": 6, "status": "done"}


@pytest.mark.parametrize(
    ("first", "again", "told"), [("no", "yes", 1), ("yes", "yes", 1), ("yes", "no", 1), ("no", "no", 0)]
)
def test_a_child_in_danger_is_told_once_by_whichever_reading_says_so(case, interviewer, second, first, again, told):
    enter_paper(by=interviewer, case=case, content=sent(case, child_danger=first), now=NOW)
    enter_paper(by=second, case=case, content=sent(case, child_danger=again), now=NOW)
    assert [found.times for found in SafetyCase.objects.all()] == [1] * told
    assert status_of(case) == "done"


def test_a_child_in_danger_is_told_by_a_correction_that_changes_no_answer(case, interviewer):
    submit_survey(by=interviewer, case=case, content=sent(case), now=NOW)
    correct_survey(by=interviewer, case=case, content=sent(case, child_danger="yes"), reason=Reason.MISHEARD, now=NOW)
    assert SafetyCase.objects.get().rule == CHILD_IN_DANGER


def test_the_same_person_never_enters_twice_nor_anybody_a_third_time(case, interviewer, second):
    with pytest.raises(ParticipantOutOfReach):
        enter_paper(by=second, case=case, content=sent(case), now=NOW)
    enter_paper(by=interviewer, case=case, content=sent(case), now=NOW)
    with pytest.raises(EnteredAlready):
        enter_paper(by=interviewer, case=case, content=sent(case), now=NOW)
    enter_paper(by=second, case=case, content=sent(case, response_2="1"), now=NOW)
    with pytest.raises(EnteredAlready):
        enter_paper(by=UserFactory(role=Role.INTERVIEWER), case=case, content=sent(case), now=NOW)


def test_paper_of_a_closed_survey_of_no_consent_or_for_a_relative_is_refused(case, woman, interviewer, second):
    enter_paper(by=interviewer, case=case, content=sent(case), now=NOW)
    conflict = Conflict.objects.create(participant=woman, user=second, declared_at=NOW)
    with pytest.raises(ConflictOfInterest):
        enter_paper(by=second, case=case, content=sent(case), now=NOW)
    assert AccessNotice.objects.get().kind == "conflict_refused"
    assert Event.objects.get(action="participants.refuse_act").details == {"refusal": "card_closed"}
    conflict.lifted_at = NOW
    conflict.save()
    SurveyCase.objects.filter(pk=case.pk).update(status="missed")
    with pytest.raises(SurveyClosed):
        enter_paper(by=second, case=case, content=sent(case), now=NOW)
    woman.consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=NOW)
    with pytest.raises(ConsentMissing):
        enter_paper(by=second, case=case, content=sent(case), now=NOW)


@pytest.mark.requirement("F29", "F30")
def test_correction_is_a_new_version_scored_anew_and_the_old_one_cannot_change(case, interviewer):
    submit_survey(by=interviewer, case=case, content=sent(case), now=NOW)
    content = sent(
        case, physical_1_ever="yes", physical_1_period="often", **{f"injury_{n}_ever": "no" for n in (1, 2, 3)}
    )
    for _ in range(2):
        correct_survey(by=interviewer, case=case, content=content, reason=Reason.MISHEARD, now=NOW)

    stored, version = Submission.objects.get(), SubmissionVersion.objects.get()
    assert (stored.scores["physical"], version.scores["physical"]) == (1, 0)
    assert (version.number, version.reason, version.replaced_by) == (1, "misheard", interviewer)
    assert Event.objects.get(action="surveys.correct").details == {"version": 2, "findings": 0}
    with pytest.raises(ProgrammingError, match="kept as it was written"), transaction.atomic():
        SubmissionVersion.objects.update(reason="slip")
    with pytest.raises(ProgrammingError, match="she answered stands"), transaction.atomic():
        Submission.objects.update(answers={"age": "1"})


def test_a_correction_moves_neither_the_day_of_the_survey_nor_who_asked(case, interviewer):
    """Data sets, times and rates are of the talk; who corrected it, and when, stands with the version before."""
    submit_survey(by=interviewer, case=case, content=sent(case), now=NOW)
    successor, later = UserFactory(role=Role.INTERVIEWER), NOW + timedelta(days=9)
    case.participant.interviewer = successor
    case.participant.save(update_fields=["interviewer"])
    content = sent(
        case, physical_1_ever="yes", physical_1_period="often", **{f"injury_{n}_ever": "no" for n in (1, 2, 3)}
    )
    correct_survey(by=successor, case=case, content=content, reason=Reason.SHE_ASKED, now=later)

    stored, version = Submission.objects.get(), SubmissionVersion.objects.get()
    assert (stored.scores["physical"], stored.submitted_at, stored.submitted_by) == (1, NOW, interviewer)
    assert (version.replaced_at, version.replaced_by) == (later, successor)


def test_only_what_was_answered_can_be_corrected_and_only_by_her_interviewer(case, interviewer, second):
    words = {"case": case, "content": sent(case), "reason": Reason.SLIP, "now": NOW}
    with pytest.raises(NothingToCorrect):
        correct_survey(by=interviewer, **words)
    with pytest.raises(ParticipantOutOfReach):
        correct_survey(by=second, **words)


# --- Pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_case(study, interviewer):
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate() - timedelta(days=92))
    case = schedule_waves(by=STUDY, participant=woman, now=NOW)[1]
    SurveyCase.objects.exclude(pk=case.pk).delete()
    return case


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(client, name, case, content, query=""):
    file = SimpleUploadedFile("xml_submission_file", content, content_type="text/xml")
    return client.post(reverse(name, args=[case.pk]) + query, {"xml_submission_file": file})


def test_pages_lead_a_paper_through_two_people_to_its_comparison(open_case, interviewer, second):
    first, other = signed_in(interviewer), signed_in(second)
    assert list(other.get(reverse("paper_list")).context["to_enter"]) == []
    assert first.get(reverse("paper_enter", args=[open_case.pk])).status_code == 200
    post(first, "paper_enter", open_case, sent(open_case))
    page = other.get(reverse("paper_list"))
    assert open_case.participant.study_code in page.content.decode()
    assert "R. Q." not in page.content.decode()
    post(other, "paper_enter", open_case, sent(open_case, response_1="1"))
    compare = reverse("paper_compare", args=[open_case.pk])
    assert first.post(compare, {"save": "1"}).context["form"].errors
    assert first.post(compare, {"response_1": "2"}).headers["Location"] == reverse("paper_list")
    assert Submission.objects.get().answers["response_1"] == "1"


def test_history_shows_what_was_corrected_in_words(open_case, interviewer):
    client = signed_in(interviewer)
    submit_survey(by=interviewer, case=open_case, content=sent(open_case), now=timezone.now())
    history = client.get(reverse("survey_history", args=[open_case.pk]))
    assert history.context["versions"] == []
    address = reverse("survey_correct", args=[open_case.pk])
    assert client.get(address).headers["Location"] == reverse("survey_history", args=[open_case.pk])
    (earlier,) = client.get(f"{address}?motivo=slip").context["earlier"]
    assert written_answers(earlier.encode())["response_1"] == "4"
    answer = post(client, "survey_correct", open_case, sent(open_case, response_1="5"), "?motivo=slip")
    assert answer.json() == {"next": reverse("survey_history", args=[open_case.pk])}
    page = client.get(reverse("survey_history", args=[open_case.pk])).content.decode()
    assert "<del>De acuerdo</del> → <ins>Muy de acuerdo</ins>" in page
