"""Before a protocol is loaded every page without parts says so or shows what there is; none breaks."""

from contextlib import suppress

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.access import ACCESS
from accounts.roles import Role
from tests.factories import UserFactory
from tests.visits.test_views import signed_in

pytestmark = pytest.mark.django_db


def plain_addresses(role: Role) -> dict[str, str]:
    """Return by name every address that a role may open and that has no parts."""
    found = {}
    for name in ACCESS:
        if role in ACCESS[name]:
            with suppress(NoReverseMatch):
                found[name] = reverse(name)
    return found


def status_of(client: Client, address: str) -> int:
    response = client.get(address)
    if response.streaming:
        list(response.streaming_content)
    return response.status_code


@pytest.mark.parametrize("role", list(Role))
def test_no_page_breaks_without_a_protocol(role):
    client = signed_in(UserFactory(role=role))
    answers = {name: status_of(client, address) for name, address in plain_addresses(role).items()}
    assert {name: status for name, status in answers.items() if status >= 500} == {}


def test_page_and_program_are_told_what_is_missing():
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    page = client.get(reverse("trial_flow"))
    assert (page.status_code, "Todavía no hay protocolo" in page.content.decode()) == (409, True)
