"""Each connection to the database plans what is kept ready, when it first asks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.db import connection, transaction
from django.db.models import BigIntegerField, CharField

from accounts.models import User
from accounts.ready_queries import Asked, ReadyQuery
from tests.factories import UserFactory


def test_connections_opened_anew_and_beside_each_other_are_asked_alike(committed_study):
    UserFactory(username="rosa")
    ready = ReadyQuery(lambda: User.objects.filter(username=Asked("name", CharField())))

    def names(_time: int) -> list[str]:
        try:
            return [user.username for user in (*ready.all(name="rosa"), *ready.all(name="rosa"))]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        beside = list(pool.map(names, range(8)))
    anew = [names(0), names(1)]

    assert beside + anew == [["rosa", "rosa"]] * 10


def test_one_after_another_sees_what_was_committed_while_the_other_waited(committed_study):
    user = UserFactory(username="rosa", display_name="before")
    held = ReadyQuery(lambda: User.objects.select_for_update().filter(pk=Asked("user", BigIntegerField())))
    named = ReadyQuery(lambda: User.objects.filter(display_name=Asked("name", CharField())).order_by("pk"), after=held)
    has_lock = Event()

    def change() -> None:
        try:
            with transaction.atomic():
                User.objects.select_for_update().get(pk=user.pk)
                has_lock.set()
                wait_for_somebody_who_waits()
                User.objects.filter(pk=user.pk).update(display_name="after")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        changed = pool.submit(change)
        assert has_lock.wait(60)
        with transaction.atomic():
            found = named.all(user=user.pk, name="after")
        changed.result()

    assert found == [user]


def wait_for_somebody_who_waits() -> None:
    """Return once another connection to this database waits for a lock."""
    with connection.cursor() as cursor:
        for _time in range(6_000):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.01) FROM pg_stat_activity WHERE datname = current_database() "
                "AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited")
