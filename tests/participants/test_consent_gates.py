"""Every feature asks consent before it collects, reaches or gives out: each service × each scope × each state of it.

A service that is in neither table below fails the first test: whoever writes one says which consent it needs, or why
it needs none.
"""

import ast
import csv
import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.actors import SystemActor
from accounts.permissions import Permission
from interviews.models import Interview
from interviews.services import TooFewConsenting, select_interviewees
from panel.queries import datasets
from panel.services import export_dataset
from participants import services
from participants.consent_scopes import SCOPE_OF, Feature, Scope
from participants.models import Consent, Participant, PoliceReport, SafeContactPlan
from participants.reach import require_consent
from participants.safe_contact import CardPurpose, Contact
from risk.models import Assessment
from risk.services import assess_risk
from surveys.models import Submission
from surveys.services import lay_questionnaires, schedule_new_participants, schedule_waves, submit_survey
from tests.architecture.code import called_name, layer_files, parsed, place
from tests.factories import (
    NOW,
    TODAY,
    AssessmentFactory,
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    ScaleFactory,
    VisitFactory,
    WeekPlanFactory,
)
from tests.participants.back_check_gates import back_check_gates
from tests.participants.conftest import Care, make_care
from tests.participants.interview_gates import interview_gates
from tests.participants.needs_no_consent import NEEDS_NONE
from tests.participants.phone_gates import phone_gates
from tests.participants.release_gates import release_gates
from tests.participants.survey_gates import survey_gates
from tests.participants.test_messages import ROSA, claimed, outside, queued
from tests.participants.test_overrides import override
from tests.surveys.conftest import sent
from tests.visits.test_sync import written
from visits.log_content import VisitAnswers, content_of
from visits.models import LogConflict, Visit, VisitChange, VisitLog
from visits.services import (
    NotVisitedNow,
    agree_visit,
    choose_officers,
    correct_log,
    log_visit,
    move_visit,
    plan_week,
    replan_participant,
    sync_logs,
)
from visits.sync_batch import SentLog
from visits.weeks import monday_of

STUDY = SystemActor("test", frozenset(Permission))
TOMORROW = TODAY + timedelta(days=1)
ROOMS = (
    "participants", "safety", "care", "referrals", "risk", "visits", "surveys", "interviews", "phone", "complaints",
    "back_checks", "panel",
)  # fmt: skip
# What becomes of a consent, and whether it then counts.
STATES: dict[str, tuple[dict[str, object] | None, bool]] = {
    "given": ({}, True),
    # Tomorrow is the first day that a visit can still be planned for.
    "given, to be renewed by the day after tomorrow": ({"lapses_on": TODAY + timedelta(days=2)}, True),
    "never given": (None, False),
    "ended": ({"ended_at": NOW - timedelta(days=1)}, False),
    "outdated since today": ({"lapses_on": TODAY}, False),
}


@dataclass(frozen=True)
class World:
    care: Care
    woman: Participant


Attempt = Callable[[World], bool]


@dataclass(frozen=True)
class Gate:
    """A feature as a service performs it: tried, it says whether anything was collected, reached or given out."""

    feature: Feature
    tried: Attempt
    service: str = ""
    also: frozenset[Scope] = frozenset()

    @property
    def scopes(self) -> frozenset[Scope]:
        return self.also | {SCOPE_OF[self.feature]}


def asked(world: World, feature: Feature) -> bool:
    require_consent(world.woman, feature, NOW)
    return True


def plan_her_week(world: World) -> bool:
    plan_week(by=STUDY, monday=monday_of(TODAY), station_ids=[world.care.station.pk], now=NOW)
    return world.woman.visits.filter(status="planned", planned_on__gte=TODAY).exists()


def plan_her_anew(world: World) -> bool:
    VisitFactory(plan=WeekPlanFactory(participant=world.woman), planned_on=TODAY + timedelta(days=1))
    replan_participant(by=STUDY, participant=world.woman, now=NOW)
    return world.woman.visits.filter(status="planned", planned_on__gte=TODAY).exists()


