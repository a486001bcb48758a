"""A submission is checked again on the server: kept, marked and asked about where it breaks a rule."""

import pytest
from lxml import etree

from participants.sealing import unseal_bytes
from surveys import queries
from surveys.models import DataQuery, Submission, SurveyCase
from surveys.outcomes import kept_answers, survey_scores
from surveys.services import (
    NotASurvey,
    QuerySettled,
    close_query,
    explain_query,
    load_instrument,
    pin_instrument,
    publish_instrument,
    schedule_waves,
    submit_survey,
)
from surveys.xforms.writing import written_submission
from tests.factories import NOW, ParticipantFactory, UserFactory
from tests.surveys.conftest import STUDY, sent, whole_survey
from tests.surveys.xforms.workbooks import ANSWERS, HOUSEHOLD, workbook


@pytest.fixture
def household(case):
    """A woman whose wave asks every type of question."""
    stored = load_instrument(by=STUDY, source=workbook(HOUSEHOLD), name="hogar.xlsx", now=NOW)
    publish_instrument(by=STUDY, instrument=stored, now=NOW)
    pin_instrument(by=STUDY, wave=case.wave, instrument=stored, now=NOW)
    return case


def household_answers(case, **changes):
    children = [{"nickname": "Rosita", "child_age": "9"}, {"nickname": "Leo", "child_age": "5"}]
    form = queries.form_rules_of(queries.instrument_of(case)).form
    return written_submission(form, {**ANSWERS, "child": children, **changes}, instance_id="uuid:household")


def test_every_type_is_kept_as_it_was_sent_and_her_own_words_are_sealed(household, interviewer):
    content = household_answers(household)
    submit_survey(by=interviewer, case=household, content=content, now=NOW)

    stored = Submission.objects.get(case=household)
    assert stored.findings == []
    assert stored.answers == {
        name: answer for name, answer in ANSWERS.items() if name not in ("again_other", "child")
    } | {"child": [{"child_age": "9"}, {"child_age": "5"}]}
    assert b"Rosita" not in bytes(stored.sealed_instance)
    assert "Rosita" not in str(stored.answers)
    assert unseal_bytes(household.participant, stored.sealed_instance, purpose="survey instance") == content


@pytest.mark.parametrize(
    ("changes", "breach", "place"),
    [
        ({"age": ""}, "required", "/data/home/age"),
        ({"age": "12"}, "constraint", "/data/home/age"),
        ({"age": "many"}, "type", "/data/home/age"),
        ({"moved_in": "2027-01-01"}, "constraint", "/data/home/moved_in"),
        ({"things": "radio boat"}, "choice", "/data/home/things"),
        ({"city": "lima"}, "choice", "/data/home/city"),
        ({"children": "7"}, "calculation", "/data/home/children"),
    ],
)
def test_what_breaks_a_rule_is_kept_marked_and_asked_about(household, interviewer, changes, breach, place):
    submit_survey(by=interviewer, case=household, content=household_answers(household, **changes), now=NOW)

    stored = Submission.objects.get(case=household)
    assert {"place": place, "breach": breach} in stored.findings
    query = DataQuery.objects.get(submission=stored, place=place, breach=breach)
    assert (query.status, query.opened_at) == ("open", NOW)
    assert SurveyCase.objects.get(pk=household.pk).status == "done"


def test_what_was_not_to_be_asked_is_marked_and_no_answer(case, interviewer):
    hidden = {"physical_1_period": "often"}
    submit_survey(by=interviewer, case=case, content=sent(case, **hidden), now=NOW)

    stored = Submission.objects.get(case=case)
    assert [found["breach"] for found in stored.findings] == ["not_asked"]
    assert "physical_1_period" not in stored.answers
    assert stored.scores["physical"] == 0


def test_privacy_lost_midway_keeps_what_was_told_and_the_rest_may_follow(case, interviewer):
    told = {"physical_1_ever": "yes", "physical_1_period": "often", "still_private_1": "no", "child_danger": "no"}
    dropped = {name: None for name in whole_survey() if name.startswith(("sexual", "response"))}
    first = sent(case, instance_id="uuid:first", **told, **dropped)
    for _ in range(2):
        submit_survey(by=interviewer, case=case, content=first, now=NOW)
    stored = Submission.objects.get(case=case)
    assert (SurveyCase.objects.get(pk=case.pk).status, stored.is_complete) == ("partial", False)
    assert (stored.scores["physical"], stored.scores["sexual"]) == (1, None)

    injuries = {f"injury_{n}_ever": "no" for n in (1, 2, 3)}
    hurt = {"physical_1_ever": "yes", "physical_1_period": "often", **injuries}
    second = sent(case, instance_id="uuid:second", **hurt)
    submit_survey(by=interviewer, case=case, content=second, now=NOW)

    stored = Submission.objects.get(case=case)
    assert (SurveyCase.objects.get(pk=case.pk).status, stored.is_complete) == ("done", True)
    assert (stored.scores["physical"], stored.scores["sexual"]) == (1, 0)
    whole = unseal_bytes(case.participant, stored.sealed_instance, purpose="survey instance")
    assert whole == first + b"\n" + second


def test_an_instance_belongs_to_one_case(case, study, interviewer):
    content = sent(case, instance_id="uuid:one")
    submit_survey(by=interviewer, case=case, content=content, now=NOW)
    other = ParticipantFactory(interviewer=interviewer, enrolled_on=case.participant.enrolled_on)
    second = schedule_waves(by=STUDY, participant=other, now=NOW)[1]
    with pytest.raises(NotASurvey):
        submit_survey(by=interviewer, case=second, content=content, now=NOW)


def test_without_an_instance_id_it_is_refused(case, interviewer):
    root = etree.fromstring(sent(case))
    root.find(".//instanceID").text = ""
    with pytest.raises(NotASurvey, match="no instanceID"):
        submit_survey(by=interviewer, case=case, content=etree.tostring(root), now=NOW)
    assert not Submission.objects.exists()


def test_a_query_is_explained_by_who_asked_and_settled_by_an_administrator(household, interviewer):
    submit_survey(by=interviewer, case=household, content=household_answers(household, age="12"), now=NOW)
    query, administrator = DataQuery.objects.get(), UserFactory(role="administrator")

    explain_query(by=interviewer, query=query, explanation="slip", now=NOW)
    query.refresh_from_db()
    assert (query.status, query.explanation, query.answered_by) == ("answered", "slip", interviewer)

    close_query(by=administrator, query=query, now=NOW)
    query.refresh_from_db()
    assert (query.status, query.closed_by) == ("closed", administrator)
    with pytest.raises(QuerySettled):
        explain_query(by=interviewer, query=query, explanation="stands", now=NOW)


def test_answers_without_some_names_at_any_depth():
    answers = {"a": "1", "name": "x", "kid": [{"name": "y", "age": "3"}], "child_danger": "no"}
    assert kept_answers(answers, without={"name"}) == {"a": "1", "kid": [{"age": "3"}]}


def test_the_cts2_is_scored_where_its_items_stand():
    # domain.md, section 3: physical (1,0,3,7,0…) gives frequency 5, annual 1, ever 1.
    codes = ["1", "0", "3", "7", *["0"] * 8]
    answers = {f"cts2_physical_{number}": code for number, code in enumerate(codes, start=1)}
    scores = survey_scores(answers)
    assert {name: value for name, value in scores.items() if name.startswith("cts2_")} == {
        "cts2_physical_frequency": 5, "cts2_physical_annual": 1, "cts2_physical_ever": 1, "cts2_physical_chronicity": 5,
    }  # fmt: skip
