"""Each connection to the database plans what is kept ready, when it first asks."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.db.models import CharField

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
