from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import sealing
from participants.services import ConsentMissing, ParticipantOutOfReach
from risk.models import CurrentRisk
from safety.models import SafetyCase
from safety.presenters import case_rows
from tests.factories import (
    NOW,
    TODAY,
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    UserFactory,
    VisitFactory,
    WeekPlanFactory,
)
from visits import services
from visits.log_fields import REASONS
from visits.models import Visit, VisitLog
from visits.services import VisitAnswers
from visits.services.log_writing import LOG_NOTE
from visits.services.participation import PLANNER

HAPPENED = VisitAnswers(
    new_incident="yes", incident_type="words", incident_on=TODAY, incident_injury="no", incident_weapon="unknown"
)
LOG_ID = UUID("0198aaaa-0000-7000-8000-000000000001")


@pytest.fixture
def visit(field) -> Visit:
    return visit_at(field.by_risk)


def visit_at(station, **fields) -> Visit:
    return VisitFactory(plan=WeekPlanFactory(participant=ParticipantFactory(station=station)), **fields)


def log(
    by, visit, *, log_id=LOG_ID, outcome="met", occurred_at=NOW - timedelta(minutes=20), now=NOW, answers=None, **more
):
    """Log with a reason that goes with the outcome, unless the answers bring one."""
    answers = answers or VisitAnswers()
    if not answers.reason and outcome in REASONS:
        answers = replace(answers, reason=str(REASONS[outcome][0]))
    return services.log_visit(
        by=by, visit=visit, log_id=log_id, outcome=outcome, occurred_at=occurred_at, now=now, answers=answers, **more
    )


def status_of(visit) -> str:
    return Visit.objects.get(pk=visit.pk).status


def test_a_log_closes_the_visit_and_seals_its_note(field, visit):
    answers = VisitAnswers(in_private="yes", new_incident="no", measures_obeyed="unknown", referral_offered=True)

    kept = log(field.officer, visit, answers=answers, note=" Rosa pide volver el lunes ")

    assert (kept.pk, kept.outcome, kept.received_at, kept.logged_by) == (LOG_ID, "met", NOW, field.officer)
    assert (kept.in_private, kept.new_incident, kept.measures_obeyed) == ("yes", "no", "unknown")
    assert (kept.safety_concern, kept.referral_offered) == (False, True)
    assert (status_of(visit), Visit.objects.get().status_changed_at) == ("done", NOW)
    stored = VisitLog.objects.get()
    assert b"Rosa" not in bytes(stored.sealed_note)
    assert sealing.unseal_text(visit.participant, stored.sealed_note, purpose=LOG_NOTE) == "Rosa pide volver el lunes"
    event = Event.objects.get(action="visits.log")
    assert (event.object_id, event.details) == (
        str(visit.pk), {"outcome": "met", "was": "planned", "safety_concern": False},
    )  # fmt: skip


@pytest.mark.requirement("F24")
def test_all_that_was_seen_is_kept(field, visit):
    answers = replace(
        HAPPENED, in_private="yes", present=("relatives", "children"), next_contact="agreed",
        next_contact_on=TODAY + timedelta(days=2), next_contact_from=time(9), next_contact_until=time(11, 30),
    )  # fmt: skip

    log(field.officer, visit, answers=answers)

    kept = VisitLog.objects.get()
    assert (kept.present, kept.incident_type, kept.incident_on) == (["children", "relatives"], "words", TODAY)
    assert (kept.incident_injury, kept.incident_weapon, kept.next_contact) == ("no", "unknown", "agreed")
    assert (kept.next_contact_on, kept.next_contact_from, kept.next_contact_until) == (
        TODAY + timedelta(days=2), time(9), time(11, 30),
    )  # fmt: skip


