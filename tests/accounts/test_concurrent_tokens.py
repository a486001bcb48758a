"""A key asked for in the second in which all sessions of its owner are ended."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.errors import StudyError
from accounts.models import Token
from accounts.permissions import Permission
from accounts.roles import Role
from accounts.services import make_token, revoke_sessions
from accounts.tokens import TokenScope
from tests.factories import UserFactory

SYSTEM = SystemActor("test", frozenset({Permission.REPORT_LOST_PHONE}))


@pytest.mark.requirement("F23")
def test_no_key_outlives_the_sessions_that_it_was_made_in(committed_study):
    owner = UserFactory(role=Role.RESEARCHER)
    together = Barrier(2)

    def make() -> None:
        make_token(by=owner, purpose="Report", scopes=[TokenScope.DATASETS], days=7, now=timezone.now())

    def end() -> None:
        revoke_sessions(by=SYSTEM, user=owner, now=timezone.now())

    def at_once(act) -> None:
        together.wait()
        try:
            act()
        except StudyError:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(at_once, (make, end)))

    assert not Token.objects.in_force(timezone.now()).exists()
