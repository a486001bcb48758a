from dataclasses import dataclass

import pytest

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from tests.factories import (
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    UserFactory,
)
from tests.participants.conftest import Care, make_care


@dataclass(frozen=True)
class Desk:
    """A station with its people, and those who keep the desk."""

    care: Care
    administrator: User
    colleague: User


def make_desk() -> Desk:
    ProtocolVersionFactory()
    care = make_care()
    colleague = OfficerFactory(user=UserFactory(role=Role.OFFICER), posted_at=care.station).user
    return Desk(care, UserFactory(role=Role.ADMINISTRATOR), colleague)


@pytest.fixture
def desk(db) -> Desk:
    return make_desk()


@pytest.fixture
def woman(desk: Desk) -> Participant:
    return ParticipantFactory(station=desk.care.station, interviewer=desk.care.interviewer)
