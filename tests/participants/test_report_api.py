"""Reports from other systems: the same service, and types that are not bent into shape."""

import json

import pytest
from django.urls import reverse

from accounts.roles import Role
from participants.models import IncidentReport
from participants.report_sealing import open_report
from tests.factories import OfficerFactory, StationFactory, UserFactory
from tests.participants.test_views import signed_in

SENT = {
    "number": "2026-001234",
    "reported_on": "2026-11-16",
    "name": "Rosa Quispe Huamán",
    "document": "45678901",
    "telephone": "987654321",
}


def send(user, body=None, **changes):
    content = json.dumps(body if body is not None else SENT | changes)
    return signed_in(user).post(reverse("report_api"), content, content_type="application/json")


def test_a_report_is_kept_and_the_same_one_again_is_no_other(care):
    first, again = send(care.supervisor), send(care.supervisor)

    report = IncidentReport.objects.get()
    assert (first.status_code, first.json()) == (201, {"code": report.code, "fate": "new"})
    assert (again.status_code, again.json()) == (200, {"code": report.code, "fate": "again"})
    assert (report.source, open_report(report).woman.full_name) == ("api", "Rosa Quispe Huamán")


def test_the_number_of_another_womans_report_is_a_conflict(care):
    send(care.supervisor)

    response = send(care.supervisor, name="Otra Mujer", document="1")

    assert (response.status_code, response.json()["code"]) == (409, "report_number_taken")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (SENT | {"number": ["1"]}, "number"),
        (SENT | {"number": {"a": 1}}, "number"),
        (SENT | {"number": True}, "number"),
        (SENT | {"number": None}, "number"),
        (SENT | {"reported_on": 20261116}, "reported_on"),
        (SENT | {"reported_on": "16/11/2026"}, "reported_on"),
        (SENT | {"reported_on": None}, "reported_on"),
        (SENT | {"name": "N" * 1000}, "name"),
        (SENT | {"name": "Ana\u0000Luz"}, "name"),
        (SENT | {"name": ""}, "name"),
        (SENT | {"document": ["45678901"]}, "document"),
        (SENT | {"address": {"street": "x"}}, "address"),
        ({}, "number"),
        ([SENT], "non_field_errors"),
        ("text", "non_field_errors"),
        (7, "non_field_errors"),
        (None, None),
    ],
)
def test_wrong_types_are_named_and_nothing_is_kept(care, body, field):
    response = send(care.supervisor, body if body is not None else [])

    assert response.status_code == 400
    assert field is None or field in response.json()
    assert not IncidentReport.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"", b"[" * 5000])
def test_what_is_no_json_is_refused(care, body):
    response = signed_in(care.supervisor).post(reverse("report_api"), body, content_type="application/json")

    assert response.status_code == 400


def test_a_report_of_tomorrow_is_refused(care):
    response = send(care.supervisor, reported_on="2999-01-01")

    assert (response.status_code, response.json()["code"]) == (400, "report_in_future")


def test_only_supervisors_call_and_each_sees_her_own_station(care):
    send(care.supervisor)
    there = OfficerFactory(user__role=Role.SUPERVISOR, posted_at=StationFactory()).user

    assert [report["state"] for report in signed_in(care.supervisor).get(reverse("report_api")).json()] == ["to_screen"]
    assert signed_in(there).get(reverse("report_api")).json() == []
    assert send(there).status_code == 409
    for role in (Role.OFFICER, Role.INTERVIEWER, Role.ADMINISTRATOR):
        assert send(UserFactory(role=role)).status_code == 403