def open_card(world: World, by: str) -> bool:
    VisitFactory(plan=WeekPlanFactory(participant=world.woman))
    user, purpose = getattr(world.care, by), CardPurpose.REVIEW
    return bool(services.open_safe_contact_card(by=user, participant=world.woman, purpose=purpose, now=NOW))


def override_her_times(world: World, by: str, kind: Contact) -> bool:
    SafeContactPlan.objects.filter(participant=world.woman).update(channel="call")
    return bool(override(getattr(world.care, by), world.woman, kind))


def log_todays_visit(world: World) -> bool:
    visit = VisitFactory(plan=WeekPlanFactory(participant=world.woman))
    met = VisitLog.Outcome.MET
    log_visit(by=world.care.officer, visit=visit, log_id=uuid4(), outcome=met, occurred_at=NOW, now=NOW)
    return VisitLog.objects.exists()


def log_from_a_phone(world: World) -> bool:
    visit = VisitFactory(plan=WeekPlanFactory(participant=world.woman))
    sent = SentLog(uuid4(), visit.pk, {"outcome": "met", "occurred_at": written(NOW)})
    sync_logs(by=world.care.officer, sent=[sent], clock_skew_s=None, now=NOW)
    return VisitLog.objects.exists()


def correct_what_was_logged(world: World) -> bool:
    """Correct a log that was kept while she agreed."""
    visit = VisitFactory(plan=WeekPlanFactory(participant=world.woman))
    log = VisitLog.objects.create(visit=visit, outcome="met", occurred_at=NOW, received_at=NOW)
    said = content_of(outcome="nobody_home", occurred_at=NOW, answers=VisitAnswers(), note="")
    reason = LogConflict.Correction.SLIP
    correct_log(by=world.care.officer, log=log, correction_id=uuid4(), content=said, reason=reason, now=NOW)
    return LogConflict.objects.exists()


def agree_on_a_day(world: World) -> bool:
    WeekPlanFactory(participant=world.woman)
    reason = VisitChange.Reason.SHE_ASKED
    with suppress(NotVisitedNow):
        agree_visit(by=world.care.supervisor, participant=world.woman, day=TOMORROW, reason=reason, now=NOW)
    return world.woman.visits.exists()


def move_to_another_day(world: World) -> bool:
    visit = VisitFactory(plan=WeekPlanFactory(participant=world.woman), planned_on=TODAY + timedelta(days=2))
    reason = VisitChange.Reason.SHE_ASKED
    with suppress(NotVisitedNow):
        move_visit(by=world.care.supervisor, visit=visit, to=TOMORROW, reason=reason, now=NOW)
    return world.woman.visits.filter(planned_on=TOMORROW).exists()


def choose_who_goes(world: World) -> bool:
    visit = VisitFactory(plan=WeekPlanFactory(participant=world.woman), planned_on=TOMORROW)
    team = [OfficerFactory(posted_at=world.woman.station).pk for _number in range(2)]
    reason = VisitChange.Reason.KNOWS_THEM
    with suppress(NotVisitedNow):
        choose_officers(by=world.care.supervisor, visit=visit, officer_ids=team, reason=reason, now=NOW)
    return Visit.objects.filter(pk=visit.pk, officers_chosen=True).exists()


def fill_in_the_sheet(world: World) -> bool:
    assess_risk(by=world.care.officer, participant=world.woman, answers={"1": "no"}, overrides={}, now=NOW)
    return Assessment.objects.filter(assessed_at=NOW).exists()


def schedule_all(world: World) -> bool:
    schedule_new_participants(by=STUDY, now=NOW)
    return world.woman.survey_cases.exists()


def ask_the_survey(world: World) -> bool:
    # Scheduled while every consent counted.
    (case,) = world.woman.survey_cases.filter(wave="baseline") or [None]
    case = case or _scheduled(world.woman)
    submit_survey(by=world.care.interviewer, case=case, content=sent(case), now=NOW)
    return Submission.objects.exists()


def _scheduled(woman: Participant):
    held = list(woman.consents.all())
    Consent.objects.filter(participant=woman).delete()
    Consent.objects.create(participant=woman, scope=Scope.SURVEYS, text_version="1", given_at=NOW)
    case = schedule_waves(by=STUDY, participant=woman, now=NOW)[0]
    Consent.objects.filter(participant=woman).delete()
    Consent.objects.bulk_create(held)
    return case


