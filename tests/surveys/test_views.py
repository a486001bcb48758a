"""The interviewer's pages."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from participants.models import Participant
from surveys import queries
from surveys.models import Submission
from surveys.services import open_sitting, schedule_waves
from tests.factories import NOW, ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.surveys.conftest import STUDY, sent, whole_survey


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


def send(client, case, content):
    file = SimpleUploadedFile("xml_submission_file", content, content_type="text/xml")
    return client.post(reverse("survey_form", args=[case.pk]), {"xml_submission_file": file})


def test_survey_is_saved_and_support_is_offered(open_case, interviewer):
    client = signed_in(interviewer)
    response = send(client, open_case, sent(open_case))

    assert (response.status_code, response.json()) == (200, {"next": reverse("survey_done", args=[open_case.pk])})
    assert "Línea 100" in client.get(response.json()["next"]).content.decode()
    kept = Submission.objects.get(case=open_case).answers
    assert {name: kept.get(name) for name in whole_survey()} == {**whole_survey(), "child_danger": None}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_survey"),
        (b"no XML at all", "not_a_survey"),
        (b"<data id='baseline' version='9'/>", "not_a_survey"),
        (b"<other id='other' version='1'/>", "not_a_survey"),
        (b"<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><data>&e;</data>", "not_a_survey"),
    ],
)
def test_what_is_no_survey_is_refused_with_the_reason(open_case, interviewer, content, code):
    response = send(signed_in(interviewer), open_case, content)

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert response.json()["detail"]
    assert not Submission.objects.exists()


def test_page_carries_the_form_its_period_and_a_policy_that_is_open_only_here(open_case, interviewer):
    client = signed_in(interviewer)
    open_sitting(by=interviewer, case=open_case, pin="4071", now=timezone.now())
    response = client.get(reverse("survey_form", args=[open_case.pk]))

    assert response.context["prefill"] == {"reference_period": "last_12_months"}
    policy = response["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" in policy
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    assert "wasm" not in client.get(reverse("survey_list"))["Content-Security-Policy"]
    form = client.get(reverse("instrument_xform", args=[response.context["instrument"].pk])).content.decode()
    assert "¿Están a solas" in form
    assert "Are you alone" in form


def test_follow_up_wave_asks_since_the_last_interview(study, interviewer):
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate() - timedelta(days=92))
    case = schedule_waves(by=STUDY, participant=woman, now=NOW)[1]
    open_sitting(by=interviewer, case=case, pin="4071", now=timezone.now())
    response = signed_in(interviewer).get(reverse("survey_form", args=[case.pk]))
    assert response.context["prefill"] == {"reference_period": "since_last_interview"}
    assert response.context["instrument"] == study["follow_up"]


def test_page_tells_neither_risk_nor_visits_nor_arm(open_case, interviewer):
    client = signed_in(interviewer)
    open_sitting(by=interviewer, case=open_case, pin="4071", now=timezone.now())
    for address in (reverse("survey_list"), reverse("survey_form", args=[open_case.pk])):
        page = client.get(address).content.decode().replace("form-control", "")
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


def test_command_loads_publishes_and_gives_the_waves_what_is_shipped(capsys, db):
    ProtocolVersionFactory()
    call_command("load_instrument")
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["baseline 1", "follow_up 1", "neighbourhood 1"]
    assert [line.rpartition(", ")[2] for line in lines] == ["published"] * 3
    assert {wave: str(asked) for wave, asked in queries.instruments_by_wave().items()} == {
        "baseline": "baseline 1", "month_3": "follow_up 1", "month_6": "follow_up 1", "month_9": "follow_up 1",
        "month_12": "follow_up 1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("no.xlsx", None, r"no\.xlsx: No such file or directory"),
        ("bad.md", "| survey |\n| | type | name |\n", "there is no sheet “settings”"),
        ("bad.xlsx", "no workbook", "this is no XLSX workbook"),
    ],
)
def test_command_names_what_is_wrong(tmp_path, db, name, content, said):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(CommandError, match=said) as refused:
        call_command("load_instrument", str(tmp_path / name))
    assert refused.value.returncode == 2
