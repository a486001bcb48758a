import pytest

from visits.models import Visit, VisitLog
from visits.states import LOGGABLE, TRANSITIONS, may_become, state_after


def test_every_state_says_what_may_follow():
    assert set(TRANSITIONS) == set(Visit.Status.values)
    assert {state for following in TRANSITIONS.values() for state in following} < set(Visit.Status.values)


@pytest.mark.requirement("F14")
def test_nothing_ends_a_missed_visit_but_a_log():
    assert {state for state in TRANSITIONS if may_become("missed", state)} == {"done", "attempted"}


def test_what_may_be_logged_on_a_page():
    assert {"planned", "missed"} == LOGGABLE


def test_only_a_visit_where_she_was_met_is_done():
    states = {outcome: state_after(outcome) for outcome in VisitLog.Outcome.values}
    assert [outcome for outcome, state in states.items() if state == "done"] == ["met"]
    assert set(states.values()) == {"done", "attempted"}
