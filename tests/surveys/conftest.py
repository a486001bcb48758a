"""A woman with her interviewer, her waves scheduled, the protocol and the shipped questionnaire in force."""

from datetime import timedelta
from pathlib import Path

import pytest

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.roles import Role
from surveys.instrument_file import parse_instrument
from surveys.services import load_instrument, schedule_waves
from tests.factories import NOW, TODAY, ParticipantFactory, ProtocolVersionFactory, UserFactory

SHIPPED = Path(__file__).parents[2] / "surveys" / "instruments" / "ipv_follow_up.json"
STUDY = SystemActor("test", frozenset({Permission.MANAGE_PROTOCOL, Permission.COLLECT_SURVEYS}))
QUESTIONNAIRE = parse_instrument(SHIPPED.read_text(encoding="utf-8"), name=SHIPPED.name)


def whole_survey(**changes):
    """In private and agreed, nothing happened (so that injuries are not asked), no support wanted now."""
    found = {}
    for field in QUESTIONNAIRE.fields():
        if field.part == "ever" and not field.code.startswith("injury"):
            found[field.code] = "no"
        elif field.part == "choice":
            found[field.code] = {"privacy": "yes", "agreement": "yes", "support": "declined"}.get(field.code, "4")
    return found | changes


@pytest.fixture
def interviewer(db):
    return UserFactory(role=Role.INTERVIEWER)


@pytest.fixture
def study(db):
    ProtocolVersionFactory()
    return load_instrument(by=STUDY, instrument=QUESTIONNAIRE, now=NOW - timedelta(days=400))


@pytest.fixture
def woman(study, interviewer):
    """Enrolled three months ago: her second wave is due today."""
    return ParticipantFactory(interviewer=interviewer, enrolled_on=TODAY - timedelta(days=92))


@pytest.fixture
def case(woman):
    return schedule_waves(by=STUDY, participant=woman, now=NOW)[1]
