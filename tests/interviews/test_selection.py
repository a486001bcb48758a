"""The rules of choice: the same for whoever draws again, spread by grid, and silent about the group."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.selection import Candidate, Cell, Rule, candidates_digest, cell_of, choose, next_in_place_of

CELLS = st.sampled_from(Cell.values)


@st.composite
def candidate_sets(draw):
    groups = draw(st.integers(1, 4))
    women = []
    for group in range(groups):
        for cell in draw(st.lists(CELLS, min_size=4, max_size=12)):
            number = len(women)
            women.append(Candidate(number, f"P{number:04d}", f"g{group}", cell, draw(st.sampled_from("abc"))))
    return women


def drawn(women, rule=Rule.PURPOSIVE_GRID, seed="7", per_group=4):
    return choose(women, rule=rule, per_group=per_group, seed=seed)


# Both sides of each boundary of the grid: age 34/35, and the third level ("severo 1") as the first that is higher.
@pytest.mark.parametrize(
    ("level_rank", "age", "cell"),
    [
        (0, 34, Cell.LOWER_YOUNGER),
        (1, 35, Cell.LOWER_OLDER),
        (2, 34, Cell.HIGHER_YOUNGER),
        (3, 35, Cell.HIGHER_OLDER),
        (None, 20, Cell.UNKNOWN),
    ],
)
def test_cell_of_a_woman(level_rank, age, cell):
    assert cell_of(level_rank=level_rank, age=age) == cell


@given(candidate_sets(), st.sampled_from(Rule.values), st.randoms())
def test_same_women_whatever_the_order_of_the_candidates(women, rule, random):
    turned = random.sample(women, len(women))
    assert drawn(women, rule) == drawn(turned, rule)
    assert candidates_digest(women, nonce=b"1") == candidates_digest(turned, nonce=b"1")


@given(candidate_sets(), st.sampled_from(Rule.values))
def test_each_group_gives_its_number_and_nobody_twice(women, rule):
    chosen = drawn(women, rule)
    assert Counter(woman.group for woman in chosen) == dict.fromkeys({woman.group for woman in women}, 4)
    assert len(set(chosen)) == len(chosen)


@given(candidate_sets())
def test_grid_takes_every_cell_that_a_group_has_before_any_twice(women):
    for group in {woman.group for woman in women}:
        there = {woman.cell for woman in women if woman.group == group}
        taken = Counter(woman.cell for woman in drawn(women) if woman.group == group)
        assert len(taken) == min(4, len(there))


def test_grid_prefers_a_district_that_the_group_has_not_yet():
    women = [Candidate(n, f"P{n}", "g", cell, district) for n, (cell, district) in enumerate(
        [("lower_younger", "a"), ("lower_older", "a"), ("lower_older", "b")]
    )]  # fmt: skip
    for seed in range(20):
        assert {woman.district for woman in drawn(women, seed=str(seed), per_group=2)} == {"a", "b"}


def test_random_rule_takes_the_lowest_hashes():
    women = [Candidate(n, f"P{n}", "g", Cell.UNKNOWN, "a") for n in range(9)]
    ranks = sorted(women, key=lambda woman: hashlib.sha256(f"3\0{woman.code}".encode()).hexdigest())
    assert set(drawn(women, Rule.SEEDED_RANDOM, "3")) == set(ranks[:4])


def test_order_does_not_gather_groups():
    women = [Candidate(n, f"P{n}", f"g{n % 4}", Cell.UNKNOWN, "a") for n in range(40)]
    groups = [woman.group for woman in drawn(women)]
    assert groups != sorted(groups)


@given(candidate_sets(), st.sampled_from(Rule.values))
def test_replacement_is_of_the_group_and_by_grid_of_the_cell_if_any_is_left(women, rule):
    chosen = drawn(women, rule)
    leaving = chosen[0]
    found = next_in_place_of(leaving, women, chosen, rule=rule, seed="7")
    left = [woman for woman in women if woman.group == leaving.group and woman not in chosen]
    if not left:
        assert found is None
        return
    assert found in left
    if rule == Rule.PURPOSIVE_GRID and any(woman.cell == leaving.cell for woman in left):
        assert found.cell == leaving.cell


@given(candidate_sets())
def test_by_seed_alone_the_replacement_is_who_would_have_been_fifth(women):
    five = choose(women, rule=Rule.SEEDED_RANDOM, per_group=5, seed="7")
    four = drawn(women, Rule.SEEDED_RANDOM)
    for leaving in four:
        fifth = {woman for woman in five if woman.group == leaving.group} - set(four)
        found = next_in_place_of(leaving, women, four, rule=Rule.SEEDED_RANDOM, seed="7")
        assert {found} - {None} == fifth


def test_digest_hangs_on_groups_and_nonce():
    one = [Candidate(1, "P1", "a", Cell.UNKNOWN, "x")]
    other = [Candidate(1, "P1", "b", Cell.UNKNOWN, "x")]
    digests = {candidates_digest(women, nonce=nonce) for women in (one, other) for nonce in (b"1", b"2")}
    assert len(digests) == 4
