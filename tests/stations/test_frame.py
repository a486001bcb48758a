"""Importing the frame, and what it is closed to."""

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from stations.services import FrameLocked, import_frame
from tests.factories import UserFactory
from tests.fixtures.study import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("F48")
def test_importing_twice_changes_nothing_the_second_time(frame, django_assert_num_queries):
    with django_assert_num_queries(5):  # savepoint, hold, two reads, release
        plan = import_frame(by=SYSTEM, stations=frame[0], districts=frame[1])
    assert plan.writes_nothing
    assert Event.objects.filter(action="stations.import_frame").count() == 1


def test_import_is_refused_to_whoever_may_not(protocol):
    with pytest.raises(PermissionMissing):
        import_frame(by=UserFactory(role=Role.RESEARCHER), stations=[], districts=[])


@pytest.mark.requirement("F6")
def test_frame_of_a_locked_allocation_is_closed(frame, allocated):
    with pytest.raises(FrameLocked):
        import_frame(by=SYSTEM, stations=[*frame[0][:-1], replaced(frame[0][-1])], districts=frame[1])


def replaced(row):
    return type(row)(**{**{name: getattr(row, name) for name in row.__slots__}, "officers": row.officers + 1})
