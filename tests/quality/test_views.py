"""The list of queries and a query's page, for each who may open them; each costs the same for any number."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from quality.models import QualityQuery
from quality.states import State
from surveys.models import Submission
from tests.factories import NOW, TODAY, UserFactory
from tests.quality.conftest import answered, checked, logged
from tests.quality.test_rules import SCALE, form_rules, two_doors
from tests.replacing import replace
from visits.models import VisitLog


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["idioma"] = "en"
    return client


@pytest.fixture
def coordinator(db):
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def about_visit(team):
    logged(team.woman(), team.officer, NOW, incident_on=TODAY + timedelta(days=1))
    return checked("event_day")[0]


@pytest.fixture
def about_survey(team):
    answered(team.woman(), team.interviewer, team.instrument, SCALE)
    return checked("straight_line")[0]


def listed(user: User, **chosen: object) -> list[QualityQuery]:
    page = signed_in(user).get(reverse("quality_list"), chosen)
    return [row.query for row in page.context["rows"]]


@pytest.mark.requirement("F34", "F26")
def test_each_lists_her_own_and_opens_nobody_elses(team, about_visit, about_survey, coordinator):
    assert listed(team.supervisor) == [about_visit]
    assert listed(team.interviewer) == [about_survey]
    assert set(listed(coordinator)) == {about_visit, about_survey}
    own = {team.supervisor: about_visit, team.interviewer: about_survey}
    for user, others in ((team.supervisor, about_survey), (team.interviewer, about_visit)):
        client = signed_in(user)
        assert client.get(reverse("quality_detail", args=[own[user].pk])).status_code == 200
        assert client.get(reverse("quality_detail", args=[others.pk])).status_code == 404
        assert client.post(reverse("quality_answer", args=[others.pk]), {"explanation": "stands"}).status_code == 404


def test_list_is_chosen_by_state_rule_and_station(team, about_visit, about_survey, coordinator):
    QualityQuery.objects.filter(pk=about_visit.pk).update(state=State.CLOSED)
    assert listed(coordinator) == [about_survey]
    assert listed(coordinator, state="closed") == [about_visit]
    assert listed(coordinator, rule="straight_line") == [about_survey]
    assert listed(coordinator, rule="twice") == []


@pytest.mark.parametrize("station", ["x", "999999", "1; DROP TABLE"])
def test_choice_that_there_is_not_chooses_nothing(about_visit, coordinator, station):
    assert listed(coordinator, station=station, state="zz", rule="zz") == [about_visit]


def test_thread_goes_to_and_fro(team, about_visit, coordinator):
    at = {name: reverse(f"quality_{name}", args=[about_visit.pk]) for name in ("answer", "accept", "return", "detail")}
    station, desk = signed_in(team.supervisor), signed_in(coordinator)

    assert station.post(at["answer"], {"explanation": "wrong_hour"}).url == at["detail"]
    assert desk.post(at["return"]).url == at["detail"]
    assert station.post(at["answer"], {"explanation": "stands"}).url == at["detail"]
    assert desk.post(at["accept"], {"reason": "checked"}).url == at["detail"]

    page = desk.get(at["detail"])
    assert [(line.step.kind, line.reason) for line in page.context["steps"]] == [
        ("opened", ""),
        ("answered", "Day or hour were written wrongly"),
        ("returned", ""),
        ("answered", "It is right as it stands"),
        ("accepted", "It was checked with who was there"),
    ]


@pytest.mark.parametrize(("action", "field"), [("answer", "explanation"), ("accept", "reason")])
def test_what_cannot_be_said_is_refused_on_the_page(team, about_visit, coordinator, action, field):
    user = team.supervisor if action == "answer" else coordinator
    page = signed_in(user).post(reverse(f"quality_{action}", args=[about_visit.pk]), {field: "because"})
    assert page.status_code == 422
    assert page.context[action].errors[field]
    about_visit.refresh_from_db()
    assert about_visit.state == State.OPEN


def test_answer_that_comes_too_late_says_so(team, about_visit):
    replace(VisitLog.objects.get(), incident_on=None)
    checked("event_day")
    page = signed_in(team.supervisor).post(reverse("quality_answer", args=[about_visit.pk]), {"explanation": "stands"})
    assert "This query was settled or answered meanwhile" in page.content.decode()


def test_page_leads_to_what_it_is_about_and_only_who_may_open_that(team, about_visit, about_survey, coordinator):
    looks = {
        user: signed_in(user).get(reverse("quality_detail", args=[query.pk])).context["look"]
        for user, query in (
            (team.supervisor, about_visit), (team.interviewer, about_survey), (coordinator, about_survey),
        )
    }  # fmt: skip
    assert looks == {
        team.supervisor: reverse("visit_detail", args=[about_visit.about]),
        team.interviewer: reverse("survey_history", args=[about_survey.about]),
        coordinator: "",
    }


def test_question_about_broken_rules_leads_to_the_page_where_each_is_explained(team, coordinator):
    form_rules(team, amiss=True)
    (query,) = checked("form_rules")
    for user in (team.interviewer, coordinator):
        client = signed_in(user)
        look = client.get(reverse("quality_detail", args=[query.pk])).context["look"]
        assert look == reverse("query_list")
        assert client.get(look).context["page"].paginator.count == 1


def test_second_of_a_pair_is_said_to_have_gone_and_not_to_have_written(team, coordinator):
    two_doors(team, amiss=True)
    (query,) = checked("two_doors")
    page = signed_in(coordinator).get(reverse("quality_detail", args=[query.pk])).content.decode()
    assert "Who went" in page
    assert "Written down by" not in page


def test_pages_tell_nothing_that_she_answered(team, about_survey, coordinator):
    page = signed_in(coordinator).get(reverse("quality_detail", args=[about_survey.pk])).content.decode()
    replace(Submission.objects.get(), answers=dict.fromkeys(SCALE, "1"))
    checked("straight_line")
    other = signed_in(coordinator).get(reverse("quality_detail", args=[about_survey.pk])).content.decode()
    assert without_token(page) == without_token(other)


def without_token(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "nonce" not in line]


@pytest.mark.parametrize("queries", [1, 3])
def test_list_costs_the_same_for_any_number(team, coordinator, django_assert_num_queries, queries):
    for number in range(queries):
        logged(team.woman(), team.officer, NOW + timedelta(hours=number), incident_on=TODAY + timedelta(days=2))
    assert len(checked("event_day")) == queries
    client = signed_in(coordinator)
    client.get(reverse("quality_list"))
    with django_assert_num_queries(5):  # session, person, stations of the study, queries counted, queries
        client.get(reverse("quality_list"))


def test_what_is_overdue_says_so(team, about_visit, coordinator):
    QualityQuery.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert [row.is_late for row in signed_in(coordinator).get(reverse("quality_list")).context["rows"]] == [True]


def test_empty_list_says_what_will_come(coordinator):
    assert "Nothing to look into" in signed_in(coordinator).get(reverse("quality_list")).content.decode()


def test_query_that_names_nobody_is_listed_all_the_same(about_visit, coordinator):
    QualityQuery.objects.update(person=None)
    assert listed(coordinator) == [about_visit]
    QualityQuery.objects.update(participant=None)
    assert listed(coordinator) == [about_visit]
    assert signed_in(coordinator).get(reverse("quality_detail", args=[about_visit.pk])).status_code == 200
