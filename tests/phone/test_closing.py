"""A phone that was closed from afar forgets everything, but never what was not sent yet."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.services import revoke_sessions
from tests.factories import NOW
from tests.phone.conftest import chose_own_password, phone_of
from tests.visits.test_views import signed_in

ALL, BUT_STORAGE = '"cache", "cookies", "storage"', '"cache", "cookies"'


def closed(field) -> Client:
    client = signed_in(field.officer)
    revoke_sessions(by=field.supervisor, user=field.officer, now=timezone.now())
    return client


@pytest.mark.requirement("F23", "N2")
@pytest.mark.parametrize(
    ("has_phone", "said", "cleared"),
    [
        (True, "0", ALL),
        (True, "3", BUT_STORAGE),
        (True, None, BUT_STORAGE),  # a page of the browser does not know what waits in the application
        (True, "many", BUT_STORAGE),
        (False, None, ALL),
        (False, "1", BUT_STORAGE),
    ],
)
def test_what_was_not_sent_is_never_cleared_from_afar(field, has_phone, said, cleared):
    if has_phone:
        phone_of(field.officer)
    client = closed(field)

    answer = client.get(reverse("visit_api_list"), headers={"X-Unsent": said} if said else {})

    assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")
    assert answer["Clear-Site-Data"] == cleared


def test_the_session_says_that_it_was_ended_from_afar(field):
    phone_of(field.officer)
    client = closed(field)
    first = client.get(reverse("phone_session"), headers={"X-Unsent": "2"})
    assert (first.json()["signed_in"], first.json()["revoked"]) == (False, True)
    assert first["Clear-Site-Data"] == BUT_STORAGE
    assert Client().get(reverse("phone_session")).json()["revoked"] is False


@pytest.mark.requirement("F23")
@pytest.mark.parametrize(("said", "cleared"), [("0", '"cache", "storage"'), ("1", '"cache"'), (None, '"cache"')])
def test_a_closed_phone_of_somebody_who_signed_in_again_is_told_to_forget(field, said, cleared):
    phone = phone_of(field.officer)
    closed(field)
    chose_own_password(field.officer)
    body = {"id": str(phone.pk), "sent_at": NOW.isoformat()}

    answer = signed_in(field.officer).post(
        reverse("device_api"), body, content_type="application/json", headers={"X-Unsent": said} if said else {}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")
    assert answer["Clear-Site-Data"] == cleared


def test_a_session_that_is_over_clears_nothing(field):
    answer = Client().get(reverse("visit_api_list"))
    assert (answer.status_code, answer.json()["code"]) == (403, "signed_out")
    assert "Clear-Site-Data" not in answer