def choose_four(world: World) -> bool:
    """Choose four of her and three others: without her there are too few."""
    ParticipantFactory.create_batch(3, station=world.care.station, scopes=("interview",))
    try:
        select_interviewees(by=STUDY, seed=1, now=NOW)
    except TooFewConsenting:
        return False
    return Interview.objects.filter(participant=world.woman).exists()


def exported(world: World, column: str) -> bool:
    AssessmentFactory(participant=world.woman)
    PoliceReport.objects.create(participant=world.woman, reported_on=TODAY - timedelta(days=3))
    out = io.BytesIO()
    export_dataset(by=STUDY, dataset=datasets(reads_arm=False)[0], out=out, now=NOW)
    return any(row[column] for row in csv.DictReader(io.StringIO(out.getvalue().decode())))


def write_to_her(world: World, by: str, status: str) -> bool:
    return bool(queued(getattr(world.care, by), wants_messages(world, status), text_code="call_me"))


def write_at_night(world: World) -> bool:
    return bool(outside(world.care.supervisor, wants_messages(world, "enrolled")))


def send_what_waits(world: World, by: str, status: str) -> bool:
    """Send what was written while every consent counted."""
    held = list(world.woman.consents.all())
    world.woman.consents.all().delete()
    Consent.objects.bulk_create(
        Consent(participant=world.woman, scope=scope, text_version="1", given_at=NOW) for scope in Scope
    )
    message = queued(getattr(world.care, by), wants_messages(world, status), text_code="call_me")
    world.woman.consents.all().delete()
    Consent.objects.bulk_create(held)
    return claimed(message) is not None


def wants_messages(world: World, status: str) -> Participant:
    Participant.objects.filter(pk=world.woman.pk).update(status=status)
    SafeContactPlan.objects.filter(participant=world.woman).update(channel="message")
    return Participant.objects.get(pk=world.woman.pk)


WRITERS = (
    (Feature.MESSAGE_ABOUT_VISITS, "supervisor", "enrolled"),
    (Feature.MESSAGE_ABOUT_SURVEYS, "interviewer", "enrolled"),
    (Feature.MESSAGE_AFTER_STUDY, "interviewer", "completed"),
)
SURVEYS = frozenset({Scope.SURVEYS})
GATES = (
    Gate(Feature.PLAN_VISITS, plan_her_week, "visits.plan_week"),
    Gate(Feature.PLAN_VISITS, plan_her_anew, "visits.replan_participant"),
    Gate(
        Feature.OPEN_CARD_TO_VISIT, lambda world: open_card(world, "officer"), "participants.open_safe_contact_card"
    ),
    Gate(Feature.SURVEY, lambda world: open_card(world, "interviewer"), "participants.open_safe_contact_card"),
    Gate(Feature.LOG_VISIT, log_todays_visit, "visits.log_visit"),
    Gate(Feature.LOG_VISIT, correct_what_was_logged, "visits.correct_log"),
    Gate(Feature.LOG_VISIT, log_from_a_phone, "visits.sync_logs"),
    Gate(Feature.PLAN_VISITS, agree_on_a_day, "visits.agree_visit"),
    Gate(Feature.PLAN_VISITS, move_to_another_day, "visits.move_visit"),
    Gate(Feature.PLAN_VISITS, choose_who_goes, "visits.choose_officers"),
    Gate(Feature.ASSESS_RISK, fill_in_the_sheet, "risk.assess_risk"),
    Gate(Feature.SURVEY, lambda world: bool(schedule_waves(by=STUDY, participant=world.woman, now=NOW)),
         "surveys.schedule_waves"),
    Gate(Feature.SURVEY, schedule_all, "surveys.schedule_new_participants"),
    Gate(Feature.SURVEY, ask_the_survey, "surveys.submit_survey"),
    *survey_gates(Gate),
    *back_check_gates(Gate),
    Gate(Feature.INTERVIEW, choose_four, "interviews.select_interviewees"),
    *interview_gates(Gate),
    *phone_gates(Gate),
    *release_gates(Gate),
    Gate(Feature.EXPORT_SURVEYS, lambda world: exported(world, "woman"), "panel.export_dataset"),
    Gate(Feature.EXPORT_VISITS, lambda world: exported(world, "visits_planned"), "panel.export_dataset", SURVEYS),
    Gate(Feature.EXPORT_VISITS, lambda world: exported(world, "level_first"), "panel.export_dataset", SURVEYS),
    Gate(Feature.EXPORT_REPORTS, lambda world: exported(world, "police_reports"), "panel.export_dataset", SURVEYS),
    *(
        Gate(feature, lambda world, who=who: override_her_times(world, *who), "participants.override_contact")
        for feature, *who in (
            (Feature.PLAN_VISITS, "supervisor", Contact.VISIT),
            (Feature.MESSAGE_ABOUT_VISITS, "supervisor", Contact.CALL),
            (Feature.MESSAGE_ABOUT_SURVEYS, "interviewer", Contact.CALL),
        )
    ),
    *(
        Gate(feature, lambda world, who=who: write_to_her(world, *who), "participants.queue_message")
        for feature, *who in WRITERS
    ),
    *(
        Gate(feature, lambda world, who=who: send_what_waits(world, *who), "participants.claim_message")
        for feature, *who in WRITERS
    ),
    Gate(Feature.MESSAGE_ABOUT_VISITS, write_at_night, "participants.queue_message_outside"),
    # Asked by what others write: the gate itself is tried.
    *(
        Gate(feature, lambda world, feature=feature: asked(world, feature))
        for feature in (
            Feature.RECORD_AUDIO,
            Feature.LINK_REPORT,
        )
    ),
)  # fmt: skip


