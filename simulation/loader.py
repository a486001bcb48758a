"""From settings to a populated database: the groundwork by services, the synthetic year by COPY, the rest by tasks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from numpy.random import SeedSequence, default_rng

import audit.services as audit
from accounts.errors import StudyError
from monitoring.services import count_dose
from participants.models import Consent, IncidentReport, Participant, ReportBox, Screening
from protocol.queries import current_protocol
from quality.services import count_people
from risk.models import Assessment, CurrentRisk
from simulation.copying import reserve_ids
from simulation.groundwork import (
    SIMULATION,
    lay_allocation,
    lay_consent_text,
    lay_directory,
    lay_instruments,
    lay_scale,
)
from simulation.load_back_checks import load_back_checks
from simulation.load_complaints import load_complaints
from simulation.load_desk import load_desk
from simulation.load_interviewers import load_interviewers
from simulation.load_interviews import load_interviews
from simulation.load_notebooks import load_notebooks
from simulation.load_part import load_pauses, load_transfers
from simulation.load_phones import load_phones
from simulation.load_referrals import load_referrals
from simulation.load_reports import load_reports
from simulation.load_risk import RiskRules, load_risk, risk_rules
from simulation.load_safety import load_cases
from simulation.load_surveys import SurveyRules, load_surveys, survey_periods
from simulation.load_training import load_training
from simulation.load_visits import load_visits
from simulation.load_women import load_women
from simulation.loading import Loading
from simulation.study_time import StudyClock
from simulation.team import DEMO_PASSWORD, create_team
from simulation.world import StationPlan, World, WorldSettings, generate_world, world_digest
from stations.models import AllocatedStation
from stations.queries import risk_cadence_station_ids, study_codes, trained_station_ids
from surveys.models import Submission, SurveyCase
from surveys.queries import wave_rules
from surveys.services import mark_overdue
from visits.models import Visit, VisitLog, WeekPlan
from visits.queries import participants_to_replan
from visits.services.assigning import assign_week
from visits.services.planning import plan_week, replan_participant
from visits.weeks import WEEK, monday_of

Say = Callable[[str], None]

_LARGE = (
    IncidentReport, ReportBox, Screening, Participant, Consent, Assessment, CurrentRisk, WeekPlan, Visit, VisitLog,
    SurveyCase, Submission,
)  # fmt: skip


class AlreadyPopulated(StudyError):
    """Women are enrolled: synthetic ones are never mixed with them."""

    code = "already_populated"
    message = "this database already has participants: simulate into an empty one (the demo: make demo-reset)"
    http_status = 409


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load left behind."""

    women: int
    visits: int
    digest: str


# The stations are drawn a month before the first woman is enrolled, at ten in the morning.
_DRAWN_BEFORE_DAYS, _MORNING = 30, 600