@pytest.mark.requirement("F24")
@pytest.mark.parametrize(
    ("outcome", "answers", "wrong"),
    [
        ("refused", VisitAnswers(reason="other"), "note"),
        ("refused", VisitAnswers(reason="weapon"), "reason"),
        ("met", VisitAnswers(new_incident="yes"), "incident_type"),
        ("met", replace(HAPPENED, incident_on=TODAY + timedelta(days=1)), "incident_on"),
        ("nobody_home", VisitAnswers(in_private="yes"), "in_private"),
    ],
)
def test_an_answer_that_is_missing_or_does_not_fit_is_named(field, visit, outcome, answers, wrong):
    with pytest.raises(services.LogFieldWrong) as refused:
        log(field.officer, visit, outcome=outcome, answers=answers)
    assert refused.value.field == wrong
    assert not VisitLog.objects.exists()
    assert status_of(visit) == "planned"


@pytest.mark.parametrize("outcome", sorted(set(VisitLog.Outcome.values) - {"met"}))
def test_a_visit_without_meeting_her_is_attempted(field, visit, outcome):
    log(field.officer, visit, outcome=outcome)
    assert status_of(visit) == "attempted"


@pytest.mark.requirement("N22")
@pytest.mark.parametrize("place", ["by_risk", "as_usual"])
@pytest.mark.parametrize(
    ("outcome", "concern", "rules"),
    [
        ("met", False, []),
        ("met", True, ["officer_concern"]),
        ("unsafe", False, ["unsafe_visit"]),
        ("unsafe", True, ["officer_concern", "unsafe_visit"]),
    ],
)
def test_danger_at_a_visit_is_told_to_a_named_person_in_every_arm(field, place, outcome, concern, rules):
    named = UserFactory(role=Role.SAFETY_OFFICER)
    visit = visit_at(getattr(field, place))
    officer = field.officer if place == "by_risk" else field.stranger

    log(officer, visit, outcome=outcome, answers=VisitAnswers(safety_concern=concern))
    log(officer, visit, outcome=outcome, answers=VisitAnswers(safety_concern=concern))

    cases = SafetyCase.objects.order_by("rule")
    assert [case.rule for case in cases] == rules
    assert {(case.duty_person, case.raised_at, case.first_response_due_at) for case in cases} <= {
        (named, NOW, NOW + timedelta(hours=24))
    }


def test_an_alert_that_still_waits_is_not_raised_twice(field, visit):
    log(field.officer, visit, outcome="unsafe")
    tomorrow = NOW + timedelta(days=1)
    second = VisitFactory(plan=visit.plan, planned_on=TODAY + timedelta(days=1))

    log(field.officer, second, log_id=uuid4(), outcome="unsafe", now=tomorrow)

    (row,) = case_rows(SafetyCase.objects.all(), tomorrow)
    assert (row.label, row.case.raised_at, row.case.times) == ("It was not safe at the visit", NOW, 2)


@pytest.mark.parametrize("place", ["by_risk", "as_usual"])
@pytest.mark.parametrize(
    ("new_incident", "due_in_days", "due_after"), [("yes", 30, 0), ("yes", -4, -4), ("no", 30, 30), ("unknown", 30, 30)]
)
def test_a_new_incident_brings_the_next_assessment_forward(field, place, new_incident, due_in_days, due_after):
    visit = visit_at(getattr(field, place))
    due_on = TODAY + timedelta(days=due_in_days)
    CurrentRiskFactory(assessment=AssessmentFactory(participant=visit.participant), reassess_due_on=due_on)
    officer = field.officer if place == "by_risk" else field.stranger

    log(officer, visit, answers=HAPPENED if new_incident == "yes" else VisitAnswers(new_incident=new_incident))

    assert CurrentRisk.objects.get().reassess_due_on == TODAY + timedelta(days=due_after)
    asked = Event.objects.filter(action="risk.ask_for_reassessment").count()
    assert asked == (due_in_days != due_after)


@pytest.mark.requirement("F20")
def test_the_same_log_again_is_the_log_that_is_kept(field, visit):
    first = log(field.officer, visit, note="a")
    again = log(field.officer, visit, note="a ", now=NOW + timedelta(hours=3))

    assert (again.pk, again.received_at) == (first.pk, NOW)
    assert VisitLog.objects.count() == 1


