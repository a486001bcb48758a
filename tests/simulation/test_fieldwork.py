"""Hours of simulated visits: one person is in one place at a time, as far as women's hours allow."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.fieldwork import space_out

GAP = 25


def spaced(visits: list[tuple[int, int, int]]) -> list[int]:
    """Return the new minutes of visits given as (person's day, minute, last minute)."""
    day, start, latest = (np.array(column) for column in zip(*visits, strict=True))
    return space_out(start, latest=latest, person_day=day, gap=GAP).tolist()


def test_a_visit_waits_until_the_one_before_is_done():
    assert spaced([(1, 600, 900), (1, 600, 900), (1, 610, 900)]) == [600, 625, 650]


def test_other_days_and_people_do_not_matter():
    assert spaced([(2, 600, 900), (1, 600, 900), (3, 599, 900)]) == [600, 600, 599]


def test_what_would_leave_her_hours_stays_where_it_was():
    assert spaced([(1, 600, 900), (1, 601, 620), (1, 700, 900)]) == [600, 601, 700]


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(480, 1200), st.integers(0, 600)).map(
            lambda one: (one[0], one[1], one[1] + one[2])
        ),
        min_size=1,
        max_size=30,
    )
)
def test_visits_are_only_moved_later_within_her_hours_and_apart(visits):
    minutes = spaced(visits)
    for (_day, start, latest), minute in zip(visits, minutes, strict=True):
        assert start <= minute <= latest
    for day in {one[0] for one in visits}:
        own = sorted((start, minute) for (of, start, _latest), minute in zip(visits, minutes, strict=True) if of == day)
        moved = [minute for start, minute in own if minute > start]
        assert all(after - before >= GAP for before, after in pairwise(moved))
