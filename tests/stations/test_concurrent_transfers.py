"""Two people who post the same officer at the same moment."""

from django.utils import timezone

from stations.models import ArmCrossing, Posting
from stations.services import PostingOverlaps, post_officer, register_officer
from stations.services.officers import OfficerCodeTaken
from tests.factories import TODAY, OfficerFactory, StationFactory, lock_allocation
from tests.fixtures.study import SYSTEM
from tests.stations.test_concurrent_approval import at_once


def test_two_transfers_at_once_leave_one_posting_open(committed_study):
    old, first, second = (StationFactory() for _ in range(3))
    lock_allocation({old: "control", first: "risk_scale", second: "both"})
    officer = OfficerFactory(posted_at=old)

    def transfer(station):
        try:
            return post_officer(by=SYSTEM, officer=officer, station=station, starts_on=TODAY).station_id
        except PostingOverlaps as error:
            return error.code

    answers = at_once(transfer, [first, second])

    assert answers.count("posting_overlaps") == 1
    assert Posting.objects.filter(officer=officer, ends_on=None).count() == 1
    assert ArmCrossing.objects.count() == 1


def test_two_registrations_at_once_leave_one_officer(committed_study):
    station = StationFactory()

    def register(code):
        try:
            return register_officer(
                by=SYSTEM, code=code, is_woman=True, station=station, starts_on=timezone.localdate()
            ).code
        except OfficerCodeTaken as error:
            return error.code

    assert sorted(at_once(register, ["OF1", "OF1"])) == ["OF1", "officer_code_taken"]
    assert Posting.objects.count() == 1