@pytest.mark.requirement("F20")
@pytest.mark.parametrize(
    "other",
    [
        {"outcome": "refused"},
        {"note": "b"},
        {"occurred_at": NOW - timedelta(minutes=21)},
        {"answers": VisitAnswers(safety_concern=True)},
    ],
)
def test_the_same_log_with_other_content_is_a_conflict(field, visit, other):
    log(field.officer, visit, note="a")
    with pytest.raises(services.VisitLogConflict):
        log(field.officer, visit, **{"note": "a", **other})
    assert VisitLog.objects.get().outcome == "met"


def test_the_same_log_for_another_visit_is_a_conflict(field, visit):
    log(field.officer, visit)
    with pytest.raises(services.VisitLogConflict):
        log(field.officer, visit_at(field.by_risk))


def test_another_log_of_the_same_visit_comes_too_late(field, visit):
    log(field.officer, visit)
    with pytest.raises(services.AlreadyLogged):
        log(field.supervisor, visit, log_id=uuid4())


@pytest.mark.parametrize(("ahead", "refused"), [(timedelta(minutes=5), False), (timedelta(minutes=5, seconds=1), True)])
def test_nothing_can_have_happened_in_the_future(field, visit, ahead, refused):
    if refused:
        with pytest.raises(services.LogInFuture, match="cannot have happened in the future"):
            log(field.officer, visit, occurred_at=NOW + ahead)
        assert not VisitLog.objects.exists()
        assert status_of(visit) == "planned"
    else:
        log(field.officer, visit, occurred_at=NOW + ahead)


@pytest.mark.parametrize(
    ("occurred_at", "refused"),
    [(datetime(2026, 11, 12, 4, 59, 59, tzinfo=UTC), True), (datetime(2026, 11, 12, 5, tzinfo=UTC), False)],
)
def test_nothing_can_have_happened_before_she_joined(field, occurred_at, refused):
    woman = ParticipantFactory(station=field.by_risk, enrolled_on=date(2026, 11, 12))
    visit = VisitFactory(plan=WeekPlanFactory(participant=woman))
    if refused:
        with pytest.raises(services.LogBeforeEnrolment, match="before she joined"):
            log(field.officer, visit, occurred_at=occurred_at)
        assert not VisitLog.objects.exists()
        assert status_of(visit) == "planned"
    else:
        log(field.officer, visit, occurred_at=occurred_at)


@pytest.mark.parametrize(
    ("now", "refused"),
    [(datetime(2026, 11, 19, 4, 59, 59, tzinfo=UTC), True), (datetime(2026, 11, 19, 5, tzinfo=UTC), False)],
)
def test_a_visit_is_due_from_midnight_in_lima(field, now, refused):
    tomorrow = visit_at(field.by_risk, planned_on=TODAY + timedelta(days=1))
    if refused:
        with pytest.raises(services.VisitNotDue):
            log(field.officer, tomorrow, occurred_at=now, now=now)
    else:
        log(field.officer, tomorrow, occurred_at=now, now=now)
        assert status_of(tomorrow) == "done"


def test_a_visit_that_was_moved_is_not_logged(field):
    with pytest.raises(services.VisitWasMoved):
        log(field.officer, visit_at(field.by_risk, status="superseded"))


@pytest.mark.requirement("F34")
def test_nobody_logs_for_another_station(field, visit):
    with pytest.raises(ParticipantOutOfReach):
        log(field.stranger, visit)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.SUPERVISOR}))
def test_no_other_role_logs(field, visit, role):
    with pytest.raises(PermissionMissing):
        log(UserFactory(role=role), visit)


