"""Queries kept ready answer as the query sets that they were made of."""

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, F, Value
from django.db.models.functions import Concat

from accounts.models import User
from accounts.ready_queries import Asked, ReadyQuery
from tests.factories import OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db


def by_name() -> ReadyQuery[User]:
    return ReadyQuery(lambda: User.objects.filter(username=Asked("name", CharField())))


def test_it_loads_what_the_query_set_loads():
    user = UserFactory(username="rosa")

    found = by_name().first(name="rosa")

    assert found is not None
    assert vars(found).keys() == vars(User.objects.get(pk=user.pk)).keys()
    assert {field.attname: getattr(found, field.attname) for field in User._meta.concrete_fields} == {
        field.attname: getattr(User.objects.get(pk=user.pk), field.attname) for field in User._meta.concrete_fields
    }


def test_it_gives_nothing_where_nothing_is():
    ready = by_name()

    assert (ready.first(name="nobody"), ready.all(name="nobody")) == (None, [])


def test_it_answers_each_value_by_itself():
    UserFactory(username="rosa")
    UserFactory(username="elena")
    ready = by_name()

    assert [ready.first(name=name).username for name in ("rosa", "elena", "rosa")] == ["rosa", "elena", "rosa"]


def test_a_value_that_could_be_sql_is_a_value():
    UserFactory(username="rosa")

    assert by_name().all(name="' OR true --") == []


def test_a_value_that_lacks_is_refused():
    with pytest.raises(KeyError, match="name"):
        by_name().first()


def test_it_sees_what_was_written_since():
    ready = by_name()
    assert ready.first(name="rosa") is None

    UserFactory(username="rosa")

    assert ready.first(name="rosa") is not None


def test_it_brings_what_is_joined_and_added_along(django_assert_num_queries):
    officer = OfficerFactory(user=UserFactory(username="rosa"))
    ready = ReadyQuery(
        lambda: (
            User.objects.select_related("officer")
            .annotate(said=Concat(F("username"), Value(" 100 %s %%")))
            .filter(pk=Asked("user", BigIntegerField()), role=officer.user.role)
            .order_by("pk")
        )
    )

    with django_assert_num_queries(1):
        found = ready.first(user=officer.user_id)
        assert (found.officer.code, vars(found)["said"]) == (officer.code, "rosa 100 %s %%")


def test_a_constant_beside_no_other_keeps_its_percent_sign():
    UserFactory(username="rosa")
    ready = ReadyQuery(
        lambda: User.objects.filter(username=Asked("name", CharField())).extra(where=["username LIKE 'ro%%'"])
    )

    assert [user.username for user in ready.all(name="rosa")] == ["rosa"]


def test_it_is_planned_once_in_a_connection(django_assert_num_queries):
    ready = by_name()

    for _time in range(2):
        with django_assert_num_queries(1):
            ready.all(name="rosa")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [ready._written.statement.name])
        assert cursor.fetchone()[0] == 1


def test_it_holds_rows_like_its_query_set():
    ready = ReadyQuery(lambda: User.objects.select_for_update().filter(pk=Asked("user", BigIntegerField())))

    assert ready._written.statement.sql.endswith("FOR UPDATE")


def test_one_that_comes_after_another_is_asked_with_it_in_one_message(django_assert_num_queries):
    user = UserFactory(username="rosa")
    held = ReadyQuery(lambda: User.objects.select_for_update().filter(pk=Asked("user", BigIntegerField())))
    ready = ReadyQuery(lambda: User.objects.filter(username=Asked("name", CharField())), after=held)

    with django_assert_num_queries(1):
        assert ready.first(user=user.pk, name="rosa") == user

    with django_assert_num_queries(1):
        assert ready.first(user=0, name="rosa") == user
