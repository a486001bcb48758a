"""A sweep goes on past steps that fail, and says so without quoting anybody."""

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from accounts.sweeping import StepsFailed, each_by_itself


@given(st.lists(st.booleans(), max_size=30))
def test_every_step_is_taken_whichever_fail_and_the_failures_are_counted(fails):
    done = []

    def step(row: int) -> None:
        if fails[row]:
            raise KeyError(row)
        done.append(row)

    failed = None
    try:
        each_by_itself(range(len(fails)), step, job="a job", key=lambda row: row)
    except StepsFailed as error:
        failed = (error.failed, str(error))

    assert done == [row for row, fail in enumerate(fails) if not fail]
    assert failed == ((sum(fails), f"{sum(fails)} of {len(fails)} steps failed") if any(fails) else None)


def test_the_log_names_the_row_and_the_kind_of_failure_and_quotes_nothing(caplog):
    def step(row: int) -> None:
        raise ValueError("Rosa Quispe, 987654321")

    with pytest.raises(StepsFailed) as error:
        each_by_itself([7], step, job="a job", key=lambda row: row)

    assert caplog.messages == ["a job: step 7 failed: ValueError in step"]
    assert "Rosa" not in caplog.text + str(error.value)


def test_a_lost_database_stops_the_sweep_and_passes_through():
    done = []

    def step(row: int) -> None:
        done.append(row)
        raise OperationalError

    with pytest.raises(OperationalError):
        each_by_itself([1, 2], step, job="a job", key=lambda row: row)
    assert done == [1]
