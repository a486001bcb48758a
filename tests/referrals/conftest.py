import pytest

from tests.factories import ParticipantFactory, ProtocolVersionFactory
from tests.participants.conftest import Care, make_care


@pytest.fixture
def care(db) -> Care:
    ProtocolVersionFactory()
    return make_care()


@pytest.fixture
def woman(care):
    return ParticipantFactory(station=care.station, interviewer=care.interviewer)
