"""The clock of the tests themselves (tests/fixtures/clock.py)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.fixtures.clock import SET_TO
from tests.present import START, present


def test_a_test_has_the_clock_that_was_set_and_it_runs_on():
    before = datetime.now(UTC)

    assert timedelta(0) <= before - SET_TO < timedelta(days=1)
    assert before < datetime.now(UTC)
    assert present.now == START


@pytest.mark.real_clock
def test_a_test_beside_other_processes_has_theirs_and_lays_down_by_it():
    assert not time_machine.escape_hatch.is_travelling()
    assert timedelta(0) <= datetime.now(UTC) - present.now < timedelta(minutes=5)
