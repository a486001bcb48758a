"""Where officers serve, and from when."""

from datetime import timedelta

import pytest

from audit.models import Event
from stations.queries import station_ids_of
from stations.services import PostingOverlaps, post_officer
from tests.factories import TODAY, OfficerFactory, StationFactory
from tests.fixtures.study import SYSTEM

pytestmark = pytest.mark.django_db


def test_transfer_ends_the_posting_before(protocol):
    old, new = StationFactory(), StationFactory()
    officer = OfficerFactory(posted_at=old)
    post_officer(by=SYSTEM, officer=officer, station=new, starts_on=TODAY)
    assert station_ids_of(officer.user, on=TODAY - timedelta(days=1)) == {old.pk}
    assert station_ids_of(officer.user, on=TODAY) == {new.pk}
    assert Event.objects.get(action="stations.post_officer").details["from"] == TODAY.isoformat()


@pytest.mark.parametrize("days", [0, 1])
def test_officer_serves_at_one_station_at_a_time(days):
    officer = OfficerFactory()
    post_officer(by=SYSTEM, officer=officer, station=StationFactory(), starts_on=TODAY + timedelta(days=days))
    with pytest.raises(PostingOverlaps):
        post_officer(by=SYSTEM, officer=officer, station=StationFactory(), starts_on=TODAY)
