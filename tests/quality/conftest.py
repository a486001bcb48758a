"""A station with its police, an interviewer, and rows that a rule may find."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from quality.models import QualityQuery
from quality.rules import RULES, RuleCode
from quality.services import check_rule
from quality.tasks import CHECKER
from stations.models import Station
from surveys.models import Instrument, Submission, SurveyCase, SurveySitting
from surveys.services import lay_questionnaires
from tests.factories import (
    NOW,
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    VisitFactory,
    WeekPlanFactory,
)
from tests.surveys.conftest import STUDY
from visits.models import Visit, VisitLog, WeekPlan

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Team:
    station: Station
    officer: User
    supervisor: User
    interviewer: User
    instrument: Instrument

    def woman(self) -> Participant:
        return ParticipantFactory(station=self.station, interviewer=self.interviewer)


@pytest.fixture
def team(db) -> Team:
    return make_team()


def make_team() -> Team:
    ProtocolVersionFactory()
    station = StationFactory()
    return Team(
        station,
        OfficerFactory(posted_at=station).user,
        OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=station).user,
        UserFactory(role=Role.INTERVIEWER),
        lay_questionnaires(by=STUDY, now=NOW - timedelta(days=400))["baseline"],
    )


def logged(
    woman: Participant, by: User, at: datetime, *, sent_after: timedelta = timedelta(minutes=20), **fields: object
) -> VisitLog:
    """Return the log of a visit that took place on its day, sent soon after."""
    plan = WeekPlan.objects.filter(participant=woman).first() or WeekPlanFactory(participant=woman)
    visit = VisitFactory(
        plan=plan,
        planned_on=(at - timedelta(hours=5)).date(),
        status=Visit.Status.DONE,
        is_unplanned=Visit.objects.filter(participant=woman).exists(),
    )
    return VisitLog.objects.create(
        **{"outcome": "met", **fields}, visit=visit, logged_by=by, occurred_at=at, received_at=at + sent_after
    )


def answered(
    woman: Participant,
    by: User | None,
    instrument: Instrument,
    answers: dict[str, object],
    *,
    wave: int = 0,
    at: datetime = NOW,
    minutes: int = 0,
) -> Submission:
    """Return a survey of a wave; with `minutes`, opened so long before."""
    day = (at - timedelta(hours=5)).date()
    case = SurveyCase.objects.create(
        participant=woman, wave=f"month_{wave}", wave_number=wave, due_on=day, window_from=day, window_until=day,
        status="done", status_changed_at=at,
    )  # fmt: skip
    if minutes:
        began = at - timedelta(minutes=minutes)
        SurveySitting.objects.create(case=case, opened_by=by, opened_at=began, pin="x", ended_at=at)
    return Submission.objects.create(
        case=case, instrument=instrument, submitted_at=at, submitted_by=by, answers=answers,
        instance_id=f"uuid:{uuid4()}", content_sha256="0" * 64,
    )  # fmt: skip


def checked(code: RuleCode, *, now: datetime = NOW) -> list[QualityQuery]:
    """Run one rule as the night does, and return its queries."""
    check_rule(by=CHECKER, rule=RULES[code], now=now)
    return list(QualityQuery.objects.filter(rule=code).order_by("key"))
