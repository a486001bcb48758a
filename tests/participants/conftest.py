"""A study station with a supervisor, an officer and an interviewer; another station with an officer."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from accounts.models import User
from accounts.roles import Role
from participants.models import ConsentText, Participant
from stations.models import Station
from tests.factories import (
    NOW,
    OfficerFactory,
    ParticipantFactory,
    StationFactory,
    UserFactory,
    VisitFactory,
    lock_allocation,
)

FIRST_TEXT = Path("participants/consent_texts/1.toml")


@dataclass(frozen=True)
class Care:
    station: Station
    supervisor: User
    officer: User
    interviewer: User
    stranger: User
    other_interviewer: User


def consent_text(**fields) -> ConsentText:
    """The text with which the study begins, in force; the same row when asked again."""
    source = FIRST_TEXT.read_text(encoding="utf-8")
    values = {"source": source, "sha256": "1" * 64, "valid_from": date(2020, 1, 1), "loaded_at": NOW, **fields}
    return ConsentText.objects.get_or_create(version="1", defaults=values)[0]


def make_care() -> Care:
    station, elsewhere = StationFactory(), StationFactory()
    consent_text()
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
