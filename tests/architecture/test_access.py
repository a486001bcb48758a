"""Who may open which address: one table, complete, enforced before any view."""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import ACCESS, PUBLIC, ROOMS, joined, may_open
from accounts.roles import Role
from tests.factories import UserFactory

# An address is read over a shoulder and kept in a history: none may tell what the study is about.
TELLING = re.compile(
    r"violen|polic|comisar|riesgo|risk|estudio|study|ensayo|trial|victim|agres|denunc|pareja|brazo|arm\b|participant"
)
EXAMPLES = {"int": 1, "uuid": uuid.UUID(int=1), "str": "x", "slug": "x", "path": "x"}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def address_of(pattern: URLPattern) -> str:
    converters = pattern.pattern.converters
    return reverse(pattern.name, kwargs={name: example(kind) for name, kind in converters.items()})


def example(converter: object) -> object:
    kind = type(converter).__name__.removesuffix("Converter").lower()
    return EXAMPLES[kind] if kind in EXAMPLES else converter.to_python(converter.example)


def test_access_table_and_addresses_match_one_to_one():
    names = [pattern.name for pattern in patterns()]
    assert sorted(names) == sorted(ACCESS)


def test_pages_stand_in_the_table_of_their_own_room():
    tables = {room.__name__.rpartition(".")[2]: set(room.PAGES) for room in ROOMS}
    rooms = {pattern.name: pattern.callback.__module__.partition(".")[0] for pattern in patterns()}
    astray = {
        name: room for name, room in rooms.items() if room in settings.STUDY_APPS and name not in tables.get(room, ())
    }
    assert astray == {}


def test_page_in_the_tables_of_two_rooms_is_refused():
    with pytest.raises(ImproperlyConfigured, match=r"two rooms: home$"):
        joined([{"home": PUBLIC}, {"visit_list": PUBLIC, "home": frozenset()}])


def test_addresses_are_neutral():
    telling = [str(pattern.pattern) for pattern in patterns() if TELLING.search(address_of(pattern).lower())]
    assert telling == []


@pytest.mark.requirement("F34")
@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_role_is_refused_every_address_that_is_not_its_own(role, client: Client):
    client.force_login(UserFactory(role=role))
    closed = [pattern for pattern in patterns() if not may_open(role, pattern.name)]
    answers = {pattern.name: client.get(address_of(pattern)).status_code for pattern in closed}
    assert answers == dict.fromkeys(answers, 403)


@pytest.mark.django_db
def test_nobody_opens_anything_without_signing_in(client: Client):
    opened = []
    for pattern in patterns():
        response = client.get(address_of(pattern))
        is_refused = response.status_code == 403 or response.get("Location", "").startswith(reverse("sign_in"))
        if ACCESS[pattern.name] != PUBLIC and not is_refused:
            opened.append(pattern.name)
    assert opened == []
