"""Visits for programs: exact once, scoped, and with the pages' own refusals."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from tests.factories import OfficerFactory, UserFactory, VisitFactory
from visits.log_content import content_sha256
from visits.models import VisitLog

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return VisitFactory(planned_on=timezone.localdate(), grace_ends_at=timezone.now() + timedelta(days=2))


@pytest.fixture
def officer(client, visit):
    user = OfficerFactory(posted_at=visit.station).user
    client.force_login(user)
    return user


def a_log(**changes):
    log = {"id": str(uuid.uuid4()), "outcome": "met", "occurred_at": timezone.now().isoformat(), "in_private": "yes"}
    return {**log, **changes}


def post(client, visit, log):
    return client.post(reverse("visit_api_log", args=[visit.pk]), log, content_type="application/json")


@pytest.mark.requirement("F47", "N3")
def test_log_is_kept_once_and_answered_with_a_receipt(client, officer, visit):
    log = a_log()
    first, again = post(client, visit, log), post(client, visit, log)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    kept = VisitLog.objects.get()
    at = kept.occurred_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    content = {"outcome": "met", "occurred_at": at, "in_private": "yes"}
    assert first.json()["content_sha256"] == content_sha256(str(visit.pk), content)
    visit.refresh_from_db()
    assert visit.status == "done"


def test_log_takes_few_queries(client, officer, visit, django_assert_num_queries):
    log = a_log(note="Todo tranquilo")
    # Session, account, scope; begin, her row with the visit and all that it is judged by, log, audit, end.
    with django_assert_num_queries(8):
        assert post(client, visit, log).status_code == 201


@pytest.mark.requirement("F20", "F21")
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"outcome": "refused"}, 409, "visit_log_conflict"),
        ({"id": str(uuid.uuid4())}, 409, "already_logged"),
    ],
)
def test_other_content_or_a_second_log_is_a_conflict(client, officer, visit, change, status, code):
    log = a_log()
    post(client, visit, log)
    answer = post(client, visit, {**log, **change})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert VisitLog.objects.get().outcome == "met"


def test_future_log_cannot_be_accepted(client, officer, visit):
    answer = post(client, visit, a_log(occurred_at=(timezone.now() + timedelta(hours=1)).isoformat()))
    assert (answer.status_code, answer.json()["code"]) == (422, "log_in_future")
    assert not VisitLog.objects.exists()


def test_wrong_field_is_named(client, officer, visit):
    answer = post(client, visit, a_log(outcome="fine"))
    assert (answer.status_code, list(answer.json())) == (400, ["outcome"])


@pytest.mark.requirement("F34")
def test_another_stations_visit_does_not_exist(client, visit):
    client.force_login(OfficerFactory(posted_at=VisitFactory().station).user)
    assert post(client, visit, a_log()).status_code == 404
    assert [row["id"] for row in client.get(reverse("visit_api_list")).json()] == []


def test_todays_list_has_study_codes_only(client, officer, visit):
    (row,) = client.get(reverse("visit_api_list")).json()
    assert set(row) == {
        "id", "participant", "planned_on", "window_from", "window_until", "status", "level", "officers", "is_mine",
    }  # fmt: skip
    assert row["participant"] == visit.participant.study_code


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.SUPERVISOR}))
def test_other_roles_are_refused(client, visit, role):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("visit_api_list")).status_code == 403
    assert post(client, visit, a_log()).status_code == 403


def test_strangers_are_refused(client, visit):
    assert client.get(reverse("visit_api_list")).status_code == 403


def test_schema_describes_both(client, officer):
    schema = client.get(reverse("schema"), headers={"accept": "application/json"}).json()
    assert set(schema["paths"]) >= {"/api/v1/visits/", "/api/v1/visits/{visit_id}/log/", "/api/v1/sync/visits"}
