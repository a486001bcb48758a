"""One woman's week: her safe days, the first weeks, public holidays."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.holidays import is_holiday
from protocol.planning import Cadence
from visits.week_draft import PlannedWoman, draft_week
from visits.weeks import monday_of

CADENCE = Cadence(
    usual_visits_a_week=2,
    by_level={"leve": 2, "moderado": 3, "severo_1": 5, "severo_2": 7},
    earliest=time(8),
    latest=time(20),
    grace_hours=24,
    holidays="avoid",
)
# Tuesday 28 and Wednesday 29 July 2026 are holidays.
JULY = date(2026, 7, 27)
ALL = frozenset(range(1, 8))


def woman(level="leve", days=ALL, enrolled_on=date(2026, 1, 5), number=7, lapses=None) -> PlannedWoman:
    return PlannedWoman(number, 1, 1, level, frozenset(days), (time(9), time(12)), enrolled_on, lapses)


def draft(her, monday=JULY, *, first_day=None, kept_on=(), cadence=CADENCE, by_risk=True):
    return draft_week(
        her, monday=monday, first_day=first_day or monday, kept_on=kept_on, cadence=cadence, uses_risk_levels=by_risk
    )


@pytest.mark.parametrize(
    ("holidays", "level", "days", "planned", "shortfall"),
    [
        ("visit", "leve", {2, 3}, {28, 29}, 0),
        ("avoid", "leve", {2, 3}, {28, 29}, 0),
        ("rest", "leve", {2, 3}, set(), 2),
        ("visit", "leve", {1, 2, 3, 4}, None, 0),
        ("avoid", "leve", {1, 2, 3, 4}, {27, 30}, 0),
        ("rest", "leve", {1, 2, 3, 4}, {27, 30}, 0),
        ("avoid", "moderado", {1, 2, 3, 4}, {27, 28, 30}, 0),
        ("rest", "moderado", {1, 2, 3, 4}, {27, 30}, 1),
        ("avoid", "severo_2", ALL, {27, 28, 29, 30, 31, 1, 2}, 0),
        ("rest", "severo_2", ALL, {27, 30, 31, 1, 2}, 2),
    ],
)
def test_public_holidays(holidays, level, days, planned, shortfall):
    week = draft(woman(level, days), cadence=CADENCE.model_copy(update={"holidays": holidays}))

    assert planned is None or {day.day for day in week.days} == planned
    assert week.shortfall == shortfall


@pytest.mark.parametrize(
    ("enrolled_on", "visits"), [(date(2026, 7, 27), 4), (date(2026, 7, 6), 4), (date(2026, 7, 5), 2)]
)
def test_first_weeks_are_counted_from_the_week_of_enrolment(enrolled_on, visits):
    early = CADENCE.model_copy(update={"front_weeks": 4, "front_visits": 2})
    assert len(draft(woman(enrolled_on=enrolled_on), cadence=early).days) == visits
    assert len(draft(woman(enrolled_on=enrolled_on), cadence=early, by_risk=False).days) == 2


@pytest.mark.requirement("F10", "F40")
@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(monday_of),
    st.sampled_from(["", *CADENCE.by_level]),
    st.frozensets(st.integers(1, 7)),
    st.integers(0, 6),
    st.sets(st.integers(0, 6), max_size=3),
    st.sampled_from(["visit", "avoid", "rest"]),
    st.integers(0, 10**6),
    st.booleans(),
)
def test_never_more_than_the_target_never_at_a_forbidden_time(
    monday, level, days, first, kept, holidays, number, by_risk
):
    her = woman(level, days, number=number)
    first_day, cadence = monday + timedelta(days=first), CADENCE.model_copy(update={"holidays": holidays})
    kept_on = [monday + timedelta(days=day) for day in kept if day < first]

    week = draft(her, monday, first_day=first_day, kept_on=kept_on, cadence=cadence, by_risk=by_risk)

    assert len(week.days) + week.shortfall == max(week.target - len(kept_on), 0)
    assert all(day >= first_day and day.isoweekday() in days for day in week.days)
    assert monday <= min(week.days, default=monday) <= max(week.days, default=monday) < monday + timedelta(days=7)
    assert len(set(week.days) | set(kept_on)) == len(week.days) + len(kept_on)
    if holidays == "rest":
        assert not any(map(is_holiday, week.days))
    assert week == draft(her, monday, first_day=first_day, kept_on=kept_on, cadence=cadence, by_risk=by_risk)
