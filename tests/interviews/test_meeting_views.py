"""The pages of those who hold interviews and of whoever chooses the women."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interviews.models import Interview, Selection
from interviews.services import select_interviewees
from tests.factories import NOW, ParticipantFactory, UserFactory
from tests.interviews.conftest import SCOPES, enrol, make_talk


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["idioma"] = "en"
    return client


def soon() -> str:
    return f"{timezone.localtime(timezone.now() + timedelta(days=2)).replace(hour=10, minute=0):%Y-%m-%dT%H:%M}"


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_with_one_and_three(django_assert_num_queries, rows):
    talk = make_talk()
    for position in range(2, rows + 1):
        woman = ParticipantFactory(interviewer=talk.interviewer, scopes=SCOPES)
        Interview.objects.create(selection=talk.interview.selection, participant=woman, position=position)
    client = client_of(talk.interviewer)
    with django_assert_num_queries(4):
        page = client.get(reverse("interview_list"))
    assert page.content.decode().count("item-card") == rows


def test_interviewer_sees_only_her_own(talk):
    stranger = client_of(UserFactory(role="interviewer"))
    assert "No interview is yours yet" in stranger.get(reverse("interview_list")).content.decode()
    assert stranger.get(reverse("interview_detail", args=[talk.interview.pk])).status_code == 404


def test_steps_on_the_page_and_what_was_typed_is_kept(talk):
    client, address = client_of(talk.interviewer), reverse("interview_detail", args=[talk.interview.pk])
    sent = {"step": "propose", "seen": "selected", "starts_at": soon(), "minutes": "9", "place": "office"}
    page = client.post(address, sent).content.decode()
    assert 'value="9"' in page
    assert page.count("It will not be held") == 1
    assert "greater than or equal to 15" in page
    assert client.post(address, {**sent, "minutes": "60"}).status_code == 302
    assert client.post(address, {"step": "agree", "seen": "proposed", "asked": "on"}).status_code == 302
    talk.interview.refresh_from_db()
    assert (talk.interview.status, talk.interview.place) == ("agreed", "office")


def test_a_step_of_a_page_that_is_old_is_refused(talk):
    client, address = client_of(talk.interviewer), reverse("interview_detail", args=[talk.interview.pk])
    page = client.post(address, {"step": "end", "seen": "agreed", "outcome": "lost"}).content.decode()
    assert "moved on meanwhile" in page
    assert "moved on meanwhile" in client.post(address, {"step": "hold"}, follow=True).content.decode()


def test_page_of_the_interviewer_tells_neither_cell_nor_whom_she_replaces(talk):
    Interview.objects.filter(pk=talk.interview.pk).update(cell="higher_older")
    client = client_of(talk.interviewer)
    for address in (reverse("interview_list"), reverse("interview_detail", args=[talk.interview.pk])):
        page = client.get(address).content.decode()
        assert "Higher first level" not in page
        assert "Instead of" not in page


def test_administrator_chooses_on_the_page_and_replaces(administrator, stations):
    enrol(stations, 5)
    client, address = client_of(administrator), reverse("interview_selection")
    assert "Nobody was chosen yet" in client.get(address).content.decode()
    assert "Seed" in client.post(address, {"rule": "purposive_grid", "seed": "x"}).content.decode()
    client.post(address, {"rule": "purposive_grid", "seed": "42"})
    selection = Selection.objects.get()
    Interview.objects.filter(position=1).update(status="refused")
    page = client.get(address).content.decode()
    assert selection.candidates_sha256 in page
    assert "(1 place)" in page
    client.post(reverse("interview_replace", args=[selection.pk]))
    assert Interview.objects.count() == 17


@pytest.mark.parametrize("choices", [1, 3])
def test_choices_cost_one_query_each(administrator, stations, django_assert_num_queries, choices):
    enrol(stations, 12)
    for seed in range(choices):
        select_interviewees(by=administrator, seed=seed, now=NOW)
    client = client_of(administrator)
    with django_assert_num_queries(7 + choices):
        client.get(reverse("interview_selection"))
