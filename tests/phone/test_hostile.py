"""What no phone of ours would send: refused, never an error of the server, and nothing is kept of it."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from tests.factories import NOW, ScaleFactory
from tests.phone.conftest import phone_of
from tests.visits.test_sync import on_the_wire, sent, visit_at
from tests.visits.test_views import signed_in
from visits.models import Device, VisitLog

ADDRESSES = ("visit_sync", "sheet_sync", "device_api", "phone_parcels", "phone_wipe")
BODIES = {
    "nested": "[" * 100_000,
    "nested within": '{"logs": ' + '{"a":' * 50_000,
    "cut": '{"logs": [',
    "number without end": '{"logs": [' + "9" * 10_000 + "]}",
    "infinite": '{"logs": [1e999], "sheets": [Infinity], "id": NaN}',
    "no object": "7",
    "null": "null",
    "list": "[]",
    "text": '"x"',
    "half a character": json.dumps({name: [{"id": "\ud800"}] for name in ("logs", "sheets", "parcels")}),
    "no UTF-8": b'{"logs": ["\xff\xfe"]}',
    "wrong types": '{"logs": 5, "sheets": {}, "device": [], "parcels": "x", "id": {}, "sent_at": true}',
    "zero signs": '{"logs": [{"id": "\\u0000"}], "device": "\\u0000", "id": "\\u0000"}',
}


@pytest.mark.requirement("F47")
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_hostile_body_is_refused_and_leaves_nothing(field, address, body):
    answer = signed_in(field.officer).post(reverse(address), body, content_type="application/json")
    assert answer.status_code in (400, 404) or {result["status"] for result in answer.json()["results"]} == {422}
    assert not VisitLog.objects.exists()
    assert not Device.objects.exists()


@pytest.mark.requirement("F47")
@pytest.mark.parametrize("address", ADDRESSES)
def test_too_much_at_once_is_not_read(field, address):
    client = signed_in(field.officer)
    answer = client.post(reverse(address), b"[" * (5 * 1024 * 1024 + 1), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x"])
def test_what_is_no_json_is_refused(field, content_type):
    answer = signed_in(field.officer).post(reverse("visit_sync"), b"{}", content_type=content_type)
    assert answer.status_code == 415


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00Z"])
def test_a_moment_at_the_end_of_all_days_is_a_refusal_of_that_log_only(field, at):
    visit, good = visit_at(field.by_risk), sent(visit_at(field.by_risk))
    logs = [{"id": str(uuid4()), "visit": str(visit.pk), "outcome": "met", "occurred_at": at}, on_the_wire(good)]
    answer = signed_in(field.officer).post(
        reverse("visit_sync"), json.dumps({"logs": logs}), content_type="application/json"
    )
    assert [result["status"] for result in answer.json()["results"]] == [422, 201]


@pytest.mark.parametrize("sent_at", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"])
def test_a_clock_at_the_end_of_all_days_is_no_error(field, sent_at):
    body = {"id": str(uuid4()), "sent_at": sent_at, "oldest_unsent_at": sent_at}
    answer = signed_in(field.officer).post(reverse("device_api"), body, content_type="application/json")
    assert answer.status_code in (200, 400)


@pytest.mark.requirement("F20")
def test_without_its_token_nothing_is_taken(field):
    client = Client(enforce_csrf_checks=True)
    client.force_login(field.officer, backend="django.contrib.auth.backends.ModelBackend")
    for address in ADDRESSES:
        assert client.post(reverse(address), {}, content_type="application/json").status_code == 403
    assert not Event.objects.filter(action="visits.sync").exists()


def test_a_session_that_is_over_says_so_and_keeps_what_waits(field):
    ScaleFactory()
    client = signed_in(field.officer)
    client.session.flush()
    client.cookies.clear()
    for address in ADDRESSES:
        answer = client.post(reverse(address), {}, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "signed_out")
        assert "Clear-Site-Data" not in answer


def test_a_phone_that_says_nothing_sensible_of_itself_is_not_believed(field):
    phone = phone_of(field.officer)
    for changes in ({"unsent_count": -1}, {"unsent_count": 10**9}, {"unsent_count": "many"}, {"sent_at": None}):
        body = {"id": str(phone.pk), "sent_at": (NOW + timedelta(days=1)).isoformat(), **changes}
        answer = signed_in(field.officer).post(reverse("device_api"), body, content_type="application/json")
        assert answer.status_code == 400
