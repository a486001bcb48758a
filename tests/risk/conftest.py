"""The protocol and the FVR loaded; a station with its people; a safety officer."""

import pytest

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from tests.factories import ParticipantFactory, ProtocolVersionFactory, ScaleFactory, UserFactory
from tests.participants.conftest import Care, make_care


@pytest.fixture
def care(db) -> Care:
    ProtocolVersionFactory()
    ScaleFactory()
    return make_care()


@pytest.fixture
def woman(care: Care) -> Participant:
    return ParticipantFactory(station=care.station, interviewer=care.interviewer)


@pytest.fixture
def safety_officer(care: Care) -> User:
    return UserFactory(role=Role.SAFETY_OFFICER)
