"""The way around: at most seven links side by side for anybody, each of which opens; the pages of a section below."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import ACCESS, may_open
from accounts.context_processors import MOST_SIDE_BY_SIDE, NAVIGATION, sections_of
from accounts.roles import Role
from tests.factories import ProtocolVersionFactory, UserFactory

pytestmark = pytest.mark.django_db


def shown(role: Role, name: str) -> dict:
    client = Client()
    client.force_login(UserFactory(role=role))
    return client.get(reverse(name)).context


def test_each_page_stands_once_and_is_in_the_access_table():
    names = [name for section in NAVIGATION for name, _label in section.pages]
    assert len(names) == len(set(names))
    assert set(names) <= set(ACCESS)


@pytest.mark.parametrize("role", Role)
def test_no_role_has_more_than_seven_side_by_side_and_each_opens(role):
    context = shown(role, "own_address")
    assert 1 < len(context["navigation"]) <= MOST_SIDE_BY_SIDE
    names = [name for section in sections_of(role) for name, _label in section.pages]
    addresses = {reverse(name) for name in names if may_open(role, name)}
    assert {item.url for item in context["navigation"]} <= addresses
    assert context["subnavigation"] == []


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_role_is_reached_by_two_links_at_most(role):
    ProtocolVersionFactory()
    reached = set()
    for item in shown(role, "own_address")["navigation"]:
        client = Client()
        client.force_login(UserFactory(role=role))
        context = client.get(item.url).context
        reached |= {item.url} | ({one.url for one in context["subnavigation"]} if context else set())
    wanted = {reverse(name) for section in sections_of(role) for name, _label in section.pages}
    assert reached == wanted


def test_a_section_and_its_page_are_marked():
    context = shown(Role.ADMINISTRATOR, "training_list")
    assert [(str(item.label), item.current) for item in context["navigation"] if item.current] == [("Team", "true")]
    assert [item.url for item in context["subnavigation"] if item.current == "page"] == [reverse("training_list")]
    assert str(context["section"]) == "Team"


def test_a_page_that_is_no_link_belongs_to_the_link_above_it():
    context = shown(Role.ADMINISTRATOR, "officer_register")
    assert [item.url for item in context["subnavigation"] if item.current == "true"] == [reverse("officer_list")]


def test_a_page_beside_all_links_is_in_the_section_of_its_neighbours():
    context = shown(Role.ADMINISTRATOR, "release_list")
    assert [(str(item.label), item.current) for item in context["navigation"] if item.current] == [("Data", "true")]
    assert reverse("release_waiting") in [item.url for item in context["subnavigation"]]
    assert [item for item in context["subnavigation"] if item.current] == []


def test_few_pages_stand_side_by_side_without_sections():
    ProtocolVersionFactory()
    context = shown(Role.OFFICER, "care_own")
    assert [item.url for item in context["navigation"] if item.current] == [reverse("care_own")]
    assert len(context["navigation"]) == len([name for one in sections_of(Role.OFFICER) for name, _ in one.pages])
