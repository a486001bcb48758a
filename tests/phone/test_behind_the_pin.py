"""A phone that is locked opens no page of its officer by its address; what she sends is taken."""

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.roles import Role
from phone.user_refs import user_refs
from tests.factories import UserFactory
from tests.visits.test_views import signed_in


def on_her_phone(user, *, of=None):
    client = signed_in(user)
    client.cookies["telefono"] = user_refs((of or user).pk, [settings.SECRET_KEY])[0]
    return client


@pytest.mark.requirement("F22")
@pytest.mark.parametrize("name", ["visit_list", "lost_phone", "password_change"])
def test_locked_phone_leads_every_page_to_its_door(field, name):
    client = on_her_phone(field.officer)
    assert client.get(reverse(name)).url == reverse("phone_shell")
    # and opens it while the PIN was given a moment ago, each page anew
    client.cookies["abierto"] = "1"
    opened = client.get(reverse(name))
    assert (opened.status_code, opened.cookies["abierto"]["max-age"]) == (200, 300)


def test_fragment_of_a_page_leads_the_whole_page_to_the_door(field):
    answer = on_her_phone(field.officer).get(reverse("visit_list"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, reverse("phone_shell"))


def test_what_she_sends_is_taken_and_its_answer_is_shown(field):
    client = on_her_phone(field.officer)
    sent = client.post(reverse("password_change"), {})
    assert (sent.status_code, sent.cookies["abierto"].value) == (200, "1")


def test_phone_itself_asks_as_before(field):
    client = on_her_phone(field.officer)
    assert client.get(reverse("phone_session")).json()["signed_in"]
    assert client.get(reverse("phone_shell")).status_code == 200
    assert "abierto" not in client.cookies


def test_browser_that_is_no_phone_of_hers_is_as_any(field):
    for client in (on_her_phone(field.officer, of=field.supervisor), signed_in(field.officer)):
        opened = client.get(reverse("visit_list"))
        assert (opened.status_code, "abierto" in opened.cookies) == (200, False)


def test_those_who_ask_are_led_to_their_own_door(db):
    client = on_her_phone(UserFactory(role=Role.INTERVIEWER))
    assert client.get(reverse("survey_list")).url == reverse("notebook_shell")
