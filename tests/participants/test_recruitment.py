"""How enrolment goes: counted, and forecast from the recent pace."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.recruitment import Forecast, forecast, progress

TODAY = date(2026, 11, 18)  # a Wednesday


def days_ago(*counts: tuple[int, int]) -> dict[date, int]:
    return {TODAY - timedelta(days=ago): count for ago, count in counts}


def summed(by_day, wanted=100):
    return progress(by_day, wanted=wanted, wanted_a_week=8, today=TODAY)


@pytest.mark.parametrize(
    ("by_day", "enrolled", "this_week", "pace"),
    [
        ({}, 0, 0, 0.0),
        (days_ago((0, 2), (2, 1), (3, 5)), 8, 3, 8.0),  # Monday is two days ago; at least a week is looked at
        (days_ago((13, 6), (0, 2)), 8, 2, 4.0),
        (days_ago((55, 8), (56, 90)), 98, 0, 1.0),  # eight weeks are looked at, and not a day more
        (days_ago((-1, 5), (0, 1)), 1, 1, 1.0),  # tomorrow has not happened
    ],
)
def test_progress_counts_the_week_and_the_recent_pace(by_day, enrolled, this_week, pace):
    found = summed(by_day)

    assert (found.enrolled, found.this_week, found.pace) == (enrolled, this_week, pytest.approx(pace))


@pytest.mark.parametrize(
    ("enrolled", "is_full", "share"), [(0, False, 0), (99, False, 99), (100, True, 100), (101, True, 100)]
)
def test_a_station_is_full_at_its_number(enrolled, is_full, share):
    found = summed(days_ago((5, enrolled)) if enrolled else {})

    assert (found.is_full, found.share) == (is_full, share)
    assert (found.forecast is None) == (is_full or not enrolled)


def test_a_forecast_follows_the_pace():
    # 40 in eight weeks is 5 a week: 35 more take seven weeks.
    assert forecast(missing=35, recent=40, days=56, today=TODAY) == Forecast(
        expected=TODAY + timedelta(days=49), earliest=TODAY + timedelta(days=37), latest=TODAY + timedelta(days=66)
    )


@pytest.mark.parametrize(
    ("missing", "recent"), [(0, 5), (-1, 5), (5, 0), (100, 1)], ids=["reached", "over", "nobody came", "too far off"]
)
def test_where_nothing_can_be_foreseen_nothing_is_said(missing, recent):
    assert forecast(missing=missing, recent=recent, days=56, today=TODAY) is None


@given(st.integers(1, 500), st.integers(1, 200), st.integers(7, 56))
def test_the_range_holds_the_day_and_lies_ahead(missing, recent, days):
    found = forecast(missing=missing, recent=recent, days=days, today=TODAY)

    if found is not None:
        assert TODAY < found.earliest <= found.expected <= found.latest


@pytest.mark.parametrize(("recent", "missing"), [(10, 60), (30, 30), (60, 10)])
def test_four_in_five_land_in_the_range_when_women_come_steadily(recent, missing):
    rng, held, tries = random.Random(7), 0, 2000
    for _ in range(tries):
        rate = recent / 56
        seen = sum(1 for _day in range(56) for _part in range(20) if rng.random() < rate / 20)
        found = forecast(missing=missing, recent=seen, days=56, today=TODAY)
        if found is not None:
            arrived = TODAY + timedelta(days=sum(rng.expovariate(rate) for _ in range(missing)))
            held += found.earliest <= arrived <= found.latest
    assert held / tries == pytest.approx(0.80, abs=0.06)
