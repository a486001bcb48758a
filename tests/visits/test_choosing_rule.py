"""Who may be chosen for a visit, without a database: the choice stays when the rest is shared out."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.assignment import OpenVisit
from visits.availability import Duty, StandingVisit, staff_visits
from visits.choosing import Bar, candidates, team_bar

DAY = date(2026, 11, 24)
HOURS = (time(9), time(18))


duties = st.builds(
    Duty,
    officer=st.integers(1, 5),
    serves=st.just(((date(2026, 1, 1), None),)),
    visits_a_day=st.integers(0, 2),
    weekdays=st.frozensets(st.integers(1, 7)),
    hours=st.one_of(st.none(), st.just((time(8), time(14))), st.just((time(14), time(20)))),
)
visits = st.builds(
    StandingVisit,
    visit=st.builds(
        OpenVisit,
        key=st.integers(1, 6),
        woman=st.integers(1, 6),
        day=st.just(DAY),
        rank=st.integers(0, 3),
        window=st.just(HOURS),
        barred=st.frozensets(st.integers(1, 5), max_size=2),
    ),
    officers=st.lists(st.integers(1, 5), min_size=2, max_size=2, unique=True).map(lambda pair: tuple(sorted(pair))),
    are_chosen=st.booleans(),
)


@pytest.mark.requirement("F12")
@given(
    st.lists(duties, unique_by=lambda duty: duty.officer, max_size=5),
    st.lists(visits, unique_by=lambda one: one.visit.key, min_size=1, max_size=6),
    st.lists(st.integers(1, 5), min_size=2, max_size=2, unique=True).map(lambda pair: tuple(sorted(pair))),
)
def test_a_team_that_may_be_chosen_stays_when_the_rule_shares_out_the_rest(staff, standing, team):
    mine, *rest = standing
    standing = [mine, *(one for one in rest if not one.are_chosen), *fitting_chosen(rest, staff)]
    by_officer = {duty.officer: duty for duty in staff}
    if team_bar(team, mine, standing, by_officer, size=2) is not None:
        return
    after = [StandingVisit(mine.visit, team, are_chosen=True), *standing[1:]]
    found = staff_visits(after, staff, known={}, size=2)
    assert found.officers[mine.visit.key] == team


def fitting_chosen(standing, staff):
    """Chosen visits as choosing one after the other would have left them."""
    by_officer, kept = {duty.officer: duty for duty in staff}, []
    for one in standing:
        if one.are_chosen and team_bar(one.officers, one, kept, by_officer, size=2) is None:
            kept.append(one)
    return kept


def test_a_conflict_and_hours_that_do_not_meet_read_the_same():
    duty = Duty(1, ((date(2026, 1, 1), None),), 2)
    late = Duty(2, ((date(2026, 1, 1), None),), 2, hours=(time(19), time(20)))
    visit = StandingVisit(OpenVisit(1, 1, DAY, 0, HOURS, frozenset({1})))
    assert [one.bar for one in candidates(visit, [visit], [duty, late])] == [Bar.NOT_POSSIBLE, Bar.NOT_POSSIBLE]
