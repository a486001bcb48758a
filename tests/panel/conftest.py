"""A small study with everything that can happen to a woman in it."""

import random
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest

from accounts.roles import Role
from participants.models import Consent, Participant, PoliceReport, Transfer
from simulation.covariates import draw_covariates
from stations.models import AllocatedStation
from surveys.ipv_scores import ACTS, ActCode, act_answers, act_items, response_items, score_answers
from surveys.models import Instrument, Submission, SurveyCase
from surveys.schedule import WaveRule, due_waves
from tests.factories import (
    NOW,
    TODAY,
    AllocationFactory,
    AssessmentFactory,
    OfficerFactory,
    ParticipantFactory,
    StationFactory,
    UserFactory,
    VisitFactory,
    WeekPlanFactory,
    locked,
)
from training.models import Attendance, Session

WAVES = [WaveRule(code, month, 14) for code, month in
         (("baseline", 0), ("month_3", 3), ("month_6", 6), ("month_9", 9), ("month_12", 12))]  # fmt: skip
DRAWN = (("control", "C", 3), ("training", "A", 1), ("risk_scale", "D", 2), ("both", "B", 4))
LEVELS = ("leve", "moderado", "severo_1", "severo_2")


def at(day, hour=15):
    return datetime.combine(day, time(hour), UTC)


@pytest.fixture
def stations(db):
    return draw_stations()


def draw_stations(*, blocks=None, first_probability=1):
    """Four stations, one an arm; `blocks` are sets of arms by name."""
    by_arm = {arm: StationFactory() for arm, _letter, _group in DRAWN}
    codes = [station.code for station in by_arm.values()]
    certificate = {
        "assignment": {by_arm[arm].code: arm for arm in by_arm},
        "sample": codes,
        "design": {"arms": [{"code": arm, "training": arm in ("training", "both"),
                             "risk_cadence": arm in ("risk_scale", "both")} for arm in by_arm]},
        "blocks": None,
        "covariates": {"columns": [], "values": {code: [] for code in codes}, "weights": []},
        "candidates": None,
    }  # fmt: skip
    if blocks:
        certificate["blocks"] = {name: [by_arm[arm].code for arm in arms] for name, arms in blocks.items()}
    allocation = AllocationFactory(certificate=certificate)
    for number, (arm, letter, group) in enumerate(DRAWN, start=1):
        AllocatedStation.objects.create(
            allocation=allocation, station=by_arm[arm], arm=arm, study_number=number, blinded_letter=letter,
            blinded_group=group, inclusion_probability=first_probability if number == 1 else 1,
        )  # fmt: skip
    locked(allocation, on=NOW - timedelta(days=400))
    return list(by_arm.values())


@pytest.fixture
def instrument(db):
    return Instrument.objects.create(
        code="follow_up", version="1", sha256="b" * 64, source=b"", source_name="", xform="", content={}, loaded_at=NOW
    )


@pytest.fixture
def small_study(stations, instrument):
    """Twenty-four women, six a station; histories by a seeded generator; some left, ended consents or were erased."""
    return draw_study(stations, instrument, seed=5)


def draw_study(stations, instrument, *, seed, women=24):
    rng = random.Random(seed)
    train(random.Random(9), stations[1], stations[3], by_mistake=stations[0])
    women = [enrol(rng, stations[number % 4], instrument, number) for number in range(women)]
    women[3].consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=NOW)
    women[4].consents.filter(scope=Consent.Scope.VISITS).update(ended_at=NOW)
    women[8].consents.filter(scope=Consent.Scope.LINKAGE).update(lapses_on=TODAY)
    women[10].consents.filter(scope=Consent.Scope.LINKAGE).update(lapses_on=TODAY + timedelta(days=1))
    Participant.objects.filter(pk=women[7].pk).update(data_erased_at=NOW)
    moved = {"status": Participant.Status.MOVED, "status_changed_at": at(TODAY - timedelta(days=40))}
    Participant.objects.filter(pk=women[5].pk).update(**moved)
    for woman, days_ago, to_station in ((women[1], 100, stations[2]), (women[2], 90, stations[0]), (women[2], 5, None)):
        go_over(woman, to_station or woman.enrolled_station, at(TODAY - timedelta(days=days_ago)))
    return women


def go_over(woman, to_station, when):
    who = UserFactory(role=Role.SUPERVISOR)
    Transfer.objects.create(
        participant=woman, from_station=woman.station, to_station=to_station, reason="new_home", state="accepted",
        proposed_by=who, proposed_at=when, asked_by=who, agreed_on=when.date(), decided_by=who, decided_at=when,
    )  # fmt: skip
    woman.station = to_station
    woman.save(update_fields=["station"])


