"""The page on which a supervisor chooses who goes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from participants.models import Conflict
from stations.models import Officer
from tests.factories import OfficerFactory, UserFactory
from tests.visits.test_board_views import coming_monday
from tests.visits.test_choosing import officers, others, state_of
from tests.visits.test_planning import woman_at
from tests.visits.test_views import page_of, signed_in
from visits import services, tasks
from visits.models import VisitChange


@pytest.fixture
def coming(field):
    """A visit of the coming week of the calendar, with officers."""
    officers(field)
    woman = woman_at(field.by_risk, "leve")
    words = {"by": tasks.PLANNER, "monday": coming_monday(), "station_ids": [field.by_risk.pk], "now": timezone.now()}
    services.plan_week(**words)
    services.assign_week(**words)
    return woman.visits.filter(plan__monday=coming_monday()).earliest("planned_on")


@pytest.mark.requirement("N1")
def test_the_page_chooses_shows_who_cannot_go_and_is_undone(field, coming):
    client, team = signed_in(field.supervisor), others(coming)
    address = reverse("visit_officers", args=[coming.pk])
    barred = Officer.objects.get(pk=coming.officer_ids[0])
    Conflict.objects.create(participant=coming.participant, user=barred.user, declared_at=timezone.now())

    page = page_of(client.get(address))
    assert "No es posible para esta visita." in page
    assert f'value="{barred.pk}"' not in page
    page = page_of(client.post(address, {"officers": [one.pk for one in team], "reason": "knows_them"}, follow=True))

    assert "Elegidas" in page
    assert state_of(coming) == (tuple(one.pk for one in team), True)
    (change,) = VisitChange.objects.all()
    assert "Deshecho" in page_of(client.post(reverse("change_undo", args=[change.pk]), follow=True))
    assert not state_of(coming)[1]


@pytest.mark.parametrize(
    "sent",
    [{"reason": "knows_them"}, {"officers": ["1"], "reason": "knows_them"}, {"officers": ["x"], "reason": "no"}],
)
def test_bad_input_changes_nothing(field, coming, sent):
    client, before = signed_in(field.supervisor), state_of(coming)
    response = client.post(reverse("visit_officers", args=[coming.pk]), sent)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert state_of(coming) == before


def test_one_too_few_is_said_and_what_was_ticked_stays(field, coming):
    (one,) = others(coming, 1)
    response = signed_in(field.supervisor).post(
        reverse("visit_officers", args=[coming.pk]), {"officers": [one.pk], "reason": "shares_work"}
    )
    page = page_of(response)
    assert "Elija tantas oficiales como van a una visita." in page
    assert f'value="{one.pk}" ' in page
    assert "checked" in page


def test_whoever_was_dragged_in_is_ticked_in_the_place_of_whom(field, coming):
    going, (came, *_rest) = coming.officer_ids[0], others(coming)
    address = reverse("visit_officers", args=[coming.pk])
    client = signed_in(field.supervisor)
    form = client.get(address, {"con": came.pk, "sin": going}).context["form"]
    assert form.initial["officers"] == [came.pk, coming.officer_ids[1]]
    assert client.get(address, {"con": "x", "sin": "²"}).context["form"].initial["officers"] == list(coming.officer_ids)


def test_the_page_is_her_stations_supervisors_alone(field, coming):
    address = reverse("visit_officers", args=[coming.pk])
    elsewhere = OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=field.as_usual).user
    assert signed_in(elsewhere).get(address).status_code == 404
    assert signed_in(field.officer).get(address).status_code == 403


@pytest.mark.parametrize("number", [2, 6])
def test_the_page_takes_a_constant_number_of_queries(field, coming, number, django_assert_num_queries):
    officers(field, number)
    client = signed_in(field.supervisor)
    with django_assert_num_queries(14):
        client.get(reverse("visit_officers", args=[coming.pk]))
