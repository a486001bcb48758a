"""The clock of 48 hours, on both sides of each of its moments."""

from datetime import UTC, datetime, timedelta

import pytest

from data_protection.clock import Clock, clock_of, due_at

NOTICED = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)  # a Thursday, 18:30 in Lima: Christmas and a weekend follow
SECOND = timedelta(seconds=1)


@pytest.mark.requirement("N19")
def test_the_hours_run_over_holidays_and_weekends():
    assert due_at(NOTICED, 48) == datetime(2026, 12, 26, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "clock"),
    [
        (timedelta(0), Clock.RUNNING),
        (timedelta(hours=24) - SECOND, Clock.RUNNING),
        (timedelta(hours=24), Clock.REMINDED),
        (timedelta(hours=48), Clock.REMINDED),
        (timedelta(hours=48) + SECOND, Clock.OVERDUE),
        (timedelta(days=30), Clock.OVERDUE),
    ],
)
def test_the_clock_reminds_and_is_overdue(after, clock):
    assert clock_of(NOTICED, due_at(NOTICED, 48), remind_hours=24, now=NOTICED + after) is clock
