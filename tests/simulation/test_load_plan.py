"""The plan of the demonstration: the shipped one, locked by two people, once."""

import pytest

from accounts.roles import Role
from panel import queries
from panel.analysis_plan import plan_sha256
from panel.models import PlanVersion, Release
from panel.plan_states import PlanStanding
from simulation.load_plan import SHIPPED_PLAN, ask_panel, lock_shipped_plan
from tests.factories import NOW, ProtocolVersionFactory, UserFactory
from tests.panel.test_analysis_plan import plan

pytestmark = pytest.mark.django_db


def test_shipped_plan_is_locked_by_two_people_and_only_once():
    ProtocolVersionFactory()
    statistician = UserFactory(username="estadistica", role=Role.STATISTICIAN)
    administrator = UserFactory(username="administradora", role=Role.ADMINISTRATOR)
    assert lock_shipped_plan(now=NOW)
    assert not lock_shipped_plan(now=NOW)
    locked = PlanVersion.objects.get()
    assert (locked.proposed_by, locked.locked_by) == (statistician, administrator)
    assert bytes(locked.source) == SHIPPED_PLAN.read_bytes()
    assert queries.plan_standing(plan_sha256(plan())) is PlanStanding.LOCKED


def test_researcher_asks_for_what_a_report_is_made_of():
    ProtocolVersionFactory()
    researcher = UserFactory(username="investigadora", role=Role.RESEARCHER)
    ask_panel(now=NOW)
    asked = Release.objects.get()
    assert (asked.requested_by, asked.datasets, asked.state, asked.with_arm) == (
        researcher, ["panel_wave"], "queued", False,
    )  # fmt: skip