def train(rng, *trained, by_mistake):
    """Six officers at each station, some gone or come in between; sessions, one of them withdrawn, one a deviation."""
    for station in (*trained, by_mistake):
        officers = [OfficerFactory(user=None, posted_at=station) for _ in range(6)]
        officers[4].postings.update(ends_on=TODAY - timedelta(days=150))
        officers[5].postings.update(starts_on=TODAY - timedelta(days=90))
        for days, modules, kind, status in (
            (450, [1], "regular", "held"), (200, [1, 2], "regular", "held"), (60, [2], "catch_up", "held"),
            (30, [2], "regular", "withdrawn"), (3, [2], "regular", "planned"),
        ):  # fmt: skip
            session = Session.objects.create(
                station=station, kind=kind, modules=modules, held_on=TODAY - timedelta(days=days), status=status,
                deviation_reason="By mistake" if station == by_mistake else "",
                withdrawal_reason="By mistake" if status == "withdrawn" else "",
            )  # fmt: skip
            attend(rng, session, officers)
            if station == by_mistake:
                break


def attend(rng, session, officers):
    for officer in officers:
        for module in session.modules:
            came = rng.random() < 0.7
            Attendance.objects.create(
                session=session, officer=officer, module=module, came=came, counts=came and rng.random() < 0.9,
                score_before=rng.choice([None, 40, 55]) if came else None,
                score_after=rng.randint(50, 90) if came else None,
            )  # fmt: skip


def enrol(rng, station, instrument, number):
    enrolled = TODAY - timedelta(days=rng.choice([20, 130, 250, 380]))
    scopes = ("visits", "surveys", "linkage") if number % 3 else ("visits", "surveys")
    woman = ParticipantFactory(
        station=station,
        enrolled_on=enrolled,
        scopes=scopes,
        age_at_enrolment=rng.choice([18, 24, 25, 34, 44, 45, 55, 80]),
    )
    for wave in due_waves(enrolled, WAVES):
        add_case(rng, woman, wave, instrument)
    for _ in range(rng.randint(0, 3)):
        PoliceReport.objects.create(participant=woman, reported_on=enrolled + timedelta(days=rng.randint(0, 400)))
    for _ in range(rng.randint(0, 4)):
        rank = rng.randrange(4)
        days = rng.randint(0, (TODAY - enrolled).days)
        AssessmentFactory(
            participant=woman, assessed_at=at(enrolled + timedelta(days=days)), level=LEVELS[rank], level_rank=rank
        )
    plan = WeekPlanFactory(participant=woman, target=7)
    for days in rng.sample(range((TODAY - enrolled).days + 6), 12):
        status = rng.choice(["planned", "done", "done", "attempted", "missed", "superseded"])
        VisitFactory(plan=plan, planned_on=enrolled + timedelta(days=days), status=status)
    return woman


def add_case(rng, woman, wave, instrument):
    if wave.number == 4 and rng.random() < 0.3:
        return  # a wave that was never scheduled
    status = "due" if wave.window_from > TODAY else rng.choice(
        [*["done"] * 8, "refused", "missed", "late", "not_private", "cancelled"]
    )  # fmt: skip
    reason = {"missed": rng.choice(["not_reached", "moved", "a reason of long ago"]), "cancelled": "deceased"}
    case = SurveyCase.objects.create(
        participant=woman, wave=wave.code, wave_number=wave.number, due_on=wave.due_on, window_from=wave.window_from,
        window_until=wave.window_until, status=status, status_changed_at=NOW, missed_reason=reason.get(status, ""),
    )  # fmt: skip
    if status == "done":
        answers = draw_answers(rng)
        if wave.number == 0:
            drawn = np.random.default_rng(wave.due_on.toordinal() * 100 + woman.age_at_enrolment)
            answers |= next(draw_covariates(drawn, [woman.age_at_enrolment]))
        Submission.objects.create(
            case=case, instrument=instrument, submitted_at=at(wave.due_on + timedelta(days=rng.randint(0, 9)), 3),
            answers=answers, scores=score_answers(answers), instance_id=f"uuid:{case.pk}", content_sha256="",
        )  # fmt: skip


def draw_answers(rng):
    answers = {}
    for domain in ACTS:
        for item in act_items(domain):
            answers |= act_answers(item, rng.choice(list(ActCode)))
    return answers | {item: rng.choice("12345") for item in response_items()}
