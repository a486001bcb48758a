"""Stations of every arm, their women, and one woman chosen whom an interviewer follows."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from accounts.roles import Role
from interviews.models import Interview, Selection
from participants.models import Participant
from stations.models import Station
from tests.factories import (
    NOW,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    lock_allocation,
)

ARMS = ("control", "training", "risk_scale", "both")
SCOPES = ("visits", "surveys", "interview", "audio")


@dataclass(frozen=True)
class Talk:
    """A woman chosen for an interview, and her interviewer."""

    interview: Interview
    woman: Participant
    interviewer: User


@pytest.fixture
def administrator(db) -> User:
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def stations(db) -> dict[Station, str]:
    stations = {StationFactory(): arm for arm in ARMS}
    lock_allocation(stations)
    return stations


def enrol(stations, count, scopes=SCOPES, **fields) -> list[Participant]:
    return [
        woman
        for station in stations
        for woman in ParticipantFactory.create_batch(count, station=station, scopes=scopes, **fields)
    ]


def make_talk(**fields) -> Talk:
    ProtocolVersionFactory()
    interviewer = UserFactory(role=Role.INTERVIEWER)
    woman = ParticipantFactory(interviewer=interviewer, scopes=SCOPES)
    selection = Selection.objects.create(seed="1", rule="seeded_random", per_arm=4, selected_at=NOW)
    interview = Interview.objects.create(selection=selection, participant=woman, position=1, **fields)
    return Talk(interview, woman, interviewer)


def make_held_talk() -> Talk:
    """It was held this morning, and she agreed to be recorded."""
    talk = make_talk()
    Interview.objects.filter(pk=talk.interview.pk).update(
        status="done", starts_at=NOW, ends_at=NOW, place="office", held_by=talk.interviewer, audio_agreed=True
    )
    talk.interview.refresh_from_db()
    return talk


@pytest.fixture
def talk(db) -> Talk:
    return make_talk()


@pytest.fixture
def held(db) -> Talk:
    return make_held_talk()
