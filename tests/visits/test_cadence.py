from datetime import time
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.planning import Cadence
from visits.cadence import circular_gaps, spread_days, visit_window, weekly_target

CADENCE = Cadence(
    usual_visits_a_week=2,
    by_level={"leve": 2, "moderado": 3, "severo_1": 5, "severo_2": 7},
    earliest=time(8),
    latest=time(20),
    grace_hours=24,
)
ALL = frozenset(range(1, 8))
days = st.frozensets(st.integers(1, 7))


@pytest.mark.requirement("F12")
@pytest.mark.parametrize(
    ("level", "usual", "by_risk"),
    [("", 2, 2), ("leve", 2, 2), ("moderado", 2, 3), ("severo_1", 2, 5), ("severo_2", 2, 7)],
)
def test_weekly_target_follows_the_level_only_where_it_decides(level, usual, by_risk):
    assert weekly_target(CADENCE, uses_risk_levels=False, level=level, week=5) == usual
    assert weekly_target(CADENCE, uses_risk_levels=True, level=level, week=5) == by_risk


def test_weekly_target_refuses_an_unknown_level():
    with pytest.raises(KeyError):
        weekly_target(CADENCE, uses_risk_levels=True, level="enorme", week=0)


@pytest.mark.parametrize(
    ("level", "week", "usual", "by_risk"),
    [
        ("leve", 0, 2, 4),
        ("leve", 3, 2, 4),
        ("leve", 4, 2, 2),
        ("severo_1", 3, 2, 7),
        ("severo_2", 0, 2, 7),
        ("", 0, 2, 2),
    ],
)
def test_first_weeks_have_more_visits_where_the_level_decides(level, week, usual, by_risk):
    early = CADENCE.model_copy(update={"front_weeks": 4, "front_visits": 2})
    assert weekly_target(early, uses_risk_levels=False, level=level, week=week) == usual
    assert weekly_target(early, uses_risk_levels=True, level=level, week=week) == by_risk


@pytest.mark.parametrize(
    ("target", "allowed", "kept", "expected"),
    [
        (7, ALL, (), (1, 2, 3, 4, 5, 6, 7)),
        (2, ALL, (), (1, 4)),
        (3, ALL, (), (1, 3, 5)),
        (2, {2, 4}, (), (2, 4)),
        (2, {1, 2, 3}, (), (1, 3)),
        (3, {6}, (), (6,)),
        (2, ALL, {1}, (4,)),
        (7, {4, 5, 6, 7}, {1, 3}, (4, 5, 6, 7)),
        (2, ALL, {1, 4}, ()),
        (2, ALL, {1, 2, 3}, ()),
        (2, set(), (), ()),
    ],
)
def test_days_of_a_week(target, allowed, kept, expected):
    assert spread_days(target, frozenset(allowed), frozenset(kept)) == expected


def evenness(chosen):
    gaps = circular_gaps(chosen)
    return min(gaps), -sum(gap**2 for gap in gaps)


@pytest.mark.requirement("F40")
@given(st.integers(1, 7), days, days, st.integers(0, 10**6))
def test_days_are_allowed_new_enough_and_optimally_even(target, allowed, kept, phase):
    chosen = spread_days(target, allowed, kept, phase)

    assert chosen == tuple(sorted(set(chosen)))
    assert set(chosen) <= allowed - kept
    assert len(chosen) == min(max(target - len(kept), 0), len(allowed - kept))
    if chosen:
        rivals = combinations(sorted(allowed - kept), len(chosen))
        assert evenness(kept | set(chosen)) == max(evenness(kept | set(rival)) for rival in rivals)


@given(st.integers(1, 6))
def test_women_share_out_over_the_weekdays(target):
    visits = [day for phase in range(700) for day in spread_days(target, ALL, frozenset(), phase)]
    counts = [visits.count(day) for day in ALL]
    assert max(counts) == min(counts) == 100 * target


@pytest.mark.parametrize(
    ("safe", "expected"),
    [
        ((time(9), time(18)), (time(9), time(18))),
        ((time(6), time(10)), (time(8), time(10))),
        ((time(19), time(22)), (time(19), time(20))),
        ((time(6), time(23)), (time(8), time(20))),
        ((time(20), time(22)), None),
        ((time(6), time(8)), None),
    ],
)
def test_window_is_safe_for_her_and_within_the_study_hours(safe, expected):
    assert visit_window(safe_from=safe[0], safe_until=safe[1], earliest=time(8), latest=time(20)) == expected