def study_services() -> set[str]:
    return {
        f"{room}.{node.name}"
        for file in layer_files("services")
        if (room := place(file).split("/")[0]) in ROOMS
        for node in parsed(file).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if "by" in {argument.arg for argument in node.args.kwonlyargs}
    }


def test_every_service_says_which_consent_it_needs_or_why_none():
    gated = {gate.service for gate in GATES if gate.service}
    assert gated & NEEDS_NONE.keys() == set()
    assert sorted(study_services() ^ (gated | NEEDS_NONE.keys())) == []


def test_every_feature_has_a_scope_and_is_tried():
    assert set(SCOPE_OF) == set(Feature)
    assert {gate.feature for gate in GATES} == set(Feature)


def test_no_module_above_asks_for_a_consent_by_itself():
    """The table of scopes is the one place: who compares scopes by hand forgets what lapsed."""
    by_hand = [
        place(file, node)
        for room in ROOMS[1:]
        for layer in ("services", "tasks", "views", "forms", "presenters")
        for file in layer_files(layer)
        if place(file).startswith(f"{room}/")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and called_name(node) == "filter"
        if "consents" in ast.dump(node.func) or "Consent" in ast.dump(node.func)
    ]
    assert by_hand == []


@pytest.mark.django_db
@pytest.mark.requirement("F2", "N26")
@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize(
    "gate", [pytest.param(gate, id=f"{gate.feature}-{gate.service or 'gate'}-{n}") for n, gate in enumerate(GATES)]
)
def test_a_feature_goes_by_its_own_scope_alone(gate: Gate, scope: Scope):
    care = make_care()
    ProtocolVersionFactory()
    ScaleFactory()
    lay_questionnaires(by=STUDY, now=NOW)
    woman = ParticipantFactory(
        station=care.station,
        interviewer=care.interviewer,
        enrolled_on=TODAY - timedelta(days=10),
        scopes=Scope.values,
        identity=ROSA,
    )
    found, expected = {}, {}
    for state, (change, counts) in STATES.items():
        with transaction.atomic():
            held = woman.consents.filter(scope=scope)
            held.delete() if change is None else held.update(**change) if change else None
            try:
                found[state] = gate.tried(World(care, Participant.objects.get(pk=woman.pk)))
            except services.ConsentMissing:
                found[state] = False
            expected[state] = counts or scope not in gate.scopes
            transaction.set_rollback(True)
    assert found == expected