@transaction.atomic
def load_study(settings: WorldSettings, *, now: datetime, say: Say, password: str = DEMO_PASSWORD) -> Loaded:
    """Make the world of these settings and write it whole, or not at all.

    `now` is the moment that the synthetic study has reached. Raises AlreadyPopulated, and what the groundwork raises.
    """
    if Participant.objects.exists():
        raise AlreadyPopulated
    before = StudyClock(settings.first_day).at(-_DRAWN_BEFORE_DAYS, _MORNING)
    drawn = lay_allocation(by=SIMULATION, seed=settings.seed, clusters=settings.clusters, now=before)
    scale = lay_scale(by=SIMULATION, now=before)
    lay_consent_text(by=SIMULATION, now=before)
    lay_directory(by=SIMULATION, now=before)
    protocol = current_protocol()
    rules = risk_rules(scale, protocol)
    stations = _station_plan(drawn, rules)
    say("drawing the women, their outcomes and their risk")
    settings = replace(settings, all_waves=wave_rules())
    world = generate_world(settings, scale=rules.scale, stations=stations)
    people, risk, visits, surveys, intake, safety = (default_rng(s) for s in SeedSequence([settings.seed, 1]).spawn(6))
    say("posting officers, supervisors and interviewers")
    load = _loading(people, world, drawn=drawn, by_risk=stations.risk_scale.tolist(), now=now, password=password)
    load_training(people, load, trained=stations.training.tolist())
    say(f"sealing the cards of {settings.women} women")
    load_women(load, consent_version=protocol.consent.version)
    say(f"wrote {load_reports(intake, load, protocol_version=protocol.version)} reports with their screenings")
    say(f"writing {len(world.risk.assessments.woman)} risk assessments")
    load_cases(safety, load, scale=rules.scale, forms=load_risk(risk, load, rules=rules), protocol=protocol)
    instruments = {wave: asked.pk for wave, asked in lay_instruments(by=SIMULATION, now=before).items()}
    survey_rules = SurveyRules(instruments, survey_periods(protocol), protocol.instruments.missed_after_days)
    say(f"wrote {load_surveys(surveys, load, rules=survey_rules)} surveys")
    load_interviewers(load)
    mark_overdue(by=SIMULATION, now=now)
    say("writing the plans, visits and logs of the weeks gone by")
    count = load_visits(visits, load, by_risk=stations.risk_scale, cadence=protocol.cadence)
    say(f"offered {load_referrals(load)} services")
    count += _reach_the_present(load, say=say)
    digest = world_digest(world)
    audit.record(
        actor=SIMULATION,
        action="simulation.load_study",
        object_type="study",
        details={"seed": settings.seed, "as_of": settings.as_of.isoformat(), "women": settings.women, "sha256": digest},
    )
    return Loaded(settings.women, count, digest)


def _reach_the_present(load: Loading, *, say: Say) -> int:
    """Plan the weeks to come, and let some women rest; return how many visits that added."""
    analyse()
    say("planning this week and the next")
    added = plan_ahead(now=load.now)
    say(f"let {load_pauses(load)} women rest, and {load_transfers(load)} go over")
    say(f"wrote {load_desk(load)} entries of the desk of personal data")
    say(f"wrote {load_complaints(load)} complaints down")
    say(f"drew {load_back_checks(default_rng(load.world.settings.seed), load)} surveys to ask again")
    say(f"registered {load_phones(load)} telephones")
    say(f"let a telephone send {load_notebooks(load)} things too late")
    say(f"chose {load_interviews(load)} women for an interview")
    count_dose(by=SIMULATION, now=load.now)
    count_people(by=SIMULATION, now=load.now)
    return added


def analyse() -> None:
    """Let PostgreSQL's planner know the new rows at once; a server that does not allow it learns of them by itself."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in _LARGE)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def plan_ahead(*, now: datetime) -> int:
    """Let the planner plan this week and the next where that was not done, re-plan what changed, and send officers.

    Return how many visits it added.
    """
    stations, monday = set(study_codes()), monday_of(timezone.localdate(now))
    added = sum(
        plan_week(by=SIMULATION, monday=week, station_ids=stations, now=now).visits for week in (monday, monday + WEEK)
    )
    for participant in Participant.objects.filter(pk__in=participants_to_replan(timezone.localdate(now))):
        replan_participant(by=SIMULATION, participant=participant, now=now)
    for week in (monday, monday + WEEK):
        assign_week(by=SIMULATION, monday=week, station_ids=stations, now=now)
    return added


def _station_plan(drawn: list[AllocatedStation], rules: RiskRules) -> StationPlan:
    trained, by_risk = trained_station_ids(), risk_cadence_station_ids()
    return StationPlan(
        training=np.array([station.station_id in trained for station in drawn]),
        risk_scale=np.array([station.station_id in by_risk for station in drawn]),
        reassess_days=tuple(rules.reassessment_days[band.code] for band in rules.scale.levels),
    )


def _loading(
    rng: np.random.Generator,
    world: World,
    *,
    drawn: list[AllocatedStation],
    by_risk: list[bool],
    now: datetime,
    password: str,
) -> Loading:
    first_day = world.settings.first_day
    stations = [station.station for station in drawn]
    team = create_team(rng, by=SIMULATION, stations=stations, by_risk=by_risk, first_day=first_day, password=password)
    return Loading(
        world=world,
        clock=StudyClock(first_day),
        now=now,
        stations=tuple(station.pk for station in stations),
        women=tuple(reserve_ids(Participant, world.settings.women)),
        team=team,
    )
