"""Sessions: planned where the arm has training, within what the protocol allows, moved, and taken back."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from tests.factories import TODAY, OfficerFactory, StationFactory, UserFactory
from tests.fixtures.study import SYSTEM
from tests.training.conftest import LAST_WEEK, a_station, facts, plan, record
from training.models import Session
from training.services import (
    ModuleUnknown,
    NobodyMissing,
    NotATrainingStation,
    ReasonMissing,
    RegularSessionFirst,
    SessionAlreadyHeld,
    SessionChangedMeanwhile,
    SessionsUsedUp,
    SessionTaken,
    SessionWithdrawn,
    StationNotDrawn,
    change_session,
    plan_session,
    withdraw_session,
)

pytestmark = pytest.mark.django_db

CATCH_UP = Session.Kind.CATCH_UP
TOMORROW = TODAY + timedelta(days=1)


def test_session_is_planned_with_its_modules_in_order(station):
    session = plan(station, modules=[2, 1, 2], held_on=TOMORROW)
    assert (session.status, session.modules, session.trainers) == ("planned", [1, 2], ["T1"])
    event = Event.objects.get(action="training.plan_session")
    assert event.details == {"kind": "regular", "modules": [1, 2], "held_on": TOMORROW.isoformat()}


@pytest.mark.parametrize("modules", [[], [3], [1, 3]])
def test_module_that_the_protocol_does_not_name_is_refused(station, modules):
    with pytest.raises(ModuleUnknown):
        plan(station, modules=modules)


def test_session_elsewhere_is_a_deviation_with_a_reason(allocated):
    untrained = a_station(trained=False)
    for reason in ("", "  "):
        with pytest.raises(NotATrainingStation):
            plan(untrained, deviation_reason=reason)
    session = plan(untrained, deviation_reason="Held by mistake, reported to the board")
    assert session.is_deviation
    assert Event.objects.get(action="training.plan_session").reason == session.deviation_reason


def test_reason_is_not_kept_where_there_is_no_deviation(station):
    assert plan(station, deviation_reason="No need").deviation_reason == ""


def test_station_outside_the_study_has_no_session(allocated):
    with pytest.raises(StationNotDrawn):
        plan(StationFactory(), deviation_reason="Even with a reason")


def test_protocol_limits_the_sessions_for_everybody(station):
    plan(station, at=time(9))
    second = plan(station, at=time(14))
    with pytest.raises(SessionsUsedUp):
        plan(station, at=time(16))
    # one that was withdrawn leaves its place to another
    withdraw_session(by=SYSTEM, session=second, reason="Strike", seen=0)
    assert plan(station, at=time(16)).pk


def test_same_station_day_and_hour_is_taken(station):
    first = plan(station)
    with pytest.raises(SessionTaken):
        plan(station)
    with pytest.raises(SessionTaken):
        change_session(by=SYSTEM, session=plan(station, at=time(14)), facts=facts(), seen=0)
    with pytest.raises(IntegrityError):
        Session.objects.create(
            station=station, modules=[1], held_on=first.held_on, start_time=first.start_time, kind=CATCH_UP
        )


def test_catch_up_waits_for_the_session_it_makes_up_for(station, officers):
    first = plan(station)
    with pytest.raises(RegularSessionFirst):
        plan(station, kind=CATCH_UP, held_on=TODAY)
    record(first, officers[:1])
    with pytest.raises(RegularSessionFirst):
        plan(station, kind=CATCH_UP, modules=[2], held_on=TODAY)
    assert plan(station, kind=CATCH_UP, held_on=TODAY).kind == "catch_up"


def test_catch_up_on_a_module_never_taught_once_the_sessions_are_used_up(station, officers):
    record(plan(station), officers)
    record(plan(station, at=time(14)), officers)
    assert plan(station, modules=[2], kind=CATCH_UP, held_on=TODAY).modules == [2]


def test_catch_up_is_refused_if_nobody_is_missing(station, officers):
    record(plan(station), officers)
    with pytest.raises(NobodyMissing):
        plan(station, kind=CATCH_UP, held_on=TODAY)
    # somebody who came since is missing
    OfficerFactory(posted_at=station)
    assert plan(station, kind=CATCH_UP, held_on=TODAY).pk


def test_catch_up_does_not_count_against_the_limit(station, officers):
    record(plan(station), officers[:1])
    plan(station, kind=CATCH_UP, held_on=TODAY)
    assert plan(station, modules=[2], held_on=TODAY, at=time(14)).kind == "regular"


def test_planned_session_is_moved_and_the_audit_says_from_where(station):
    session = plan(station, held_on=TOMORROW)
    moved = change_session(by=SYSTEM, session=session, facts=facts(TODAY, time(10), place="Aula 2"), seen=0)
    assert (moved.held_on, moved.start_time, moved.place, moved.revision) == (TODAY, time(10), "Aula 2", 1)
    assert Event.objects.get(action="training.change_session").details == {
        "held_on": [TOMORROW.isoformat(), TODAY.isoformat()],
        "start_time": ["09:00:00", "10:00:00"],
        "place": ["Auditorio", "Aula 2"],
        "fields": ["held_on", "place", "start_time"],
    }


def test_change_to_the_same_writes_nothing(station):
    session = plan(station)
    assert change_session(by=SYSTEM, session=session, facts=facts(), seen=0).revision == 0
    assert not Event.objects.filter(action="training.change_session").exists()


def test_audit_says_that_trainers_changed_and_not_who_they_are(station):
    change_session(by=SYSTEM, session=plan(station), facts=facts(trainers=("Ana Quispe",)), seen=0)
    assert Event.objects.get(action="training.change_session").details == {"fields": ["trainers"]}


def test_older_page_does_not_overwrite_a_newer_one(station):
    session = plan(station, held_on=TOMORROW)
    change_session(by=SYSTEM, session=session, facts=facts(TODAY), seen=0)
    with pytest.raises(SessionChangedMeanwhile):
        change_session(by=SYSTEM, session=session, facts=facts(LAST_WEEK), seen=0)
    with pytest.raises(SessionChangedMeanwhile):
        withdraw_session(by=SYSTEM, session=session, reason="Strike", seen=0)


def test_held_session_is_not_moved_but_can_be_withdrawn_with_a_reason(station, officers):
    session = record(plan(station), officers)
    with pytest.raises(SessionAlreadyHeld):
        change_session(by=SYSTEM, session=session, facts=facts(TODAY), seen=1)
    with pytest.raises(ReasonMissing):
        withdraw_session(by=SYSTEM, session=session, reason=" ", seen=1)
    withdrawn = withdraw_session(by=SYSTEM, session=session, reason="Another station's list", seen=1)
    assert (withdrawn.status, withdrawn.attendances.count()) == ("withdrawn", 3)
    event = Event.objects.get(action="training.withdraw_session")
    assert (event.reason, event.details) == ("Another station's list", {"status": ["held", "withdrawn"]})


def test_withdrawn_session_stays_withdrawn(station, officers):
    session = withdraw_session(by=SYSTEM, session=plan(station), reason="Strike", seen=0)
    for write in (
        lambda: withdraw_session(by=SYSTEM, session=session, reason="Again", seen=1),
        lambda: change_session(by=SYSTEM, session=session, facts=facts(TODAY), seen=1),
        lambda: record(session, officers),
    ):
        with pytest.raises(SessionWithdrawn):
            write()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_plan(station, role):
    with pytest.raises(PermissionMissing):
        plan_session(by=UserFactory(role=role), station=station, kind=CATCH_UP, modules=[1], facts=facts())
