"""Attendance: who came, who was late, who is filled in or corrected afterwards, and who may not be on the roster."""

from datetime import datetime, time, timedelta

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from stations.services import post_officer
from tests.factories import NOW, TODAY, OfficerFactory, UserFactory
from tests.fixtures.study import SYSTEM
from tests.training.conftest import ABSENT, CAME, LAST_WEEK, a_station, plan, record
from training.attendance import Entry
from training.models import Attendance, Session
from training.queries.sessions import entries, roster, sessions
from training.services import (
    EntryInconsistent,
    ModuleUnknown,
    NobodyCame,
    OfficerNotOnRoster,
    ReasonMissing,
    SessionChangedMeanwhile,
    SessionInFuture,
    record_attendance,
)

pytestmark = pytest.mark.django_db

TOO_LATE = Entry(came=True, minutes_late=31)


@pytest.mark.requirement("F52")
def test_session_is_held_once_somebody_is_written_down(station, officers):
    tested = Entry(came=True, minutes_late=10, score_before=40, score_after=80)
    session = record(plan(station), {officers[0]: tested, officers[1]: TOO_LATE, officers[2]: ABSENT})
    assert (session.status, session.revision) == ("held", 1)
    kept = Attendance.objects.order_by("officer").values_list("came", "minutes_late", "counts", "score_before")
    assert list(kept) == [(True, 10, True, 40), (True, 31, False, None), (False, 0, False, None)]
    assert sessions().get().came == 2
    assert Event.objects.get(action="training.record_attendance").details == {"new": 3, "changes": []}


def test_two_modules_in_one_session_are_written_down_apart(station, officers):
    session = plan(station, modules=[1, 2])
    record(session, officers, module=1)
    record(session, {officers[0]: CAME, officers[1]: ABSENT}, module=2)
    assert {key: entry.came for key, entry in entries(session).items()} == {
        **{(officer.pk, 1): True for officer in officers},
        (officers[0].pk, 2): True,
        (officers[1].pk, 2): False,
    }


@pytest.mark.parametrize(
    ("held_on", "at", "refused"),
    [
        (TODAY, time(10, 0), False),  # now
        (TODAY, time(10, 1), True),
        (TODAY, None, False),
        (TODAY + timedelta(days=1), None, True),
    ],
)
def test_who_came_is_known_once_the_session_has_begun(station, officers, held_on, at, refused):
    session = plan(station, held_on=held_on, at=at)
    if refused:
        with pytest.raises(SessionInFuture):
            record(session, officers)
    else:
        assert record(session, officers).status == "held"


def test_hour_is_that_of_lima(station, officers):
    session = plan(station, held_on=TODAY, at=time(23, 30))
    late_evening = datetime.fromisoformat("2026-11-19T04:29:00+00:00")
    with pytest.raises(SessionInFuture):
        record_attendance(by=SYSTEM, session=session, entries={(officers[0].pk, 1): CAME}, seen=0, now=late_evening)


def test_scores_are_filled_in_later_without_a_reason(station, officers):
    session = record(plan(station), officers)
    record(session, {officers[0]: Entry(came=True, score_before=40, score_after=70)})
    assert entries(session)[officers[0].pk, 1].score_after == 70


@pytest.mark.requirement("F30")
def test_correction_needs_a_reason_and_the_audit_has_old_and_new(station, officers):
    session = record(plan(station), officers)
    with pytest.raises(ReasonMissing):
        record(session, {officers[0]: ABSENT})
    record(session, {officers[0]: Entry(came=False, absence="ill")}, reason="She signed for a colleague")
    event = Event.objects.filter(action="training.record_attendance").latest("id")
    assert event.reason == "She signed for a colleague"
    assert event.details["changes"] == [
        {"officer": officers[0].code, "module": 1, "came": [True, False], "absence": ["", "ill"]}
    ]


def test_same_list_twice_writes_once(station, officers):
    session = record(plan(station), officers)
    assert record(session, officers).revision == 1
    assert Event.objects.filter(action="training.record_attendance").count() == 1


def test_second_of_two_at_once_is_told(station, officers):
    session = plan(station)
    record(session, officers, seen=0)
    with pytest.raises(SessionChangedMeanwhile):
        record(session, dict.fromkeys(officers, ABSENT), seen=0, reason="Mine is right")
    assert all(entry.came for entry in entries(session).values())


def test_officer_of_another_station_cannot_attend(station, officers):
    elsewhere = OfficerFactory(posted_at=a_station(trained=False))
    with pytest.raises(OfficerNotOnRoster):
        record(plan(station), [*officers, elsewhere])


def test_roster_is_of_the_day_of_the_session(station, officers):
    left, came = officers[0], OfficerFactory()
    post_officer(by=SYSTEM, officer=left, station=a_station(trained=False), starts_on=LAST_WEEK)
    post_officer(by=SYSTEM, officer=came, station=station, starts_on=LAST_WEEK)
    assert roster(plan(station, held_on=LAST_WEEK - timedelta(days=1))) == officers
    assert roster(plan(station, held_on=LAST_WEEK)) == [*officers[1:], came]


def test_who_was_written_down_stays_on_the_roster_though_her_posting_is_mended(station, officers):
    session = record(plan(station), officers)
    officers[0].postings.update(ends_on=LAST_WEEK - timedelta(days=1))
    assert roster(session) == officers


def test_roster_of_a_catch_up_has_those_who_missed_something(station, officers):
    record(plan(station, modules=[1, 2]), {officers[0]: CAME, officers[1]: TOO_LATE, officers[2]: ABSENT})
    catch_up = plan(station, kind=Session.Kind.CATCH_UP, held_on=TODAY, at=None)
    assert roster(catch_up) == officers[1:]
    with pytest.raises(OfficerNotOnRoster):
        record(catch_up, officers)
    record(catch_up, officers[1:])
    assert roster(catch_up) == officers[1:]


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (Entry(came=False, score_before=10), EntryInconsistent),
        (Entry(came=True, score_before=101), EntryInconsistent),
        (ABSENT, NobodyCame),
    ],
)
def test_line_that_cannot_be_is_refused(station, officers, entry, error):
    with pytest.raises(error):
        record(plan(station), {officers[0]: entry})


def test_module_of_another_session_is_refused(station, officers):
    with pytest.raises(ModuleUnknown):
        record(plan(station), officers, module=2)


def test_correction_cannot_leave_a_session_that_nobody_came_to(station, officers):
    session = record(plan(station), officers[:2])
    record(session, {officers[0]: ABSENT}, reason="Wrong list")
    with pytest.raises(NobodyCame):
        record(session, {officers[1]: ABSENT}, reason="Wrong list")


def test_only_administrators_write_down(station, officers):
    with pytest.raises(PermissionMissing):
        record_attendance(by=UserFactory(role=Role.SUPERVISOR), session=plan(station), entries={}, seen=0, now=NOW)
