"""A study station with a supervisor, an officer and an interviewer; another station with an officer."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from stations.models import Station
from tests.factories import (
    OfficerFactory,
    ParticipantFactory,
    StationFactory,
    UserFactory,
    VisitFactory,
    lock_allocation,
)


@dataclass(frozen=True)
class Care:
    station: Station
    supervisor: User
    officer: User
    interviewer: User
    stranger: User
    other_interviewer: User


def make_care() -> Care:
    station, elsewhere = StationFactory(), StationFactory()
    lock_allocation({station: "risk_scale"})

    def police(role: Role, at: Station) -> User:
        return OfficerFactory(user=UserFactory(role=role), posted_at=at).user

    return Care(
        station,
        police(Role.SUPERVISOR, station),
        police(Role.OFFICER, station),
        UserFactory(role=Role.INTERVIEWER),
        police(Role.OFFICER, elsewhere),
        UserFactory(role=Role.INTERVIEWER),
    )


@pytest.fixture
def care(db) -> Care:
    return make_care()


@pytest.fixture
def woman(care: Care) -> Participant:
    """A woman in everybody's care, with a visit today."""
    participant = ParticipantFactory(station=care.station, interviewer=care.interviewer)
    VisitFactory(plan__participant=participant)
    return participant
