"""A woman with her interviewer, her waves scheduled, the protocol and the shipped questionnaires in force."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.roles import Role
from surveys import queries
from surveys.ipv_scores import ACTS, act_items, response_items
from surveys.services import lay_questionnaires, schedule_waves
from surveys.xforms.writing import written_submission
from tests.factories import NOW, TODAY, ParticipantFactory, ProtocolVersionFactory, UserFactory

STUDY = SystemActor(
    "test",
    frozenset({Permission.MANAGE_PROTOCOL, Permission.MANAGE_INSTRUMENTS, Permission.COLLECT_SURVEYS}),
)
COVARIATES = {
    "age": "34", "education": "secondary", "work": "own", "income": "500_1024", "children": "2", "lives_with": "family",
    "years_together": "9", "partner_alcohol": "weekly", "people_to_turn_to": "one", "place_to_stay": "yes",
    "well_being_sad": "1", "well_being_no_interest": "0", "well_being_worried": "2", "well_being_slept_badly": "1",
    "well_being_tired": "1",
}  # fmt: skip


def whole_survey(**changes):
    """In private and agreed, nothing happened (so that injuries are not asked), no support wanted now."""
    acts = {f"{item}_ever": "no" for domain in ACTS if domain != "injury" for item in act_items(domain)}
    return {
        "privacy": "yes",
        "agreement": "yes",
        **acts,
        "still_private_1": "yes",
        **dict.fromkeys(response_items(), "4"),
        "support": "declined",
        "child_danger": "no",
        **changes,
    }


def sent(case, *, instance_id="", **changes):
    """What a device sends for a case, with these answers besides a whole survey's."""
    instrument = queries.instrument_of(case)
    answers = {"reference_period": queries.reference_period(case), **whole_survey(**changes)}
    if instrument.code == "baseline":
        answers = {**COVARIATES, **answers}
    form = queries.form_rules_of(instrument).form
    return written_submission(form, answers, instance_id=instance_id or f"uuid:{uuid4()}")


@pytest.fixture
def interviewer(db):
    return UserFactory(role=Role.INTERVIEWER)


@pytest.fixture
def study(db):
    """The shipped questionnaires by their code, each wave with its own."""
    ProtocolVersionFactory()
    return lay_questionnaires(by=STUDY, now=NOW - timedelta(days=400))


@pytest.fixture
def woman(study, interviewer):
    """Enrolled three months ago: her second wave is due today."""
    return ParticipantFactory(interviewer=interviewer, enrolled_on=TODAY - timedelta(days=92))


@pytest.fixture
def case(woman):
    return schedule_waves(by=STUDY, participant=woman, now=NOW)[1]
