"""Two people at the same complaint, and two first complaints at once: truly at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from django.db import connection

from accounts.models import User
from accounts.roles import Role
from complaints.models import ComplaintStep
from complaints.services import ComplaintMovedOn, take_complaint
from participants.models import HeldSecret
from tests.complaints.told import written
from tests.factories import NOW, ProtocolVersionFactory, UserFactory


def test_two_who_take_it_at_once_leave_it_with_one(committed_study):
    ProtocolVersionFactory()
    complaint, people = written(), [UserFactory(role=Role.ADMINISTRATOR) for _ in range(2)]
    together = Barrier(2)

    def take(user: User) -> bool:
        together.wait()
        try:
            take_complaint(by=user, complaint=complaint, now=NOW)
        except ComplaintMovedOn:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, people)) == [False, True]
    assert ComplaintStep.objects.count() == 1


def test_two_taps_on_one_page_are_one_complaint(committed_study):
    ProtocolVersionFactory()
    user, form_id, together = UserFactory(role=Role.OFFICER), uuid4(), Barrier(2)

    def write(_tap: int) -> int:
        together.wait()
        try:
            return int(written(user, form_id=form_id).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(write, range(2)))) == 1


def test_two_first_ones_of_nobody_are_sealed_with_one_secret(committed_study):
    ProtocolVersionFactory()
    people, together = [UserFactory(role=Role.OFFICER) for _ in range(2)], Barrier(2)

    def write(user: User) -> int:
        together.wait()
        try:
            return int(written(user).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(write, people))) == 2
    assert HeldSecret.objects.filter(name="complaints").count() == 1
