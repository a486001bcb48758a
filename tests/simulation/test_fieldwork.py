"""Hours of simulated visits: who goes is in one place at a time, as far as women's hours allow."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.fieldwork import space_out

GAP = 25
ANA, BEA, CARLA = 1, 2, 3


def spaced(visits: list[tuple[int, int, int, int, int]]) -> list[int]:
    """Return the new minutes of visits given as (first minute, minute drawn, last minute, both persons' days)."""
    first, start, last, one, other = (np.array(column) for column in zip(*visits, strict=True))
    days = np.stack((one, other), axis=1)
    return space_out(start, earliest=first, latest=last, person_days=days, gap=GAP).tolist()


def test_a_visit_waits_until_the_one_before_is_done():
    assert spaced([(600, 600, 900, ANA, BEA), (600, 600, 900, ANA, BEA), (600, 610, 900, ANA, BEA)]) == [600, 625, 650]


def test_it_waits_for_the_second_of_the_pair_too():
    assert spaced([(600, 600, 900, ANA, BEA), (600, 605, 900, BEA, CARLA)]) == [600, 625]


def test_other_days_and_people_do_not_matter():
    assert spaced([(600, 600, 900, 11, 12), (600, 600, 900, 21, 22), (500, 599, 900, 31, 32)]) == [600, 600, 599]


def test_one_that_finds_no_later_minute_in_her_hours_comes_before():
    assert spaced([(600, 600, 900, ANA, BEA), (500, 601, 620, ANA, BEA), (600, 700, 900, ANA, BEA)]) == [600, 575, 700]


def test_one_that_finds_none_at_all_stays_where_it_was():
    assert spaced([(600, 600, 900, ANA, BEA), (580, 601, 620, ANA, BEA)]) == [600, 601]


_VISITS = st.tuples(
    st.integers(480, 1200), st.integers(0, 300), st.integers(0, 300), st.integers(1, 4), st.integers(1, 4)
).map(lambda one: (one[0], one[0] + one[1], one[0] + one[1] + one[2], one[3], one[4]))


@given(st.lists(_VISITS, min_size=1, max_size=30))
def test_visits_stay_in_her_hours_and_what_was_moved_meets_nothing_before_it(visits):
    minutes = spaced(visits)
    assert all(first <= minute <= last for (first, _s, last, *_), minute in zip(visits, minutes, strict=True))
    order = np.argsort([start for _first, start, *_ in visits], kind="stable").tolist()
    for place, visit in enumerate(order):
        if minutes[visit] == visits[visit][1]:
            continue
        who = set(visits[visit][3:])
        before = [minutes[other] for other in order[:place] if who & set(visits[other][3:])]
        assert all(abs(minutes[visit] - minute) >= GAP for minute in before)
