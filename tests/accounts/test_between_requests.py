"""What changed between two requests of the same worker counts for the second, though its queries are kept ready."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from stations.models import Posting
from tests.factories import NOW, TODAY, OfficerFactory, VisitFactory
from tests.visits.conftest import make_field
from visits.queries import visit_to_log
from visits.services.log_keeping import hold_for_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return make_field()


@pytest.fixture
def client(field) -> Client:
    client = Client()
    client.force_login(field.officer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("visit_list")).status_code == 200
    return client


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"role": Role.RESEARCHER}, 403),
        ({"is_active": False}, 302),
        ({"session_epoch": 7}, 302),
        ({"must_change_password": True}, 302),
    ],
)
def test_account_counts_as_it_is_now(field, client, change, status):
    before = {name: getattr(field.officer, name) for name in change}
    User.objects.filter(pk=field.officer.pk).update(**change)
    assert client.get(reverse("visit_list")).status_code == status
    User.objects.filter(pk=field.officer.pk).update(**before)


def test_session_that_was_ended_or_ran_out_is_over(client):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get(reverse("visit_list")).status_code == 302


def test_two_people_in_turns_are_each_themselves(field, client):
    other = Client()
    other.force_login(field.supervisor, backend="django.contrib.auth.backends.ModelBackend")
    for _turn in range(2):
        assert client.get(reverse("visit_list")).wsgi_request.user == field.officer
        assert other.get(reverse("visit_list")).wsgi_request.user == field.supervisor


def test_station_counts_as_it_is_now_and_on_the_day_asked_for(field):
    visit = VisitFactory(plan__participant__station=field.by_risk)
    posting = Posting.objects.get(officer__user=field.officer)
    words = {"officer": field.officer, "log_id": visit.pk, "occurred_at": NOW, "now": NOW}
    assert visit_to_log(field.officer, visit.pk, TODAY) == visit
    assert hold_for_log(visit, **words).is_hers
    Posting.objects.filter(pk=posting.pk).update(ends_on=TODAY - timedelta(days=1))
    assert visit_to_log(field.officer, visit.pk, TODAY) is None
    assert not hold_for_log(visit, **words).is_hers
    assert visit_to_log(field.officer, visit.pk, TODAY - timedelta(days=2)) == visit
    newcomer = OfficerFactory(posted_at=field.by_risk).user
    assert visit_to_log(newcomer, visit.pk, TODAY) == visit