@pytest.mark.requirement("F14")
def test_a_visit_is_missed_only_when_its_grace_is_over_and_a_late_log_still_counts(field, visit):
    end = visit.grace_ends_at

    assert services.mark_missed(by=PLANNER, now=end - timedelta(microseconds=1)) == 0
    assert status_of(visit) == "planned"
    assert services.mark_missed(by=PLANNER, now=end) == 1
    assert services.mark_missed(by=PLANNER, now=end) == 0
    assert status_of(visit) == "missed"
    assert [event.details for event in Event.objects.filter(action="visits.mark_missed")] == [{"visits": 1}]

    log(field.officer, visit, now=end)
    assert status_of(visit) == "done"


@pytest.mark.parametrize("status", ["done", "attempted", "superseded", "missed"])
def test_only_planned_visits_can_become_missed(field, status):
    visit = visit_at(field.by_risk, status=status, planned_on=date(2026, 11, 2))
    assert services.mark_missed(by=PLANNER, now=NOW) == 0
    assert status_of(visit) == status


@pytest.mark.requirement("F14")
def test_a_missed_visit_is_explained_once_and_stays_missed(field):
    visit = visit_at(field.by_risk, status="missed")

    services.explain_missed_visit(by=field.supervisor, visit=visit, reason=Visit.MissedReason.NO_STAFF, now=NOW)

    kept = Visit.objects.get()
    assert (kept.status, kept.missed_reason, kept.missed_explained_by) == ("missed", "no_staff", field.supervisor)
    with pytest.raises(services.VisitNotMissed):
        services.explain_missed_visit(by=field.supervisor, visit=visit, reason=Visit.MissedReason.EMERGENCY, now=NOW)


def test_what_is_not_missed_is_not_explained_nor_by_an_officer_nor_from_elsewhere(field, visit):
    reason = Visit.MissedReason.NO_STAFF
    with pytest.raises(services.VisitNotMissed):
        services.explain_missed_visit(by=field.supervisor, visit=visit, reason=reason, now=NOW)
    with pytest.raises(PermissionMissing):
        services.explain_missed_visit(by=field.officer, visit=visit, reason=reason, now=NOW)
    elsewhere = visit_at(field.as_usual, status="missed")
    with pytest.raises(ParticipantOutOfReach):
        services.explain_missed_visit(by=field.supervisor, visit=elsewhere, reason=reason, now=NOW)


@pytest.mark.parametrize(("hours_before_she_left", "kept"), [(1, True), (0, False), (-1, False)])
def test_what_was_seen_before_she_left_is_kept_and_nothing_after(field, hours_before_she_left, kept):
    visit = visit_at(field.by_risk, status="missed", planned_on=TODAY - timedelta(days=1))
    left_at = NOW - timedelta(hours=3)
    visit.participant.consents.update(ended_at=left_at)

    at = left_at - timedelta(hours=hours_before_she_left)
    if kept:
        log(field.officer, visit, occurred_at=at)
    else:
        with pytest.raises(ConsentMissing):
            log(field.officer, visit, occurred_at=at)
    assert VisitLog.objects.exists() == kept


@pytest.mark.requirement("N22")
@pytest.mark.parametrize("outcome", ["met", "refused"])
def test_danger_to_a_child_is_told_to_the_safety_officer(field, visit, outcome):
    log(field.officer, visit, outcome=outcome, answers=VisitAnswers(child_in_danger=True))

    case = SafetyCase.objects.get()
    assert (case.rule, case.severity, case.raised_by) == ("child_in_danger", "serious", field.officer)


@pytest.mark.requirement("N22")
@pytest.mark.parametrize(
    ("incident", "weapon", "rules"),
    [("yes", "yes", ["new_weapon_use"]), ("yes", "no", []), ("yes", "unknown", []), ("no", "", [])],
)
def test_a_weapon_in_a_new_incident_is_told_to_the_safety_officer(field, visit, incident, weapon, rules):
    told = replace(HAPPENED, incident_weapon=weapon) if weapon else VisitAnswers(new_incident=incident)

    log(field.officer, visit, answers=told)

    assert list(SafetyCase.objects.values_list("rule", flat=True)) == rules
