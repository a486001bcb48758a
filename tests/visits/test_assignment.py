"""Officers in pairs: as many visits met as hands allow, the highest risk first, the same faces for a woman."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.assignment import Hands, OpenVisit, assign_officers, most_visits

MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]


def visit(key, woman=1, day=0, rank=0) -> OpenVisit[str]:
    return OpenVisit(key, woman, WEEK[day], rank)


def crew(*rooms: int, days=range(7)) -> list[Hands]:
    return [Hands(officer, {WEEK[day]: room for day in days}) for officer, room in enumerate(rooms, start=1)]


@pytest.mark.parametrize(
    ("rooms", "size", "most"),
    [
        ((), 2, 0), ((5,), 2, 0), ((5, 1), 2, 1), ((6, 6, 6), 2, 9), ((3, 3, 1), 2, 3), ((9, 2, 2), 2, 4),
        ((5,), 1, 5), ((1, 1, 1), 2, 1), ((1, 1, 1, 1), 2, 2),
    ],
)  # fmt: skip
def test_most_visits_that_pairs_can_make(rooms, size, most):
    assert most_visits(rooms, size) == most


@given(st.lists(st.integers(0, 3), max_size=4))
def test_most_visits_is_what_trying_every_pair_finds(rooms):
    def tried(left: tuple[int, ...]) -> int:
        pairs = [pair for pair in combinations(range(len(left)), 2) if all(left[index] for index in pair)]
        return max((1 + tried(tuple(room - (i in pair) for i, room in enumerate(left))) for pair in pairs), default=0)

    assert most_visits(rooms, 2) == tried(tuple(sorted(rooms)))


def test_a_woman_sees_the_same_two_all_week_and_those_who_know_her():
    week = [visit(f"{woman}-{day}", woman, day) for woman in (1, 2, 3) for day in range(7)]

    found = assign_officers(week, crew(9, 9, 9, 9, 9, 9), known={1: {6: 4, 3: 2, 2: 1}})

    teams = defaultdict(set)
    for one in week:
        teams[one.woman].add(found.officers[one.key])
    assert teams[1] == {(3, 6)}
    assert all(len(seen) == 1 for seen in teams.values())
    assert len({officer for seen in teams.values() for team in seen for officer in team}) == 6


def test_an_absent_officer_is_replaced_for_her_days_only():
    hands = [Hands(1, dict.fromkeys(WEEK, 5)), Hands(2, dict.fromkeys(WEEK[3:], 5)), Hands(3, {WEEK[0]: 5})]
    found = assign_officers([visit("a", day=0), visit("b", day=4)], hands, known={1: {1: 9, 2: 9}})

    assert found.officers == {"a": (1, 3), "b": (1, 2)}


def test_short_hands_serve_the_highest_risk_and_name_the_rest():
    visits = [visit("low", 1), visit("extreme", 2, rank=3), visit("medium", 3, rank=1), visit("high", 4, rank=2)]

    found = assign_officers(visits, crew(2, 2, days=[0]), known={})

    assert set(found.officers) == {"extreme", "high"}
    assert found.unmet == ("medium", "low")


def test_those_who_know_her_do_not_leave_a_third_without_a_pair():
    """Two officers whom all women know could make 6 visits; with the third in turns they make 9."""
    visits = [visit(f"{woman}", woman) for woman in range(9)]
    found = assign_officers(visits, crew(6, 6, 6, days=[0]), known={woman: {1: 5, 2: 5} for woman in range(9)})

    assert found.unmet == ()


def test_one_officer_a_visit_where_the_protocol_says_so():
    found = assign_officers([visit("a"), visit("b", 2)], crew(1, 1, days=[0]), known={}, size=1)
    assert sorted(found.officers.values()) == [(1,), (2,)]


open_visits = st.lists(
    st.tuples(st.integers(1, 8), st.integers(0, 6), st.integers(0, 3)), unique_by=lambda v: v[:2], max_size=30
).map(lambda rows: [OpenVisit(f"{woman}-{day}", woman, WEEK[day], rank) for woman, day, rank in rows])
crews = st.lists(st.dictionaries(st.sampled_from(WEEK), st.integers(0, 3)), max_size=5).map(
    lambda rooms: [Hands(officer, room) for officer, room in enumerate(rooms, start=1)]
)
familiarity = st.dictionaries(st.integers(1, 8), st.dictionaries(st.integers(1, 5), st.integers(1, 9)))


@given(open_visits, crews, familiarity, st.sampled_from([1, 2]), st.randoms(use_true_random=False))
def test_rules_hold_for_any_week(visits, hands, known, size, random: Random):
    found = assign_officers(visits, hands, known=known, size=size)

    room = {(hand.officer, day): left for hand in hands for day, left in hand.room.items()}
    used = Counter((officer, one.day) for one in visits for officer in found.officers.get(one.key, ()))
    assert all(count <= room.get(place, 0) for place, count in used.items())
    assert all(len(set(team)) == size for team in found.officers.values())
    assert {*found.officers, *found.unmet} == {one.key for one in visits}
    for day in WEEK:
        wanted = [one for one in visits if one.day == day]
        met = [one for one in wanted if one.key in found.officers]
        possible = most_visits([left for (_officer, when), left in room.items() if when == day], size)
        assert len(met) == min(len(wanted), possible)
        left_out = [one.rank for one in wanted if one.key in found.unmet]
        assert max(left_out, default=0) <= min((one.rank for one in met), default=9)
    shuffled, turned = list(visits), list(hands)
    random.shuffle(shuffled)
    random.shuffle(turned)
    assert assign_officers(shuffled, turned, known=known, size=size) == found
