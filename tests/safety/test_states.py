"""The transitions of a case, all of them, and its clock on both sides of every step."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.models import SafetyCase
from safety.states import TRANSITIONS, audiences, escalation_due, may_become

RAISED = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
DUE = RAISED + timedelta(hours=24)
ALLOWED = {("open", "in_progress"), ("open", "closed"), ("in_progress", "closed")}


def test_every_state_has_a_row():
    assert set(TRANSITIONS) == set(SafetyCase.State.values)


@pytest.mark.parametrize("following", SafetyCase.State.values)
@pytest.mark.parametrize("state", SafetyCase.State.values)
def test_transitions(state, following):
    assert may_become(state, following) is ((state, following) in ALLOWED)


@pytest.mark.requirement("F42")
@pytest.mark.parametrize(
    ("hours", "step", "told"),
    [
        (0, 0, ("safety",)),
        (11.99, 0, ("safety",)),
        (12, 1, ("safety",)),
        (23.99, 1, ("safety",)),
        (24, 2, ("safety", "administrators")),
        (47.99, 2, ("safety", "administrators")),
        (48, 3, ("safety", "administrators")),
        (72, 4, ("safety", "administrators")),
    ],
)
def test_the_clock_reminds_at_half_time_and_tells_everybody_at_the_end_and_each_day(hours, step, told):
    assert escalation_due(raised_at=RAISED, due_at=DUE, now=RAISED + timedelta(hours=hours)) == step
    assert audiences(step, is_attended=True) == told
    assert audiences(step, is_attended=False) == ("safety", "administrators")


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_step_never_falls(earlier, later):
    first, second = sorted((earlier, later))
    steps = [
        escalation_due(raised_at=RAISED, due_at=DUE, now=RAISED + timedelta(seconds=seconds))
        for seconds in (first, second)
    ]
    assert steps == sorted(steps)
