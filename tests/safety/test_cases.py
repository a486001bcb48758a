"""Cases from the rule to the end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import sealing
from participants.reach import ParticipantOutOfReach
from safety import queries, services
from safety.models import SafetyAction, SafetyCase
from safety.services import Origin
from stations.models import AllocatedStation
from tests.factories import (
    NOW,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    lock_allocation,
)
from tests.safety.factories import SafetyCaseFactory

SYSTEM = SystemActor("test", frozenset(Permission))
VISIT = Origin(SafetyCase.Origin.VISIT, "v-1")
Kind, Outcome = SafetyAction.Kind, SafetyCase.Outcome


def raise_(by, woman, rule="unsafe_visit", *, origin=VISIT, now=NOW, note=""):
    return services.raise_case(by=by, participant=woman, rule=rule, origin=origin, now=now, note=note)


def act(by, case, kind=Kind.SPOKE_TO_HER, *, note="", now=NOW, seen=None):
    return services.record_action(by=by, case=case, kind=kind, note=note, now=now, seen=seen)


def close(by, case, outcome=Outcome.SAFE_FOR_NOW, *, note="", now=NOW, seen=None):
    return services.close_case(by=by, case=case, outcome=outcome, note=note, now=now, seen=seen)


@pytest.mark.requirement("N22")
def test_a_case_names_who_is_in_charge_where_she_was_and_when_it_is_due(care, woman, safety_officer):
    case = raise_(care.officer, woman)

    case.refresh_from_db()
    assert (case.rule, case.severity, case.state, case.station) == ("unsafe_visit", "serious", "open", care.station)
    assert (case.duty_person, case.raised_by, case.raised_at) == (safety_officer, care.officer, NOW)
    assert (case.origin, case.origin_id, case.follows, case.times) == ("visit", "v-1", None, 1)
    assert case.first_response_due_at == NOW + timedelta(hours=24)
    event = Event.objects.get(action="safety.raise_case")
    assert (event.object_id, event.details) == (
        woman.study_code, {"case": case.pk, "rule": "unsafe_visit", "origin": "visit", "again": False},
    )  # fmt: skip


@pytest.mark.requirement("N22")
@pytest.mark.parametrize("arm", ["control", "training", "risk_scale", "both"])
def test_the_same_rule_gives_the_same_case_in_every_arm(db, arm):
    ProtocolVersionFactory()
    station, duty = StationFactory(), UserFactory(role=Role.SAFETY_OFFICER)
    lock_allocation({station: arm})
    woman = ParticipantFactory(station=station)

    cases = [raise_(SYSTEM, woman, rule) for rule in ("extreme_level", "officer_concern", "missed_visits")]

    assert AllocatedStation.objects.get().arm == arm
    assert [(case.severity, case.duty_person, case.first_response_due_at - NOW) for case in cases] == [
        ("serious", duty, timedelta(hours=24)),
        ("ordinary", duty, timedelta(hours=24)),
        ("serious", duty, timedelta(hours=24)),
    ]


@pytest.mark.parametrize(
    "raised_at",
    [datetime(2026, 11, 19, 4, 59, tzinfo=UTC), datetime(2026, 11, 19, 5, 0, tzinfo=UTC)],
    ids=["23:59 in Lima", "midnight in Lima"],
)
def test_the_clock_runs_whole_hours_over_midnight(care, woman, raised_at):
    assert raise_(care.officer, woman, now=raised_at).first_response_due_at == raised_at + timedelta(hours=24)


def test_what_waits_is_counted_and_what_was_answered_comes_again_and_points_back(care, woman, safety_officer):
    first = raise_(care.officer, woman)
    assert raise_(care.officer, woman, note="otra vez") == first
    first.refresh_from_db()
    assert (first.times, [action.kind for action in first.actions.all()]) == (2, ["happened_again"])
    act(safety_officer, first)

    second = raise_(care.officer, woman)
    close(safety_officer, second)
    third = raise_(care.officer, woman)

    assert (second.follows, third.follows) == (first, second)
    assert raise_(care.officer, woman, "officer_concern").follows is None


def test_told_again_is_no_answer(care, woman, safety_officer):
    case = raise_(care.officer, woman)
    raise_(care.officer, woman)
    case.refresh_from_db()

    assert (case.state, case.first_response_at) == ("open", None)


def test_all_that_waits_of_one_woman_is_in_the_same_hands(care, woman, safety_officer):
    other = UserFactory(role=Role.SAFETY_OFFICER)
    SafetyCaseFactory(duty_person=safety_officer)

    cases = [raise_(care.officer, woman, rule) for rule in ("unsafe_visit", "officer_concern")]

    assert [case.duty_person for case in cases] == [other, other]


def test_a_case_is_raised_though_nobody_is_there_to_answer(care, woman):
    UserFactory(role=Role.SAFETY_OFFICER, is_active=False)
    assert raise_(care.officer, woman).duty_person is None


@pytest.mark.parametrize("status", ["withdrawn", "deceased", "completed"])
def test_what_concerns_a_woman_who_left_is_raised_and_answered(care, woman, safety_officer, status):
    woman.status = status
    woman.save()

    case = raise_(care.officer, woman)
    act(safety_officer, case)

    assert close(safety_officer, case, Outcome.DIED).state == "closed"


def test_only_those_who_look_after_her_raise_and_only_safety_officers_answer(care, woman, safety_officer):
    for user in (care.stranger, care.other_interviewer):
        with pytest.raises(ParticipantOutOfReach):
            raise_(user, woman)
    for role in (Role.RESEARCHER, Role.STATISTICIAN, Role.ETHICS_BOARD):
        with pytest.raises(PermissionMissing):
            raise_(UserFactory(role=role), woman)
    case = raise_(UserFactory(role=Role.ADMINISTRATOR), woman)
    for user in (care.officer, care.supervisor, care.interviewer, UserFactory(role=Role.ADMINISTRATOR)):
        with pytest.raises(PermissionMissing):
            act(user, case)
        with pytest.raises(PermissionMissing):
            close(user, case)
        with pytest.raises(PermissionMissing):
            services.open_notes(by=user, case=case, now=NOW)


def test_by_hand_a_person_chooses_among_reasons_for_people_and_says_what_else(care, woman):
    by_hand = {"by": care.interviewer, "participant": woman, "now": NOW}
    for rule in ("extreme_level", "unknown"):
        with pytest.raises(services.RuleUnknown):
            services.raise_by_hand(**by_hand, rule=rule, note="")
    with pytest.raises(services.NoteNeeded):
        services.raise_by_hand(**by_hand, rule="other", note="  ")

    case = services.raise_by_hand(**by_hand, rule="child_in_danger", note="Su hijo mayor")

    assert (case.origin, case.severity) == ("hand", "serious")
    assert b"hijo" not in bytes(case.sealed_note)
    assert sealing.unseal_text(woman, case.sealed_note, purpose=services.CASE_NOTE) == "Su hijo mayor"


@pytest.mark.requirement("F42")
@pytest.mark.parametrize(("hours", "in_time"), [(24, True), (24.01, False)])
def test_the_first_action_answers_and_says_whether_in_time(care, woman, safety_officer, hours, in_time):
    case, later = raise_(care.officer, woman), NOW + timedelta(hours=hours)

    act(safety_officer, case, Kind.OTHER, note="Fue a casa de su tía", now=later)
    act(safety_officer, case, now=later + timedelta(hours=1))

    case.refresh_from_db()
    assert (case.state, case.first_response_at, case.answered_in_time) == ("in_progress", later, in_time)
    event = Event.objects.filter(action="safety.record_action").earliest("id")
    assert event.details == {"case": case.pk, "kind": "other", "in_time": in_time}
    assert services.open_notes(by=safety_officer, case=case, now=NOW) == {
        str(case.actions.earliest("pk").pk): "Fue a casa de su tía"
    }


def test_what_was_written_stays_sealed_and_opening_it_is_recorded(care, woman, safety_officer):
    case = raise_(care.officer, woman, note="Dijo que él volvió")
    close(safety_officer, case, Outcome.OTHER, note="Vive con su hermana")
    case.refresh_from_db()

    assert services.open_notes(by=safety_officer, case=case, now=NOW) == {
        "note": "Dijo que él volvió", "summary": "Vive con su hermana",
    }  # fmt: skip
    assert Event.objects.get(action="safety.open_notes").details == {"case": case.pk, "notes": 2}
    assert not [row for row in Event.objects.all() if "hermana" in str(row.details)]


def test_something_else_needs_words(care, woman, safety_officer):
    case = raise_(care.officer, woman)
    with pytest.raises(services.NoteNeeded):
        act(safety_officer, case, Kind.OTHER, note=" ")
    with pytest.raises(services.NoteNeeded):
        close(safety_officer, case, Outcome.OTHER, note=" ")


def test_a_closed_case_takes_nothing_more_and_a_stale_page_is_told(care, woman, safety_officer):
    case = raise_(care.officer, woman)
    act(safety_officer, case, seen=0)
    with pytest.raises(services.CaseMovedOn):
        act(safety_officer, case, seen=0)
    with pytest.raises(services.CaseMovedOn):
        close(safety_officer, case, seen=0)

    closed = close(safety_officer, case, seen=1)

    assert (closed.closed_at, closed.closed_by, closed.outcome) == (NOW, safety_officer, "safe_for_now")
    with pytest.raises(services.CaseMovedOn):
        close(safety_officer, case)
    with pytest.raises(services.CaseMovedOn):
        act(safety_officer, case)


def test_closing_a_case_that_waited_answers_it(care, woman, safety_officer):
    closed = close(safety_officer, raise_(care.officer, woman), Outcome.NO_DANGER)
    assert (closed.first_response_at, closed.answered_in_time) == (NOW, True)
    assert [action.kind for action in closed.actions.all()] == ["closed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "in_progress"},
        {"first_response_at": NOW},
        {"state": "closed", "first_response_at": NOW, "closed_at": NOW},
        {"state": "closed", "first_response_at": NOW, "outcome": "other"},
        {"outcome": "other"},
        {"severity": "mild"},
        {"state": "lost"},
        {"first_response_due_at": NOW - timedelta(days=1)},
    ],
)
def test_the_database_refuses_a_case_that_cannot_be(db, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyCaseFactory(**wrong)


def test_the_database_refuses_two_that_wait_of_one_rule(db):
    case = SafetyCaseFactory()
    SafetyCaseFactory(participant=case.participant, at_work=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyCaseFactory(participant=case.participant)


def test_who_sees_which_cases(care, woman, safety_officer):
    hers = raise_(care.officer, woman)
    by_interviewer = raise_(care.interviewer, woman, "distress")
    elsewhere = SafetyCaseFactory()

    def seen_by(user):
        return set(queries.cases_listed(user))

    assert seen_by(safety_officer) == {hers, by_interviewer, elsewhere}
    assert (seen_by(care.officer), seen_by(care.interviewer)) == ({hers}, {by_interviewer})
    assert seen_by(care.supervisor) == seen_by(care.stranger) == seen_by(UserFactory(role=Role.ETHICS_BOARD)) == set()
    woman.station = StationFactory()
    woman.save()
    assert seen_by(care.officer) == set()
