"""The interviewer's pages."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from participants.models import Participant
from surveys.models import Submission, SurveyCase
from surveys.services import schedule_waves
from tests.factories import NOW, ParticipantFactory, UserFactory
from tests.surveys.conftest import SHIPPED, STUDY, whole_survey


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def open_case(study, interviewer):
    """Due today by the page's own clock."""
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate())
    return schedule_waves(by=STUDY, participant=woman, now=NOW)[0]


def test_list_shows_her_open_cases_with_masked_initials(open_case, interviewer):
    ParticipantFactory(interviewer=UserFactory(role=Role.INTERVIEWER))
    response = signed_in(interviewer).get(reverse("survey_list"))
    assert [row.case.pk for row in response.context["rows"]] == [open_case.pk]
    text = response.content.decode()
    assert open_case.participant.study_code in text
    assert "R. Q." in text
    assert "Rosa" not in text


@pytest.mark.parametrize("women", [1, 3])
def test_list_costs_the_same_queries_for_any_number(study, interviewer, django_assert_num_queries, women):
    for woman in ParticipantFactory.create_batch(women, interviewer=interviewer, enrolled_on=timezone.localdate()):
        schedule_waves(by=STUDY, participant=woman, now=NOW)
    client = signed_in(interviewer)
    client.get(reverse("survey_list"))
    # session, person, number of cases, cases, attempts, protocol's hash; and four of the reminders
    with django_assert_num_queries(10):
        client.get(reverse("survey_list"))


def test_withdrawn_woman_leaves_the_list_at_once(open_case, interviewer):
    Participant.objects.update(status=Participant.Status.WITHDRAWN)
    response = signed_in(interviewer).get(reverse("survey_list"))
    assert response.context["rows"] == []
    assert signed_in(interviewer).get(reverse("survey_form", args=[open_case.pk])).status_code == 404


def test_survey_is_saved_and_support_is_offered(open_case, interviewer):
    client = signed_in(interviewer)
    response = client.post(reverse("survey_form", args=[open_case.pk]), whole_survey(), follow=True)
    assert response.redirect_chain == [(reverse("survey_done", args=[open_case.pk]), 302)]
    assert "Línea 100" in response.content.decode()
    assert Submission.objects.get(case=open_case).answers == whole_survey()


def test_incomplete_survey_keeps_what_was_typed(open_case, interviewer):
    answers = whole_survey(response_3="2", physical_1_ever="yes", response_5="")
    response = signed_in(interviewer).post(reverse("survey_form", args=[open_case.pk]), answers)

    form = response.context["form"]
    assert sorted(form.errors) == [
        "injury_1_ever", "injury_2_ever", "injury_3_ever", "physical_1_period", "response_5",
    ]  # fmt: skip
    assert form["response_3"].value() == "2"
    assert not Submission.objects.exists()


def test_without_privacy_the_rest_may_stay_empty(open_case, interviewer):
    response = signed_in(interviewer).post(
        reverse("survey_form", args=[open_case.pk]), {"privacy": "no", "response_1": "nonsense"}
    )
    assert response.status_code == 302
    open_case.refresh_from_db()
    assert open_case.status == SurveyCase.Status.NOT_PRIVATE


def test_form_is_in_both_languages(open_case, interviewer):
    client = signed_in(interviewer)
    address = reverse("survey_form", args=[open_case.pk])
    assert "¿Están a solas" in client.get(address).content.decode()
    client.cookies["idioma"] = "en"
    interviewer.language = "en"
    interviewer.save()
    page = client.get(address).content.decode()
    assert "Are you alone" in page
    assert "In the last 12 months" in page


def test_follow_up_wave_asks_since_the_last_interview(study, interviewer):
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate() - timedelta(days=92))
    case = schedule_waves(by=STUDY, participant=woman, now=NOW)[1]
    page = signed_in(interviewer).get(reverse("survey_form", args=[case.pk])).content.decode()
    assert "Desde la última entrevista" in page


def test_page_tells_neither_risk_nor_visits_nor_arm(open_case, interviewer):
    client = signed_in(interviewer)
    for address in (reverse("survey_list"), reverse("survey_form", args=[open_case.pk])):
        page = client.get(address).content.decode()
        assert "<title>" in page
        assert not [word for word in ("severo", "moderado", "training", "risk_scale", "control") if word in page]


def test_another_interviewers_case_is_not_found(open_case):
    client = signed_in(UserFactory(role=Role.INTERVIEWER))
    for name in ("survey_form", "survey_done"):
        assert client.get(reverse(name, args=[open_case.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR])
def test_others_never_open_surveys(open_case, role):
    client = signed_in(UserFactory(role=role))
    answers = [client.get(reverse("survey_list")), client.get(reverse("survey_form", args=[open_case.pk]))]
    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.django_db
def test_command_loads_the_shipped_instrument(capsys):
    call_command("load_instrument", str(SHIPPED))
    assert capsys.readouterr().out == "ipv_follow_up 1: 47 answers in 7 sections\n"


@pytest.mark.django_db
def test_command_names_what_is_wrong(tmp_path):
    with pytest.raises(CommandError, match=r"no\.json: No such file or directory") as refused:
        call_command("load_instrument", str(tmp_path / "no.json"))
    assert refused.value.returncode == 2
