"""The protocol loaded; a station with its people and a woman; a safety officer."""

import pytest

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from tests.factories import ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.participants.conftest import Care, make_care


@pytest.fixture
def care(db) -> Care:
    ProtocolVersionFactory()
    return make_care()


@pytest.fixture
def woman(care: Care) -> Participant:
    return ParticipantFactory(station=care.station, interviewer=care.interviewer)


@pytest.fixture
def safety_officer(care: Care) -> User:
    return UserFactory(role=Role.SAFETY_OFFICER)
